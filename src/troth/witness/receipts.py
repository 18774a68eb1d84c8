"""Holding a receipt against the log as it is now: a receipt holds a signed head, so it remembers what the log may not take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from troth.ledger.rules.checkpoint import NotACheckpoint
from troth.ledger.rules.note import NotANote, NotSigned, Verifier
from troth.ledger.rules.proof import FIRST_LINE, NotAProof, Proof
from troth.ledger.rules.receipt_verify import verify
from troth.ledger.rules.tree import (
    HASH_BYTES,
    WIDTH,
    ProofWrong,
    Tile,
    check_inclusion,
    hashes_of,
    inclusion_ranges,
    tiles_of,
)
from troth.witness.audit import Contradiction, check_continues
from troth.witness.evidence import Evidence
from troth.witness.log import Log
from troth.witness.rules import findings
from troth.witness.rules.findings import Finding
from troth.witness.rules.head import Head
from troth.witness.rules.plain import plain

#: What `verify` calls a text that was never a receipt.
NO_RECEIPT = frozenset({"no_tail", "not_text", "too_long"})


class NotAReceipt(ValueError):
    """The file is no receipt and no proof; the sentence says what is wrong."""


def check_receipt(
    log: Log, head: Head, keys: Sequence[Verifier], *, name: str, written: bytes, evidence: Path, now: datetime
) -> Finding:
    """Whether what *written* proves stands in *log*, whose newest head is *head*. Raises NotAReceipt, FetchFailed.

    A receipt of Troth must hold as a whole, words and all. Any other proof of c2sp.org/tlog-proof will do as well.
    """
    try:
        proof = _proof(written, keys)
    except _DoesNotHold as error:
        return findings.receipt_foreign(name, str(error))
    then = _head(proof)
    if then.origin != head.origin:
        return findings.receipt_foreign(name, f"it is of the log {plain(then.origin)}.")
    try:
        then.note.check(*keys)
    except NotSigned as error:
        return findings.receipt_foreign(name, plain(str(error)))
    try:
        check_continues(log, then, head)
    except Contradiction as error:
        kept = Evidence(
            kind=error.finding.kind.value,
            words=error.finding.words,
            log=log.site.url,
            found_at=now,
            keys=tuple(keys),
            before=then,
            after=head,
            other_root=error.other_root,
            path=error.path,
        )
        return replace(findings.receipt_refuted(name, error.finding.words), evidence=str(kept.save(evidence)))
    return _placed(log, head, proof, then, name=name)


class _DoesNotHold(Exception):
    """It is a receipt, and something in it is wrong."""


def _proof(written: bytes, keys: Sequence[Verifier]) -> Proof:
    if not written.startswith(FIRST_LINE.encode()):
        verdict = verify(written, keys=keys)
        if not verdict.holds and verdict.code not in NO_RECEIPT:
            raise _DoesNotHold(" ".join(verdict.said))
        if verdict.proof is None:
            raise NotAReceipt(" ".join(verdict.said))
        return verdict.proof
    try:
        return Proof.from_text(written.decode())
    except (NotAProof, NotANote, UnicodeDecodeError) as error:
        raise NotAReceipt(f"It is no whole proof. {error}") from error


def _head(proof: Proof) -> Head:
    try:
        return Head.from_text(proof.note.to_text())
    except (NotANote, NotACheckpoint) as error:
        raise NotAReceipt(f"It is no whole proof. {error}") from error


def _placed(log: Log, head: Head, proof: Proof, then: Head, *, name: str) -> Finding:
    """Whether the leaf that stands at its place now is the one it proves."""
    if proof.index >= then.size:
        return findings.receipt_foreign(name, "it names a place that its own head does not have.")
    tile, ranges = Tile(0, proof.index // WIDTH), inclusion_ranges(proof.index, head.size)
    tiles = log.tiles({tile, *tiles_of(ranges)}, size=head.size)
    place = proof.index % WIDTH * HASH_BYTES
    leaf = tiles[tile][place : place + HASH_BYTES]
    try:
        check_inclusion(leaf=leaf, index=proof.index, size=head.size, path=hashes_of(ranges, tiles), root=head.root)
    except ProofWrong:
        return findings.tiles_wrong(head.size)
    try:
        check_inclusion(leaf=leaf, index=proof.index, size=then.size, path=proof.path, root=then.root)
    except ProofWrong:
        return findings.receipt_foreign(name, "its path does not lead to its own head; `troth verify` says more.")
    return findings.receipt_well(name, proof.index)

"""Whether a receipt holds, and if not, which part of it does not, in words for the customer who holds it; pure.

Nothing here asks anybody. Whatever the bytes are, the answer is a Verdict, never an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from troth.ledger.rules import receipt
from troth.ledger.rules.checkpoint import Checkpoint, NotACheckpoint
from troth.ledger.rules.note import COSIGNATURE, ED25519, NotAKey, NotANote, Note, NotSigned, Verifier
from troth.ledger.rules.proof import NotAProof, Proof
from troth.ledger.rules.receipt_head import WIDTH, safe, told_moment
from troth.ledger.rules.receipt_words import KINDS, SENTENCES
from troth.ledger.rules.tree import ProofWrong, check_consistency

BYTES_MOST = 1 << 22
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class LaterHead:
    """Another head of the same log to hold the receipt against."""

    #: A signed checkpoint, as it was served or stored.
    note: str
    #: The proof that the larger of the two trees begins with the smaller one; None if nobody gave one.
    path: Sequence[bytes] | None = None
    #: It was asked of the log just now, so it may not be smaller than the receipt's.
    live: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether it holds, why, in sentences, and what was read where it could be."""

    #: Empty where it holds; else the key of the sentence in `receipt_words.SENTENCES`.
    code: str
    said: tuple[str, ...]
    opening: receipt.Opening | None = None
    proof: Proof | None = None

    @property
    def holds(self) -> bool:
        return not self.code

    @property
    def checkpoint(self) -> Checkpoint | None:
        return self.proof.checkpoint if self.proof else None


class _Wrong(Exception):
    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def verify(written: bytes, *, keys: Sequence[Verifier] = (), later: LaterHead | None = None) -> Verdict:
    """Whether this receipt holds, by *keys* that are trusted: the log's, and those of witnesses.

    Without a key of a log among them it is checked by the one that it names itself, and the verdict says what that is worth.
    """
    try:
        return _verified(written, keys, later)
    except _Wrong as wrong:
        return Verdict(wrong.code, (_say(wrong.code, **wrong.values),))


def _verified(written: bytes, keys: Sequence[Verifier], later: LaterHead | None) -> Verdict:
    lines, tail = _parts(as_written(written))
    proof = _proof(tail)
    at = _checkpoint(proof.note)
    opening = _opening(proof)
    named = _named_keys(lines, proof.note, at)
    seen = _signatures(proof.note, named)
    said = _by_whose_word(keys, named, seen, at)
    try:
        proof.check(opening.leaf)
    except ProofWrong as error:
        raise _Wrong("path") from error
    if not opening.words_are_proven:
        raise _Wrong("words")
    _compare(lines, receipt.head_of(opening, proof, named))
    if later is not None:
        said.append(_held_against(later, at, [*keys, *named]))
    noun = KINDS.get(opening.fact["kind"], {"noun": "entry"})["noun"]
    stood = _say("stood", noun=noun, origin=at.origin, entry=f"{proof.index + 1:,}", size=_counted(at.size))
    if opening.words is not None:
        said.insert(0, _say("opened"))
    elif "words_digest" in opening.fact:
        said.insert(0, _say("unopened"))
    return Verdict("", (stood, *said), opening, proof)


def keys_named(written: bytes) -> list[Verifier]:
    """The keys that a receipt which holds names: its record's, and those of its witnesses."""
    lines, tail = _parts(as_written(written))
    note = _proof(tail).note
    return _named_keys(lines, note, _checkpoint(note))


# Taking it apart


def as_written(written: bytes) -> str:
    """The text of a receipt, with undone what programs do to a text on its way, and nothing else.

    These are: a byte order mark before it, CR LF instead of every LF, and line breaks at its end, none or several.
    """
    if len(written) > BYTES_MOST:
        raise _Wrong("too_long")
    try:
        text = written.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise _Wrong("not_text") from error
    if "\r" in text:
        for number, line in enumerate(text.rstrip("\r\n").split("\n")[:-1], start=1):
            if not line.endswith("\r"):
                raise _Wrong("breaks", line=number)
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            raise _Wrong("breaks", line=text.count("\n", 0, text.index("\r")) + 1)
    return text.rstrip("\n") + "\n"


def _parts(text: str) -> tuple[list[str], str]:
    found = receipt.split(text)
    if found is None:
        raise _Wrong("no_tail")
    return found


def _proof(tail: str) -> Proof:
    try:
        proof = Proof.from_text(tail)
    except NotANote as error:
        raise _Wrong("note") from error
    except NotAProof as error:
        raise _Wrong("proof") from error
    if proof.to_text() != tail or proof.index > receipt.INTEGER_MOST:
        raise _Wrong("proof")
    return proof


def _checkpoint(note: Note) -> Checkpoint:
    try:
        found = Checkpoint.from_note(note)
    except NotACheckpoint as error:
        raise _Wrong("note") from error
    if found.size > receipt.INTEGER_MOST:
        raise _Wrong("note")
    return found


def _opening(proof: Proof) -> receipt.Opening:
    try:
        return receipt.Opening.from_bytes(proof.extra)
    except receipt.CannotOpen as error:
        raise _Wrong("extra") from error


# Whose word it is


def _named_keys(lines: list[str], note: Note, at: Checkpoint) -> list[Verifier]:
    """The keys that the last part of the head names: one for each signature, in their order, the log's own of its name."""
    block = len(lines) - lines[::-1].index("") if "" in lines else 0
    found = []
    for number, line in enumerate(lines[block:], start=block + 1):
        label, _, text = line.partition(": ")
        if label not in {"Key", "Witness"}:
            continue
        try:
            key = Verifier.from_text(text)
        except NotAKey as error:
            raise _Wrong("key", line=number) from error
        if key.to_text() != text:
            raise _Wrong("key", line=number)
        if key.algorithm == ED25519 and key.name != at.origin:
            raise _Wrong("foreign_key", line=number, name=key.name, origin=at.origin)
        found.append(key)
    if len(found) != len(note.signatures) or not all(map(Verifier.is_of, found, note.signatures)):
        raise _Wrong("keys")
    if not any(key.algorithm == ED25519 for key in found):
        raise _Wrong("keys")
    return found


def _signatures(note: Note, named: list[Verifier]) -> dict[str, str]:
    """Check every one; when each witness saw the head, by its key."""
    seen = {}
    for key, signature in zip(named, note.signatures, strict=True):
        try:
            at = key.check(note.text, signature)
        except NotSigned as error:
            raise _Wrong("signature", name=key.name) from error
        if at is not None:
            seen[key.to_text()] = _second(at)
    return seen


def _second(at: int) -> str:
    try:
        return told_moment(datetime.fromtimestamp(at, UTC))
    except (ValueError, OverflowError, OSError):
        return f"second {at}"


def _by_whose_word(keys: Sequence[Verifier], named: list[Verifier], seen: dict[str, str], at: Checkpoint) -> list[str]:
    logs = [key for key in keys if key.algorithm == ED25519]
    own = [key for key in named if key.algorithm == ED25519]
    if logs:
        used = [key for key in own if key in logs]
        if not used:
            raise _Wrong("key_unknown", key=own[0].to_text())
        said = [_say("trusted", key=used[0].to_text())]
    else:
        said = [_say("of_one_piece", key=own[0].to_text(), origin=at.origin)]
    for key in named:
        if key.algorithm == COSIGNATURE:
            code = "witness_trusted" if key in keys else "witnessed"
            said.append(_say(code, name=key.name, at=seen[key.to_text()]))
    said += [_say("witness_absent", name=key.name) for key in keys if key.algorithm == COSIGNATURE and key not in named]
    return said


# Head and later head


def _compare(found: list[str], must: list[str]) -> None:
    """Name the first line that is not as it must be."""
    for number, (said, sealed) in enumerate(zip_longest(found, must), start=1):
        if said != sealed:
            code = "line_missing" if said is None else "line_added" if sealed is None else "line"
            raise _Wrong(code, line=number, said=_short(said or ""), sealed=_short(sealed or ""))


def _short(line: str) -> str:
    """Shown without what could mislead; a line that is too long to be one of ours is cut."""
    indent = "  " if line.startswith("  ") else ""
    return indent + safe((line[: WIDTH + 1] + "…" if len(line) > 2 * WIDTH else line).removeprefix(indent))


def _held_against(later: LaterHead, at: Checkpoint, keys: Sequence[Verifier]) -> str:
    try:
        note = Note.from_text(later.note)
        other = Checkpoint.from_note(note)
    except (NotANote, NotACheckpoint) as error:
        raise _Wrong("head_damaged") from error
    if other.origin != at.origin:
        raise _Wrong("head_of_other", name=other.origin, origin=at.origin)
    try:
        note.check(*(key for key in keys if key.algorithm == ED25519))
    except NotSigned as error:
        raise _Wrong("head_unsigned") from error
    sizes = {"now": _counted(other.size), "size": _counted(at.size)}
    if other.size == at.size:
        if other.root != at.root:
            raise _Wrong("fork")
        return _say("same_head")
    if other.size < at.size:
        if later.live:
            raise _Wrong("cut", **sizes)
        return _say("earlier", **sizes)
    if later.path is None:
        return _say("grew_unproven", **sizes)
    try:
        check_consistency(old=at.size, new=other.size, old_root=at.root, new_root=other.root, path=later.path)
    except ProofWrong as error:
        raise _Wrong("rewritten", **sizes) from error
    return _say("still_there", **sizes)


def _counted(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries:,} entries"


def _say(code: str, **values: Any) -> str:
    return SENTENCES[code].format(**values)

"""Receipts of a log that lives in memory: the pure parts put together, with nothing in between."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from troth.ledger.rules import receipt, tree
from troth.ledger.rules.canonical import fact_bytes
from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.note import COSIGNATURE, ED25519, Note, Signer, Verifier
from troth.words.facts import Fact

SHOP = Signer("shop.example/record", ED25519, hashlib.sha256(b"shop").digest())
NEW_KEY = Signer("shop.example/record", ED25519, hashlib.sha256(b"shop, later").digest())
STRANGER = Signer("shop.example/record", ED25519, hashlib.sha256(b"stranger").digest())
OTHER_SHOP = Signer("other.example/record", ED25519, hashlib.sha256(b"other").digest())
WITNESS = Signer("witness.example/w1", COSIGNATURE, hashlib.sha256(b"witness").digest())
SEEN = int(datetime(2026, 11, 2, 9, 30, 2, tzinfo=UTC).timestamp())

SAID_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
RECORDED_AT = datetime(2026, 11, 2, 9, 30, 0, 250000, tzinfo=UTC)
WORDS = {
    "condition": "",
    "quote": "We will send you the replacement pump by Friday 13 November, 18:00.",
    "what": "Send the replacement pump",
}
WORDS_SALT = hashlib.sha256(b"words").digest()[:16]


def body(kind: str = "PromiseMade", *, words: Mapping[str, str] | None = None, **fields: object) -> bytes:
    """A fact as it is sealed, whatever its kind; the usual promise where nothing else is said."""
    common = {"about": "promise:31", "customer": "customer:7", "kind": kind, "v": 1}
    own: dict[str, object] = {}
    if kind == "PromiseMade":
        own = {
            "first_due": "2026-11-13T17:00:00.000000Z",
            "owner": "staff:3",
            "said_at": "2026-11-02T09:30:00.000000Z",
            "sort": "deed",
            "source": "message:6",
            "speaker": "company",
            "state": "open",
            "strength": "promise",
            "v": 2,
        }
    digest = {"words_digest": receipt.words_digest(words, WORDS_SALT)} if words is not None else {}
    made = {**common, **own, **digest, **fields}
    return json.dumps(made, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def opening(fact: Fact | bytes | None = None, *, words: Mapping[str, str] | None = WORDS) -> receipt.Opening:
    sealed = body(words=words) if fact is None else fact if isinstance(fact, bytes) else fact_bytes(fact)
    return receipt.Opening(
        body=sealed,
        salt=hashlib.sha256(sealed).digest(),
        happened_at=SAID_AT,
        recorded_at=RECORDED_AT,
        words=words,
        words_salt=WORDS_SALT if words is not None else b"",
    )


@dataclass
class Log:
    """A log with other people's leaves, and one of ours at *index*."""

    size: int = 1050
    index: int = 1041
    leaf: bytes = b""
    #: Makes the other leaves others.
    other: bytes = b""
    signers: Sequence[Signer] = (SHOP,)
    leaves: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.leaves = [hashlib.sha256(b"%d" % number + self.other).digest() for number in range(self.size)]
        if self.leaf:
            self.leaves[self.index] = self.leaf

    def tiles(self, size: int) -> tree.Tiles:
        return tree.grown(0, {}, self.leaves[:size])

    def note(self, size: int | None = None) -> Note:
        size = size or self.size
        text = Checkpoint(self.signers[0].name, size, tree.root_of_leaves(self.leaves[:size])).to_text()
        signed = [one.sign(text, at=SEEN if one.algorithm == COSIGNATURE else None) for one in self.signers]
        return Note(text, tuple(signed))

    def path(self) -> list[bytes]:
        return tree.hashes_of(tree.inclusion_ranges(self.index, self.size), self.tiles(self.size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        return tree.hashes_of(tree.consistency_ranges(old, new), self.tiles(new))

    def keys(self) -> list[Verifier]:
        return [one.verifier for one in self.signers]

    def write(self, opened: receipt.Opening) -> str:
        return receipt.write(opened, index=self.index, path=self.path(), note=self.note(), keys=self.keys())


def written(
    opened: receipt.Opening | None = None, *, size: int = 1050, index: int = 1041, signers: Sequence[Signer] = (SHOP,)
) -> str:
    """A receipt, from a log in which it stands."""
    opened = opened or opening()
    return Log(size=size, index=index, leaf=opened.leaf, signers=signers).write(opened)

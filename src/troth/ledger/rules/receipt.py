"""Receipts: what a customer keeps to prove what stood in the record, and when; pure. `docs/formats/receipt.md` tells every byte.

A receipt is one text. Its head is for people; its tail, from `c2sp.org/tlog-proof@v1` on, is a proof of that form, whose `extra`
holds what opens the leaf. The head is written from the tail in exactly one way, so whoever verifies writes it anew and compares:
there is no byte that could be changed unseen.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import JSONEncoder
from typing import Any

from troth.ledger.rules.canonical import commitment, envelope_bytes, moment
from troth.ledger.rules.note import Note, Verifier
from troth.ledger.rules.proof import FIRST_LINE, Proof
from troth.ledger.rules.receipt_head import head, instant
from troth.ledger.rules.tree import leaf_hash

SALT_BYTES = 32
WORDS_SALT_BYTES = 16
#: Greater whole numbers are not the same everywhere (RFC 8785, and RFC 7493, 2.2).
INTEGER_MOST = (1 << 53) - 1

_json = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_NAME = re.compile("[A-Za-z][A-Za-z0-9_]*", re.ASCII)


class CannotOpen(ValueError):
    """This does not open a leaf: a part is missing, or not written as it must be."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What opens a leaf: the fact's canonical bytes, their salt, the two times, and the words where the fact has a digest of some.

    Raises CannotOpen if something in it is not as `docs/formats/entry.md` has it, so one that is there can be written and read.
    """

    body: bytes
    salt: bytes
    happened_at: datetime
    recorded_at: datetime
    #: The words whose digest is the fact's `words_digest`, by name, and the salt of that digest.
    words: Mapping[str, str] | None = None
    words_salt: bytes = b""

    def __post_init__(self) -> None:
        fact = _parsed(self.body)
        if _bytes_of(fact) != self.body:
            raise CannotOpen("The fact is not written in the one canonical way.")
        if not all(isinstance(fact.get(name), str) for name in ("kind", "about", "customer")):
            raise CannotOpen("The fact does not say of what kind, about what and of whom it is.")
        if (
            not _NAME.fullmatch(fact["kind"])
            or not all(map(_is_plain, fact.values()))
            or not all(map(_NAME.fullmatch, fact))
        ):
            raise CannotOpen("The fact holds something that no fact may hold.")
        if len(self.salt) != SALT_BYTES or len(self.words_salt) != (0 if self.words is None else WORDS_SALT_BYTES):
            raise CannotOpen("A salt is too short, too long, or for nothing.")
        if self.words is not None:
            named = all(_NAME.fullmatch(name) for name in self.words)
            if not named or not all(isinstance(text, str) and _is_plain(text) for text in self.words.values()):
                raise CannotOpen("The words hold something that is no text.")

    @property
    def fact(self) -> dict[str, Any]:
        return _parsed(self.body)

    @property
    def leaf(self) -> bytes:
        """The leaf hash, from the envelope as it was sealed."""
        return leaf_hash(
            envelope_bytes(
                kind=self.fact["kind"],
                happened_at=self.happened_at,
                recorded_at=self.recorded_at,
                commit=commitment(self.salt, self.body),
            )
        )

    @property
    def words_are_proven(self) -> bool:
        """Whether the words, if there are any, are those that the fact has a digest of."""
        return self.words is None or words_digest(self.words, self.words_salt) == self.fact.get("words_digest")

    def to_bytes(self) -> bytes:
        """As the proof carries it: canonical JSON, the fact in it as it is."""
        plain: dict[str, Any] = {
            "body": self.fact,
            "happened_at": moment(self.happened_at),
            "recorded_at": moment(self.recorded_at),
            "salt": b64encode(self.salt).decode(),
        }
        if self.words is not None:
            plain |= {"words": dict(self.words), "words_salt": b64encode(self.words_salt).decode()}
        return _bytes_of(plain)

    @classmethod
    def from_bytes(cls, written: bytes) -> Opening:
        """From what a proof carries; raises CannotOpen for whatever `to_bytes` would not have written."""
        plain = _parsed(written)
        happened_at, recorded_at = (instant(str(plain.get(name))) for name in ("happened_at", "recorded_at"))
        words = plain.get("words")
        if (
            not isinstance(plain.get("body"), dict)
            or not isinstance(words, dict | None)
            or not happened_at
            or not recorded_at
        ):
            raise CannotOpen("A part of what opens the fact is missing.")
        try:
            salt, words_salt = (b64decode(str(plain.get(name, "")), validate=True) for name in ("salt", "words_salt"))
        except ValueError as error:
            raise CannotOpen("A salt is not written in base64.") from error
        found = cls(
            body=_bytes_of(plain["body"]),
            salt=salt,
            happened_at=happened_at,
            recorded_at=recorded_at,
            words=words,
            words_salt=words_salt,
        )
        if found.to_bytes() != written:
            raise CannotOpen("What opens the fact is not written in the one canonical way.")
        return found


def words_digest(words: Mapping[str, str], salt: bytes) -> str:
    """HMAC-SHA256 of the words in canonical JSON, hexadecimal: what the fact has in their place."""
    return hmac.digest(salt, _bytes_of(dict(words)), "sha256").hex()


def write(opening: Opening, *, index: int, path: Sequence[bytes], note: Note, keys: Sequence[Verifier]) -> str:
    """The receipt of the leaf *index* (from 0), by its *path* to the head of the log that *note* is.

    *keys* are all that are known of the log and of its witnesses. Who signed with another is left out: nobody could check it.
    """
    signed = [(key, signature) for signature in note.signatures for key in keys if key.is_of(signature)]
    note = Note(note.text, tuple(signature for _, signature in signed))
    proof = Proof(index, tuple(path), note, opening.to_bytes())
    return "\n".join([*head_of(opening, proof, [key for key, _ in signed]), "", proof.to_text()])


def head_of(opening: Opening, proof: Proof, keys: Sequence[Verifier]) -> list[str]:
    """The lines that stand above this proof in a receipt."""
    at = proof.checkpoint
    return head(
        opening.fact,
        happened_at=moment(opening.happened_at),
        recorded_at=moment(opening.recorded_at),
        words=opening.words,
        origin=at.origin,
        index=proof.index,
        size=at.size,
        keys=keys,
    )


def split(text: str) -> tuple[list[str], str] | None:
    """The lines of the head and the proof; None where no proof begins."""
    above, found, below = text.partition(f"\n\n{FIRST_LINE}\n")
    return (above.split("\n"), f"{FIRST_LINE}\n{below}") if found else None


# Canonical JSON, as it stands in `extra`


def _bytes_of(plain: dict[str, Any]) -> bytes:
    try:
        return _json(plain).encode()
    except (ValueError, RecursionError) as error:  # half of a pair of surrogates is no text
        raise CannotOpen("It holds a sign that is none.") from error


def _parsed(written: bytes) -> dict[str, Any]:
    try:
        plain = json.loads(written.decode())
    except (ValueError, RecursionError) as error:
        raise CannotOpen("It is no JSON.") from error
    if not isinstance(plain, dict):
        raise CannotOpen("It is no object.")
    return plain


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return not any("\ud800" <= sign <= "\udfff" for sign in value)
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= INTEGER_MOST)

"""Proofs that can be checked without asking anybody (c2sp.org/tlog-proof): a leaf's place, its path, and a signed head; pure."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.note import Note
from troth.ledger.rules.tree import HASH_BYTES, check_inclusion

FIRST_LINE = "c2sp.org/tlog-proof@v1"
#: Higher than any tree can be.
PATH_MOST = 63


class NotAProof(ValueError):
    """The text is no proof of this form."""


@dataclass(frozen=True)
class Proof:
    """*index* counts from 0; *path* leads from the leaf's sibling up; *extra* proves nothing by itself."""

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    @classmethod
    def from_text(cls, text: str) -> Proof:
        """Raises NotAProof, or NotANote for what is wrong in the signed head. Nothing is verified by that."""
        head, empty, note = text.partition("\n\n")
        lines = head.split("\n")
        if not empty or lines.pop(0) != FIRST_LINE:
            raise NotAProof(f"A proof begins with {FIRST_LINE} and has an empty line before the head of the log.")
        extra = _decoded(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else b""
        said = re.fullmatch("index (0|[1-9][0-9]{0,18})", lines.pop(0)) if lines else None
        if said is None:
            raise NotAProof("The line with the place in the log is missing, or is no number.")
        path = tuple(_decoded(line) for line in lines)
        if len(path) > PATH_MOST or any(len(one) != HASH_BYTES for one in path):
            raise NotAProof("A line of the path is no hash, or there are too many.")
        return cls(int(said[1]), path, Note.from_text(note), extra)

    def to_text(self) -> str:
        lines = [FIRST_LINE]
        if self.extra:
            lines.append("extra " + b64encode(self.extra).decode())
        lines.append(f"index {self.index}")
        lines += [b64encode(one).decode() for one in self.path]
        return "\n".join(lines) + "\n\n" + self.note.to_text()

    @property
    def checkpoint(self) -> Checkpoint:
        """The head it leads to; raises NotACheckpoint."""
        return Checkpoint.from_note(self.note)

    def check(self, leaf: bytes) -> Checkpoint:
        """The head of the log that the leaf hash *leaf* stands in; raises ProofWrong. Who signed the head is another question."""
        head = self.checkpoint
        check_inclusion(leaf=leaf, index=self.index, size=head.size, path=self.path, root=head.root)
        return head


def _decoded(encoded: str) -> bytes:
    try:
        raw = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAProof("A line of the proof is not written in base64.") from error
    if b64encode(raw).decode() != encoded:
        raise NotAProof("A line of the proof is not written in base64's one spelling.")
    return raw

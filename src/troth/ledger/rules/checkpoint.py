"""Checkpoints (c2sp.org/tlog-checkpoint): a log's head, as the text that its key and its witnesses sign; pure."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from troth.ledger.rules.note import Note
from troth.ledger.rules.tree import HASH_BYTES


class NotACheckpoint(ValueError):
    """The text of a note is no head of a log."""


@dataclass(frozen=True)
class Checkpoint:
    """The head of the log *origin*: so many leaves, with this root. Lines beyond the third are refused: nobody could audit them."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def from_text(cls, text: str) -> Checkpoint:
        """From a note's text; raises NotACheckpoint."""
        lines = text.split("\n")
        if len(lines) != 4 or not lines[0] or lines[3]:
            raise NotACheckpoint("A checkpoint has three lines: the log, its size and its root.")
        origin, size, encoded, _ = lines
        if not re.fullmatch("0|[1-9][0-9]{0,18}", size):
            raise NotACheckpoint("The size in the checkpoint is no number.")
        try:
            root = b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise NotACheckpoint("The root in the checkpoint is no hash.") from error
        if len(root) != HASH_BYTES or b64encode(root).decode() != encoded:
            raise NotACheckpoint("The root in the checkpoint is no hash.")
        return cls(origin, int(size), root)

    @classmethod
    def from_note(cls, note: Note) -> Checkpoint:
        """From a note; who signed it is for `Note.check` to say."""
        return cls.from_text(note.text)

    def to_text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

"""A head of anybody's log; pure."""

from __future__ import annotations

from dataclasses import dataclass

from troth.ledger.rules.checkpoint import Checkpoint, NotACheckpoint
from troth.ledger.rules.note import Note


@dataclass(frozen=True)
class Head:
    """A signed head of a log, and who signed it is still to be asked."""

    note: Note
    origin: str
    size: int
    root: bytes

    @classmethod
    def from_text(cls, written: str) -> Head:
        """From a signed note; raises NotANote, NotACheckpoint. Lines a log adds below the root are let pass: they are signed, too."""
        note = Note.from_text(written)
        lines = note.text.split("\n")
        if any(not line for line in lines[3:-1]):
            raise NotACheckpoint("A checkpoint has no empty lines.")
        head = Checkpoint.from_text("\n".join(lines[:3]) + "\n")
        return cls(note, head.origin, head.size, head.root)

    def __str__(self) -> str:
        return f"{self.size} entries, root {self.root.hex()[:16]}…"

"""What a log asks a witness, and hears (c2sp.org/tlog-witness, `add-checkpoint`); pure."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from troth.ledger.rules.note import NOTE_BYTES_MOST, NotANote, Note, NotSigned, Signature, Verifier
from troth.ledger.rules.tree import HASH_BYTES

PATH = "add-checkpoint"
#: The content type of the answer that says which size the witness last cosigned.
SIZE_TYPE = "text/x.tlog.size"
#: No consistency proof is longer.
PROOF_MOST = 63
#: A note, the proof before it (45 signs a line) and the size.
BYTES_MOST = NOTE_BYTES_MOST + 45 * PROOF_MOST + 32


class NotARequest(ValueError):
    """The text is no request to cosign."""


@dataclass(frozen=True)
class Asked:
    """Cosign *note*; the last that you cosigned had *old* entries, and *path* leads from it to this one."""

    old: int
    path: tuple[bytes, ...]
    note: Note

    def to_text(self) -> str:
        lines = [f"old {self.old}", *(b64encode(one).decode() for one in self.path)]
        return "\n".join(lines) + "\n\n" + self.note.to_text()

    @classmethod
    def from_text(cls, written: str) -> Asked:
        """Raises NotARequest. Nothing is verified by that."""
        head, empty, note = written.partition("\n\n")
        first, *lines = head.split("\n")
        said = re.fullmatch("old (0|[1-9][0-9]{0,18})", first)
        if not empty or said is None:
            raise NotARequest("A request begins with the old size, and has an empty line before the checkpoint.")
        if len(lines) > PROOF_MOST:
            raise NotARequest("The proof has more lines than any can have.")
        try:
            return cls(int(said[1]), tuple(map(_hash, lines)), Note.from_text(note))
        except NotANote as error:
            raise NotARequest(f"What should be a checkpoint is none. {error}") from error


def cosignature_in(answer: str, *, note: Note, key: Verifier) -> tuple[Signature, int]:
    """The cosignature of *key* over *note* in what a witness answered, and the second it gives; raises NotSigned.

    Lines of other keys are passed over, as the specification asks.
    """
    try:
        answered = Note.from_text(f"{note.text}\n{answer}")
    except NotANote as error:
        raise NotSigned("The answer is no cosignature.") from error
    if answered.text != note.text:
        raise NotSigned("The answer holds more than cosignatures.")
    for one in answered.signatures:
        if key.is_of(one):
            at = key.check(note.text, one)
            if at is None or at >= 1 << 63:
                raise NotSigned("The cosignature does not say when it was given.")
            return one, at
    raise NotSigned(f"There is no cosignature of {key.name} in the answer.")


def size_in(answer: str) -> int | None:
    """The size that a witness says it last cosigned; None where it says none."""
    said = re.fullmatch("(0|[1-9][0-9]{0,18})\n", answer)
    return int(said[1]) if said else None


def _hash(line: str) -> bytes:
    try:
        raw = b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotARequest("A line of the proof is no hash.") from error
    if len(raw) != HASH_BYTES or b64encode(raw).decode() != line:
        raise NotARequest("A line of the proof is no hash.")
    return raw

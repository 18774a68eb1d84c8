"""Two signed heads that contradict each other, kept in a file: whoever has it can show what the log did, to anybody.

Heads of one size with different roots prove it by themselves. So do heads of different sizes together with a proof that the
larger tree begins with another root than the smaller head has: only the log's own key could have signed both.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from troth.ledger.rules.checkpoint import NotACheckpoint
from troth.ledger.rules.note import NotAKey, NotANote, NotSigned, Verifier
from troth.ledger.rules.tree import ProofWrong, check_consistency
from troth.witness.rules.head import Head
from troth.witness.state import NOT_AS_WRITTEN, write_whole

VERSION = 1


class NotEvidence(ValueError):
    """The text is no evidence, or proves nothing; the sentence says why."""


@dataclass(frozen=True)
class Evidence:
    """*before* was seen first. *other_root*: what the larger tree has, by *path*, at the size of the smaller."""

    kind: str
    words: str
    log: str
    found_at: datetime
    keys: tuple[Verifier, ...]
    before: Head
    after: Head
    other_root: bytes = b""
    path: tuple[bytes, ...] = ()

    def to_text(self) -> str:
        said = {
            "troth_evidence": VERSION,
            "kind": self.kind,
            "words": self.words,
            "log": self.log,
            "found_at": self.found_at.isoformat(),
            "keys": [key.to_text() for key in self.keys],
            "before": self.before.note.to_text(),
            "after": self.after.note.to_text(),
            "other_root": b64encode(self.other_root).decode(),
            "path": [b64encode(one).decode() for one in self.path],
        }
        return json.dumps(said, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_text(cls, written: str) -> Evidence:
        """Raises NotEvidence. Nothing is verified by that."""
        try:
            said = json.loads(written)
            if said["troth_evidence"] != VERSION:
                raise ValueError("another version")
            return cls(
                kind=str(said["kind"]),
                words=str(said["words"]),
                log=str(said["log"]),
                found_at=datetime.fromisoformat(said["found_at"]),
                keys=tuple(map(Verifier.from_text, said["keys"])),
                before=Head.from_text(said["before"]),
                after=Head.from_text(said["after"]),
                other_root=b64decode(said["other_root"], validate=True),
                path=tuple(b64decode(one, validate=True) for one in said["path"]),
            )
        except (*NOT_AS_WRITTEN, NotAKey, NotANote, NotACheckpoint) as error:
            raise NotEvidence("This is no evidence of an audit.") from error

    def check(self) -> None:
        """Raises NotEvidence unless it proves, by itself, that whoever holds one of the keys signed two histories."""
        small, large = sorted((self.before, self.after), key=lambda head: head.size)
        for head in (small, large):
            try:
                head.note.check(*self.keys)
            except NotSigned as error:
                raise NotEvidence(f"The head of {head.size} is not signed by the keys that are named.") from error
        if small.origin != large.origin:
            raise NotEvidence("The heads are of two logs.")
        if small.size == large.size:
            if small.root == large.root:
                raise NotEvidence("The heads agree.")
            return
        if not self.other_root or self.other_root == small.root:
            raise NotEvidence(
                "Two heads of different sizes contradict each other only with a proof, and there is none here."
            )
        try:
            check_consistency(
                old=small.size, new=large.size, old_root=self.other_root, new_root=large.root, path=self.path
            )
        except ProofWrong as error:
            raise NotEvidence(f"The proof does not hold. {error}") from error

    def save(self, folder: Path) -> Path:
        """Write it into *folder*; the same evidence is one file, however often it is found."""
        small, large = sorted((self.before.size, self.after.size))
        both = (self.before.note.text + self.after.note.text).encode()
        name = re.sub("[^a-z0-9]+", "-", self.before.origin.lower()).strip("-")[:60] or "log"
        path = folder / f"evidence-{name}-{small}-{large}-{hashlib.sha256(both).hexdigest()[:8]}.json"
        if not path.exists():
            write_whole(path, self.to_text())
        return path

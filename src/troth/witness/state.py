"""What an auditor remembers of a log between two looks: one small file, written whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from troth.ledger.durable import settle
from troth.ledger.rules.checkpoint import NotACheckpoint
from troth.ledger.rules.note import NotAKey, NotANote, Verifier
from troth.ledger.rules.tree import WIDTH
from troth.witness.rules.head import Head

VERSION = 1
#: What comes of reading JSON that somebody else wrote.
NOT_AS_WRITTEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)


class StateNotRead(RuntimeError):
    """The file holds no state of an audit, or somebody else is at it; the sentence says which."""


@dataclass(frozen=True)
class Read:
    """How far the entries themselves were read: *count* of them, a multiple of a tile's width, and the subtrees they make."""

    count: int = 0
    subtrees: tuple[bytes, ...] = ()
    latest: datetime | None = None
    #: Whether they are Troth's; None before the first.
    ours: bool | None = None

    def __post_init__(self) -> None:
        if self.count < 0 or self.count % WIDTH or len(self.subtrees) != (self.count // WIDTH).bit_count():
            raise ValueError("Entries are read by whole tiles.")


@dataclass(frozen=True)
class State:
    """The last head that was seen and believed, and the keys that signed it."""

    url: str
    head: Head
    keys: tuple[Verifier, ...]
    seen_at: datetime
    #: Keys that were believed before: receipts may still be signed with them.
    former: tuple[Verifier, ...] = ()
    read: Read = field(default_factory=Read)

    def with_read(self, read: Read) -> State:
        return replace(self, read=read)

    def to_text(self) -> str:
        read = self.read
        said: dict[str, Any] = {
            "v": VERSION,
            "log": self.url,
            "origin": self.head.origin,
            "seen_at": self.seen_at.isoformat(),
            "keys": [key.to_text() for key in self.keys],
            "former_keys": [key.to_text() for key in self.former],
            "head": self.head.note.to_text(),
            "read": {
                "count": read.count,
                "subtrees": [one.hex() for one in read.subtrees],
                "latest": read.latest.isoformat() if read.latest else None,
                "ours": read.ours,
            },
        }
        return json.dumps(said, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_text(cls, written: str) -> State:
        """Raises StateNotRead."""
        try:
            said = json.loads(written)
            if said["v"] != VERSION:
                raise ValueError(f"version {said['v']}")
            read = said["read"]
            return cls(
                url=said["log"],
                head=Head.from_text(said["head"]),
                keys=tuple(map(Verifier.from_text, said["keys"])),
                seen_at=datetime.fromisoformat(said["seen_at"]),
                former=tuple(map(Verifier.from_text, said["former_keys"])),
                read=Read(
                    count=int(read["count"]),
                    subtrees=tuple(map(bytes.fromhex, read["subtrees"])),
                    latest=datetime.fromisoformat(read["latest"]) if read["latest"] else None,
                    ours=None if read["ours"] is None else bool(read["ours"]),
                ),
            )
        except (*NOT_AS_WRITTEN, NotAKey, NotANote, NotACheckpoint) as error:
            raise StateNotRead("is no state of an audit; take it away to begin anew, but keep a copy of it.") from error


def usual_place(url: str) -> Path:
    """One file for each log, where this user's programs keep what they remember (XDG_STATE_HOME)."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    name = re.sub("[^a-z0-9]+", "-", url.split("://", 1)[-1].lower()).strip("-")[:80]
    return Path(home) / "troth" / "audit" / f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}.json"


def load(path: Path) -> State | None:
    """What *path* remembers; None where there is no such file. Raises StateNotRead."""
    try:
        written = path.read_text()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StateNotRead(f"{path} cannot be read.") from error
    try:
        return State.from_text(written)
    except StateNotRead as error:
        raise StateNotRead(f"{path} {error}") from error


def save(path: Path, state: State) -> None:
    """Remember *state* in *path*; killed at any moment, the file holds the old or the new."""
    write_whole(path, state.to_text())


def write_whole(path: Path, text: str) -> None:
    """Write *text* to *path*, through to the disk, so that nobody ever finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    settle(path.parent)


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Nobody else audits with this file meanwhile: the slower of two would put back an older head. Raises StateNotRead."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StateNotRead(f"Another audit is at work with {path}.") from error
        yield

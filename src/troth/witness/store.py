"""What a witness must never forget: of each log the last head it cosigned, on the disk before the cosignature leaves."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from troth.ledger.durable import settle
from troth.ledger.rules.note import COSIGNATURE, NotAKey, Signer
from troth.witness.rules.head import Head

DATABASE = "heads.sqlite3"
KEY = "witness-key"
WAITS_SECONDS = 10.0


class NotUsable(RuntimeError):
    """The folder cannot be used; the sentence says why."""


class Heads:
    """The last head of each log, in a SQLite file in *folder*. Any number of threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DATABASE
        with self._open() as line:
            line.execute(
                "CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL)"
            )
        os.chmod(self._path, 0o600)
        settle(folder)

    def last(self, origin: str) -> Head | None:
        """The head of *origin* that was cosigned last."""
        with self._open() as line:
            return _last(line, origin)

    @contextmanager
    def turn(self, origin: str) -> Iterator[Turn]:
        """Alone with *origin*: nobody else's head comes between the look and the writing. What was set is durable afterwards."""
        with self._open() as line:
            line.execute("BEGIN IMMEDIATE")
            try:
                yield Turn(line, origin, _last(line, origin))
            except BaseException:
                line.execute("ROLLBACK")
                raise
            line.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=WAITS_SECONDS, isolation_level=None)) as line:
            line.execute("PRAGMA synchronous = FULL")  # through to the disk at every commit, not only at checkpoints
            yield line


class Turn:
    """One look and at most one writing."""

    def __init__(self, line: sqlite3.Connection, origin: str, last: Head | None) -> None:
        self._line, self._origin, self.last = line, origin, last

    def set(self, head: Head) -> None:
        """*head* is the last one now."""
        self._line.execute(
            "INSERT INTO head VALUES (?, ?, ?) ON CONFLICT (origin) DO UPDATE SET size = excluded.size, note = excluded.note",
            (self._origin, head.size, head.note.to_text()),
        )


def _last(line: sqlite3.Connection, origin: str) -> Head | None:
    row = line.execute("SELECT note FROM head WHERE origin = ?", (origin,)).fetchone()
    return Head.from_text(row[0]) if row else None


def key_in(folder: Path, *, name: str | None) -> Signer:
    """The witness's own key, made at the first start under *name*, which stays. Raises NotUsable."""
    path = folder / KEY
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        if not name:
            raise NotUsable(
                "A new witness needs a name: --name witness.example.org/w1, an address of yours without https://."
            )
        if (folder / DATABASE).exists():
            raise NotUsable(
                f"{path} is missing, but there is a memory beside it: put the key back, or take another folder."
            )
        _make(path, Signer(name, COSIGNATURE, os.urandom(32)))
    try:
        found = Signer.from_text(path.read_text())
    except (NotAKey, UnicodeDecodeError, OSError) as error:
        raise NotUsable(f"{path} holds no key of a witness.") from error
    if name and name != found.name:
        raise NotUsable(f"This witness is called {found.name} already; leave --name out, or take another folder.")
    return found


def _make(path: Path, key: Signer) -> None:
    """Killed at any moment there is a whole key or none; of two that start at once one makes it."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key.to_text() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    settle(path.parent)

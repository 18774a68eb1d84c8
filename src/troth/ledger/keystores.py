"""Where the customers' keys lie: in a file of its own, or in another PostgreSQL. Both stand outside the ledger's database.

A store is safe in the hands of several threads and of several processes, also of those that were forked. What it hands out
was made durable before. Numbers stand here, and no names; `keys.py` says what it is all for.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.db import OperationalError

from troth.ledger.durable import settle
from troth.ledger.rules.canonical import moment
from troth.ledger.rules.payload import KEY_BYTES

#: Keys are made for so many numbers at once, so that a new customer seldom has to wait for the disk.
BLOCK = 256
#: So many seconds a process waits for another that writes.
PATIENCE_SECONDS = 30
#: More keys than these are not kept in the memory of a process.
REMEMBERED_MOST = 50_000
#: A line of the register as text.
NOTE = re.compile(r"^(\d{1,19}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)$", re.ASCII | re.MULTILINE)

Keys = dict[int, bytes | None]


class KeysAway(OperationalError):
    """The store of the customers' keys does not answer, or cannot write: what needs it waits, and is no worse for it."""


class Store(Protocol):
    """What both are."""

    def find(self, customers: Iterable[int]) -> Keys:
        """The keys of these numbers as far as there are any; None where the key was destroyed."""

    def make(self, customers: Iterable[int]) -> Keys:
        """The keys of these numbers, made where there were none; None where the key was destroyed."""

    def destroy(self, customers: Iterable[int], *, now: datetime) -> None:
        """Destroy these keys for good and enter it in the register; safe to repeat."""

    def destroyed(self) -> dict[int, datetime]:
        """The register."""

    def close(self) -> None:
        """Let go of it."""


def blocks_of(customers: Iterable[int]) -> Iterator[int]:
    """Every number of the blocks that these stand in."""
    for first in sorted({number // BLOCK * BLOCK for number in customers}):
        yield from range(first, first + BLOCK)


class FileStore:
    """A file of SQLite, readable by its owner only, and beside it the register once more as text.

    The journal is rolled back and not written ahead, and what is deleted is overwritten: the bytes of a destroyed key stand
    in no file any more when `destroy` returns. The text of the register outlives the file: put back from a backup, the file
    may hold keys that were destroyed since, and they are destroyed again when it is opened.
    """

    SCHEMA = """
        CREATE TABLE IF NOT EXISTS customer_key (customer INTEGER PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32));
        CREATE TABLE IF NOT EXISTS destroyed (customer INTEGER PRIMARY KEY, at TEXT NOT NULL);
    """

    def __init__(self, path: Path, *, may_be_new: Callable[[], None]) -> None:
        self.path = path
        #: The register as text: a number and a moment a line. It holds nothing personal and may be copied anywhere.
        self.register = path.with_name(f"{path.stem}-destroyed.txt")
        self._lock = threading.RLock()
        self._remembered: Keys = {}
        self._version = -1
        _begun(is_there=path.exists, may_be_new=may_be_new)
        with _told_as_away(path):
            self._line = self._open()
            self._destroy_again()

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        line = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = DELETE", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY"):
            line.execute(f"PRAGMA {setting}")
        line.executescript(self.SCHEMA)
        settle(self.path.parent)
        return line

    def find(self, customers: Iterable[int]) -> Keys:
        with self._lock, _told_as_away(self.path):
            self._forget_if_changed()
            return self._find(set(customers))

    def make(self, customers: Iterable[int]) -> Keys:
        wanted = set(customers)
        with self._lock, _told_as_away(self.path):
            self._forget_if_changed()
            found = self._find(wanted)
            if missing := wanted - found.keys():
                with self._transaction():
                    self._line.executemany(
                        "INSERT OR IGNORE INTO customer_key SELECT ?1, ?2"
                        " WHERE NOT EXISTS (SELECT 1 FROM destroyed WHERE customer = ?1)",
                        ((number, secrets.token_bytes(KEY_BYTES)) for number in blocks_of(missing)),
                    )
                found |= self._find(missing)
            return found

    def destroy(self, customers: Iterable[int], *, now: datetime) -> None:
        gone = sorted(set(customers))
        with self._lock, _told_as_away(self.path):
            self._remembered.clear()
            with self._transaction():
                known = self._destroyed()
                self._note({number: now for number in gone if number not in known})
                self._wipe(dict.fromkeys(gone, now))

    def destroyed(self) -> dict[int, datetime]:
        with self._lock, _told_as_away(self.path):
            return self._destroyed()

    def close(self) -> None:
        with self._lock:
            self._remembered.clear()
            self._line.close()

    def _find(self, wanted: set[int]) -> Keys:
        if unknown := [number for number in wanted if number not in self._remembered]:
            asked = json.dumps(unknown)
            if len(self._remembered) + len(unknown) > REMEMBERED_MOST:
                self._remembered = {number: key for number, key in self._remembered.items() if number in wanted}
            self._remembered |= self._line.execute(
                "SELECT customer, key FROM customer_key WHERE customer IN (SELECT value FROM json_each(?1))"
                " UNION ALL SELECT customer, NULL FROM destroyed WHERE customer IN (SELECT value FROM json_each(?1))",
                [asked],
            ).fetchall()
        return {number: self._remembered[number] for number in wanted if number in self._remembered}

    def _forget_if_changed(self) -> None:
        """What another process wrote counts at once: above all that it destroyed a key."""
        (version,) = self._line.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._remembered.clear()
            self._version = version

    def _destroyed(self) -> dict[int, datetime]:
        rows = self._line.execute("SELECT customer, at FROM destroyed ORDER BY customer")
        return {number: datetime.fromisoformat(at) for number, at in rows}

    def _wipe(self, gone: Mapping[int, datetime]) -> None:
        self._line.executemany("DELETE FROM customer_key WHERE customer = ?", [(number,) for number in gone])
        self._line.executemany(
            "INSERT OR IGNORE INTO destroyed VALUES (?, ?)", [(number, moment(at)) for number, at in gone.items()]
        )

    def _note(self, gone: Mapping[int, datetime]) -> None:
        """Into the text, before the key goes: whatever is interrupted in between is done when the store is opened again."""
        if not gone:
            return
        with os.fdopen(os.open(self.register, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+") as file:
            torn = file.read()[-1:] not in ("", "\n")
            file.write("\n" * torn + "".join(f"{number} {moment(at)}\n" for number, at in gone.items()))
            file.flush()
            os.fsync(file.fileno())
        settle(self.register.parent)

    def _destroy_again(self) -> None:
        """The two registers are made one, and no key of a destroyed number is left."""
        noted = self._noted()
        known = self._destroyed()
        if noted.keys() == known.keys():
            return
        with self._transaction():
            known = self._destroyed()
            noted = self._noted()
            self._note({number: at for number, at in known.items() if number not in noted})
            self._wipe({number: at for number, at in noted.items() if number not in known})

    def _noted(self) -> dict[int, datetime]:
        """What the text says; a line that a fall of the power cut off says nothing."""
        text = self.register.read_text() if self.register.exists() else ""
        return {int(number): datetime.fromisoformat(at) for number, at in NOTE.findall(text)}

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._line.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._line.execute("COMMIT")
        except BaseException:
            if self._line.in_transaction:
                self._line.execute("ROLLBACK")
            raise


class ServerStore:
    """Two tables in another PostgreSQL, for an installation of several machines; every question is asked anew.

    The server itself keeps what was deleted until it vacuums, and longer in its write-ahead log: docs/run/backup.md.
    """

    SCHEMA = """
        CREATE TABLE IF NOT EXISTS troth_customer_key (customer bigint PRIMARY KEY, key bytea NOT NULL CHECK (length(key) = 32));
        CREATE TABLE IF NOT EXISTS troth_destroyed (customer bigint PRIMARY KEY, at timestamptz NOT NULL)
    """
    #: Advisory lock of those who write: no key is made for a number while it is being destroyed.
    WRITING = 0x7207_0CE7

    def __init__(self, url: str, *, may_be_new: Callable[[], None]) -> None:
        self.url = url
        self._lock = threading.RLock()
        self._line: psycopg.Connection[Any] | None = None
        with self._asked() as line:
            if not _begun(is_there=lambda: self._is_there(line), may_be_new=may_be_new):
                with self._writing(line):
                    line.execute(self.SCHEMA)

    def _is_there(self, line: psycopg.Connection[Any]) -> bool:
        found = line.execute("SELECT to_regclass('troth_customer_key')").fetchone()
        return found is not None and found[0] is not None

    def find(self, customers: Iterable[int]) -> Keys:
        with self._asked() as line:
            return self._find(line, set(customers))

    def make(self, customers: Iterable[int]) -> Keys:
        wanted = set(customers)
        with self._asked() as line:
            found = self._find(line, wanted)
            if missing := wanted - found.keys():
                numbers = list(blocks_of(missing))
                fresh = [secrets.token_bytes(KEY_BYTES) for _ in numbers]
                with self._writing(line):
                    line.execute(
                        "INSERT INTO troth_customer_key SELECT * FROM unnest(%s::bigint[], %s::bytea[]) AS fresh (customer, key)"
                        " WHERE NOT EXISTS (SELECT FROM troth_destroyed AS gone WHERE gone.customer = fresh.customer)"
                        " ON CONFLICT DO NOTHING",
                        [numbers, fresh],
                    )
                found |= self._find(line, missing)
            return found

    def destroy(self, customers: Iterable[int], *, now: datetime) -> None:
        gone = sorted(set(customers))
        with self._asked() as line:
            with self._writing(line):
                line.execute("DELETE FROM troth_customer_key WHERE customer = ANY (%s)", [gone])
                line.execute(
                    "INSERT INTO troth_destroyed SELECT unnest(%s::bigint[]), %s ON CONFLICT DO NOTHING", [gone, now]
                )
            line.execute("VACUUM troth_customer_key")

    def destroyed(self) -> dict[int, datetime]:
        with self._asked() as line:
            rows = line.execute("SELECT customer, at FROM troth_destroyed ORDER BY customer").fetchall()
            return {number: at.astimezone(UTC) for number, at in rows}

    def close(self) -> None:
        with self._lock:
            if self._line is not None:
                self._line.close()

    def _find(self, line: psycopg.Connection[Any], wanted: set[int]) -> Keys:
        rows = line.execute(
            "SELECT customer, key FROM troth_customer_key WHERE customer = ANY (%(wanted)s)"
            " UNION ALL SELECT customer, NULL FROM troth_destroyed WHERE customer = ANY (%(wanted)s)",
            {"wanted": list(wanted)},
        ).fetchall()
        return {number: None if key is None else bytes(key) for number, key in rows}

    @contextmanager
    def _asked(self) -> Iterator[psycopg.Connection[Any]]:
        """The line to the server; one that is broken is not used again."""
        with self._lock:
            try:
                if self._line is None or self._line.closed:
                    self._line = psycopg.connect(self.url, autocommit=True, application_name="troth keys")
                    self._line.execute("SET synchronous_commit = on")
                    self._line.execute(f"SET lock_timeout = '{PATIENCE_SECONDS}s'")
                yield self._line
            except psycopg.Error as error:
                if self._line is not None:
                    self._line.close()
                raise KeysAway(f"The store of the customers' keys does not answer: {error}") from error

    @contextmanager
    def _writing(self, line: psycopg.Connection[Any]) -> Iterator[None]:
        with line.transaction():
            line.execute("SELECT pg_advisory_xact_lock(%s)", [self.WRITING])
            yield


def _begun(*, is_there: Callable[[], bool], may_be_new: Callable[[], None]) -> bool:
    """Whether the store is there already; where it is not, it has to be one that may be new."""
    if is_there():
        return True
    try:
        may_be_new()
    except OperationalError:
        if not is_there():  # else another process was quicker to make it, and to write a first fact
            raise
        return True
    return False


@contextmanager
def _told_as_away(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise KeysAway(f"The customers' keys in {path} cannot be read or written: {error}.") from error

"""Both places where the customers' keys may lie keep the same promises: durable, one for all, and gone for good."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError
from psycopg.conninfo import make_conninfo
from tests.people_and_things import NOW

from troth.ledger.keystores import BLOCK, FileStore, KeysAway, ServerStore, Store

MakeStore = Callable[[], Store]


def anyhow() -> None:
    """A store of a test may always be new."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of another database than the ledger's."""
    known = {name: settings.DATABASES["default"][name.upper()] for name in ("host", "port", "user", "password")}
    main = make_conninfo(os.environ["DATABASE_URL"], **{name: value for name, value in known.items() if value})
    name = f"keys_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(main, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}".encode())
    yield make_conninfo(main, dbname=name)
    with psycopg.connect(main, autocommit=True) as line:
        line.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["file", "server"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeStore]:
    """Opens one and the same store again and again, as different processes do."""
    opened: list[Store] = []

    def make_store() -> Store:
        if request.param == "file":
            opened.append(FileStore(tmp_path / "keys.sqlite3", may_be_new=anyhow))
        else:
            opened.append(ServerStore(request.getfixturevalue("server"), may_be_new=anyhow))
        return opened[-1]

    yield make_store
    for store in opened:
        store.close()
    if request.param == "server":
        with psycopg.connect(request.getfixturevalue("server")) as line:
            line.execute("DROP TABLE troth_customer_key, troth_destroyed")


def test_a_key_is_made_once_and_is_everybodys(make: MakeStore) -> None:
    one, other = make(), make()

    keys = one.make([7, 8])

    assert {len(key or b"") for key in keys.values()} == {32}
    assert len(set(keys.values())) == 2
    assert one.make([8, 7]) == other.make([7, 8]) == other.find([7, 8]) == make().find([7, 8]) == keys


def test_nobody_gets_a_key_by_being_asked_for(make: MakeStore) -> None:
    store = make()

    assert store.find([7]) == {}
    assert store.make([7]).keys() == {7}
    assert store.find([7, BLOCK + 7]).keys() == {7}


def test_keys_are_made_ahead_for_those_who_come_next(make: MakeStore) -> None:
    store = make()

    store.make([BLOCK + 3])

    assert store.find(range(3 * BLOCK)).keys() == set(range(BLOCK, 2 * BLOCK))


def test_destroyed_is_destroyed_for_good_and_for_all(make: MakeStore) -> None:
    store, other = make(), make()
    before = other.make([7, 8, 9])

    store.destroy([7, 9], now=NOW)
    store.destroy([9], now=NOW + timedelta(days=1))

    known = {7: None, 8: before[8], 9: None}
    assert other.find([7, 8, 9]) == other.make([7, 8, 9]) == store.make([7, 8, 9]) == make().make([7, 8, 9]) == known
    assert store.destroyed() == other.destroyed() == {7: NOW, 9: NOW}


def test_a_number_can_be_destroyed_before_it_has_a_key(make: MakeStore) -> None:
    store = make()

    store.destroy([7], now=NOW)

    assert store.make([6, 7])[7] is None
    assert store.destroyed() == {7: NOW}


def test_many_at_once_get_the_same_keys(make: MakeStore) -> None:
    stores = [make() for _ in range(4)]
    got: list[dict[int, bytes | None]] = []
    numbers = range(0, 5 * BLOCK, 50)
    threads = [threading.Thread(target=lambda store=store: got.append(store.make(numbers))) for store in stores * 2]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8
    assert all(one == got[0] for one in got)


# What only a file can promise


def files_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_bytes_of_a_destroyed_key_stand_in_no_file(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "keys.sqlite3", may_be_new=anyhow)
    keys = store.make(range(0, 40 * BLOCK, 3))
    gone = list(keys)[::7]
    assert all(key in files_of(tmp_path) for key in keys.values() if key)

    store.destroy(gone, now=NOW)

    left = files_of(tmp_path)
    assert [number for number in gone if keys[number] in left] == []  # type: ignore[operator]
    assert all(keys[number] in left for number in keys.keys() - set(gone))  # type: ignore[operator]
    store.close()


def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "inner/keys.sqlite3", may_be_new=anyhow)
    store.make([1])
    store.destroy([1], now=NOW)

    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "inner").iterdir()} == {0o600}
    assert (tmp_path / "inner").stat().st_mode & 0o777 == 0o700
    store.close()


def test_new_customer_of_a_known_block_costs_no_write(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "keys.sqlite3", may_be_new=anyhow)
    store.make([1])
    before = (tmp_path / "keys.sqlite3").stat().st_mtime_ns, files_of(tmp_path)

    store.make(range(1, BLOCK))

    assert ((tmp_path / "keys.sqlite3").stat().st_mtime_ns, files_of(tmp_path)) == before
    store.close()


def test_backup_of_the_file_brings_no_destroyed_key_back(tmp_path: Path) -> None:
    path, backup = tmp_path / "keys.sqlite3", tmp_path / "backup"
    store = FileStore(path, may_be_new=anyhow)
    keys = store.make([7, 8])
    shutil.copy(path, backup)
    store.destroy([7], now=NOW)
    store.close()

    shutil.copy(backup, path)
    restored = FileStore(path, may_be_new=anyhow)

    assert restored.find([7, 8]) == {7: None, 8: keys[8]}
    backup.unlink()
    assert keys[7] not in files_of(tmp_path)  # type: ignore[operator]
    restored.close()


def test_destruction_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite3"
    store = FileStore(path, may_be_new=anyhow)
    store.make([7, 8])
    store.destroy([8], now=NOW)
    store.close()
    store.register.write_text("7 2026-11-11T10:00:00.000000Z\n9 2026-11-")  # 8 was lost with the file, 9 was cut off

    again = FileStore(path, may_be_new=anyhow)

    assert again.destroyed() == {7: NOW, 8: NOW}
    assert again.find([7, 8, 9]) == {7: None, 8: None, 9: again.make([9])[9]}
    again.close()
    assert FileStore(path, may_be_new=anyhow).destroyed() == {7: NOW, 8: NOW}


def test_file_that_may_not_be_new_is_not_begun(tmp_path: Path) -> None:
    def never() -> None:
        raise OperationalError("facts are sealed")

    with pytest.raises(OperationalError, match="facts are sealed"):
        FileStore(tmp_path / "keys.sqlite3", may_be_new=never)
    assert list(tmp_path.iterdir()) == []

    def too_late() -> None:
        FileStore(tmp_path / "keys.sqlite3", may_be_new=anyhow).close()
        never()

    FileStore(tmp_path / "keys.sqlite3", may_be_new=too_late).close()


def test_what_is_wrong_with_the_disk_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "keys.sqlite3").write_bytes(b"this is no database, and far too long for one" * 100)

    with pytest.raises(KeysAway, match="cannot be read or written"):
        FileStore(tmp_path / "keys.sqlite3", may_be_new=anyhow)


def test_server_that_went_away_is_asked_again(server: str) -> None:
    store = ServerStore(server, may_be_new=anyhow)
    keys = store.make([7])
    with psycopg.connect(server, autocommit=True) as line:
        line.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'troth keys'")

    with pytest.raises(KeysAway):
        store.find([7])

    assert store.find([7]) == keys
    store.close()
    with psycopg.connect(server) as line:
        line.execute("DROP TABLE troth_customer_key, troth_destroyed")


#: Run by itself, for a process that runs tests has threads and should not be forked.
FORKS = """
import json, os, sys
from datetime import datetime, UTC
import django
from django.conf import settings
settings.configure(TROTH_CUSTOMER_KEYS=sys.argv[1], DATABASES={})
from troth.ledger import keys, keystores
keys._nothing_is_sealed = lambda: None
told = {}
mine = keys.of([7, 8])
down, up = os.pipe()
child = os.fork()
if child == 0:
    same = keys.of([7, 8]) == mine
    keys.destroy([7], now=datetime.now(UTC))
    os.write(up, json.dumps([same, keys.of([9])[9].hex()]).encode())
    os._exit(0)
os.waitpid(child, 0)
same, nine = json.loads(os.read(down, 1000))
print(json.dumps([same, keys.of([9])[9].hex() == nine, keys.of([7])[7], keys.of([8])[8] == mine[8]]))
"""


def test_forked_process_has_a_line_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(tmp_path / "keys.sqlite3")], capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == [True, True, None, True]
    with sqlite3.connect(tmp_path / "keys.sqlite3") as line:
        assert line.execute("PRAGMA integrity_check").fetchone() == ("ok",)

"""A PostgreSQL of the benchmark's own, Django on it, and one filled database for each size."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench.spine import filling
from bench.spine.filling import FILL, WORDS, fill
from django.db import ProgrammingError

from troth.site.postgres import Cluster


@contextmanager
def ground(kept: Path | None) -> Iterator[Ground]:
    """The cluster, as safe against power cuts as the product's; in *kept*, where it is found again, or gone afterwards."""
    place = kept or Path(tempfile.mkdtemp(prefix="troth-spine-", dir="/tmp"))
    place.mkdir(exist_ok=True)
    place.chmod(0o755)  # PostgreSQL may run as another user; each directory below is closed by itself
    cluster = Cluster(place / "postgres")
    try:
        os.environ |= {
            "DATABASE_URL": cluster.start(),
            "DJANGO_SETTINGS_MODULE": "troth.site.settings",
            "TROTH_DATA": str(place / "data"),
            "TROTH_LOG_LEVEL": "ERROR",
            "TROTH_MAIL_FROM": "support@troth.test",
        }
        (place / "data" / "static").mkdir(parents=True, exist_ok=True)
        import django  # the settings must be in the environment first

        django.setup()
        logging.getLogger("django.request").setLevel(logging.ERROR)
        yield Ground(os.environ["DATABASE_URL"])
    finally:
        from django.db import connections

        connections.close_all()
        cluster.stop()
        if kept is None:
            shutil.rmtree(place, ignore_errors=True)


class Ground:
    def __init__(self, url: str) -> None:
        self.url = url

    def url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def use(self, name: str) -> None:
        """From now on this process, and what it starts, speaks with the database of this name."""
        from django.conf import settings
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = name
        # The head signed last is of one database and not of the other.
        settings.TROTH_LAST_CHECKPOINT = os.environ["TROTH_LAST_CHECKPOINT"] = self.last_head(name)
        os.environ["DATABASE_URL"] = self.url_of(name)

    def last_head(self, name: str) -> str:
        return f"{os.environ['TROTH_DATA']}/last-checkpoint-{name}"

    def filled(self, count: int) -> float:
        """Use the database with *count* cases, made now unless it is there; how many seconds that took."""
        from django.core.management import call_command
        from django.db import connection
        from django.utils import timezone

        from troth.ledger import tasks as ledger

        name = f"spine_{count}_{_written_by()}"
        self.use("troth")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone():
                self.use(name)
                call_command("migrate", verbosity=0)
                return 0.0
        began = time.perf_counter()
        # Under another name until it is whole: who is stopped on the way begins anew.
        self.fresh("spine_filling")
        connection.close()
        fill(self.url_of("spine_filling"), count, now=timezone.now())
        ledger.seal()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        head = Path(self.last_head("spine_filling"))
        self.use("troth")
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE spine_filling RENAME TO "{name}"')
        head.replace(self.last_head(name))
        self.use(name)
        return time.perf_counter() - began

    def empty(self, name: str) -> str:
        """The address of a new database of this name, without anything in it."""
        from django.db import connection

        self.use("troth")
        with connection.cursor() as cursor:
            _drop(cursor, name)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        connection.close()
        return self.url_of(name)

    def fresh(self, name: str) -> None:
        """Use a new database with this version's tables and nothing in them."""
        from django.core.management import call_command

        self.empty(name)
        Path(self.last_head(name)).unlink(missing_ok=True)
        self.use(name)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)

    def copied(self, name: str) -> None:
        """Use a copy of the database in use, for what changes it."""
        from django.db import connection

        source = connection.settings_dict["NAME"]
        self.use("troth")
        with connection.cursor() as cursor:
            _drop(cursor, name)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        Path(self.last_head(name)).unlink(missing_ok=True)
        self.use(name)


def _drop(cursor: Any, name: str) -> None:
    """The database of this name, whoever is in it; where that is PostgreSQL sweeping, it is sent away by asking politely."""
    try:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except ProgrammingError:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _written_by() -> str:
    """The files that fill a database, by their contents: one that others filled is not taken for theirs."""
    told = hashlib.sha256()
    for file in (WORDS, Path(filling.__file__), *sorted(FILL.glob("*.sql"))):
        told.update(file.read_bytes())
    return told.hexdigest()[:8]


@contextmanager
def started(commands: list[list[str]], **environment: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes of the product on the database in use, ended afterwards."""
    found = [subprocess.Popen([sys.executable, *words], env={**os.environ, **environment}) for words in commands]
    try:
        yield found
    finally:
        for one in found:
            one.terminate()
        for one in found:
            try:
                one.wait(20)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()

"""What every test stands on: a PostgreSQL of its own, a data directory of its own, a known environment.

It is arranged while this file is imported, for the settings read the environment once. With xdist the controller does
it and the workers inherit it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from troth.site.postgres import Cluster

#: Signs the heads of the tests' logs.
LOG_KEY = "PRIVATE+KEY+testserver/record+908f47f9+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def arrange() -> None:
    """A clean environment, with `DATABASE_URL` kept when it was given."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        # The tests start some hundred processes, each of which would compile all it imports: half of what a start takes.
        # Nothing is written beside the sources, as was wished.
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(sys.prefix) / "bytecode"))
    for name in [name for name in os.environ if name.startswith("TROTH_")] + ["PORT"]:
        os.environ.pop(name, None)
    place = Path(tempfile.mkdtemp(prefix="troth-tests-", dir="/tmp"))
    place.chmod(0o755)  # PostgreSQL may run as another user; each directory below is closed by itself
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    data = place / "data"
    data.mkdir(mode=0o700)
    (data / "static").mkdir()  # WhiteNoise warns without it
    os.environ |= {
        "TROTH_DATA": str(data),
        "TROTH_SECRET_KEY": "tests-sign-nothing-of-worth-and-need-fifty-characters",
        "TROTH_LOG_LEVEL": "WARNING",
        "TROTH_HOSTS": "localhost,127.0.0.1,[::1],testserver",  # the last is what Django's test client calls itself
    }
    if not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")):
        cluster = Cluster(place / "postgres", fast=True)
        atexit.register(cluster.stop)  # also after Ctrl-C; a killed run takes its tied server with it
        os.environ["DATABASE_URL"] = cluster.start()
    os.environ["DJANGO_SETTINGS_MODULE"] = "troth.site.settings"


if "PYTEST_XDIST_WORKER" not in os.environ:
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        raise pytest.UsageError(
            "DJANGO_SETTINGS_MODULE is set: unset it, for the tests name their settings themselves."
        )
    arrange()

pytest_plugins = ["tests.faces", "tests.house.world", "tests.lab.fixtures", "tests.walks.browser"]

# The head signed last is of this process's own database, and the key of no worth; programs that tests start inherit both.
os.environ["TROTH_LAST_CHECKPOINT"] = (
    f"{os.environ['TROTH_DATA']}/last-checkpoint-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
)
os.environ["TROTH_LOG_KEY"] = LOG_KEY

import django  # noqa: E402 - the settings must be in the environment first
from django.conf import settings  # noqa: E402
from django.core.cache import caches  # noqa: E402
from django.db import connection  # noqa: E402
from whitenoise.middleware import WhiteNoiseMiddleware  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real one takes a quarter of a second
settings.TROTH_ENCLOSURES = ""  # in most tests nothing is sealed, and letters would wait for their receipts
# Each worker has keys of its own, for what one destroys another's tests still need. The processes that tests start inherit it;
# a worker's settings were read with the controller's environment.
KEYS = (
    Path(os.environ["TROTH_DATA"]).with_name(f"keys-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}") / "keys.sqlite3"
)
settings.TROTH_CUSTOMER_KEYS = os.environ["TROTH_CUSTOMER_KEYS"] = str(KEYS)
settings.TROTH_LAST_CHECKPOINT = os.environ["TROTH_LAST_CHECKPOINT"]
django.setup()

from troth.ledger import keystores  # noqa: E402
from troth.people import kept  # noqa: E402
from troth.record.pacing import for_pages, for_resources  # noqa: E402

KEPT = keystores.FileStore(KEYS, may_be_new=lambda: None)
atexit.register(KEPT.close)
Operations = type(connection.ops)


def sql_flush(operations: Any, *values: Any, **named: Any) -> list[str]:
    """Between tests that commit, the tables are emptied past the triggers that keep them from just that."""
    statements = _flush(operations, *values, **named)
    if not statements:
        return []
    guarded = (
        *("ledger_entry", "ledger_seal", "ledger_tile", "ledger_checkpoint", "ledger_cosignature"),
        "people_securityevent",
    )
    return [
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded),
        *statements,
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded),
    ]


def static_files(middleware: Any) -> None:
    """Every browser of a test makes all middleware anew, and this one walks through each static file there is: once is enough."""
    if not STATIC_FILES:
        _look_for_files(middleware)
        STATIC_FILES.update(middleware.files)
    middleware.files.update(STATIC_FILES)


STATIC_FILES: dict[str, Any] = {}
_look_for_files = WhiteNoiseMiddleware.add_files_from_finders
WhiteNoiseMiddleware.add_files_from_finders = static_files

_flush = Operations.sql_flush
Operations.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first, within the order that Django's tests must have: else one worker waits in the end for another's last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    """What a process keeps for seconds is of the test before."""
    kept.drop_all()
    for one in kept.everything:
        one.seconds = 600.0  # how many statements a page takes must not hang on how fast the machine is at the moment
    for_resources.forget()
    for_pages.forget()
    caches["process"].clear()
    last = Path(settings.TROTH_LAST_CHECKPOINT)
    for file in (last, *last.parent.glob(f"{last.name}.*")):
        file.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _nobody_stays_erased() -> Iterator[None]:
    """A number whose key a test destroyed is free again for the next, as the register alone would not let it be."""
    yield
    if KEPT.destroyed():
        with closing(sqlite3.connect(KEYS)) as line, line:
            line.execute("DELETE FROM destroyed")
        KEPT.register.unlink()

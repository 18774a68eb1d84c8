"""An installation from before: its facts are sealed where they stand, say the same, and leave no plain words behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext
from psycopg.conninfo import make_conninfo
from pytest_django.plugin import DjangoDbBlocker

from troth.ledger import keys
from troth.ledger.payloads import open_all
from troth.site.postgres import Cluster

BEFORE = [("ledger", "0004_the_log"), ("cases", "0006_what_staff_say_of_readings")]
AFTER = [("ledger", "0008_no_plain_words_are_left")]
#: More than one batch, some of them about nobody, and one customer twice.
COUNT = 4_500
FILL = """
INSERT INTO ledger_entry (kind, about, customer, happened_at, recorded_at, body, salt, commit, leaf_hash)
SELECT 'CaseJoined', 'case:' || n, CASE WHEN n %% 3 = 0 THEN '' ELSE 'customer:' || n / 2 END, now(), now(),
    convert_to('{"about":"case:' || n || '"}', 'UTF8'), sha256(n::text::bytea), '', '' FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def older(django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """A database of its own, as the release before left it."""
    name = f"older_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    main = os.environ["DATABASE_URL"]
    with psycopg.connect(main, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}".encode())
    with django_db_blocker.unblock():
        connections.databases["older"] = {**connections.databases["default"], "NAME": name}
        try:
            MigrationExecutor(connections["older"]).migrate(BEFORE)
            yield connections["older"]
        finally:
            connections["older"].close()
            del connections.databases["older"], connections["older"]
            with psycopg.connect(make_conninfo(main), autocommit=True) as line:
                line.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def asked(line: BaseDatabaseWrapper, question: str, *values: Any) -> list[Any]:
    with line.cursor() as cursor:
        cursor.execute(question, values or None)
        return cursor.fetchall() if cursor.description else []


def test_facts_from_before_are_sealed(older: BaseDatabaseWrapper) -> None:
    asked(older, FILL, COUNT)
    before = {row[0]: row[1:] for row in asked(older, "SELECT id, customer, body, salt FROM ledger_entry")}

    with CaptureQueriesContext(older) as queries:
        MigrationExecutor(older).migrate(AFTER)

    rows = asked(older, "SELECT id, customer, payload FROM ledger_entry ORDER BY id")
    opened = open_all([(customer, bytes(payload)) for _pk, customer, payload in rows])
    assert {pk: (customer, one.body, one.salt) for (pk, customer, _), one in zip(rows, opened, strict=True) if one} == {
        pk: (customer, bytes(body), bytes(salt)) for pk, (customer, body, salt) in before.items()
    }
    assert {bytes(payload)[0] for _pk, customer, payload in rows if customer} == {1}
    assert {bytes(payload)[0] for _pk, customer, payload in rows if not customer} == {0}
    assert sum("SET payload = fresh.payload" in query["sql"] for query in queries) == 3
    assert keys.find([1]).keys() == {1}
    for statement in ("UPDATE ledger_entry SET payload = ''", "DELETE FROM ledger_entry"):
        with pytest.raises(DatabaseError, match="append-only"):
            asked(older, statement)


def test_no_plain_words_are_left_in_the_table(older: BaseDatabaseWrapper) -> None:
    cluster = Cluster(Path(settings.TROTH_DATA).parent / "postgres")
    if not cluster.data.exists():
        pytest.skip("the tests run on a database of yours, whose files are yours to read")
    asked(older, FILL, 100)
    words = {bytes(body): customer for body, customer in asked(older, "SELECT body, customer FROM ledger_entry")}

    MigrationExecutor(older).migrate(AFTER)

    with cluster._connect("postgres") as superuser:
        superuser.execute("CHECKPOINT")
    [(path,)] = asked(older, "SELECT pg_relation_filepath('ledger_entry')")
    table = (cluster.data / path).read_bytes()
    assert {customer for body, customer in words.items() if body in table} == {""}
    assert all(body in table for body, customer in words.items() if not customer)


def test_a_fact_that_is_sealed_already_is_left_alone(older: BaseDatabaseWrapper) -> None:
    asked(older, FILL, 10)
    MigrationExecutor(older).migrate([("ledger", "0006_facts_are_sealed")])
    sealed = asked(older, "SELECT id, payload FROM ledger_entry ORDER BY id")

    executor = MigrationExecutor(older)
    executor.recorder.record_unapplied("ledger", "0006_facts_are_sealed")
    MigrationExecutor(older).migrate([("ledger", "0006_facts_are_sealed")])

    assert [
        (pk, bytes(payload)) for pk, payload in asked(older, "SELECT id, payload FROM ledger_entry ORDER BY id")
    ] == [(pk, bytes(payload)) for pk, payload in sealed]
    assert len(sealed) == 10

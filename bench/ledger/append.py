"""Appending with facts, beside plain rows and beside the two hashes alone, turn by turn."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from bench.spine.gauge import Gauge, interleaved
from django.db import connection, transaction

from troth.ledger import actions as ledger
from troth.ledger.rules import canonical
from troth.words.facts import PromiseKept

DUE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
#: So many customers take turns.
CUSTOMERS = 1_000
_numbers = itertools.count()


def facts(many: int, *, customer: bool) -> list[PromiseKept]:
    """Facts such as most are."""
    return [
        PromiseKept(
            about=f"promise:{number}",
            customer=f"customer:{number % CUSTOMERS + 1}" if customer else "",
            by="staff:3",
            due=DUE,
            done_at=DUE,
        )
        for number in itertools.islice(_numbers, many)
    ]


def measured(batch: int, *, rounds: int) -> dict[str, Gauge]:
    """One transaction each of *batch* rows."""
    plain = Plain(batch)
    things: dict[str, Callable[[], object]] = {
        "facts of a customer": lambda: append(facts(batch, customer=True)),
        "facts of nobody": lambda: append(facts(batch, customer=False)),
        "the same rows by COPY, without trigger": plain.copy,
        "the same rows by INSERT": plain.insert,
        "the two SHA-256 alone": plain.hash,
    }
    return interleaved(things, rounds=max(3, rounds if batch < 10_000 else rounds // 3))


def append(found: list[PromiseKept]) -> None:
    with transaction.atomic():
        ledger.append_all(found, now=DUE)


class Plain:
    """Rows as the ledger has them, written into a table of the same shape that knows nothing of a ledger."""

    def __init__(self, batch: int) -> None:
        append(facts(batch, customer=True))
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS plain")
            cursor.execute("CREATE TABLE plain (LIKE ledger_entry INCLUDING INDEXES INCLUDING IDENTITY)")
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'ledger_entry'"
                " AND column_name <> 'id' ORDER BY ordinal_position"
            )
            self.columns = dict(cursor.fetchall())
            names = ", ".join(f'"{name}"' for name in self.columns)
            cursor.execute(f"SELECT {names} FROM ledger_entry ORDER BY id DESC LIMIT %s", [batch])  # noqa: S608 -- names of our own
            self.rows = cursor.fetchall()
        self._copy = f"COPY plain ({names}) FROM STDIN (FORMAT BINARY)"
        self._insert = f"INSERT INTO plain ({names}) VALUES ({', '.join(['%s'] * len(self.columns))})"  # noqa: S608 -- the same
        self._hashed = [
            (secrets.token_bytes(32), body, envelope)
            for body, envelope in (self._bytes(fact) for fact in facts(batch, customer=True))
        ]

    @staticmethod
    def _bytes(fact: PromiseKept) -> tuple[bytes, bytes]:
        body = canonical.fact_bytes(fact)
        commit = canonical.commitment(bytes(32), body)
        return body, canonical.envelope_bytes(kind=fact.kind, happened_at=DUE, recorded_at=DUE, commit=commit)

    def copy(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(self._copy) as copy:
            copy.set_types(list(self.columns.values()))
            for row in self.rows:
                copy.write_row(row)

    def insert(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(self._insert, self.rows)

    def hash(self) -> None:
        for salt, body, envelope in self._hashed:
            hmac.digest(salt, body, "sha256")
            hashlib.sha256(b"\x00" + envelope).digest()

"""Writing the ledger: append a fact beside the change it tells of. Sealing what was appended is in `sealing.py`."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from troth.ledger.payloads import Sealer, fresh_salt
from troth.ledger.rules import canonical, tree
from troth.ledger.sealing import seal as seal
from troth.words.facts import Fact


class NotInATransaction(RuntimeError):
    """A fact was appended outside the transaction of the change it tells of."""


def append(fact: Fact, *, now: datetime, happened_at: datetime | None = None) -> None:
    """Append *fact* in the caller's transaction; raises NotInATransaction outside of one."""
    append_all([fact], now=now, happened_at=happened_at)


def append_all(facts: Iterable[Fact], *, now: datetime, happened_at: datetime | None = None) -> None:
    """Append *facts* in order with one statement, in the caller's transaction; raises NotInATransaction outside of one."""
    append_past(((happened_at or now, fact) for fact in facts), now=now)


def append_past(facts: Iterable[tuple[datetime, Fact]], *, now: datetime) -> int:
    """Append facts that each happened at a time of their own, in the caller's transaction; how many.

    By COPY, for one fact as for ten thousand: measured, nothing else costs either side less. What is said of a customer is
    sealed with their key, which is durable before it is written.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction("Append a fact inside the transaction that makes it true.")
    told = list(facts)
    if _stroke.facts is not None:
        _stroke.facts += [(happened_at, fact, now) for happened_at, fact in told]
    else:
        _write([(happened_at, fact, now) for happened_at, fact in told])
    return len(told)


class _Stroke(threading.local):
    """The facts of the stroke this thread is in, with when they happened and when they were told; None outside of one."""

    facts: list[tuple[datetime, Fact, datetime]] | None = None


_stroke = _Stroke()


@contextmanager
def one_stroke() -> Iterator[None]:
    """What is appended inside is written at the end in one statement, in its order; in the caller's transaction.

    An act of many rooms tells facts in each. Nothing inside may be taken back by itself, with a savepoint: its facts would stay.
    Where it fails nothing is written, and the caller's transaction ends with it.
    """
    if _stroke.facts is not None:
        yield
        return
    _stroke.facts = []
    try:
        yield
        told = _stroke.facts
    finally:
        _stroke.facts = None
    _write(told)


def _write(told: Sequence[tuple[datetime, Fact, datetime]]) -> None:
    sealer = Sealer(fact.customer for _, fact, _ in told)
    rows = [_row(fact, happened_at=happened_at, now=now, sealer=sealer) for happened_at, fact, now in told]
    if rows:
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(COPY) as copy:
            copy.set_types(COLUMNS.values())
            for row in rows:
                copy.write_row(row)


COLUMNS = {
    "kind": "text",
    "about": "text",
    "customer": "text",
    "happened_at": "timestamptz",
    "recorded_at": "timestamptz",
    "payload": "bytea",
    "commit": "bytea",
    "leaf_hash": "bytea",
}
COPY = f"COPY ledger_entry ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"


def _row(fact: Fact, *, happened_at: datetime, now: datetime, sealer: Sealer) -> tuple[str | datetime | bytes, ...]:
    body = canonical.fact_bytes(fact)
    salt = fresh_salt()
    commit = canonical.commitment(salt, body)
    envelope = canonical.envelope_bytes(kind=fact.kind, happened_at=happened_at, recorded_at=now, commit=commit)
    leaf_hash = tree.leaf_hash(envelope)
    payload = sealer.payload(customer=fact.customer, salt=salt, body=body)
    return fact.kind, fact.about, fact.customer, happened_at, now, payload, commit, leaf_hash

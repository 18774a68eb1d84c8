"""The promises compared with their facts, in a stream: what the facts say only opens here, not in the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain

from django.db import connection
from django.utils.translation import gettext as _

from troth.ledger import replay
from troth.ledger.fsck import forgotten
from troth.ledger.payloads import look_into
from troth.ledger.rules.payload import Opened
from troth.promises.things import PROMISE
from troth.words.findings import CHANGED, Finding, Tally
from troth.words.refs import number_of

#: What the sums are drawn from. The other columns are `troth fsck`'s to look at.
STANDS = frozenset({"PromiseMade", "state", "moves", "first_due", "done_at"})
BATCH = 2_000

_TWICE = """
    WITH often AS (
        SELECT kind, about FROM ledger_entry WHERE kind IN ('StaffWarned', 'StaffEscalated', 'TellingSent')
        GROUP BY kind, about HAVING count(*) > 1
    )
    SELECT about, array_agg(customer ORDER BY id), array_agg(payload ORDER BY id)
    FROM ledger_entry JOIN often USING (kind, about) GROUP BY about, kind ORDER BY about
"""
_WITHOUT_ROW = """
    SELECT DISTINCT about FROM ledger_entry AS entry WHERE kind = 'PromiseMade'
    AND NOT EXISTS (SELECT FROM promises_promise AS promise WHERE 'promise:' || promise.id = entry.about)
"""


def compared_with_facts() -> Iterator[Finding]:
    """Everything in which the promises' rows are not what their facts tell; one that does not open is told by the ledger."""
    yield from _twice()
    stands = Tally(
        invariant="I11",
        wrong=_(
            "These promises stand in the tables otherwise than the ledger tells, so the sums are not what was proven."
        ),
        mend=_(CHANGED),
    )
    words = Tally(
        invariant="I8",
        wrong=_(
            "What these promises say, or what was written to customers about them, is not what the ledger has digests of."
        ),
        mend=_(CHANGED),
    )
    gone = forgotten()
    for one in chain(replay.of_all(PROMISE, forgotten=gone), replay.of(PROMISE, _without_row(), forgotten=gone)):
        columns = {found.column for found in one.differences}
        if not columns or columns & STANDS:
            stands.add(one.reference)
        if any(map(replay.is_digest, columns)):
            words.add(one.reference)
    yield from stands.findings()
    yield from words.findings()


def _without_row() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_ROW)
        return [number_of(about, PROMISE.word) for (about,) in cursor.fetchall()]


def _twice() -> Iterator[Finding]:
    wrong = Tally(
        invariant="I5",
        wrong=_("Somebody was warned or told twice about the same date of these promises."),
        mend=_("Nothing can take it back. Please report this with the facts of these promises: it must never happen."),
    )
    last = ""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_TWICE)
        while rows := cursor.fetchmany(BATCH):
            opened = look_into([pair for row in rows for pair in zip(row[1], map(bytes, row[2]), strict=True)])
            for about, customers, _payloads in rows:
                said = [next(opened) for _customer in customers]
                values = [json.loads(one.body) for one in said if isinstance(one, Opened)]
                dates = [(each["due"], each.get("telling")) for each in values]
                if len(set(dates)) < len(dates) and about != last:
                    wrong.add(about)
                    last = about
    yield from wrong.findings()

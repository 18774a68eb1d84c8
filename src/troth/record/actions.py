"""Counting the entries of each kind and day, from where the last count ended."""

from __future__ import annotations

from django.db import connection, transaction

from troth.record.queries import counted_to, size

#: Advisory lock of the one who counts; any number of workers may try.
COUNTING = 0x7207_C047
#: In one transaction; the first count of a long ledger takes many.
MOST = 50_000


@transaction.atomic
def count(*, most: int = MOST) -> int:
    """Count on, up to the published head; how many entries. Side by side one counts, and the rest get 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COUNTING])
        if not cursor.fetchone()[0]:
            return 0
        after = counted_to()
        upto = min(size(), after + most)
        if upto <= after:
            return 0
        cursor.execute(_COUNT, {"after": after, "upto": upto})
    return upto - after


_COUNT = """
    INSERT INTO record_kindofday AS kept (day, kind, entries, first, last)
    SELECT (entry.recorded_at AT TIME ZONE 'UTC')::date, entry.kind, count(*), min(seal.position), max(seal.position)
    FROM ledger_seal AS seal JOIN ledger_entry AS entry ON entry.id = seal.entry_id
    WHERE seal.position > %(after)s AND seal.position <= %(upto)s
    GROUP BY 1, 2
    ON CONFLICT (day, kind) DO UPDATE SET entries = kept.entries + excluded.entries, last = excluded.last
"""

"""Who is in a case: said by their open page every few seconds, heard by the others at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from troth.cases.models import Case, Presence
from troth.cases.rules.presence import GONE_AFTER, Here, Writes
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.words.refs import ref

#: Not the channel of facts, which wakes every lane of the worker.
CHANNEL = "troth_here"
# What they had open before and left without a word goes on the way; the others are told only where something is new to them.
_BEAT = """
WITH before AS (SELECT seen_at, writes, wrote_at FROM cases_presence WHERE case_id = %(case)s AND staff_id = %(staff)s),
     left_behind AS (DELETE FROM cases_presence
                      WHERE staff_id = %(staff)s AND case_id <> %(case)s AND seen_at < %(gone)s),
     put AS (INSERT INTO cases_presence AS here (case_id, staff_id, seen_at, writes, wrote_at)
             VALUES (%(case)s, %(staff)s, %(now)s, %(writes)s, %(wrote_at)s::timestamptz)
             ON CONFLICT (case_id, staff_id) DO UPDATE SET seen_at = EXCLUDED.seen_at,
                writes = CASE WHEN EXCLUDED.wrote_at IS NULL THEN here.writes ELSE EXCLUDED.writes END,
                wrote_at = COALESCE(EXCLUDED.wrote_at, here.wrote_at))
SELECT pg_notify(%(channel)s, %(about)s)
 WHERE NOT EXISTS (SELECT FROM before WHERE seen_at >= %(gone)s
                      AND (%(wrote_at)s::timestamptz IS NULL OR (wrote_at >= %(gone)s AND writes = %(writes)s)))
"""


def here(case: Case, *, staff: Staff, writes: Writes = Writes.NOTHING, now: datetime) -> bool:
    """*staff* has *case* open, and may be writing in it; one statement. Whether that is new, so that the others hear of it."""
    values: dict[str, Any] = {
        "case": case.pk,
        "staff": staff.pk,
        "now": now,
        "gone": now - GONE_AFTER,
        "writes": writes.value,
        "wrote_at": now if writes else None,
        "channel": CHANNEL,
        "about": ref("case", case.pk),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, values)
        return bool(cursor.rowcount == 1)


def gone(case: Case, *, staff: Staff) -> None:
    """They closed the page; one they still have open says so within seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH left_now AS (DELETE FROM cases_presence WHERE case_id = %s AND staff_id = %s RETURNING id)"
            " SELECT pg_notify(%s, %s) FROM left_now",
            [case.pk, staff.pk, CHANNEL, ref("case", case.pk)],
        )


def others_in(cases: Sequence[int], *, staff: Staff, now: datetime) -> list[Here]:
    """Who else is in these cases, as far as *staff* sees, by name; one statement."""
    rows = (
        Presence.objects.filter(within_sight(staff, team="case__team"), case__in=cases, seen_at__gt=now - GONE_AFTER)
        .exclude(staff=staff)
        .filter(staff__is_active=True)
        .order_by("case_id", "staff__name", "staff_id")
        .values_list("case_id", "staff_id", "staff__name", "seen_at", "writes", "wrote_at")
    )
    return [
        Here(case=case, staff=pk, name=name, seen_at=seen_at, writes=Writes(writes), wrote_at=wrote_at)
        for case, pk, name, seen_at, writes, wrote_at in rows
    ]

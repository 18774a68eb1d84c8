"""How long answers take is measured anew."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from troth.cases import expecting
from troth.cases.models import Expected
from troth.clocks.rules.expect import expectations

_ONE_AT_A_TIME = 720_306


@transaction.atomic
def measure_answers(*, now: datetime) -> int:
    """Put what the last weeks tell in the place of what was measured before; how many circles of cases it tells of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    found = expectations(expecting.measured(now=now))
    Expected.objects.all().delete()
    Expected.objects.bulk_create(
        Expected(kind=kind, pace=pace, part=part, span=one.span, n=one.n, measured_at=now)
        for (kind, pace, part), one in sorted(found.items(), key=str)
    )
    expecting.forget()
    return len(found)

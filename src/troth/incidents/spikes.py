"""More complaints than usual: counted set-based over the last weeks, by cause, product and place, and said in a sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.cache import caches
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.cases.read_sayings import value_words
from troth.cases.rules.corrections import Field
from troth.incidents.rules.spike import DAYS_MOST, LEAST, WINDOWS, Count, Spike, spikes
from troth.people.models import Staff
from troth.people.queries import sight_of, sight_values, within_sight_sql
from troth.people.shell import field_time

#: An order that is older has nothing to do with it.
ORDERED_WITHIN_DAYS = 60
#: A look is so old at most: complaints come by the hour.
KEPT_SECONDS = 60

# What the customer bought last tells product and place; a complaint that is part of an incident is spoken of there. A complaint
# of so many days ago counts where it came in the same hours of its day.
_COUNTS = """
WITH told AS (
    SELECT k.id, k.opened_at, k.cause, k.incident, coalesce(o.product, '') AS product, coalesce(o.place, '') AS place,
           floor(extract(epoch FROM %(now)s::timestamptz - k.opened_at) / 86400)::int AS day,
           mod(extract(epoch FROM %(now)s::timestamptz - k.opened_at), 86400) / 3600 AS back
      FROM cases_case k
      LEFT JOIN LATERAL (SELECT product, place FROM orders_order
                          WHERE customer_id = k.customer_id AND ordered_at BETWEEN k.opened_at - %(ordered)s::interval AND k.opened_at
                          ORDER BY ordered_at DESC LIMIT 1) o ON true
     WHERE k.opened_at > %(now)s::timestamptz - %(span)s::interval AND k.opened_at <= %(now)s
       AND k.kind = 'complaint' AND k.cause <> ''
       AND NOT k.imported {sight}
), known AS (
    SELECT least(%(days)s, floor(extract(epoch FROM %(now)s::timestamptz - min(opened_at)) / 86400))::int AS days FROM cases_case
     WHERE NOT imported
)
SELECT cause, coalesce(product, ''), coalesce(place, ''), hours,
       count(*) FILTER (WHERE day = 0 AND incident = ''), count(*) FILTER (WHERE day > 0 AND day <= known.days), known.days,
       min(opened_at) FILTER (WHERE day = 0 AND incident = ''),
       array_agg(id ORDER BY opened_at) FILTER (WHERE day = 0 AND incident = '')
  FROM told CROSS JOIN unnest(%(windows)s::int[]) AS hours CROSS JOIN known
 WHERE back < hours
 GROUP BY GROUPING SETS ((cause, hours, known.days), (cause, product, hours, known.days), (cause, place, hours, known.days))
HAVING count(*) FILTER (WHERE day = 0 AND incident = '') >= %(least)s
"""


def counts(staff: Staff, *, now: datetime) -> list[Count]:
    """Everything that came often enough to be looked at; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS.format(sight=within_sight_sql("k.team_id", staff)),
            {
                "now": now,
                "ordered": f"{ORDERED_WITHIN_DAYS} days",
                "span": f"{DAYS_MOST + 1} days",
                "days": DAYS_MOST,
                "windows": list(WINDOWS),
                "least": LEAST,
                **sight_values(staff),
            },
        )
        rows = cursor.fetchall()
    return [
        Count(cause, product, place, hours, here, before, days, first, tuple(cases))
        for cause, product, place, hours, here, before, days, first, cases in rows
    ]


def seen(staff: Staff, *, now: datetime) -> list[Spike]:
    """What nobody has begun an incident for; a minute old at most."""
    key = f"incidents.spikes.{hash(sight_of(staff))}.{staff.team_id}"
    found: list[Spike] | None = caches["process"].get(key)
    if found is None:
        found = spikes(counts(staff, now=now))
        caches["process"].set(key, found, KEPT_SECONDS)
    return found


def shown(staff: Staff, *, now: datetime) -> list[dict[str, Any]]:
    """In words, with the form to begin an incident filled in."""
    return [_shown(spike, zone=staff.zone) for spike in seen(staff, now=now)]


def _shown(spike: Spike, *, zone: str) -> dict[str, Any]:
    count = spike.count
    what = value_words(Field.CAUSES, count.cause)
    about = ", ".join(part for part in (what, count.product, count.place) if part)
    words = ngettext(
        "%(n)s complaint about %(about)s since %(since)s; usually %(usual)s",
        "%(n)s complaints about %(about)s since %(since)s; usually %(usual)s",
        count.now,
    ) % {
        "n": count.now,
        "about": about,
        "since": f"{count.first_at.astimezone(ZoneInfo(zone)):%H:%M}",
        "usual": usual_words(spike.usual),
    }
    detail = _("In the last %(hours)s hours, beside the same hours of the last %(days)s days.") % {
        "hours": count.hours,
        "days": count.days,
    }
    filled = {
        "title": f"{what}: {about.removeprefix(what).lstrip(', ')}" if about != what else what,
        "cause": count.cause,
        "product": count.product,
        "place": count.place,
        "happened_at": field_time(count.first_at, zone),
        "cases": " ".join(str(number) for number in count.cases[:200]),
    }
    href = f"{reverse('incidents:new')}?{urlencode({name: value for name, value in filled.items() if value})}"
    return {"words": words, "detail": detail, "href": href}


def usual_words(usual: float) -> str:
    if usual < 0.05:
        return _("none")
    if usual < 0.5:
        return _("fewer than one")
    return f"{round(usual)}"

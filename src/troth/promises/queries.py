"""Reading promises: the door to one, lists by filter, the tally with its window, and whether the watcher has work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.promises.models import Promise
from troth.promises.rules.rates import Tally
from troth.words.promises import State

OWED = Q(state__in=[State.OPEN, State.MOVED, State.LATE], done_at=None)


def promise_for(staff: Staff, pk: int) -> Promise:
    """The promise, if *staff* may see it; raises Http404."""
    promises = Promise.objects.select_related("customer", "owner", "team")
    promise = promises.filter(within_sight(staff), pk=pk).first()
    if promise is None or not staff.may(May.READ):
        raise Http404
    return promise


def promise_of(customer_ids: Sequence[int], public_id: str) -> Promise:
    """The promise, if it was made to this customer; raises Http404."""
    try:
        wanted = UUID(str(public_id))
    except ValueError as error:
        raise Http404 from error
    promise = shown_to_customer(customer_ids).filter(public_id=wanted).first()
    if promise is None:
        raise Http404
    return promise


def shown_to_customer(customer_ids: Sequence[int]) -> QuerySet[Promise]:
    """What was promised to this person, without what was only found, and what was recorded by mistake."""
    return Promise.objects.filter(customer_id__in=customer_ids).exclude(state__in=[State.PROPOSED, State.VOID])


def to_customer(customer_ids: Sequence[int]) -> QuerySet[Promise]:
    """What was promised to this person, what is owed first, then newest."""
    return Promise.objects.filter(customer_id__in=customer_ids).order_by("settled_at", "due", "-made_at")


def about(references: Sequence[str]) -> QuerySet[Promise]:
    return Promise.objects.filter(about__in=references).select_related("owner").order_by("due", "pk")


def owed() -> QuerySet[Promise]:
    return Promise.objects.filter(OWED)


@dataclass(frozen=True)
class Window:
    """First dates from *since* (None: from the first) up to and without *until*."""

    since: datetime | None
    until: datetime


def tally(window: Window, *, now: datetime, only: Q | None = None) -> Tally:
    """Decided promises whose first date lies in *window*, counted in one statement; aims are not scored.

    A moved promise is moved for good: it is judged against its first date. Proposed, armed, released and void ones are in
    no rate; answers and next words are promises like others.
    """
    rows = Promise.objects.filter(first_due__lt=window.until).exclude(strength="aim")
    if window.since is not None:
        rows = rows.filter(first_due__gte=window.since)
    if only is not None:
        rows = rows.filter(only)
    decided = Q(first_due__lte=now) | Q(done_at__isnull=False) | Q(settled_at__isnull=False)
    missed = Q(state__in=[State.LATE, State.BROKEN])
    counted: dict[str, Any] = rows.aggregate(
        kept=Count("pk", filter=Q(state=State.KEPT)),
        moved=Count("pk", filter=Q(state=State.MOVED) & decided),
        late=Count("pk", filter=Q(state=State.LATE)),
        broken=Count("pk", filter=Q(state=State.BROKEN)),
        surprises=Count("pk", filter=missed & Q(told_at=None)),
        owed=Count("pk", filter=OWED & Q(state__in=[State.OPEN, State.MOVED]) & Q(due__gt=now)),
    )
    return Tally(**counted)


def unlooked_since() -> datetime | None:
    """When the watcher was to look at the promise that waits longest for it."""
    return (
        Promise.objects.filter(look_again_at__isnull=False)
        .order_by("look_again_at")
        .values_list("look_again_at", flat=True)
        .first()
    )


def counts_by_state() -> dict[str, int]:
    """How many promises stand in each state; asks the index alone."""
    counted = dict(Promise.objects.order_by().values_list("state").annotate(Count("id")))
    return {state.value: counted.get(state.value, 0) for state in State}


def lateness_of_warnings(*, now: datetime) -> dict[str, float]:
    """How many seconds after their moment owners were warned in the last hour, the last thousand at most: median and p99."""
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS, {"since": now - timedelta(hours=1)})
        median, p99 = cursor.fetchone()
    return {} if median is None else {"0.5": float(median), "0.99": float(p99)}


_LATENESS = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY late), percentile_cont(0.99) WITHIN GROUP (ORDER BY late)
  FROM (SELECT GREATEST(0, EXTRACT(epoch FROM p.warned_at - p.warn_at)) AS late
          FROM (SELECT about FROM ledger_entry
                 WHERE kind = 'StaffWarned' AND recorded_at > %(since)s ORDER BY id DESC LIMIT 1000) e
          JOIN promises_promise p ON p.id = substring(e.about FROM 9)::bigint
         WHERE p.warned_at IS NOT NULL) AS warned
"""


def erased_words() -> str:
    """What stands in the place of what was promised."""
    return _("Erased")

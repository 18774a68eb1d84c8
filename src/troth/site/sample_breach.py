"""Personal data that got out at the sample company six weeks ago: looked at, decided, and closed in the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from troth.breaches import actions
from troth.breaches.models import Breach
from troth.incidents import actions as incidents
from troth.people.models import Staff

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Step = tuple[datetime, Callable[[datetime], None]]


def steps(staff: Mapping[str, Staff], *, now: datetime) -> Iterator[Step]:
    """When what is done; each finds what the one before it made."""
    sam = staff["sam"]

    def begin(at: datetime) -> None:
        actions.begin_with_incident(
            title=_("A work sheet went to the wrong customer"),
            happened_at=at - 3 * HOUR,
            aware_at=at,
            next_word_at=at + 6 * HOUR,
            got_out=True,
            by=sam,
            now=at,
        )

    def decide(at: datetime) -> None:
        breach = Breach.objects.select_related("incident").get()
        reason = _("One name and one frame number, to one person who rang us at once and gave the sheet back.")
        actions.decide(breach, level="none", reason=reason, by=sam, now=at)
        actions.claim(breach, sort="no_risk", reason=reason, by=sam, now=at)
        actions.document(
            breach,
            facts_said=_("Two bicycles were collected within a minute, and their sheets were swapped on the counter."),
            effects=_("None that we know of. The customer concerned was told at the counter."),
            action=_("The sheet is tied to the bicycle now, and read out before it is handed over."),
            by=sam,
            now=at,
        )
        told = _("The one customer concerned was told in person at the counter.")
        words = _("Both sheets are where they belong, and sheets are tied to their bicycles now.")
        incidents.end(breach.incident, words=words, happened_at=at - HOUR, untold=told, by=sam, now=at)
        actions.close(breach, by=sam, now=at)

    begun = now - 42 * DAY
    yield begun, begin
    yield begun + 5 * HOUR, decide

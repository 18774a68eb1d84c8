"""What went wrong at the sample company three weeks ago, why, what is done about it, and the watch that it does not come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from troth.incidents import actions
from troth.incidents.models import Incident, Measure
from troth.incidents.rules import causes
from troth.people.models import Staff
from troth.promises import actions as promises

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Step = tuple[datetime, Callable[[datetime], None]]


def steps(staff: Mapping[str, Staff], *, now: datetime) -> Iterator[Step]:
    """When what is done; each finds by its title what the one before it made."""
    sam, tobi = staff["sam"], staff["tobi"]
    title = _("Rear lamps let water in")

    def incident() -> Incident:
        return Incident.objects.get(title=title)

    def begin(at: datetime) -> None:
        actions.begin(
            title=title, sort="quality", severity="minor", cause="poor_quality", product="Rear lamp",
            happened_at=at - 2 * DAY, next_word_at=at + 8 * HOUR, by=sam, now=at,
        )  # fmt: skip

    def end(at: datetime) -> None:
        words = _("The lamps with the old seal are off the shelf; every one that was sold was exchanged in the shop.")
        why = _("All eleven were sold in the shop, and each buyer was rung up.")
        actions.end(incident(), words=words, happened_at=at - HOUR, untold=why, by=sam, now=at)

    def find_cause(at: datetime) -> None:
        answers = [
            _("Rain got in behind the glass."),
            _("The seal was of another rubber than before."),
            _("The maker changed it in spring and wrote so in a leaflet."),
            _("The leaflet lay with the invoices; nobody in the workshop saw it."),
        ]
        words = _("What makers tell us about their parts did not reach the workshop.")
        actions.find_cause(incident(), way="five_whys", plain=causes.whys(answers), words=words, by=sam, now=at)

    def take_measures(at: datetime) -> None:
        given: dict[str, Any] = {"audience": "public", "by": sam, "now": at}
        actions.take_measure(
            incident(), sort=Measure.Sort.CORRECTIVE, what=_("Every lamp on the shelf is looked at and resealed"),
            due=at + 4 * DAY, owner=tobi, **given,
        )  # fmt: skip
        actions.take_measure(
            incident(), sort=Measure.Sort.PREVENTIVE, what=_("Makers’ notes are read out in the workshop each Monday"),
            due=now + 5 * DAY, owner=sam, **given,
        )  # fmt: skip
        actions.begin_watch(
            incident(),
            until=at + 90 * DAY,
            cause="poor_quality",
            product="Rear lamp",
            audience="public",
            by=sam,
            now=at,
        )

    def keep(at: datetime) -> None:
        promises.keep(Measure.objects.earliest("pk").promise, by=tobi, now=at)

    begun = now - 21 * DAY
    yield begun, begin
    yield begun + 6 * HOUR, end
    yield begun + DAY, find_cause
    yield begun + DAY + HOUR, take_measures
    yield begun + 4 * DAY, keep

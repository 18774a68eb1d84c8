"""Who an incident affects, as far as it is known when it begins: a cohort to look at and change before anybody is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from troth.incidents.models import Incident
from troth.notices.actions import cohorts
from troth.notices.models import Cohort
from troth.notices.rules.conditions import Between, Conditions, OfCases, OfOrders, Some
from troth.people.models import Staff

#: What was ordered so long before is taken to be hit as well.
ORDERED_BEFORE = timedelta(days=14)


def draft_for(incident: Incident, *, by: Staff | None, now: datetime, name: str = "") -> Cohort:
    """Whoever wrote to us about it, and whoever ordered the same product or to the same place lately. Nothing is frozen."""
    parts: list[Conditions] = [OfCases(incidents=(incident.ref,))]
    if incident.product or incident.place:
        parts.append(
            OfOrders(
                products=(incident.product,) if incident.product else (),
                places=(incident.place,) if incident.place else (),
                ordered=Between(since=incident.happened_at - ORDERED_BEFORE),
            )
        )
    return cohorts.draft(about=incident.ref, conditions=Some(tuple(parts)), by=by, now=now, name=name)

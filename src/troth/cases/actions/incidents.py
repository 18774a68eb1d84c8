"""What went wrong, and which cases are about it: a reference in the case, for the room of incidents stands above this one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from troth.cases.actions.state import has_changed
from troth.cases.models import Case
from troth.ledger.actions import append_all
from troth.people.models import Staff


@transaction.atomic
def part_of(cases: Sequence[Case], *, incident: str, by: Staff | None, now: datetime) -> list[Case]:
    """These cases are part of *incident* ("incident:3"; "": of none any more); those of which that is new.

    Nothing of it reaches a customer: what they are told of it they are told by notices, or by an answer.
    """
    numbers = [case.pk for case in cases]
    held = Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).exclude(incident=incident)
    changing = list(held.order_by("pk"))
    append_all(
        (has_changed(case, field="incident", before=case.incident, after=incident, by=by) for case in changing), now=now
    )
    Case.objects.filter(pk__in=[case.pk for case in changing]).update(incident=incident)
    for case in (*cases, *changing):
        case.incident = incident
    return changing

"""Cases become part of an incident, and the first complaint among them is its first signal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.incidents.models import Incident
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import number_of, ref


@transaction.atomic
def link(incident: Incident, linked: Sequence[Case], *, by: Staff | None, now: datetime) -> int:
    """These cases are part of it; of how many that is new. An earlier complaint than any before is its first signal."""
    numbers = [case.pk for case in linked]
    before = (
        Case.objects.filter(pk__in=numbers).exclude(incident__in=["", incident.ref]).values_list("incident", flat=True)
    )
    left = {number_of(reference, "incident") for reference in before}
    held = {row.pk: row for row in _held([incident.pk, *left])}
    changed = cases.part_of(linked, incident=incident.ref, by=by, now=now)
    row = held.pop(incident.pk)
    found, at = first_complaint([case.pk for case in changed])
    if at is not None and (row.first_signal_at is None or at < row.first_signal_at):
        _signalled(row, found, at, by=by, now=now)
    for other in held.values():
        _look_again(other, by=by, now=now)
    incident.first_signal, incident.first_signal_at = row.first_signal, row.first_signal_at
    return len(changed)


@transaction.atomic
def unlink(incident: Incident, case: Case, *, by: Staff | None, now: datetime) -> bool:
    """This case is about something else; False if it was no part of it. The first signal is looked for anew."""
    row = _held([incident.pk])[0]
    if not Case.objects.filter(pk=case.pk, incident=row.ref).exists():
        return False
    cases.part_of([case], incident="", by=by, now=now)
    _look_again(row, by=by, now=now)
    incident.first_signal, incident.first_signal_at = row.first_signal, row.first_signal_at
    return True


def first_complaint(numbers: Sequence[int]) -> tuple[str, datetime | None]:
    """ "message:5" and when it came: the first that a customer wrote in any of these cases that is a complaint."""
    said = Message.objects.filter(
        case__in=numbers, case__kind=Case.Kind.COMPLAINT, direction=Message.Direction.INBOUND, automatic=False
    )
    first = said.order_by("at", "pk").values_list("pk", "at").first()
    return (ref("message", first[0]), first[1]) if first else ("", None)


def _held(numbers: Sequence[int]) -> list[Incident]:
    """In their order, so that two who link crosswise wait for each other."""
    return list(Incident.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))


def _look_again(row: Incident, *, by: Staff | None, now: datetime) -> None:
    """A case is gone from it: which complaint is the first now?"""
    left = Case.objects.filter(incident=row.ref).values_list("pk", flat=True)
    found, at = first_complaint(list(left))
    if (found, at) != (row.first_signal, row.first_signal_at):
        _signalled(row, found, at, by=by, now=now)


def _signalled(row: Incident, found: str, at: datetime | None, *, by: Staff | None, now: datetime) -> None:
    row.first_signal, row.first_signal_at = found, at
    row.save(update_fields=["first_signal", "first_signal_at"])
    append(
        facts.IncidentSignalled(about=row.ref, first_signal=found, first_signal_at=at, by=by.reference if by else ""),
        now=now,
    )

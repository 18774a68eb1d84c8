"""Words of a machine that somebody put into an answer: no promise in them counts until a person says so."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.db import transaction

from troth.cases.actions.writing import hold_to_write
from troth.cases.models import Case, MachineWords
from troth.people.models import Staff
from troth.people.planned import Given, Question

#: So many of the latest are held against an answer.
HELD_MAX = 20


@transaction.atomic
def doubt(case: Case, *, staff: Staff, text: str, now: datetime) -> None:
    """Note that a machine wrote *text*, which *staff* puts into an answer here. Raises NobodyLeft."""
    hold_to_write(case)
    if not MachineWords.objects.filter(case=case, staff=staff, text=text).exists():
        MachineWords.objects.create(case=case, staff=staff, text=text, at=now)


def machine_words(case: Case, *, staff: Staff) -> list[str]:
    """What machines wrote of what this person has put into answers here."""
    return _machine_words().ask(case=case.pk, staff=staff.pk)


@cache
def _machine_words() -> Question[MachineWords, str]:
    rows = MachineWords.objects.filter(case=Given("case"), staff=Given("staff")).order_by("-pk")
    return Question(rows.values_list("text", flat=True)[:HELD_MAX])

"""Calling colleagues to a case, and having seen that one was called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from troth.cases.models import Case, Mention, Message
from troth.cases.rules.mentions import Nameable, named
from troth.people.models import Staff
from troth.people.queries import who_see


def nameable(case: Case) -> list[Nameable]:
    """Who can be named in *case*: whoever sees it, by name."""
    rows = who_see(case.team).order_by("name", "pk").values_list("pk", "name", "email")
    return [Nameable(pk=pk, name=name, email=email) for pk, name, email in rows]


def call_named(message: Message, *, by: Staff, now: datetime) -> list[int]:
    """Call those whom this note names and who see its case; nobody calls themselves. Who was called."""
    if "@" not in message.text:
        return []
    called = [pk for pk in named(message.text, nameable(message.case)) if pk != by.pk]
    Mention.objects.bulk_create(Mention(case=message.case, message=message, staff_id=pk, at=now) for pk in called)
    return called


def call_back(cases: Iterable[Case], *, now: datetime) -> None:
    """Tell whoever put these aside that they are back."""
    Mention.objects.bulk_create(
        Mention(case=case, staff_id=case.snoozed_by_id, at=now) for case in cases if case.snoozed_by_id
    )


def seen(case: Case, *, staff: Staff, now: datetime) -> bool:
    """They have seen whatever they were called to *case* for; False where that was nothing new."""
    return Mention.objects.filter(case=case, staff=staff, seen_at=None).update(seen_at=now) > 0

"""Putting a case aside for a while, and having it back: no promise and no clock in it stands still meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from troth.cases.actions.mentions import call_back
from troth.cases.models import Case
from troth.cases.rules import snooze as rules
from troth.cases.rules.snooze import Woken
from troth.ledger.actions import append, append_all
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import ref


class NotLater(ValueError):
    """A case is put aside until a time that has not come yet."""


class NothingToSnooze(ValueError):
    """The case is resolved: it is in no list of what is to be done."""


@transaction.atomic
def snooze(case: Case, *, until: datetime | None, by: Staff, now: datetime) -> bool:
    """Put the case aside until then, or until the customer writes (None); what was said of it before is replaced.

    False if it is put aside so already. Raises NotLater, NothingToSnooze.
    """
    if until is not None and until <= now:
        raise NotLater("Choose a time that is still to come.")
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if row.status == Case.Status.RESOLVED:
        raise NothingToSnooze("The case is resolved already.")
    if row.snoozed_by_id == by.pk and row.snoozed_until == until:
        return False
    Case.objects.filter(pk=case.pk).update(snoozed_by=by, snoozed_until=until)
    append(
        facts.CaseSnoozed(
            about=ref("case", case.pk), customer=ref("customer", row.customer_id), until=until, by=by.reference
        ),
        now=now,
    )
    case.snoozed_by, case.snoozed_until = by, until
    return True


@transaction.atomic
def wake(case: Case, *, why: Woken = Woken.STAFF, by: Staff | None, now: datetime) -> bool:
    """The case is put aside no more; False if it was not."""
    put_aside = Case.objects.filter(pk=case.pk, snoozed_by__isnull=False)
    if put_aside.update(snoozed_by=None, snoozed_until=None) != 1:
        return False
    append(_woken(case, why=why, by=by), now=now)
    case.snoozed_by, case.snoozed_until = None, None
    return True


def customer_spoke(case: Case, *, asks: bool, now: datetime) -> None:
    """They said something in *case*, which is held: it comes back, or its date stays though what they said is shown."""
    if case.snoozed_by_id is not None and rules.ends(until=case.snoozed_until, asks=asks):
        wake(case, why=Woken.CUSTOMER, by=None, now=now)


@transaction.atomic
def wake_due(*, now: datetime, most: int = 200) -> int:
    """Have back what was put aside until now; how many. Safe to repeat, and to run side by side."""
    due = list(
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(snoozed_until__lte=now)
        .order_by("snoozed_until", "pk")[:most]
    )
    Case.objects.filter(pk__in=[case.pk for case in due]).update(snoozed_by=None, snoozed_until=None)
    call_back(due, now=now)
    append_all((_woken(case, why=Woken.TIME, by=None) for case in due), now=now)
    return len(due)


def _woken(case: Case, *, why: Woken, by: Staff | None) -> facts.CaseWoken:
    return facts.CaseWoken(
        about=ref("case", case.pk),
        customer=ref("customer", case.customer_id),
        why=why,
        by=by.reference if by else "",
    )

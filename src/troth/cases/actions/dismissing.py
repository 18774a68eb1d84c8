"""Advice that somebody does not want here: it is not given to them in this case again, until they ask for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from troth.cases.actions.writing import hold_to_write
from troth.cases.models import Case, Dismissal
from troth.cases.rules.checks import Check
from troth.people.models import Staff


@transaction.atomic
def dismiss(case: Case, *, staff: Staff, check: Check, now: datetime) -> bool:
    """Wave *check* off for *staff* in this case; False if they had done so. Raises NobodyLeft."""
    hold_to_write(case)
    _row, is_new = Dismissal.objects.get_or_create(case=case, staff=staff, check_name=check, defaults={"at": now})
    return is_new


@transaction.atomic
def show_again(case: Case, *, staff: Staff, check: Check | None = None) -> int:
    """Show *check*, or all that *staff* waved off in this case, again; how many."""
    rows = Dismissal.objects.filter(case=case, staff=staff)
    return (rows.filter(check_name=check) if check else rows).delete()[0]

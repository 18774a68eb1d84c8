"""An import taken back: all it brought that nobody here went on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from troth.cases import actions as cases
from troth.cases.models import Attachment, Case, Message
from troth.channels.imports.models import Moved, Moving
from troth.people.models import Staff
from troth.people.taking_back import pointing_at, take_back_customers

#: Cases in one transaction.
BATCH = 500


@transaction.atomic
def take_back(moving: Moving, *, by: Staff | None) -> bool:
    """Have the worker take it back from here on; False where it is under way, was never taken in, or was taken back."""
    ended = Moving.objects.select_for_update(of=("self",)).filter(pk=moving.pk, state__in=["stopped", "failed", "done"])
    row = ended.first()
    if row is None:
        return False
    row.options = {**row.options, "taken_back_by": by.pk if by else None}
    row.state, row.problem, row.ended_at, row.progress = Moving.State.TO_UNDO, "", None, {}
    row.save(update_fields=["options", "state", "problem", "ended_at", "progress"])
    return True


def undo(
    moving: Moving, *, by: Staff | None, tell: Callable[[int, int], bool] = lambda done, whole: True, now: datetime
) -> tuple[int, int]:
    """Take back what it brought and nobody went on with; how many cases went, and how many stay.

    In batches, each whole; stopped in between, it is gone on with by asking again. *tell* is told how many of all were looked
    at, and says whether to go on. Customers it met go too, where nothing else is known of them.
    """
    brought = Moved.objects.filter(moving=moving).order_by("case")
    whole, done, gone, last = brought.count(), 0, 0, 0
    while batch := list(brought.filter(case__gt=last).values_list("case_id", flat=True)[:BATCH]):
        gone += _undo(batch, source=moving.source, by=by, now=now)
        done, last = done + len(batch), batch[-1]
        if not tell(done, whole):
            break
    return gone, Moved.objects.filter(moving=moving).count()


@transaction.atomic
def _undo(numbers: Sequence[int], *, source: str, by: Staff | None, now: datetime) -> int:
    # Held, so that nothing comes to hang on one of them between the look and its going.
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
    staying = _gone_on_with(numbers, source=source)
    going = [number for number in numbers if number not in staying]
    rows = Moved.objects.filter(case__in=going)
    customers = list(rows.filter(met=True).values_list("case__customer_id", flat=True))
    rows.delete()
    cases.take_back_cases(going, by=by, now=now)
    take_back_customers(sorted(set(customers)), by=by, now=now)
    return len(going)


def _gone_on_with(numbers: Sequence[int], *, source: str) -> set[int]:
    """Those of the cases that somebody here did something with, or that something here hangs on."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED.format(hangs=_what_hangs_on_it()), {"numbers": list(numbers), "theirs": f"{source}:%"})
        return {number for (number,) in cursor.fetchall()}


_TOUCHED = """
    SELECT one.id FROM cases_case AS one JOIN imports_moved AS moved ON moved.case_id = one.id
     WHERE one.id = ANY (%(numbers)s) AND (
        one.status <> moved.status OR one.assignee_id IS DISTINCT FROM moved.assignee_id
        OR one.kind_by_hand OR one.cause_by_hand OR one.snoozed_by_id IS NOT NULL OR one.parent_id IS NOT NULL
        OR EXISTS (SELECT FROM cases_message AS said WHERE said.case_id = one.id AND said.source NOT LIKE %(theirs)s)
        OR EXISTS (SELECT FROM clocks_clock AS clock WHERE clock.about = 'case:' || one.id)
        OR EXISTS (SELECT FROM promises_promise AS promise WHERE promise.about = 'case:' || one.id)
        OR EXISTS (SELECT FROM post_letter AS letter WHERE letter.because = 'case:' || one.id)
        OR EXISTS (SELECT FROM people_customer AS who WHERE who.id = one.customer_id AND who.erased_at IS NOT NULL)
        {hangs})
"""


def _what_hangs_on_it() -> str:
    """Rows of any room, those made after this was written too, that name the case or something said in it."""
    hangs = [
        f"OR EXISTS (SELECT FROM {one.related_model._meta.db_table} WHERE {one.field.column} = one.id)"
        for one in pointing_at(Case)
        if one.related_model not in {Message, Moved}
    ]
    hangs += [
        f"OR EXISTS (SELECT FROM {one.related_model._meta.db_table} AS theirs JOIN cases_message AS said"
        f" ON said.id = theirs.{one.field.column} WHERE said.case_id = one.id)"
        for one in pointing_at(Message)
        if one.related_model is not Attachment
    ]
    return " ".join(hangs)

"""That a case is the same trouble again: found when it opens or its cause changes, and denied by staff who know better."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from troth.cases.models import Case
from troth.cases.rules.again import Earlier, first_time, may_be_again, soon
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import ref

#: So many of the latest are weighed; whoever has had the same trouble oftener is told of the latest all the same.
WEIGHED_MOST = 20
# By the index of a customer's cases, for each record of the person.
_EARLIER = """
SELECT k.id, %(opened_at)s - k.last_message_at, similarity(k.subject, %(subject)s)
  FROM people_customer mine
  JOIN people_customer person ON person.root_id = mine.root_id
  JOIN cases_case k ON k.customer_id = person.id
 WHERE mine.id = %(customer)s AND k.cause = %(cause)s AND (k.opened_at, k.id) < (%(opened_at)s, %(case)s)
   AND k.last_message_at >= %(opened_at)s - %(window)s AND k.kind IN ('complaint', 'enquiry')
   AND NOT k.unverified AND NOT k.for_staff_only AND k.id IS DISTINCT FROM %(denied)s
 ORDER BY k.opened_at DESC, k.id DESC LIMIT %(most)s
"""


def look_again(case: Case, *, by: Staff | None = None, now: datetime) -> bool:
    """Say of *case*, which is held, whether it is an earlier one again, as it stands now; whether that changed.

    One statement where its cause can come twice, none where it cannot. What staff denied is not found once more.
    """
    sure = not case.unverified and not case.for_staff_only and not case.imported
    can_be = may_be_again(kind=case.kind, cause=case.cause, is_sure=sure)
    return _say(case, earlier=first_time(_found(case), cause=case.cause) if can_be else None, by=by, now=now)


@transaction.atomic
def deny_again(case: Case, *, by: Staff, now: datetime) -> bool:
    """Staff say that this is another matter; remembered, so that nobody is told so again. False if nothing said it was."""
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if row.again_of_id is None:
        return False
    Case.objects.filter(pk=row.pk).update(not_again_of=row.again_of_id)
    return _say(row, earlier=None, by=by, now=now)


@transaction.atomic
def undo_denial(case: Case, *, by: Staff, now: datetime) -> bool:
    """It is the same trouble after all; False if nobody had said otherwise."""
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    earlier = row.not_again_of_id
    if earlier is None:
        return False
    Case.objects.filter(pk=row.pk).update(not_again_of=None)
    _say(row, earlier=earlier, by=by, now=now)
    return True


def _say(case: Case, *, earlier: int | None, by: Staff | None, now: datetime) -> bool:
    before = case.again_of_id
    if before == earlier:
        return False
    Case.objects.filter(pk=case.pk).update(again_of=earlier)
    case.again_of_id = earlier
    append(
        facts.CaseChanged(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            field="again_of",
            before=ref("case", before) if before else "",
            after=ref("case", earlier) if earlier else "",
            by=by.reference if by else "",
        ),
        now=now,
    )
    return True


def _found(case: Case) -> list[Earlier]:
    values: dict[str, Any] = {
        "case": case.pk,
        "customer": case.customer_id,
        "cause": case.cause,
        "subject": case.subject,
        "opened_at": case.opened_at,
        "window": soon(case.cause),
        "denied": case.not_again_of_id,
        "most": WEIGHED_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, values)
        return [Earlier(case=pk, since=since, alike=alike) for pk, since, alike in cursor.fetchall()]

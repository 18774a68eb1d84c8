"""How the case stands: answered, with whom, in which status, of what kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from troth.cases.actions.again import look_again
from troth.cases.actions.snoozing import wake
from troth.cases.models import Case, Message
from troth.cases.rules import targets
from troth.cases.rules.snooze import Woken
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.people.queries import family, hours_of
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words import facts
from troth.words.causes import Cause
from troth.words.refs import ref


def answered(case: Case, *, staff: Staff, at: datetime, now: datetime) -> None:
    """Somebody spoke to the customer at *at*: our target is met but for what came later, and words owed here are kept."""
    later = (
        Message.objects.filter(case=case, direction=Message.Direction.INBOUND, automatic=False, at__gt=at, at__lte=now)
        .order_by("at", "pk")
        .values_list("at", flat=True)
        .first()
    )
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    answer_by = None
    if later:
        answer_by = targets.answer_by(
            kind=row.kind, urgency=row.urgency, received_at=later, hours=hours_of(row.team_id)
        )
    Case.objects.filter(pk=case.pk).update(
        unanswered_since=later, answer_by=answer_by, last_message_at=max(row.last_message_at, at)
    )
    if case.assignee_id is None:
        assign(case, assignee=staff, by=staff, now=now)
    promises.word_given(
        customer_ids=family(case.customer_id), about=ref("case", case.pk), by=staff, done_at=at, now=now
    )


@transaction.atomic
def assign(case: Case, *, assignee: Staff | None, by: Staff | None, now: datetime) -> bool:
    """Give the case to somebody (None: to nobody) and their team; open promises in it stay with their owners.

    Where the case goes into a closed team or leaves one, what was promised in it goes along, so that it is seen by the same.
    """
    before = Case.objects.select_for_update(of=("self",)).select_related("team").get(pk=case.pk)
    if before.assignee_id == (assignee.pk if assignee else None):
        return False
    team = assignee.team if assignee and assignee.team else before.team
    Case.objects.filter(pk=case.pk).update(assignee=assignee, team=team)
    changed(
        case,
        field="assignee",
        before=ref("staff", before.assignee_id) if before.assignee_id else "",
        after=ref("staff", assignee.pk) if assignee else "",
        by=by,
        now=now,
    )
    case.assignee = assignee
    for promise in Promise.objects.filter(about=ref("case", case.pk), owner=None, done_at=None, settled_at=None):
        promises.own(promise, owner=assignee, by=by, now=now)
    if team != before.team and any(one is not None and one.is_closed for one in (team, before.team)):
        promises.follow(ref("case", case.pk), team_id=team.pk if team else None)
    return True


@transaction.atomic
def set_status(case: Case, *, status: str, by: Staff | None, now: datetime) -> bool:
    """Open, waiting or resolved; promises made in the case live on whatever its status."""
    status = Case.Status(status)
    before = Case.objects.select_for_update(of=("self",)).values_list("status", flat=True).get(pk=case.pk)
    if before == status:
        return False
    values: dict[str, Any] = {"status": status}
    if status != Case.Status.OPEN:
        values.update(unanswered_since=None, answer_by=None)
    Case.objects.filter(pk=case.pk).update(**values)
    changed(case, field="status", before=before, after=status, by=by, now=now)
    case.status = status
    if status == Case.Status.RESOLVED:
        wake(case, why=Woken.RESOLVED, by=by, now=now)
    return True


@transaction.atomic
def set_kind(case: Case, *, kind: str, by: Staff | None, now: datetime) -> bool:
    """What kind of matter it is; a waiting answer's target is counted anew from the same beginning."""
    kind = Case.Kind(kind)
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if row.kind == kind:
        return False
    values: dict[str, Any] = {"kind": kind, "kind_by_hand": row.kind_by_hand or by is not None}
    if row.unanswered_since:
        values["answer_by"] = targets.answer_by(
            kind=kind, urgency=row.urgency, received_at=row.unanswered_since, hours=hours_of(row.team_id)
        )
    Case.objects.filter(pk=case.pk).update(**values)
    changed(case, field="kind", before=row.kind, after=kind, by=by, now=now)
    case.kind = row.kind = kind
    look_again(row, by=by, now=now)
    return True


@transaction.atomic
def set_cause(case: Case, *, cause: str, by: Staff, now: datetime) -> bool:
    """What the trouble is; empty: nothing of the kind. What is read in its messages changes it no more."""
    cause = Cause(cause).value if cause else ""
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if row.cause == cause and row.cause_by_hand:
        return False
    Case.objects.filter(pk=case.pk).update(cause=cause, cause_by_hand=True)
    if row.cause != cause:
        changed(case, field="cause", before=row.cause, after=cause, by=by, now=now)
    case.cause = row.cause = cause
    look_again(row, by=by, now=now)
    return True


@transaction.atomic
def change(
    case: Case,
    *,
    status: str | None = None,
    kind: str | None = None,
    cause: str | None = None,
    assignee: Staff | None = None,
    assigns: bool = False,
    by: Staff,
    now: datetime,
) -> None:
    """Several of these at once, all or none. What is None stays; *assigns*: the assignee is to be this one, or nobody."""
    if kind is not None:
        set_kind(case, kind=kind, by=by, now=now)
    if cause is not None:
        set_cause(case, cause=cause, by=by, now=now)
    if assigns:
        assign(case, assignee=assignee, by=by, now=now)
    if status is not None:
        set_status(case, status=status, by=by, now=now)


@transaction.atomic
def accept_sender(case: Case, *, by: Staff, now: datetime) -> bool:
    """Staff say that the sender is who the mail says: the case is the customer's own from now on."""
    if Case.objects.filter(pk=case.pk, unverified=True).update(unverified=False) != 1:
        return False
    changed(case, field="unverified", before="yes", after="no", by=by, now=now)
    look_again(Case.objects.select_for_update(of=("self",)).get(pk=case.pk), by=by, now=now)
    return True


def changed(case: Case, *, field: str, before: str, after: str, by: Staff | None, now: datetime) -> None:
    append(
        facts.CaseChanged(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            field=field,
            before=before,
            after=after,
            by=by.reference if by else "",
        ),
        now=now,
    )

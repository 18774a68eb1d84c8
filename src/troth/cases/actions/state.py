"""How the case stands: answered, with whom, in which status, of what kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from troth.cases.actions.again import look_again
from troth.cases.actions.clocking import moments_between, of
from troth.cases.actions.formal import demand, resolved_without
from troth.cases.actions.giving import give
from troth.cases.actions.snoozing import wake
from troth.cases.models import Case, Message
from troth.cases.rules.snooze import Woken
from troth.clocks import actions as clocks
from troth.clocks.rules.clock import Clock, Moment, What
from troth.ledger.actions import append
from troth.people.models import Staff, Team
from troth.people.queries import family
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.remedies import actions as remedies
from troth.words import facts
from troth.words.causes import Cause
from troth.words.formal import Without
from troth.words.refs import ref


def answered(
    case: Case, *, staff: Staff, at: datetime, then: str | None = None, opened: bool = False, now: datetime
) -> None:
    """Somebody spoke to the customer at *at*: our target is met but for what came later, and words owed here are kept.

    *then* is the status the case has from now on, if another. *opened*: the case was opened by the same talk.
    """
    later = _first_word(case, after=at, now=now) if at < now else None
    row = _held(case)
    values: dict[str, Any] = {}
    if case.assignee_id is None and row.assignee_id != staff.pk:
        values = _assigned(row, assignee=staff, by=staff, now=now)
        case.assignee = staff
    status = Case.Status(then or row.status)
    rests = {status, row.status} != {Case.Status.OPEN}
    moments = [Moment(what=What.ANSWERED, at=at, still_since=later, rests=rests)]
    if opened:
        moments.insert(0, Moment(what=What.SPOKE, at=at))
    moments += moments_between(row.status, status, at=now)
    beside = [(now, has_changed(case, field="status", before=row.status, after=status, by=staff))]
    clock = clocks.move(
        of(row), moments, is_new=opened, beside=beside if status != row.status else (), by=staff, now=now
    )
    waits = later if status == Case.Status.OPEN or status == row.status else None
    values |= {
        "status": status,
        "unanswered_since": waits,
        "answer_by": clock.due if clock and waits else None,
        "last_message_at": max(row.last_message_at, at),
    }
    Case.objects.filter(pk=case.pk).update(**values)
    case.status = status
    if status == Case.Status.RESOLVED and row.status != status:
        wake(case, why=Woken.RESOLVED, by=staff, now=now)
    promises.word_given(
        customer_ids=family(case.customer_id), about=ref("case", case.pk), by=staff, done_at=at, now=now
    )


def _first_word(case: Case, *, after: datetime, now: datetime) -> datetime | None:
    """When the customer first spoke after that."""
    spoken = Message.objects.filter(
        case=case, direction=Message.Direction.INBOUND, automatic=False, at__gt=after, at__lte=now
    )
    return spoken.order_by("at", "pk").values_list("at", flat=True).first()


def _held(case: Case) -> Case:
    """The row as it is now, held, with its customer."""
    return Case.objects.select_for_update(of=("self",)).select_related("customer").get(pk=case.pk)


@transaction.atomic
def assign(case: Case, *, assignee: Staff | None, by: Staff | None, now: datetime) -> bool:
    """Give the case to somebody (None: to nobody) and their team; open promises in it stay with their owners.

    Where the case goes into a closed team or leaves one, what was promised in it goes along, so that it is seen by the same.
    """
    row = Case.objects.select_for_update(of=("self",)).select_related("team").get(pk=case.pk)
    if row.assignee_id == (assignee.pk if assignee else None):
        return False
    values = _assigned(row, assignee=assignee, by=by, now=now)
    Case.objects.filter(pk=case.pk).update(**values)
    case.assignee = assignee
    return True


def _assigned(row: Case, *, assignee: Staff | None, by: Staff | None, now: datetime) -> dict[str, Any]:
    """Everything about *row*, which is held, follows its new owner; what of the row itself changes is left to the caller."""
    before, team = row.team, assignee.team if assignee and assignee.team else row.team
    changed(
        row,
        field="assignee",
        before=ref("staff", row.assignee_id) if row.assignee_id else "",
        after=ref("staff", assignee.pk) if assignee else "",
        by=by,
        now=now,
    )
    values = {"assignee": assignee, "given_by_rule": False, "team": team}
    for name, value in values.items():
        setattr(row, name, value)
    if team != before:
        clocks.follow(ref("case", row.pk), team_id=team.pk if team else None)
    for promise in Promise.objects.filter(about=ref("case", row.pk), owner=None, done_at=None, settled_at=None):
        promises.own(promise, owner=assignee, by=by, now=now)
    if team != before and any(one is not None and one.is_closed for one in (team, before)):
        promises.follow(ref("case", row.pk), team_id=team.pk if team else None)
        remedies.follow(ref("case", row.pk), team_id=team.pk if team else None)
    return values


@transaction.atomic
def set_team(case: Case, *, team: Team | None, by: Staff | None, now: datetime) -> bool:
    """Let a team look after the case, or none; where one of the two is closed, what was promised in it goes along."""
    before = Case.objects.select_for_update(of=("self",)).select_related("team").get(pk=case.pk)
    if before.team == team:
        return False
    Case.objects.filter(pk=case.pk).update(team=team)
    changed(
        case,
        field="team",
        before=ref("team", before.team.pk) if before.team else "",
        after=ref("team", team.pk) if team else "",
        by=by,
        now=now,
    )
    case.team = team
    clocks.follow(ref("case", case.pk), team_id=team.pk if team else None)
    if any(one is not None and one.is_closed for one in (team, before.team)):
        promises.follow(ref("case", case.pk), team_id=team.pk if team else None)
        remedies.follow(ref("case", case.pk), team_id=team.pk if team else None)
    give(_held(case), now=now)
    return True


@transaction.atomic
def set_status(
    case: Case, *, status: str, without: Without | None = None, asks: bool = True, by: Staff | None, now: datetime
) -> bool:
    """Open, waiting or resolved; promises made in the case live on whatever its status, its clocks pause, go on or end.

    A complaint that is owed a final response is resolved by somebody only if they say why *without*: raises NoFinalResponse. What
    only follows from something else *asks* for none.
    """
    status = Case.Status(status)
    row = _held(case)
    if row.status == status:
        return False
    if status == Case.Status.RESOLVED and by and asks and demand(row, without=without) and without:
        resolved_without(row, without=without, by=by, now=now)
    beside = [(now, has_changed(case, field="status", before=row.status, after=status, by=by))]
    clock = clocks.move(of(row), moments_between(row.status, status, at=now), beside=beside, by=by, now=now)
    Case.objects.filter(pk=case.pk).update(status=status, **_waits_for_us(status, clock))
    case.status = status
    if status == Case.Status.RESOLVED:
        wake(case, why=Woken.RESOLVED, by=by, now=now)
    return True


def _waits_for_us(status: str, clock: Clock | None) -> dict[str, Any]:
    """Since when the customer waits for an answer and by when it is due, where the case is with us and none was given."""
    if status != Case.Status.OPEN or clock is None:
        return {"unanswered_since": None, "answer_by": None}
    return {"unanswered_since": clock.started_at, "answer_by": clock.due}


@transaction.atomic
def set_kind(case: Case, *, kind: str, by: Staff | None, by_hand: bool | None = None, now: datetime) -> bool:
    """What kind of matter it is; where somebody says so, its targets are counted anew from the same beginning.

    *by_hand*: whether what is read in its messages changes it no more; left out, whoever sets it settles it.
    """
    kind = Case.Kind(kind)
    row = _held(case)
    if row.kind == kind:
        return False
    beside = [(now, has_changed(case, field="kind", before=row.kind, after=kind, by=by))]
    row.kind = kind
    values: dict[str, Any] = {
        "kind": kind,
        "kind_by_hand": row.kind_by_hand or by is not None if by_hand is None else by_hand,
    }
    values |= retargeted(row, beside=beside, by=by, now=now)
    Case.objects.filter(pk=case.pk).update(**values)
    case.kind = kind
    look_again(row, by=by, now=now)
    return True


@transaction.atomic
def set_cause(case: Case, *, cause: str, by: Staff, by_hand: bool = True, now: datetime) -> bool:
    """What the trouble is; empty: nothing of the kind. What is read in its messages changes it no more, if *by_hand*."""
    cause = Cause(cause).value if cause else ""
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if (row.cause, row.cause_by_hand) == (cause, by_hand):
        return False
    Case.objects.filter(pk=case.pk).update(cause=cause, cause_by_hand=by_hand)
    if row.cause != cause:
        changed(case, field="cause", before=row.cause, after=cause, by=by, now=now)
    case.cause = row.cause = cause
    look_again(row, by=by, now=now)
    return True


def retargeted(row: Case, *, beside: clocks.Beside, by: Staff | None, now: datetime) -> dict[str, Any]:
    """Its clocks run by the targets of what *row* says now, if somebody said so: what of the row changes by it.

    Where nobody did, they keep what they were started with, whatever is read in the case later.
    """
    opened_at = row.opened_at if row.status == Case.Status.OPEN else None
    moments = [Moment(what=What.APPLIED, at=now, opened_at=opened_at)] if by else []
    clock = clocks.move(of(row), moments, beside=beside, by=by, now=now)
    return {"answer_by": clock.due if clock else None} if by and row.unanswered_since else {}


@transaction.atomic
def change(
    case: Case,
    *,
    status: str | None = None,
    without: Without | None = None,
    kind: str | None = None,
    cause: str | None = None,
    assignee: Staff | None = None,
    assigns: bool = False,
    by: Staff,
    now: datetime,
) -> None:
    """Several of these at once, all or none. What is None stays; *assigns*: the assignee is to be this one, or nobody.

    Raises NoFinalResponse.
    """
    if kind is not None:
        set_kind(case, kind=kind, by=by, now=now)
    if cause is not None:
        set_cause(case, cause=cause, by=by, now=now)
    if assigns:
        assign(case, assignee=assignee, by=by, now=now)
    if status is not None:
        set_status(case, status=status, without=without, by=by, now=now)


@transaction.atomic
def accept_sender(case: Case, *, by: Staff, now: datetime) -> bool:
    """Staff say that the sender is who the mail says: the case is the customer's own from now on."""
    if Case.objects.filter(pk=case.pk, unverified=True).update(unverified=False) != 1:
        return False
    changed(case, field="unverified", before="yes", after="no", by=by, now=now)
    look_again(Case.objects.select_for_update(of=("self",)).get(pk=case.pk), by=by, now=now)
    return True


def changed(case: Case, *, field: str, before: str, after: str, by: Staff | None, now: datetime) -> None:
    append(has_changed(case, field=field, before=before, after=after, by=by), now=now)


def has_changed(case: Case, *, field: str, before: str, after: str, by: Staff | None) -> facts.Fact:
    return facts.CaseChanged(
        about=ref("case", case.pk),
        customer=ref("customer", case.customer_id),
        field=field,
        before=before,
        after=after,
        by=by.reference if by else "",
    )

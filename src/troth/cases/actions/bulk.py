"""The same done to many cases, each by the action that does it to one; and undone, where nobody has changed it since.

The steps are the truth. Each case is changed in one transaction with its step, so whoever is killed leaves cases that are changed and
told of, and cases that wait; the lane finds those. Who acts is asked again at each case: what they may and see then counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from troth.cases.actions.each import one_by_one
from troth.cases.actions.formal import NoFinalResponse
from troth.cases.actions.links import NotToBeLinked, link
from troth.cases.actions.snoozing import NothingToSnooze, NotLater, snooze, wake
from troth.cases.actions.state import assign, set_cause, set_kind, set_status, set_team
from troth.cases.actions.talks import write_note
from troth.cases.chosen import chosen
from troth.cases.models import BulkAct, BulkStep, Case
from troth.cases.rules.bulk import ANSWER, FIELDS, NONE, NUMBERS, NotAChange, Why, changes_from, snoozed_until
from troth.cases.rules.filters import Filters
from troth.ledger.queries import facts_about, is_erased, kinds_about
from troth.people.models import Staff, Team
from troth.people.queries import NobodyLeft, within_sight
from troth.people.rules.roles import May
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words.refs import ref

MOST = 10_000
#: So many are changed while the page waits; more by the lane.
AT_ONCE = 50


class NoCases(ValueError):
    """Nothing was chosen, or nothing of it is there."""


class _Refused(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def begin_bulk(
    *,
    staff: Staff,
    changes: Mapping[str, str],
    numbers: Sequence[int] = (),
    filters: Filters | None = None,
    now: datetime,
) -> BulkAct:
    """Note what is to be done to these cases, or to all that match; `work_bulk` does it.

    Of numbers those that *staff* may see. Raises NothingToChange, NotAChange, NoCases.
    """
    wanted = changes_from(changes)
    _refuse_what_is_not_there(wanted, staff=staff)
    if filters is not None:
        found = list(chosen(filters, staff=staff, now=now, most=MOST).values_list("pk", flat=True)[:MOST])
    else:
        rows = Case.objects.filter(within_sight(staff), pk__in=list(numbers)[:MOST])
        found = list(rows.order_by("pk").values_list("pk", flat=True))
    if not found:
        raise NoCases("Choose the cases first.")
    act = BulkAct.objects.create(staff=staff, key_id=staff.through_key, changes=wanted, total=len(found), at=now)
    BulkStep.objects.bulk_create((BulkStep(act=act, case_id=pk) for pk in found), batch_size=1000)
    return act


def _refuse_what_is_not_there(wanted: Mapping[str, str], *, staff: Staff) -> None:
    if (number := _number(wanted, "assignee")) and not _answers(number):
        raise NotAChange("assignee")
    if (number := _number(wanted, "team")) and not Team.objects.filter(pk=number).exists():
        raise NotAChange("team")
    if (number := _number(wanted, "parent")) and not Case.objects.filter(within_sight(staff), pk=number).exists():
        raise NotAChange("parent")


def _number(wanted: Mapping[str, str], field: str) -> int | None:
    value = wanted.get(field, NONE)
    return None if value == NONE else int(value)


def _answers(number: int) -> Staff | None:
    found = Staff.objects.select_related("team").filter(pk=number, is_active=True).first()
    return found if found and found.may(May.ANSWER) else None


@transaction.atomic
def undo_bulk(act: BulkAct, *, now: datetime) -> bool:
    """What was done of it is to be undone, and what still waits is not done; False if that was asked before."""
    if BulkAct.objects.filter(pk=act.pk, undo_at=None).update(undo_at=now) != 1:
        return False
    act.undo_at = now
    BulkStep.objects.filter(act=act, state=BulkStep.State.WAITING).update(state=BulkStep.State.UNDONE)
    BulkStep.objects.filter(act=act, state=BulkStep.State.DONE).update(state=BulkStep.State.UNDOING)
    return True


def work_bulk(act: BulkAct | None = None, *, now: datetime, most: int = AT_ONCE) -> int:
    """Change the next cases that wait, or change them back, each in its own transaction; how many were dealt with."""
    due = BulkStep.objects.filter(state__in=[BulkStep.State.WAITING, BulkStep.State.UNDOING])
    if act is not None:
        due = due.filter(act=act)
    numbers = list(due.order_by("pk").values_list("pk", flat=True)[:most])
    return one_by_one(numbers, lambda number: _work(number, now=now), failed=_failed, what="Step %s of many")


def _failed(number: int) -> bool:
    waits = BulkStep.objects.filter(pk=number)
    return bool(
        waits.filter(state=BulkStep.State.WAITING).update(state=BulkStep.State.REFUSED, reason=Why.FAILED)
        or waits.filter(state=BulkStep.State.UNDOING).update(state=BulkStep.State.LEFT, reason=Why.FAILED)
    )


@transaction.atomic
def _work(number: int, *, now: datetime) -> bool:
    step = (
        BulkStep.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("act__staff__team", "case__customer")
        .filter(pk=number, state__in=[BulkStep.State.WAITING, BulkStep.State.UNDOING])
        .first()
    )
    if step is None:
        return False
    by = step.act.staff
    by.through_key = step.act.key_id
    undoing = step.state == BulkStep.State.UNDOING
    try:
        with transaction.atomic():
            _refuse_unless(by, step.case)
            _undo(step, by=by, now=now) if undoing else _do(step, by=by, now=now)
    except _Refused as refused:
        step.state = BulkStep.State.LEFT if undoing else BulkStep.State.REFUSED
        step.reason = refused.why
    step.save(update_fields=["state", "before", "after", "facts", "reason"])
    return True


def _refuse_unless(by: Staff, case: Case) -> None:
    if not by.may(May.ANSWER):
        raise _Refused(Why.MAY_NOT)
    if not Case.objects.select_for_update(of=("self",)).filter(within_sight(by), pk=case.pk).exists():
        raise _Refused(Why.OUT_OF_SIGHT)


# Doing


def _do(step: BulkStep, *, by: Staff, now: datetime) -> None:
    changes = step.act.changes
    before, after = {}, {}
    try:
        for field in [field for field in FIELDS if field in changes]:
            stood = _stands(step.case_id, field)
            DO[field](step.case, changes[field], by=by, now=now)
            stands = _stands(step.case_id, field)
            if field == "note" or not _same(stands, stood):
                before[field], after[field] = stood, stands
    except NobodyLeft as error:
        raise _Refused(Why.ERASED) from error
    except NothingToSnooze as error:
        raise _Refused(Why.RESOLVED) from error
    except NotLater as error:
        raise _Refused(Why.PAST) from error
    except NoFinalResponse as error:
        raise _Refused(Why.NO_FINAL_RESPONSE) from error
    except NotToBeLinked as error:
        raise _Refused(error.why) from error
    step.before, step.after = before, after
    step.state = BulkStep.State.DONE if after else BulkStep.State.SAME
    step.facts = len(kinds_about(ref("case", step.case_id)))


def _stands(number: int, field: str) -> dict[str, Any]:
    """How the case stands in *field* now, and all that changes along with it."""
    case = Case.objects.get(pk=number)
    if field == "assignee":
        rows = Promise.objects.filter(about=ref("case", number), owner=None, done_at=None, settled_at=None)
        ownerless = list(rows.order_by("pk").values_list("pk", flat=True))
        return {"assignee": case.assignee_id, "team": case.team_id, "ownerless": ownerless}
    if field == "snooze":
        return {"by": case.snoozed_by_id, "until": _plain(case.snoozed_until)}
    if field == "note":
        return {}
    if field in {"kind", "cause"}:
        return {field: getattr(case, field), "by_hand": getattr(case, f"{field}_by_hand")}
    return {field: getattr(case, f"{field}_id" if field in NUMBERS else field)}


def _plain(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _assign(case: Case, value: str, *, by: Staff, now: datetime) -> None:
    assignee = None if value == NONE else _answers(int(value))
    if value != NONE and assignee is None:
        raise _Refused(Why.GONE)
    assign(case, assignee=assignee, by=by, now=now)


def _team(case: Case, value: str, *, by: Staff, now: datetime) -> None:
    team = None if value == NONE else Team.objects.filter(pk=int(value)).first()
    if value != NONE and team is None:
        raise _Refused(Why.GONE)
    set_team(case, team=team, by=by, now=now)


def _link(case: Case, value: str, *, by: Staff, now: datetime) -> None:
    parent = None if value == NONE else Case.objects.filter(within_sight(by), pk=int(value)).first()
    if value != NONE and parent is None:
        raise _Refused(Why.GONE)
    link(case, parent=parent, by=by, now=now)


def _snooze(case: Case, value: str, *, by: Staff, now: datetime) -> None:
    snooze(case, until=None if value == ANSWER else snoozed_until(value), by=by, now=now)


DO: dict[str, Callable[..., Any]] = {
    "note": lambda case, value, by, now: write_note(case, staff=by, text=value, keeps_draft=True, now=now),
    "kind": lambda case, value, by, now: set_kind(case, kind=value, by=by, now=now),
    "cause": lambda case, value, by, now: set_cause(case, cause="" if value == NONE else value, by=by, now=now),
    "team": _team,
    "assignee": _assign,
    "parent": _link,
    "snooze": _snooze,
    "status": lambda case, value, by, now: set_status(case, status=value, by=by, now=now),
}


# Undoing


def _undo(step: BulkStep, *, by: Staff, now: datetime) -> None:
    """Field by field, the last first: what somebody has changed since stays, and the step says so."""
    told = facts_about(ref("case", step.case_id))[step.facts :]
    left = [
        field
        for field in reversed([field for field in FIELDS if field in step.after and field != "note"])
        if not _undo_field(step, field, told=told, by=by, now=now)
    ]
    if left:
        step.state, step.reason = BulkStep.State.LEFT, Why.CHANGED_SINCE
        return
    only_a_note = not set(step.after) - {"note"}
    step.state = BulkStep.State.LEFT if only_a_note else BulkStep.State.UNDONE
    step.reason = Why.NOTE_STAYS if "note" in step.after else ""


def _undo_field(step: BulkStep, field: str, *, told: Sequence[Any], by: Staff, now: datetime) -> bool:
    """False where somebody has changed it since, also where it was changed back."""
    before, after = step.before[field], step.after[field]
    case = Case.objects.select_related("customer", "team", "assignee").get(pk=step.case_id)
    if any(_is_about(kind, values, field) for kind, values, _at in told) or not _same(_stands(case.pk, field), after):
        return False
    UNDO[field](case, before, after, by=by, now=now)
    return True


def _is_about(kind: str, values: Mapping[str, Any], field: str) -> bool:
    if field == "snooze":
        return kind in {"CaseSnoozed", "CaseWoken"}
    return kind == "CaseChanged" and (is_erased(values) or values["field"] == field)


def _same(stands: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether it stands as it was made; what only goes along with it may be otherwise."""
    first = next(iter(after))
    return bool(stands[first] == after[first])


def _give_back(case: Case, before: dict[str, Any], after: dict[str, Any], *, by: Staff, now: datetime) -> None:
    assignee = Staff.objects.select_related("team").filter(pk=before["assignee"], is_active=True).first()
    if before["assignee"] and assignee is None:
        raise _Refused(Why.GONE)
    team_since = case.team_id
    assign(case, assignee=assignee, by=by, now=now)
    if team_since == after["team"]:
        team = Team.objects.filter(pk=before["team"]).first()
        set_team(Case.objects.get(pk=case.pk), team=team, by=by, now=now)
    for promise in Promise.objects.filter(pk__in=before["ownerless"], owner=after["assignee"], done_at=None):
        promises.own(promise, owner=None, by=by, now=now)


def _as_before(case: Case, before: dict[str, Any], _after: dict[str, Any], *, by: Staff, now: datetime) -> None:
    if before["by"] is None:
        wake(case, by=by, now=now)
        return
    until = snoozed_until(before["until"])
    if until is None or until > now:
        snooze(case, until=until, by=by, now=now)
    else:
        wake(case, by=by, now=now)


def _team_back(case: Case, before: dict[str, Any], _after: dict[str, Any], *, by: Staff, now: datetime) -> None:
    set_team(case, team=Team.objects.filter(pk=before["team"]).first(), by=by, now=now)


def _link_back(case: Case, before: dict[str, Any], _after: dict[str, Any], *, by: Staff, now: datetime) -> None:
    try:
        link(case, parent=Case.objects.filter(pk=before["parent"]).first(), by=by, now=now)
    except NotToBeLinked as error:
        raise _Refused(error.why) from error


def _kind_back(case: Case, before: dict[str, Any], _after: dict[str, Any], *, by: Staff, now: datetime) -> None:
    """What was only read is not settled by whoever changes it back: what is read from now on changes it again."""
    set_kind(case, kind=before["kind"], by_hand=before.get("by_hand"), by=by, now=now)


def _cause_back(case: Case, before: dict[str, Any], _after: dict[str, Any], *, by: Staff, now: datetime) -> None:
    set_cause(case, cause=before["cause"], by_hand=before.get("by_hand", True), by=by, now=now)


UNDO: dict[str, Callable[..., Any]] = {
    "kind": _kind_back,
    "cause": _cause_back,
    "team": _team_back,
    "assignee": _give_back,
    "parent": _link_back,
    "snooze": _as_before,
    "status": lambda case, before, _after, by, now: set_status(
        case, status=before["status"], asks=False, by=by, now=now
    ),
}

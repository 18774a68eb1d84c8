"""Giving cases by a team's rule, and handing over what one who is away has to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from troth.cases.models import Case, HandOver
from troth.cases.rules.giving import DUE_SOON, Colleague, Why, next_one
from troth.ledger.actions import append
from troth.people.models import Staff, Team
from troth.people.planned import Question
from troth.people.queries import sight_of, within_sight
from troth.people.rules.assigns import Assigns
from troth.people.rules.roles import May, Role, allowed
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.words import facts
from troth.words.refs import ref

#: Two workers that give within one team take turns.
GIVING = 0x7207_6176
_HERE = """
SELECT s.id, s.given_at, {load}
  FROM people_staff s
 WHERE s.team_id = %(team)s AND s.is_active AND s.role = ANY(%(roles)s)
   AND NOT COALESCE(s.away_from <= %(now)s AND s.away_until > %(now)s, false)
"""
_LOAD = """
(SELECT count(*) FROM cases_case k WHERE k.assignee_id = s.id AND k.status = 'open')
+ (SELECT count(*) FROM promises_promise p WHERE p.owner_id = s.id AND p.state IN ('open', 'moved', 'late')
      AND p.done_at IS NULL AND p.due < %(soon)s)
"""
ANSWERING = [role.value for role in Role if allowed(role, May.ANSWER)]


def first_team() -> Team | None:
    """The team that what comes in without one goes to."""
    return next(iter(_first_team().ask()), None)


@cache
def _first_team() -> Question[Team, Team]:
    return Question(Team.objects.filter(takes_new=True))


def give(case: Case, *, now: datetime) -> bool:
    """Give *case*, which is held, to whomever its team's rule says; False where it gives nothing or nobody is here.

    What a person decided stays. Safe for many at once: within a team one is given after the other.
    """
    if case.team is None or (case.assignee_id is not None and not case.given_by_rule):
        return False
    assigns = Assigns(case.team.assigns)
    if assigns is Assigns.HAND:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [GIVING, case.team.pk])
    chosen = next_one(assigns, _colleagues(case.team.pk, by_load=assigns is Assigns.LOAD, now=now))
    if chosen is None or chosen == case.assignee_id:
        return False
    Staff.objects.filter(pk=chosen).update(given_at=now)
    _pass(case, to=Staff.objects.get(pk=chosen), by_rule=True, why=Why(assigns.value), by=None, now=now)
    for promise in Promise.objects.filter(about=ref("case", case.pk), owner=None, done_at=None, settled_at=None):
        promises.own(promise, owner=case.assignee, by=None, now=now)
    return True


def reopened(case: Case, *, now: datetime) -> None:
    """The customer is back in *case*, which is held: it is its owner's, unless they are away and a rule had made them so."""
    owner = Staff.objects.filter(pk=case.assignee_id).first() if case.assignee_id else None
    if owner is None or owner.is_away(now) or not owner.may(May.ANSWER):
        give(case, now=now)


def _colleagues(team_id: int, *, by_load: bool, now: datetime) -> list[Colleague]:
    sql = _HERE.format(load=_LOAD if by_load else "0")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"team": team_id, "roles": ANSWERING, "now": now, "soon": now + DUE_SOON})
        return [Colleague(staff=pk, given_at=given_at, load=load) for pk, given_at, load in cursor.fetchall()]


def _pass(case: Case, *, to: Staff, by_rule: bool, why: Why, by: Staff | None, now: datetime) -> None:
    before = case.assignee_id
    Case.objects.filter(pk=case.pk).update(assignee=to, given_by_rule=by_rule)
    case.assignee, case.given_by_rule = to, by_rule
    append(
        facts.CaseGiven(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            before=ref("staff", before) if before else "",
            after=ref("staff", to.pk),
            why=why,
            by=by.reference if by else "",
        ),
        now=now,
    )


# Who is away


class NotAWayToBeAway(ValueError):
    """One is away from one time until a later one that has not passed."""


@transaction.atomic
def set_away(staff: Staff, *, since: datetime | None, until: datetime | None, now: datetime) -> None:
    """They are away until then, from now or from *since*; None: they are here. Raises NotAWayToBeAway."""
    if until is None:
        since = None
    else:
        since = since or now
        if until <= max(now, since):
            raise NotAWayToBeAway("Say until when: a time that is still to come, and after the first.")
    Staff.objects.filter(pk=staff.pk).update(away_from=since, away_until=until)
    staff.away_from, staff.away_until = since, until


def due_cases(owner: Staff) -> Q:
    """Of theirs, in which the customer waits for an answer."""
    return Q(assignee=owner, unanswered_since__isnull=False, imported=False) & ~Q(status=Case.Status.RESOLVED)


def due_promises(owner: Staff) -> Q:
    """Of theirs, what is owed before they are back."""
    return OWED & Q(owner=owner, due__lt=owner.away_until)


class NothingToHandOver(ValueError):
    """They are not away, or the one it should go to cannot take it."""


class NotTheirs(PermissionError):
    """Something in it belongs to a closed team they do not see into."""


@transaction.atomic
def hand_over(staff: Staff, *, to: Staff, by: Staff, now: datetime) -> HandOver | None:
    """Give *to* whatever falls due while *staff* is away, as far as both *by* and *to* see it; None where that is nothing.

    Raises NothingToHandOver.
    """
    if staff.away_until is None or staff.pk == to.pk or not to.may(May.ANSWER):
        raise NothingToHandOver("Nobody is away, or they cannot take it.")
    seen = within_sight(by) & within_sight(to)
    cases = list(Case.objects.select_for_update(of=("self",)).filter(due_cases(staff), seen).order_by("pk"))
    owed = list(Promise.objects.filter(due_promises(staff), seen).order_by("pk"))
    for case in cases:
        _pass(case, to=to, by_rule=False, why=Why.HANDED_OVER, by=by, now=now)
    for promise in owed:
        promises.own(promise, owner=to, by=by, now=now)
    if not cases and not owed:
        return None
    return HandOver.objects.create(
        staff=staff, to=to, by=by, at=now, cases=[case.pk for case in cases], promises=[one.pk for one in owed]
    )


@transaction.atomic
def hand_back(handed: HandOver, *, by: Staff, now: datetime) -> int | None:
    """Undo it: what is still theirs to whom it went goes back. How many things; None where it was undone already.

    Raises NotTheirs where something of it is out of the sight of *by*.
    """
    if not in_sight([handed], of=by):
        raise NotTheirs("What a closed team looks after its own people hand back.")
    if HandOver.objects.filter(pk=handed.pk, undone_at=None).update(undone_at=now) != 1:
        return None
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=handed.cases, assignee=handed.to).order_by("pk")
    back = list(rows)
    for case in back:
        _pass(case, to=handed.staff, by_rule=False, why=Why.HANDED_BACK, by=by, now=now)
    owed = list(Promise.objects.filter(OWED, pk__in=handed.promises, owner=handed.to).order_by("pk"))
    for promise in owed:
        promises.own(promise, owner=handed.staff, by=by, now=now)
    return len(back) + len(owed)


def in_sight(handed: Sequence[HandOver], *, of: Staff) -> list[HandOver]:
    """Those in which there is nothing that *of* does not see; two statements for all."""
    cases = _hidden(Case.objects.filter(pk__in={pk for one in handed for pk in one.cases}), of=of)
    promises = _hidden(Promise.objects.filter(pk__in={pk for one in handed for pk in one.promises}), of=of)
    return [one for one in handed if cases.isdisjoint(one.cases) and promises.isdisjoint(one.promises)]


def _hidden(rows: QuerySet[Any], *, of: Staff) -> set[int]:
    if sight_of(of).is_full:  # Django takes what is not nothing for everything
        return set()
    return set(rows.exclude(within_sight(of)).values_list("pk", flat=True))

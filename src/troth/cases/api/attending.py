"""What one is called to, what is put aside, and what is the same trouble once more."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.cases import actions, queries
from troth.cases.api.cases import CaseTold, told
from troth.cases.models import Mention
from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Operations,
    Told,
    not_sound,
    staff_of,
)
from troth.people.problems import Problem
from troth.people.queries import within_sight
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind

router = Operations(tags=["cases"])


class MentionTold(Told):
    case: int
    message: Annotated[
        int | None, Field(description="The note that names you; null where a case you put aside is back.")
    ]
    at: Instant


class Mentions(Told):
    items: list[MentionTold]


class AgainAsked(Asked):
    same: Annotated[bool, Field(strict=True, description="false: it is another matter; true takes that back.")]


class SnoozeAsked(Asked):
    until: Annotated[Instant | None, Field(description="null: until the customer writes.")]


@router.reads(
    "/mentions",
    scope=Scope.CASES_READ,
    gives=Mentions,
    name="list_mentions",
    summary="List what you are called for and have not seen, oldest first",
)
def list_mentions(request: HttpRequest) -> Mentions:
    """Notes that name you by `@`, and cases you put aside that are back; a hundred at most. Colleagues are named in `write_note`."""
    staff = staff_of(request)
    mine = Mention.objects.filter(within_sight(staff, team="case__team"), staff=staff, seen_at=None)
    rows = mine.order_by("at", "pk")[:100]
    return Mentions(items=[MentionTold(case=one.case_id, message=one.message_id, at=one.at) for one in rows])


@router.does(
    "/cases/{number}/seen",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="see_case",
    summary="Say that you have seen what you were called to a case for",
)
def see_case(request: HttpRequest, number: Id) -> CaseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    actions.seen(case, staff=staff, now=timezone.now())
    return told(case)


@router.does(
    "/cases/{number}/again",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="say_again",
    summary="Say whether a case is the same trouble as the earlier one it was taken for",
)
def say_again(request: HttpRequest, number: Id, asked: AgainAsked) -> CaseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    say = actions.undo_denial if asked.same else actions.deny_again
    say(case, by=staff, now=timezone.now())
    return told(queries.case_for(staff, number))


@router.does(
    "/cases/{number}/snooze",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="snooze_case",
    summary="Put a case aside until later",
)
def snooze_case(request: HttpRequest, number: Id, asked: SnoozeAsked) -> CaseTold:
    """It leaves the lists; what was promised in it and what its customer writes meanwhile are shown all the same."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        actions.snooze(case, until=asked.until, by=staff, now=timezone.now())
    except actions.NotLater as error:
        raise not_sound("body", "until", str(error)) from error
    except actions.NothingToSnooze as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    return told(queries.case_for(staff, number))


@router.does(
    "/cases/{number}/wake",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="wake_case",
    summary="Have a case back that was put aside",
)
def wake_case(request: HttpRequest, number: Id) -> CaseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    actions.wake(case, by=staff, now=timezone.now())
    return told(queries.case_for(staff, number))

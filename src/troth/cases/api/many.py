"""Many cases at once, for other programs: linked to the case of their cause, changed together, and changed back."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.cases import actions, queries
from troth.cases.models import BulkAct, BulkStep
from troth.cases.rules.bulk import NotAChange, NothingToChange
from troth.people.operations import Asked, Id, Instant, Number, Operations, Told, maybe_text, not_sound, staff_of
from troth.people.problems import Problem
from troth.people.queries import within_sight
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind

router = Operations(tags=["cases"])
TOLD_MOST = 1000


class LinkAsked(Asked):
    parent: Annotated[Number | None, Field(description="The case of the cause; null: none.")] = None


class LinkTold(Told):
    case: int
    parent: int | None


class BulkAsked(Asked):
    """The cases, and what is to be otherwise in each; what is empty stays. `none` takes an owner, team, cause or link off."""

    cases: Annotated[list[Number], Field(min_length=1, max_length=1000)]
    assignee: Annotated[str, maybe_text(20)] = ""
    team: Annotated[str, maybe_text(20)] = ""
    kind: Annotated[str, maybe_text(20)] = ""
    cause: Annotated[str, maybe_text(30)] = ""
    status: Annotated[str, maybe_text(20)] = ""
    parent: Annotated[str, maybe_text(20)] = ""
    note: Annotated[str, maybe_text(20_000)] = ""


class LeftTold(Told):
    case: int
    reason: str


class BulkTold(Told):
    id: int
    at: Instant
    total: int
    states: Annotated[
        dict[str, int], Field(description="How many cases are in which state; `waiting` and `undoing` go on.")
    ]
    undone_at: Instant | None
    refused: Annotated[list[LeftTold], Field(description="Those that were not changed, or not changed back, and why.")]


@router.does(
    "/cases/{number}/link",
    scope=Scope.CASES_WRITE,
    gives=LinkTold,
    name="link_case",
    summary="Link a case to the case of its cause, or to none",
)
def link_case(request: HttpRequest, number: Id, asked: LinkAsked) -> LinkTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    parent = queries.case_for(staff, asked.parent) if asked.parent is not None else None
    try:
        actions.link(case, parent=parent, by=staff, now=timezone.now())
    except actions.NotToBeLinked as error:
        raise not_sound("body", "parent", str(error)) from error
    return LinkTold(case=case.pk, parent=queries.case_for(staff, number).parent_id)


@router.does(
    "/bulk-acts",
    scope=Scope.CASES_WRITE,
    gives=BulkTold,
    status=201,
    name="change_cases",
    summary="Change many cases together",
)
def change_cases(request: HttpRequest, asked: BulkAsked) -> BulkTold:
    """It goes on after the answer; read it to see how far it is."""
    changes = {field: str(value) for field, value in asked.model_dump(exclude={"cases"}).items()}
    try:
        act = actions.begin_bulk(staff=staff_of(request), changes=changes, numbers=asked.cases, now=timezone.now())
    except NothingToChange as error:
        raise not_sound("body", "cases", str(error)) from error
    except NotAChange as error:
        raise not_sound("body", error.field, str(error)) from error
    except actions.NoCases as error:
        raise not_sound("body", "cases", "None of these cases is there.") from error
    return told(request, act)


@router.reads(
    "/bulk-acts/{number}",
    scope=Scope.CASES_READ,
    gives=BulkTold,
    name="read_bulk_act",
    summary="See what became of many cases changed together",
)
def read_bulk_act(request: HttpRequest, number: Id) -> BulkTold:
    return told(request, queries.act_for(staff_of(request), number))


@router.does(
    "/bulk-acts/{number}/undo",
    scope=Scope.CASES_WRITE,
    gives=BulkTold,
    name="undo_bulk_act",
    summary="Change the cases back that nobody has changed since",
)
def undo_bulk_act(request: HttpRequest, number: Id) -> BulkTold:
    act = queries.act_for(staff_of(request), number)
    if not actions.undo_bulk(act, now=timezone.now()):
        raise Problem(Kind.SETTLED, "It was undone already.")
    return told(request, act)


def told(request: HttpRequest, act: BulkAct) -> BulkTold:
    steps = BulkStep.objects.filter(act=act)
    states = dict(steps.order_by().values_list("state").annotate(count=Count("pk")))
    left = steps.filter(within_sight(staff_of(request), team="case__team"), state__in=["refused", "left"]).order_by(
        "pk"
    )
    return BulkTold(
        id=act.pk,
        at=act.at,
        total=act.total,
        states=states,
        undone_at=act.undo_at,
        refused=[LeftTold(case=case, reason=reason) for case, reason in left.values_list("case", "reason")[:TOLD_MOST]],
    )

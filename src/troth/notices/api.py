"""Who is affected, for other programs: counted, put together, frozen, and read member by member."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.notices import members
from troth.notices.actions import cohorts as actions
from troth.notices.models import Cohort
from troth.notices.rules.conditions import Conditions, NotConditions, from_plain
from troth.notices.seen import cohort_for, sees
from troth.notices.selecting import preview
from troth.people.operations import Asked, Id, Instant, Operations, Page, Told, maybe_text, not_sound, staff_of
from troth.people.rules.cursor import NUMBER_MOST
from troth.people.rules.keys import Scope

router = Operations(tags=["cohorts"])

_ABOUT = r"^[a-z_]{1,40}:[1-9][0-9]{0,17}$"
Tree = Annotated[
    dict[str, Any],
    Field(
        description="all or any with a list, not with one, or one of customers, cases, orders, handles and listed with its fields."
    ),
]


class ConditionsAsked(Asked):
    conditions: Tree


class CohortAsked(Asked):
    about: Annotated[str, Field(pattern=_ABOUT, description="What they are affected by, such as incident:3.")]
    conditions: Tree
    name: Annotated[str, maybe_text(120)] = ""


class FreezeAsked(Asked):
    joins_until: Annotated[
        Instant | None, Field(description="Whoever meets the conditions by then joins; null: nobody does.")
    ] = None


class MembersAsked(Page):
    standing: Annotated[Literal["in", "late", "excluded"] | None, Field(description="All where left out.")] = None


class ChosenTold(Told):
    customer: Annotated[
        int | None, Field(description="null: an address of a list, or one whose cases you may not see.")
    ]
    why: Annotated[list[str], Field(description="References, as far as you may see what they name.")]


class Counted(Told):
    count: int
    sample: list[ChosenTold]


class CohortTold(Told):
    id: int
    about: str
    name: str
    conditions: Tree
    made_at: Instant
    frozen_at: Annotated[Instant | None, Field(description="null: it can be changed still.")]
    count: Annotated[int, Field(description="How many were frozen.")]
    digest: Annotated[str, Field(description="Of who they are and why: docs/formats/cohort.md.")]
    joins_until: Instant | None


class MemberTold(ChosenTold):
    id: int
    address: Annotated[str, Field(description="Of a list; customers are told at the addresses we know.")]
    standing: Literal["in", "late", "excluded"]
    reason: Annotated[str, Field(description="Why they are left out.")]
    added_at: Instant


class Members(Told):
    items: list[MemberTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


@router.does(
    "/cohorts/count",
    scope=Scope.NOTICES_WRITE,
    gives=Counted,
    name="count_cohort",
    summary="Count who meets conditions",
)
def count_cohort(request: HttpRequest, asked: ConditionsAsked) -> Counted:
    """How many would be frozen now, and the first ten of them; nothing is kept."""
    found = preview(_conditions(asked.conditions), now=timezone.now())
    sample = members.seen(found.sample, staff=staff_of(request))
    return Counted(count=found.count, sample=[ChosenTold(customer=one.customer, why=list(one.why)) for one in sample])


@router.does(
    "/cohorts", scope=Scope.NOTICES_WRITE, gives=CohortTold, name="make_cohort", summary="Put a cohort together"
)
def make_cohort(request: HttpRequest, asked: CohortAsked) -> CohortTold:
    """Nobody is told before it is frozen and a notice is sent."""
    conditions = _conditions(asked.conditions)
    if not sees(staff_of(request), asked.about):
        raise not_sound("body", "about", "There is no such thing.")
    made = actions.draft(
        about=asked.about, conditions=conditions, by=staff_of(request), now=timezone.now(), name=asked.name
    )
    return _told(made)


@router.reads(
    "/cohorts/{number}", scope=Scope.NOTICES_READ, gives=CohortTold, name="read_cohort", summary="Read a cohort"
)
def read_cohort(request: HttpRequest, number: Id) -> CohortTold:
    return _told(cohort_for(staff_of(request), number))


@router.does(
    "/cohorts/{number}/freeze",
    scope=Scope.NOTICES_WRITE,
    gives=CohortTold,
    name="freeze_cohort",
    summary="Freeze who is affected",
)
def freeze_cohort(request: HttpRequest, number: Id, asked: FreezeAsked) -> CohortTold:
    """Whoever meets the conditions now is a member for good; it may take seconds for many."""
    found, now = cohort_for(staff_of(request), number), timezone.now()
    if asked.joins_until is not None and asked.joins_until <= now:
        raise not_sound("body", "joins_until", "It must be to come.")
    try:
        actions.freeze(found, by=staff_of(request), now=now, joins_until=asked.joins_until)
    except (actions.AlreadyFrozen, actions.NobodyIsAffected) as error:
        raise not_sound("path", "number", str(error)) from error
    return _told(found)


@router.reads(
    "/cohorts/{number}/members",
    scope=Scope.NOTICES_READ,
    gives=Members,
    name="list_members",
    summary="List who is affected, in the order of their numbers",
)
def list_members(request: HttpRequest, number: Id, asked: Query[MembersAsked]) -> Members:
    """Who is there for cases alone that you may not see is counted among them without a name."""
    after = asked.cursor or "0"
    if not re.fullmatch(r"[0-9]{1,18}", after, re.ASCII) or int(after) > NUMBER_MOST:
        raise not_sound("query", "cursor", "It is no cursor of this list.")
    rows = members.members(cohort_for(staff_of(request), number), standing=asked.standing or "", after=int(after))
    found = list(rows[: asked.limit + 1])
    page = found[: asked.limit]
    items = [
        MemberTold(
            id=row.pk,
            customer=one.customer,
            address="" if one.hidden else row.address,
            why=list(one.why),
            standing=row.standing,  # type: ignore[arg-type] # the table knows no other
            reason="" if one.hidden else row.reason,
            added_at=row.added_at,
        )
        for row, one in zip(page, members.seen(page, staff=staff_of(request)), strict=True)
    ]
    return Members(items=items, next=str(page[-1].pk) if len(found) > asked.limit else None)


def _conditions(plain: dict[str, Any]) -> Conditions:
    try:
        return from_plain(plain)
    except NotConditions as error:
        raise not_sound("body", "conditions" + (f".{error.where}" if error.where else ""), str(error)) from error


def _told(found: Cohort) -> CohortTold:
    names = ("about", "name", "conditions", "made_at", "frozen_at", "count", "digest", "joins_until")
    return CohortTold(id=found.pk, **{name: getattr(found, name) for name in names})

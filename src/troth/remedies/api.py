"""Remedies for other programs: listed, read, and proven to be given by whoever pays."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Operations,
    Page,
    Told,
    maybe_text,
    not_sound,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.queries import family
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.remedies import actions, queries
from troth.remedies.forms import RemedyState, RemedyTold, told
from troth.words.refs import ref

router = Operations(tags=["remedies"])


class RemediesAsked(Page):
    state: RemedyState | None = None
    customer: Annotated[Id | None, Field(description="Also those of records merged into theirs.")] = None
    case: Id | None = None


class Remedies(Told):
    items: list[RemedyTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class RemedyGivenAsked(Asked):
    given_at: Annotated[Instant | None, Field(description="Now where left out; never later than now.")] = None
    reference: Annotated[str, text(500), Field(description="By which the payment or the parcel is found.")]
    note: Annotated[str, maybe_text(2000)] = ""


@router.reads("/remedies", scope=Scope.PROMISES_READ, gives=Remedies, name="list_remedies", summary="List remedies")
def list_remedies(request: HttpRequest, asked: Query[RemediesAsked]) -> Remedies:
    """Newest first."""
    rows = queries.seen_by(staff_of(request))
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.customer:
        rows = rows.filter(customer_id__in=family(asked.customer))
    if asked.case:
        rows = rows.filter(about=ref("case", asked.case))
    found, on = page_of_rows(rows, by="made_at", page=asked, newest_first=True)
    return Remedies(items=[told(row) for row in found], next=on)


@router.reads(
    "/remedies/{number}", scope=Scope.PROMISES_READ, gives=RemedyTold, name="read_remedy", summary="Read a remedy"
)
def read_remedy(request: HttpRequest, number: Id) -> RemedyTold:
    return told(queries.remedy_for(staff_of(request), number))


@router.does(
    "/remedies/{number}/give",
    scope=Scope.PROMISES_WRITE,
    gives=RemedyTold,
    name="give_remedy",
    summary="It was given outside, and this proves it",
)
def give_remedy(request: HttpRequest, number: Id, asked: RemedyGivenAsked) -> RemedyTold:
    staff, now = staff_of(request), timezone.now()
    remedy = queries.remedy_for(staff, number)
    try:
        done = actions.give(
            remedy, given_at=asked.given_at or now, reference=asked.reference, note=asked.note, by=staff, now=now
        )
    except actions.NotNow as error:
        raise Problem(Kind.CHANGED, "It is not owed.") from error
    except actions.NotGiven as error:
        words = "It cannot have been given in the future." if error.why == "future" else "It was not owed on that day."
        raise not_sound("body", "given_at", words) from error
    if not done:
        raise Problem(Kind.SETTLED)
    return told(queries.remedy_for(staff, number))

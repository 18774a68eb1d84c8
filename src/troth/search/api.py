"""Finding, for other programs."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.people.operations import Asked, Id, Instant, Operations, Told, key_of, maybe_text, staff_of
from troth.people.problems import Problem
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.search import finding
from troth.search.finding import Group
from troth.search.models import PassageSort
from troth.search.queries import Excerpt, Narrowed
from troth.search.rules.asked import asked as taken_apart
from troth.words.causes import Cause
from troth.words.promises import State

router = Operations(tags=["search"])


class SearchAsked(Asked):
    words: Annotated[
        str,
        maybe_text(300),
        Field(description='Words that must all stand there; "a phrase", -not this, #12 for a case.'),
    ] = ""
    where: Annotated[
        Literal["everywhere", "messages", "notes", "promises", "customers"],
        Field(description="What is looked through."),
    ] = "everywhere"
    customer: Annotated[Id | None, Field(description="Only what concerns this person.")] = None
    kind: Literal["enquiry", "complaint", "suggestion", "compliment"] | None = None
    cause: Cause | None = None
    promise_state: Annotated[State | None, Field(description="Only where a promise in this state stands.")] = None
    owner: Id | None = None
    team: Id | None = None
    since: Annotated[Instant | None, Field(description="Said then or later.")] = None
    until: Annotated[Instant | None, Field(description="Said before.")] = None
    sort: Literal["best", "newest"] = "best"
    page: Annotated[int, Field(ge=1, le=20, description="Of the best.")] = 1


class PieceTold(Told):
    text: str
    hit: Annotated[bool, Field(description="It is what was looked for.")]


class PlaceTold(Told):
    ref: Annotated[str, Field(description='"message:12", "case:3" or "promise:5".')]
    sort: Annotated[PassageSort, Field(description="What it stands in.")]
    at: Instant
    pieces: list[PieceTold]


class PromiseFound(Told):
    id: int
    state: State
    what: str


class FoundTold(Told):
    """A case and where the words stand in it; `case` is null of a promise that stands in none."""

    case: int | None
    subject: str
    customer: int | None
    status: Literal["open", "waiting", "resolved", ""]
    places: list[PlaceTold]
    promises: list[PromiseFound]


class WhoTold(Told):
    id: int
    name: str
    address: str


class SearchTold(Told):
    items: list[FoundTold]
    customers: list[WhoTold]
    count: Annotated[int, Field(description="How many items there are, as far as was looked.")]
    more: Annotated[bool, Field(description="There are more places than were looked at; narrow the search for those.")]
    next_page: int | None


@router.reads("/search", scope=Scope.CASES_READ, gives=SearchTold, name="search", summary="Find what was said")
def search(request: HttpRequest, asked: Query[SearchAsked]) -> SearchTold:
    """Of customers and promises only what the key may read of them anyway."""
    scopes = key_of(request).scopes
    if asked.promise_state and Scope.PROMISES_READ not in scopes:
        raise Problem(Kind.NOT_ALLOWED, f"It needs the scope {Scope.PROMISES_READ}.", scope=Scope.PROMISES_READ)
    where = finding.sorts_of(asked.where)
    if Scope.PROMISES_READ not in scopes:
        where = tuple(sort for sort in where or tuple(PassageSort) if sort != PassageSort.PROMISE)
    results = finding.find(
        staff_of(request),
        taken_apart(asked.words),
        Narrowed(
            customer=asked.customer,
            kind=asked.kind or "",
            cause=asked.cause or "",
            promise_state=asked.promise_state or "",
            owner=asked.owner,
            team=asked.team,
            since=asked.since,
            until=asked.until,
            where=where,
        ),
        newest_first=asked.sort == "newest",
        page=asked.page,
        with_customers=asked.where in {"everywhere", "customers"} and Scope.CUSTOMERS_READ in scopes,
        with_passages=asked.where != "customers" and (asked.where != "promises" or Scope.PROMISES_READ in scopes),
        now=timezone.now(),
    )
    may_promises = Scope.PROMISES_READ in scopes
    return SearchTold(
        items=[_found(group, may_promises=may_promises) for group in results.groups],
        customers=[WhoTold(id=one.id, name=one.name, address=one.address) for one in results.customers],
        count=results.count,
        more=results.is_cut,
        next_page=results.next_page,
    )


def _found(group: Group, *, may_promises: bool) -> FoundTold:
    places = [_place(excerpt) for excerpt in group.excerpts]
    case = group.case
    if case is None:
        whose = group.excerpts[0].customer_id
        return FoundTold(case=None, subject="", customer=whose, status="", places=places, promises=[])
    promises = [PromiseFound(id=one["id"], state=one["state"], what=one["what"]) for one in case.promises]
    return FoundTold(
        case=case.id,
        subject=case.subject,
        customer=case.customer_id,
        status=case.status,  # type: ignore[arg-type] # the database keeps it to the list
        places=places,
        promises=promises if may_promises else [],
    )


def _place(excerpt: Excerpt) -> PlaceTold:
    pieces = [PieceTold(text=text, hit=is_hit) for text, is_hit in finding.parts(excerpt.text)]
    return PlaceTold(ref=excerpt.ref, sort=excerpt.sort, at=excerpt.at, pieces=pieces)

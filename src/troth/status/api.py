"""The public page for other programs: its components and places, and planned work.

What the page shows anybody reads at /status/status.json, without a key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.people.operations import Asked, Id, Instant, Number, Operations, Told, maybe_text, not_sound, staff_of, text
from troth.people.problems import Problem
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.status import actions
from troth.status.models import Component, Place, Planned

router = Operations(tags=["status"])
PartKind = Literal["component", "place"]


class PartTold(Told):
    kind: PartKind
    id: int
    name: str
    group: Annotated[str, Field(description="Under which it stands; empty for a place.")]
    description: str
    former: Annotated[list[str], Field(description="Names it had before; incidents that name these still mean it.")]
    retired_at: Annotated[Instant | None, Field(description="Off the page since then.")]


class Parts(Told):
    items: list[PartTold]


class PartAsked(Asked):
    kind: PartKind
    name: Annotated[str, text(80)]
    group: Annotated[str, maybe_text(80)] = ""
    description: Annotated[str, maybe_text(300)] = ""


class PlannedTold(Told):
    id: int
    public_id: Annotated[str, Field(description="Its name in the calendar and on the page.")]
    title: str
    words: str
    begins_at: Instant
    ends_at: Instant
    components: list[int]
    places: list[int]
    version: Annotated[int, Field(description="How often it was said; each stays to be read.")]
    said_at: Instant
    cancelled_at: Instant | None


class ManyPlanned(Told):
    items: list[PlannedTold]


class PlannedAsked(Asked):
    title: Annotated[str, text(120)]
    words: Annotated[str, maybe_text(4000)] = ""
    begins_at: Instant
    ends_at: Instant
    components: Annotated[list[Number], Field(max_length=200)] = []
    places: Annotated[list[Number], Field(max_length=200)] = []


@router.reads(
    "/status/parts", scope=Scope.STATUS_READ, gives=Parts, name="list_status_parts",
    summary="List the components and places of the public page",
)  # fmt: skip
def list_status_parts(request: HttpRequest) -> Parts:
    """How each stands is worked out from public incidents and planned work; it stands at /status/status.json."""
    components = [_part(row) for row in Component.objects.order_by("group", "order", "pk")]
    return Parts(items=components + [_part(row) for row in Place.objects.order_by("order", "pk")])


@router.does(
    "/status/parts", scope=Scope.STATUS_WRITE, gives=PartTold, status=201, name="name_status_part",
    summary="Put a component or a place on the public page",
)  # fmt: skip
def name_status_part(request: HttpRequest, asked: PartAsked) -> PartTold:
    """Incidents mean it by this name. 409 where another has it, or had it."""
    try:
        made = actions.name(
            Component if asked.kind == "component" else Place, None, name=asked.name, group=asked.group,
            description=asked.description, by=staff_of(request), now=timezone.now(),
        )  # fmt: skip
    except actions.NameTaken as error:
        raise Problem(Kind.SETTLED, "Another has this name, or had it.") from error
    except actions.NoName as error:
        raise not_sound("body", "name", str(error)) from error
    return _part(made)


@router.reads(
    "/status/planned", scope=Scope.STATUS_READ, gives=ManyPlanned, name="list_planned_work",
    summary="List planned work",
)  # fmt: skip
def list_planned_work(request: HttpRequest) -> ManyPlanned:
    """The newest hundred, each as it was said last."""
    return ManyPlanned(items=[_planned(row) for row in Planned.objects.order_by("-pk")[:100]])


@router.does(
    "/status/planned", scope=Scope.STATUS_WRITE, gives=PlannedTold, status=201, name="plan_work",
    summary="Announce planned work",
)  # fmt: skip
def plan_work(request: HttpRequest, asked: PlannedAsked) -> PlannedTold:
    """It stands on the public page and in its calendar at once, and subscribers are written to."""
    return _said(request, None, asked)


@router.does(
    "/status/planned/{number}/versions", scope=Scope.STATUS_WRITE, gives=PlannedTold, name="plan_work_otherwise",
    summary="Announce planned work otherwise",
)  # fmt: skip
def plan_work_otherwise(request: HttpRequest, number: Id, asked: PlannedAsked) -> PlannedTold:
    """What was said before stays to be read. The same once more changes nothing. 409 once it is over or called off."""
    return _said(request, _found(number), asked)


@router.does(
    "/status/planned/{number}/cancel", scope=Scope.STATUS_WRITE, gives=PlannedTold, name="cancel_planned_work",
    summary="Call planned work off",
)  # fmt: skip
def cancel_planned_work(request: HttpRequest, number: Id) -> PlannedTold:
    """It stays on the page, marked so. 409 once it is over or called off."""
    found = _found(number)
    _ahead(lambda: actions.cancel(found, by=staff_of(request), now=timezone.now()))
    found.refresh_from_db()
    return _planned(found)


def _said(request: HttpRequest, found: Planned | None, asked: PlannedAsked) -> PlannedTold:
    now: datetime = timezone.now()
    try:
        return _planned(
            _ahead(
                lambda: actions.say(
                    found, title=asked.title, words=asked.words, from_at=asked.begins_at, until=asked.ends_at,
                    components=asked.components, places=asked.places, by=staff_of(request), now=now,
                )
            )
        )  # fmt: skip
    except actions.WrongTimes as error:
        raise not_sound("body", "ends_at", str(error)) from error
    except actions.NoTitle as error:
        raise not_sound("body", "title", str(error)) from error


def _ahead(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except actions.NotAhead as error:
        raise Problem(Kind.SETTLED, str(error)) from error


def _found(number: int) -> Planned:
    found = Planned.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _part(row: Component | Place) -> PartTold:
    return PartTold(
        kind="component" if isinstance(row, Component) else "place",
        id=row.pk,
        name=row.name,
        group=getattr(row, "group", ""),
        description=row.description,
        former=list(row.former),
        retired_at=row.retired_at,
    )


def _planned(row: Planned) -> PlannedTold:
    last = row.versions.order_by("-number")[0]
    return PlannedTold(
        id=row.pk,
        public_id=str(row.public_id),
        title=last.title,
        words=last.words,
        begins_at=last.from_at,
        ends_at=last.until,
        components=list(last.components),
        places=list(last.places),
        version=last.number,
        said_at=last.said_at,
        cancelled_at=row.cancelled_at,
    )

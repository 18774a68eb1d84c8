"""The ledger for other programs: every fact, in the one order it was sealed in."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import AfterValidator, Field, WithJsonSchema

from troth.ledger import queries as ledger
from troth.people.operations import PAGE_MOST, Asked, Instant, Operations, Told, staff_of
from troth.people.problems import Problem
from troth.people.queries import sees_everything
from troth.people.rules.cursor import NUMBER_MOST
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.words.facts import kinds

router = Operations(tags=["events"])


def _known(kind: str) -> str:
    if kind not in kinds():
        raise ValueError("There is no such kind of fact.")
    return kind


FactKind = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": sorted(kinds())})]
_REFERENCE = r"^[a-z_]{1,40}:[0-9]{1,18}$"


class EventsAsked(Asked):
    after: Annotated[int, Field(ge=0, le=NUMBER_MOST, description="The last position you have seen.")] = 0
    limit: Annotated[int, Field(ge=1, le=PAGE_MOST, description="How many at most.")] = 50
    kind: Annotated[FactKind | None, Field(description="Only facts of this kind.")] = None
    about: Annotated[str | None, Field(pattern=_REFERENCE, description='Only about this, such as "promise:31".')] = None
    customer: Annotated[str | None, Field(pattern=_REFERENCE, description='Only of this customer: "customer:7".')] = (
        None
    )


class EventTold(Told):
    id: Annotated[str, Field(description="The entry's own name; the same in a webhook.")]
    position: Annotated[int, Field(description="Its place in the order: 1, 2, 3 and so on without a gap.")]
    kind: FactKind
    version: int
    about: str
    customer: str
    happened_at: Annotated[Instant, Field(description="When it was so.")]
    recorded_at: Annotated[Instant, Field(description="When we wrote it down.")]
    fields: Annotated[dict[str, Any], Field(description="The kind's own fields; docs/formats/entry.md lists them.")]
    erased: Annotated[
        bool, Field(description="Erased with its customer: what it said is gone, `fields` is empty and `version` 0.")
    ] = False


class Events(Told):
    items: list[EventTold]
    last: Annotated[int, Field(description="Ask on with this as `after`; the same as before where nothing came.")]


@router.reads("/events", scope=Scope.EVENTS_READ, gives=Events, name="list_events", summary="Follow the ledger")
def list_events(request: HttpRequest, asked: Query[EventsAsked]) -> Events:
    """Facts in the order they were sealed in, a second or so after they happened. They hold references and times, and
    no person's words, name or address. As every team's facts stand among them, the key has to act for somebody from
    whom no closed team is closed."""
    if not sees_everything(staff_of(request)):
        raise Problem(Kind.NOT_ALLOWED, "There are closed teams that the person behind this key does not see into.")
    found = ledger.events(
        asked.after,
        most=asked.limit,
        kinds=[asked.kind] if asked.kind else [],
        about=asked.about or "",
        customer=asked.customer or "",
    )
    items = [EventTold(**event.to_plain()) for event in found]
    return Events(items=items, last=items[-1].position if items else asked.after)

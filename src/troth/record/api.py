"""Receipts for other programs: a shop that shows its customer what was promised can hand the proof along."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from troth.people.operations import Id, Instant, Operations, Told, staff_of
from troth.people.rules.keys import Scope
from troth.promises.queries import promise_for
from troth.record import receipts
from troth.words.refs import ref

router = Operations(tags=["receipts"])


class ReceiptTold(Told):
    entry: Annotated[str, Field(description="The fact it proves, as events name it.")]
    kind: Annotated[str, Field(description="The kind of that fact, such as PromiseMade.")]
    happened_at: Instant
    recorded_at: Instant
    position: Annotated[
        int | None, Field(description="Its place in the record; null for the second until it is sealed.")
    ]
    name: Annotated[str, Field(description="A good name for the file.")]
    text: Annotated[
        str | None, Field(description="The receipt: a text file in UTF-8, byte by byte. Null until it is sealed.")
    ]


class Receipts(Told):
    items: list[ReceiptTold]


@router.reads(
    "/promises/{number}/receipts",
    scope=Scope.PROMISES_READ,
    gives=Receipts,
    name="list_receipts",
    summary="The receipts of a promise, the oldest first",
)
def list_receipts(request: HttpRequest, number: Id) -> Receipts:
    """Of what was forgotten there is none any more."""
    promise = promise_for(staff_of(request), number)
    return Receipts(
        items=[
            ReceiptTold(
                entry=ref("entry", one.entry),
                kind=one.kind,
                happened_at=one.happened_at,
                recorded_at=one.recorded_at,
                position=one.position,
                name=one.name,
                text=one.text,
            )
            for one in receipts.of(ref("promise", promise.pk))
        ]
    )

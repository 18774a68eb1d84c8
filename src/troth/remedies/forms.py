"""Remedies as other programs read them, wherever they are told of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from troth.people.operations import Instant, Told
from troth.remedies.models import Remedy
from troth.remedies.rules.money import plain

#: Spelled out: promises and clocks have states of their own, and a description names each thing once.
RemedyState = Literal[
    "sought", "waiting", "offered", "accepted", "declined", "due", "given", "withdrawn", "missed"
]  # fmt: skip


class RemedyTold(Told):
    id: int
    about: Annotated[str, Field(description="What it makes good: case:12, order:5 or incident:3.")]
    customer: int
    sort: str
    state: RemedyState
    what: str
    amount: Annotated[str, Field(description="As text, for a number would lose cents; empty where it is not money.")]
    currency: Annotated[str, Field(description="ISO 4217.")]
    promise: Annotated[int | None, Field(description="The promise that it is given.")]
    sought_at: Instant | None
    offered_at: Instant | None
    accepted_at: Instant | None
    due: Instant | None
    missed_at: Instant | None
    given_at: Instant | None
    reference: Annotated[str, Field(description="What proves that it was given.")]
    standard: Annotated[str, Field(description="The standard that raised it by itself, or empty.")]
    second_of: Annotated[int | None, Field(description="The remedy that was not given in time.")]


def told(row: Remedy) -> RemedyTold:
    return RemedyTold(
        id=row.pk,
        about=row.about,
        customer=row.customer_id,
        sort=row.sort,
        state=row.state,  # type: ignore[arg-type] # the database holds no other
        what=row.what,
        amount=plain(row.amount),
        currency=row.currency,
        promise=row.promise_id,
        sought_at=row.sought_at,
        offered_at=row.offered_at,
        accepted_at=row.accepted_at,
        due=row.due,
        missed_at=row.missed_at,
        given_at=row.given_at,
        reference=row.proof_reference,
        standard=row.standard,
        second_of=row.second_of_id,
    )

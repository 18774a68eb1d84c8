"""A promise as other programs tell of it and are told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from troth.people.models import Customer, Staff
from troth.people.operations import Asked, Instant, Number, Told, maybe_text, not_sound, text
from troth.people.problems import Problem
from troth.people.queries import NobodyLeft, owner_choices
from troth.people.rules.problems import Kind
from troth.promises import actions
from troth.promises.models import Promise
from troth.words.promises import Sort, Speaker, State, Strength


class PromiseAsked(Asked):
    what: Annotated[str, text(1000), Field(description="As it was said.")]
    due: Annotated[Instant | None, Field(description="Needed, but where it waits for a condition.")] = None
    condition: Annotated[str, maybe_text(500), Field(description="What it waits for; it is armed until then.")] = ""
    sort: Sort = Sort.DEED
    strength: Strength = Strength.PROMISE
    said_at: Annotated[Instant | None, Field(description="When the customer heard it; now where left out.")] = None
    owner: Annotated[Number | None, Field(description="Who keeps it; the key's own person where left out.")] = None


class PromiseToSomebodyAsked(PromiseAsked):
    customer: Number


class PromiseTold(Told):
    id: int
    customer: Annotated[int | None, Field(description="null where it was made to the public.")]
    about: Annotated[str, Field(description='What it belongs to, such as "case:12".')]
    what: str
    quote: Annotated[str, Field(description="The sentence it was made in.")]
    source: Annotated[str, Field(description='Where it stands: "message:5", or "key:3" where a program recorded it.')]
    sort: Sort
    strength: Strength
    speaker: Speaker
    state: State
    condition: str
    made_at: Instant
    first_due: Annotated[Instant | None, Field(description="The first date given; it never changes.")]
    due: Instant | None
    zone: Annotated[str, Field(description="The zone the date was said in.")]
    told_by: Annotated[Instant | None, Field(description="Words delivered by then let a new date count as moved.")]
    told_at: Annotated[Instant | None, Field(description="When words about the present date arrived.")]
    owner: int | None
    team: int | None
    moves: int
    done_at: Instant | None
    settled_at: Instant | None
    reason: str
    miss_reason: Literal["", "over_promised", "waited", "forgot", "no_capacity", "supplier", "unforeseen", "other"]
    verdict: Annotated[bool | None, Field(description="The customer's own: kept or not.")]
    imported: bool


def record(
    asked: PromiseAsked,
    *,
    customer: Customer,
    about: str = "",
    team_id: int | None = None,
    staff: Staff,
    now: datetime,
) -> Promise:
    """Put on record what was promised to *customer*; raises Problem."""
    if asked.said_at and asked.said_at > now:
        raise not_sound("body", "said_at", "That has not been said yet.")
    if asked.sort is Sort.NOT_AGAIN:
        raise not_sound(
            "body", "sort", "That something does not happen again is promised with a watch on its incident."
        )
    owner = owner_of(asked.owner) if asked.owner else staff
    try:
        return actions.record(
            customer=customer,
            what=asked.what,
            quote=asked.what,
            due=asked.due,
            said_at=asked.said_at or now,
            now=now,
            state=State.ARMED if asked.condition.strip() else State.OPEN,
            condition=asked.condition,
            sort=asked.sort,
            strength=asked.strength,
            owner=owner,
            team_id=team_id,
            source=staff.reference,
            about=about,
        )
    except NobodyLeft as error:
        raise Problem(Kind.SETTLED, "This customer was erased: there is nobody to promise anything to.") from error
    except (actions.NoDate, actions.DateAlreadyPassed) as error:
        raise not_sound("body", "due", str(error)) from error


def owner_of(number: int) -> Staff:
    """Whoever is to own a promise; raises Problem."""
    owner = next((person for person in owner_choices() if person.pk == number), None)
    if owner is None:
        raise not_sound("body", "owner", "Nobody by that number answers customers here.")
    return owner


def told(promise: Promise) -> PromiseTold:
    return PromiseTold(
        id=promise.pk,
        customer=promise.customer_id,
        about=promise.about,
        what=promise.what,
        quote=promise.source_quote,
        source=promise.source,
        sort=Sort(promise.sort),
        strength=Strength(promise.strength),
        speaker=Speaker(promise.speaker),
        state=State(promise.state),
        condition=promise.condition,
        made_at=promise.made_at,
        first_due=promise.first_due,
        due=promise.due,
        zone=promise.zone,
        told_by=promise.told_by,
        told_at=promise.told_at,
        owner=promise.owner_id,
        team=promise.team_id,
        moves=promise.moves,
        done_at=promise.done_at,
        settled_at=promise.settled_at,
        reason=promise.reason,
        miss_reason=promise.miss_reason,  # type: ignore[arg-type] # the form keeps it to the list
        verdict=promise.verdict,
        imported=promise.imported,
    )

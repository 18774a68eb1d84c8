"""Promises found in conversations from before Troth, recorded silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from troth.ledger.actions import append_past
from troth.promises.actions.ending import digest
from troth.promises.actions.moving import NothingOwed
from troth.promises.actions.recording import NoDate, made
from troth.promises.models import Promise
from troth.promises.rules import words
from troth.promises.telling import customer_ref
from troth.words import facts
from troth.words.promises import Sort, Speaker, State, Strength
from troth.words.refs import ref


@dataclass(frozen=True, kw_only=True)
class Past:
    """A promise found in a conversation from before Troth, and what became of it as far as the conversation tells."""

    customer_id: int
    what: str
    said_at: datetime
    #: Proposed where nothing tells what became of it; armed, kept, late, broken or released where something does.
    state: State
    due: datetime | None = None
    window_start: datetime | None = None
    #: When it was done, if that is known.
    done_at: datetime | None = None
    #: When it was seen what became of it; empty while proposed or armed.
    settled_at: datetime | None = None
    sort: Sort = Sort.DEED
    strength: Strength = Strength.PROMISE
    speaker: Speaker = Speaker.COMPANY
    source: str = ""
    quote: str = ""
    about: str = ""
    condition: str = ""
    zone: str = "UTC"
    owner_id: int | None = None


@transaction.atomic
def record_past(pasts: Sequence[Past], *, now: datetime) -> list[Promise]:
    """Record what was promised before Troth, silently: no plan, so nobody is warned and nothing is told.

    Only what the conversation shows is settled; the rest stays proposed, which is in no rate and owed by nobody.
    Raises NoDate where something is late or broken without a date, NothingOwed where it would still be owed.
    """
    for past in pasts:
        if past.state in {State.LATE, State.BROKEN} and past.due is None:
            raise NoDate("Nothing is late or broken that had no date.")
        if past.state in {State.KEPT, State.LATE} and past.done_at is None:
            raise NothingOwed("What was done, in time or late, was done at some time.")
        if past.state not in PAST_STATES:
            raise NothingOwed(f"A promise from before Troth cannot be {past.state}.")
    rows = Promise.objects.bulk_create(
        Promise(
            customer_id=past.customer_id,
            sort=past.sort,
            strength=past.strength,
            speaker=past.speaker,
            state=past.state,
            what=past.what.strip(),
            condition=past.condition.strip(),
            source_quote=past.quote,
            words_salt=words.fresh_salt(),
            source=past.source,
            about=past.about,
            made_at=past.said_at,
            said_at=past.said_at,
            first_due=past.due,
            due=past.due,
            window_start=past.window_start,
            zone=past.zone,
            owner_id=past.owner_id,
            by_itself=False,
            done_at=past.done_at,
            settled_at=past.settled_at,
            imported=True,
        )
        for past in pasts
    )
    append_past((dated for row in rows for dated in _past_facts(row)), now=now)
    return rows


PAST_STATES = frozenset({State.PROPOSED, State.ARMED, State.KEPT, State.LATE, State.BROKEN, State.RELEASED})


def _past_facts(promise: Promise) -> list[tuple[datetime, facts.Fact]]:
    """What happened to a past promise, each with its own time, in the order the ledger would have had it."""
    about, customer, due = ref("promise", promise.pk), customer_ref(promise), promise.due
    known = made(promise)
    if promise.state not in {State.PROPOSED, State.ARMED}:
        known = replace(known, state=State.OPEN)
    told: list[tuple[datetime, facts.Fact]] = [(promise.said_at, known)]
    ended = promise.settled_at or promise.said_at
    done_at = promise.done_at or ended
    if promise.state == State.KEPT:
        told.append((done_at, facts.PromiseKept(about=about, customer=customer, due=due, done_at=done_at, by="")))
    elif promise.state in {State.LATE, State.BROKEN} and due is not None:
        told.append((due, facts.PromiseLate(about=about, customer=customer, due=due, told=False)))
        if promise.state == State.BROKEN:
            told.append((ended, facts.PromiseBroken(about=about, customer=customer, due=due, reason="not_done")))
        else:
            late = facts.PromiseDoneLate(about=about, customer=customer, due=due, done_at=done_at, by="")
            told.append((done_at, late))
    elif promise.state == State.RELEASED:
        told.append((ended, facts.PromiseReleased(about=about, customer=customer, reason=digest(""), by="")))
    return told

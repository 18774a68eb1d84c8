"""A promise is made: recorded with its plan, or owed from now on because its condition came true."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from troth.ledger.actions import append
from troth.people.models import Customer, Staff
from troth.people.queries import hours_of, refuse_erased
from troth.promises import letters
from troth.promises.models import Promise
from troth.promises.rules import due as rules
from troth.promises.rules import words
from troth.promises.telling import by_ref, customer_ref
from troth.words import facts
from troth.words.hours import Hours
from troth.words.promises import Sort, Speaker, State, Strength
from troth.words.refs import ref


class DateAlreadyPassed(ValueError):
    """The date lies in the past: nothing can be promised for it."""


class NoDate(ValueError):
    """An open promise needs a date, if only for the next word."""


def standing_of(promise: Promise) -> rules.Standing:
    """The promise as the rules see it."""
    assert promise.due is not None  # what is owed has a date and a plan
    assert promise.warn_at is not None
    assert promise.escalate_at is not None
    assert promise.heads_up_at is not None
    assert promise.told_by is not None
    assert promise.broken_at is not None
    return rules.Standing(
        state=State(promise.state),
        sort=Sort(promise.sort),
        plan=rules.Plan(
            warn_at=promise.warn_at,
            escalate_at=promise.escalate_at,
            heads_up_at=promise.heads_up_at,
            told_by=promise.told_by,
            due=promise.due,
            broken_at=promise.broken_at,
        ),
        warned=promise.warned_at is not None,
        escalated=promise.escalated_at is not None,
        telling=promise.telling_at is not None,
        by_itself=promise.by_itself,
        done=promise.done_at is not None,
    )


def plan_for(promise: Promise, *, since: datetime, hours: Hours | None = None) -> dict[str, Any]:
    """The column values of a fresh plan for the promise's date, promised at *since*."""
    assert promise.due
    plan = rules.plan(made_at=since, due=promise.due, hours=hours or hours_of(promise.team_id))
    return {
        "warn_at": plan.warn_at,
        "escalate_at": plan.escalate_at,
        "heads_up_at": plan.heads_up_at,
        "told_by": plan.told_by,
        "broken_at": plan.broken_at,
        "look_again_at": None if promise.sort == Sort.NOT_AGAIN else plan.warn_at,
        "warned_at": None,
        "escalated_at": None,
        "telling_at": None,
        "told_at": None,
    }


def record(
    *,
    customer: Customer | None,
    what: str,
    due: datetime | None,
    said_at: datetime,
    now: datetime,
    state: State = State.OPEN,
    owner: Staff | None = None,
    team_id: int | None = None,
    sort: Sort = Sort.DEED,
    strength: Strength = Strength.PROMISE,
    speaker: Speaker = Speaker.COMPANY,
    source: str = "",
    quote: str = "",
    about: str = "",
    condition: str = "",
    window_start: datetime | None = None,
    because: Promise | None = None,
    by_itself: bool | None = None,
) -> Promise:
    """Record a promise made to *customer* (None: to the public); raises NoDate, DateAlreadyPassed, NobodyLeft."""
    if customer is not None:
        refuse_erased(customer.pk)
    if state == State.OPEN and due is None:
        raise NoDate("Say when, if only when the customer will hear from us next.")
    if due is not None and due <= now:
        raise DateAlreadyPassed("This date has passed already.")
    team_id = team_id if team_id is not None else (owner.team_id if owner else None)
    promise = unsaved(
        customer=customer,
        what=what,
        due=due,
        said_at=said_at,
        state=state,
        owner=owner,
        team_id=team_id,
        sort=sort,
        strength=strength,
        speaker=speaker,
        source=source,
        source_quote=quote,
        about=about,
        condition=condition,
        window_start=window_start,
        because=because,
        by_itself=by_itself if by_itself is not None else letters.by_itself(team_id),
        hours=hours_of(team_id),
    )
    with transaction.atomic(savepoint=False):
        promise.save(force_insert=True)
        append(made(promise), now=now, happened_at=said_at)
    return promise


def unsaved(
    *,
    what: str,
    due: datetime | None,
    said_at: datetime,
    hours: Hours,
    state: State = State.OPEN,
    condition: str = "",
    **values: Any,
) -> Promise:
    """The row of a promise said at *said_at*, with its plan where it is open; not saved yet."""
    promise = Promise(
        what=" ".join(what.split()),
        condition=" ".join(condition.split()),
        state=state,
        made_at=said_at,
        said_at=said_at,
        first_due=due,
        due=due,
        zone=hours.zone,
        words_salt=words.fresh_salt(),
        **values,
    )
    if due is not None and state == State.OPEN:
        for name, value in plan_for(promise, since=said_at, hours=hours).items():
            setattr(promise, name, value)
    return promise


def words_of(promise: Promise) -> words.Words:
    """The words that the ledger has a digest of."""
    return words.of_promise(what=promise.what, condition=promise.condition, quote=promise.source_quote)


def made(promise: Promise) -> facts.PromiseMade:
    """The fact of a promise just recorded."""
    return facts.PromiseMade(
        about=ref("promise", promise.pk),
        customer=customer_ref(promise),
        sort=promise.sort,
        strength=promise.strength,
        speaker=promise.speaker,
        state=promise.state,
        first_due=promise.first_due,
        said_at=promise.said_at,
        source=promise.source,
        words_digest=words.digest(words_of(promise), salt=bytes(promise.words_salt)),
        owner=ref("staff", promise.owner_id) if promise.owner_id else "",
    )


@transaction.atomic
def open_up(promise: Promise, *, due: datetime, by: Staff | None, now: datetime) -> bool:
    """The condition came true (or a found promise was confirmed): from now on it is owed. Raises DateAlreadyPassed."""
    if due <= now:
        raise DateAlreadyPassed("This date has passed already.")
    promise.due = due
    values = plan_for(promise, since=now)
    changed = Promise.objects.filter(pk=promise.pk, state__in=[State.ARMED, State.PROPOSED]).update(
        state=State.OPEN, due=due, first_due=promise.first_due or due, owner=promise.owner or by, **values
    )
    if changed != 1:
        return False
    append(
        facts.PromiseOpened(
            about=ref("promise", promise.pk),
            customer=customer_ref(promise),
            first_due=promise.first_due or due,
            by=by_ref(by),
        ),
        now=now,
    )
    return True

"""Every change of a promise: one function, one thing done, one transaction, its fact beside it.

Changes are conditional: the row is changed only if it still is as we thought, so of two who act at once one wins and the
other gets `False` (or `SomeoneWasQuicker`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from troth.ledger.actions import append, append_past
from troth.people.models import Customer, Staff
from troth.people.queries import hours_of, refuse_erased
from troth.post.actions import enclose
from troth.promises import letters
from troth.promises.models import Promise, Telling
from troth.promises.rules import due as rules
from troth.promises.rules import words
from troth.promises.telling import by_ref, customer_ref, settle_for, tell, waits_for_receipts
from troth.words import facts
from troth.words.hours import Hours
from troth.words.promises import MissReason, Sort, Speaker, State, Strength
from troth.words.refs import ref


class DateAlreadyPassed(ValueError):
    """The date lies in the past: nothing can be promised for it."""


class NoDate(ValueError):
    """An open promise needs a date, if only for the next word."""


class SomeoneWasQuicker(RuntimeError):
    """The promise is no longer as it was shown; look again."""


class NothingOwed(ValueError):
    """The promise is settled: there is nothing to move or keep."""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
        "look_again_at": plan.warn_at,
        "warned_at": None,
        "escalated_at": None,
        "telling_at": None,
        "told_at": None,
    }


@transaction.atomic
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
    promise.save()
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


@transaction.atomic
def own(promise: Promise, *, owner: Staff | None, by: Staff | None, now: datetime) -> bool:
    """Somebody becomes the owner; False if it was so already."""
    row = Promise.objects.select_for_update(of=("self",)).select_related("team").get(pk=promise.pk)
    if row.owner_id == (owner.pk if owner else None):
        return False
    before = ref("staff", row.owner_id) if row.owner_id else ""
    after = ref("staff", owner.pk) if owner else ""
    Promise.objects.filter(pk=row.pk).update(owner=owner, team_id=_team_after(row, owner))
    append(
        facts.PromiseOwned(
            about=ref("promise", row.pk), customer=customer_ref(row), before=before, owner=after, by=by_ref(by)
        ),
        now=now,
    )
    return True


def _team_after(row: Promise, owner: Staff | None) -> int | None:
    """The new owner's team; what a closed team looks after stays with it, whoever owns it."""
    stays = owner is None or (row.team is not None and row.team.is_closed)
    return row.team_id if stays or owner is None else owner.team_id


def follow(about: str, *, team_id: int | None) -> None:
    """Everything promised in *about* belongs to this team from now on, and is seen by whoever sees the team."""
    Promise.objects.filter(about=about).update(team_id=team_id)


@transaction.atomic
def keep(promise: Promise, *, by: Staff | None, now: datetime, done_at: datetime | None = None) -> bool:
    """It is done. By its date: kept (a moved one stays moved); after it: done late. False if it was settled already."""
    done_at = min(done_at or now, now)
    row = _locked(promise)
    if row is None or not (row.is_owed or row.state == State.ARMED):
        return False
    about, customer = ref("promise", row.pk), customer_ref(row)
    values: dict[str, Any] = {"done_at": done_at, "settled_at": now, "look_again_at": None}
    if row.due is None or (done_at <= row.due and row.state != State.LATE):
        if row.state != State.MOVED:
            values["state"] = State.KEPT
        append(facts.PromiseKept(about=about, customer=customer, due=row.due, done_at=done_at, by=by_ref(by)), now=now)
    else:
        values["state"] = State.LATE
        _late_by_now(row, now=now)
        append(
            facts.PromiseDoneLate(about=about, customer=customer, due=missed_due(row), done_at=done_at, by=by_ref(by)),
            now=now,
        )
    Promise.objects.filter(pk=row.pk).update(**values)
    _next_words_given(row, by=by, now=now)
    return True


def _late_by_now(row: Promise, *, now: datetime) -> None:
    """The date has passed: say so, if the watcher had not come by yet."""
    if row.state != State.LATE:
        settle_for([row], now=now)
    if row.state == State.LATE:
        return
    assert row.due
    row.state = State.LATE
    Promise.objects.filter(pk=row.pk).update(state=State.LATE)
    told = row.told_at is not None
    append(facts.PromiseLate(about=ref("promise", row.pk), customer=customer_ref(row), due=row.due, told=told), now=now)


def missed_due(promise: Promise) -> datetime:
    """The date a late promise was late by; a new one may have been given since."""
    assert promise.due
    for telling in Telling.objects.filter(promise=promise, to_due__isnull=False).order_by("pk"):
        in_time = telling.delivered_at is not None and rules.counts_as_moved(
            delivered_at=telling.delivered_at, told_by=telling.told_by
        )
        if telling.kind == Telling.Kind.NEW_DATE or (telling.settled_at and not in_time):
            return telling.due
    return promise.due


def _next_words_given(promise: Promise, *, by: Staff | None, now: datetime) -> None:
    """The thing itself is done, so the next word about it is owed no more: being done is the word."""
    for word in Promise.objects.filter(because=promise, done_at=None, state__in=[State.OPEN, State.MOVED, State.LATE]):
        keep(word, by=by, now=now)


@transaction.atomic
def word_given(*, customer_ids: Sequence[int], about: str, by: Staff | None, done_at: datetime, now: datetime) -> int:
    """The customer heard from a person at *done_at*: answers and next words owed here since before are kept; how many."""
    owed = Promise.objects.filter(
        customer_id__in=customer_ids,
        about=about,
        sort__in=[Sort.ANSWER, Sort.NEXT_WORD],
        state__in=[State.OPEN, State.MOVED, State.LATE],
        done_at=None,
        made_at__lt=done_at,
    ).order_by("pk")
    return sum(keep(promise, by=by, now=now, done_at=done_at) for promise in owed)


@transaction.atomic
def move(promise: Promise, *, to: datetime, words: str, reason: str, by: Staff | None, now: datetime) -> Telling:
    """Tell the customer before the date and give a new one. The third move counts as broken, and its date is a new promise.

    After the date it is no move: the customer is told the new date, and the promise stays late.
    Raises NothingOwed, DateAlreadyPassed, SomeoneWasQuicker (the date is not the one that was shown).
    """
    row = _locked(promise)
    if row is None or not row.is_owed:
        raise NothingOwed("This promise is settled.")
    if row.due != promise.due:
        raise SomeoneWasQuicker("Somebody gave another date meanwhile.")
    assert row.due is not None
    if to <= now:
        raise DateAlreadyPassed("The new date has passed already.")
    if to <= row.due:
        raise DateAlreadyPassed("The new date is not later than the one it replaces.")
    in_time = now < row.due and row.state != State.LATE
    if not in_time:
        _late_by_now(row, now=now)
    kind = Telling.Kind.MOVE if in_time else Telling.Kind.NEW_DATE
    telling = tell(row, kind=kind, to_due=to, words=words, by=by, now=now)
    from_due, count = row.due, row.moves + 1
    waits = waits_for_receipts(row, now=now)
    row.due = to
    if not in_time:
        _enclose(telling, [row] if waits else [])
        Promise.objects.filter(pk=row.pk).update(
            due=to, look_again_at=max(row.broken_at or to, to), broken_at=max(row.broken_at or to, to)
        )
        return telling
    values = plan_for(row, since=now)
    values["state"] = State.MOVED
    if count >= rules.MOVES_MAX:
        values.update(state=State.BROKEN, settled_at=now, look_again_at=None, told_at=row.told_at)
    Promise.objects.filter(pk=row.pk).update(due=to, moves=count, miss_reason=_reason(reason), **values)
    append(
        facts.PromiseMoved(
            about=ref("promise", row.pk),
            customer=customer_ref(row),
            from_due=from_due,
            to_due=to,
            count=count,
            reason=_reason(reason),
            by=by_ref(by),
        ),
        now=now,
    )
    carries = [row]
    if count >= rules.MOVES_MAX:
        append(
            facts.PromiseBroken(
                about=ref("promise", row.pk), customer=customer_ref(row), due=from_due, reason="third_move"
            ),
            now=now,
        )
        carries.append(_promise_anew(row, telling=telling, now=now))
    _enclose(telling, carries if waits else [])
    return telling


def _enclose(telling: Telling, promises: Sequence[Promise]) -> None:
    """The letter that gave the new date, just queued, carries the receipts of *promises*."""
    if telling.letter_id and promises:
        enclose({telling.letter_id: [ref("promise", promise.pk) for promise in promises]})


def _promise_anew(broken: Promise, *, telling: Telling, now: datetime) -> Promise:
    """The word is broken, yet the customer was given a date once more: that is a promise of its own, watched like any."""
    return record(
        customer=broken.customer,
        what=broken.what,
        due=telling.to_due,
        said_at=now,
        now=now,
        owner=broken.owner,
        team_id=broken.team_id,
        sort=Sort(broken.sort),
        strength=Strength(broken.strength),
        speaker=Speaker(broken.speaker),
        source=ref("letter", telling.letter_id) if telling.letter_id else "",
        quote=broken.source_quote,
        about=broken.about,
        because=broken,
        by_itself=broken.by_itself,
    )


def _reason(reason: str) -> str:
    return MissReason(reason) if reason else ""


@transaction.atomic
def release(promise: Promise, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """The customer let us off; False if it was settled already."""
    return _settle(
        promise,
        state=State.RELEASED,
        reason=reason,
        fact=facts.PromiseReleased(
            about=ref("promise", promise.pk), customer=customer_ref(promise), reason=digest(reason), by=by_ref(by)
        ),
        now=now,
    )


@transaction.atomic
def void(promise: Promise, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """It was recorded by mistake, and the reason is kept; False if it was settled already."""
    return _settle(
        promise,
        state=State.VOID,
        reason=reason,
        fact=facts.PromiseVoided(
            about=ref("promise", promise.pk), customer=customer_ref(promise), reason=digest(reason), by=by_ref(by)
        ),
        now=now,
    )


@transaction.atomic
def give_up(promise: Promise, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """Staff say it will not be done: broken, at once and openly. False if it was settled already."""
    row = _locked(promise)
    if row is None or not row.is_owed or row.due is None:
        return False
    Promise.objects.filter(pk=row.pk).update(miss_reason=_reason(reason))
    return _settle(
        row,
        state=State.BROKEN,
        reason="",
        fact=facts.PromiseBroken(
            about=ref("promise", row.pk), customer=customer_ref(row), due=row.due, reason="said_so"
        ),
        now=now,
    )


@transaction.atomic
def never_done(promise: Promise, *, now: datetime) -> bool:
    """Whom it was promised to was forgotten, and did not let us off: broken, now. False if it was settled already."""
    row = _locked(promise)
    if row is None or not row.is_owed or row.due is None:
        return False
    if row.due <= now:
        _late_by_now(row, now=now)
    fact = facts.PromiseBroken(
        about=ref("promise", row.pk), customer=customer_ref(row), due=missed_due(row), reason="erased"
    )
    return _settle(row, state=State.BROKEN, reason="", fact=fact, now=now)


def _settle(promise: Promise, *, state: State, reason: str, fact: facts.Fact, now: datetime) -> bool:
    owed = [State.PROPOSED, State.ARMED, State.OPEN, State.MOVED, State.LATE]
    changed = Promise.objects.filter(pk=promise.pk, state__in=owed, done_at=None).update(
        state=state, reason=reason.strip(), settled_at=now, look_again_at=None
    )
    if changed != 1:
        return False
    append(fact, now=now)
    return True


@transaction.atomic
def explain(promise: Promise, *, reason: MissReason, by: Staff | None, now: datetime) -> None:
    """Why it was missed; the latest reason counts, every one is in the ledger."""
    Promise.objects.filter(pk=promise.pk).update(miss_reason=reason)
    append(
        facts.MissExplained(
            about=ref("promise", promise.pk), customer=customer_ref(promise), reason=reason, by=by_ref(by)
        ),
        now=now,
    )


@transaction.atomic
def give_verdict(promise: Promise, *, kept: bool, now: datetime) -> bool:
    """The customer's own verdict, beside ours; it may change. False if it was the same already."""
    changed = (
        Promise.objects.filter(pk=promise.pk)
        .exclude(verdict=kept, verdict__isnull=False)
        .update(verdict=kept, verdict_at=now)
    )
    if not changed:
        return False
    append(facts.VerdictGiven(about=ref("promise", promise.pk), customer=customer_ref(promise), kept=kept), now=now)
    return True


def _locked(promise: Promise) -> Promise | None:
    return Promise.objects.select_for_update(of=("self",)).filter(pk=promise.pk).first()


# From before Troth


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

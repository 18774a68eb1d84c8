"""A promise is done, in time or late; and what had been promised to be said about it is said with that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from troth.ledger.actions import append
from troth.people.models import Staff
from troth.promises.models import Promise, Telling
from troth.promises.rules import due as rules
from troth.promises.telling import by_ref, customer_ref, settle_for
from troth.words import facts
from troth.words.promises import Sort, State
from troth.words.refs import ref


@transaction.atomic(savepoint=False)
def keep(promise: Promise, *, by: Staff | None, now: datetime, done_at: datetime | None = None) -> bool:
    """It is done. By its date: kept (a moved one stays moved); after it: done late. False if it was settled already."""
    row = locked(promise)
    return row is not None and _keep(row, by=by, now=now, done_at=min(done_at or now, now))


def _keep(row: Promise, *, by: Staff | None, now: datetime, done_at: datetime) -> bool:
    """The same of a row that is held."""
    if not (row.is_owed or row.state == State.ARMED):
        return False
    if row.sort == Sort.NOT_AGAIN and row.due is not None and done_at < row.due:  # before its date nobody knows
        return False
    about, customer = ref("promise", row.pk), customer_ref(row)
    values: dict[str, Any] = {"done_at": done_at, "settled_at": now, "look_again_at": None}
    if row.due is None or (done_at <= row.due and row.state != State.LATE):
        if row.state != State.MOVED:
            values["state"] = State.KEPT
        append(facts.PromiseKept(about=about, customer=customer, due=row.due, done_at=done_at, by=by_ref(by)), now=now)
    else:
        values["state"] = State.LATE
        late_by_now(row, now=now)
        append(
            facts.PromiseDoneLate(about=about, customer=customer, due=missed_due(row), done_at=done_at, by=by_ref(by)),
            now=now,
        )
    Promise.objects.filter(pk=row.pk).update(**values)
    _next_words_given(row, by=by, now=now)
    return True


def late_by_now(row: Promise, *, now: datetime) -> None:
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


@transaction.atomic(savepoint=False)
def word_given(*, customer_ids: Sequence[int], about: str, by: Staff | None, done_at: datetime, now: datetime) -> int:
    """The customer heard from a person at *done_at*: answers and next words owed here since before are kept; how many."""
    owed = Promise.objects.filter(
        customer_id__in=customer_ids,
        about=about,
        sort__in=[Sort.ANSWER, Sort.NEXT_WORD],
        state__in=[State.OPEN, State.MOVED, State.LATE],
        done_at=None,
        made_at__lt=done_at,
    )
    rows = list(owed.select_for_update(of=("self",)).order_by("pk"))
    first = [_keep(row, by=by, now=now, done_at=min(done_at, now)) for row in rows[:1]]
    # With one of them kept another may be: the rest is looked at anew.
    return sum(first) + sum(keep(row, by=by, now=now, done_at=done_at) for row in rows[1:])


def locked(promise: Promise) -> Promise | None:
    return Promise.objects.select_for_update(of=("self",)).filter(pk=promise.pk).first()

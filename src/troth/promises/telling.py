"""Words to the customer: handed to the post, and later drawn into their promise by what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.models import Model

from troth.ledger.actions import append, append_all
from troth.people.models import Staff
from troth.post import queries as post
from troth.post.actions import hand_over_all
from troth.post.models import Letter
from troth.post.rules.enclosing import WAIT_MOST
from troth.promises import letters
from troth.promises.models import Promise, Telling
from troth.promises.rules import due as rules
from troth.promises.rules.words import digest, fresh_salt, of_telling
from troth.words import facts
from troth.words.promises import State
from troth.words.refs import ref


def by_ref(staff: Staff | None) -> str:
    return staff.reference if staff else ""


def customer_ref(promise: Promise) -> str:
    return ref("customer", promise.customer_id) if promise.customer_id else ""


def tell(
    promise: Promise,
    *,
    kind: str,
    to_due: datetime,
    words: str,
    by: Staff | None,
    letter: Letter | None = None,
    now: datetime,
) -> Telling:
    """Give the customer a new date, in the caller's transaction; one without an address is noted as not told.

    Where a *letter* that says so is on its way already, no other is written.
    """
    if letter is None:
        around = letters.around(tell=[promise], now=now)
        made = letters.to_customer(promise, kind=kind, to_due=to_due, words=words, by=by, around=around, now=now)
        letter = hand_over_all([made], now=now)[made.key] if made else None
    telling = told(promise, kind=kind, letter=letter, to_due=to_due, words=words, by=by, now=now)
    telling.save()
    append(telling_fact(telling, promise=promise), now=now)
    return telling


def waits_for_receipts(promise: Promise, *, now: datetime) -> bool:
    """Whether words about its date can wait for the receipts they carry."""
    assert promise.due is not None
    assert promise.told_by is not None
    return rules.can_wait(WAIT_MOST, told_by=promise.told_by, due=promise.due, now=now)


def told(
    promise: Promise,
    *,
    kind: str,
    letter: Letter | None,
    to_due: datetime | None = None,
    words: str = "",
    by: Staff | None = None,
    now: datetime,
) -> Telling:
    """The telling, not yet saved."""
    assert promise.due is not None
    assert promise.told_by is not None
    return Telling(
        promise=promise,
        kind=kind,
        letter_id=letter.pk if letter else None,
        due=promise.due,
        told_by=promise.told_by,
        to_due=to_due,
        words=words,
        words_salt=fresh_salt(),
        by=by,
        handed_at=now,
        settled_at=None if letter else now,
    )


def telling_fact(telling: Telling, *, promise: Promise) -> facts.TellingSent | facts.TellingFailed:
    about, customer = ref("promise", promise.pk), customer_ref(promise)
    if telling.letter_id is None:
        return facts.TellingFailed(about=about, customer=customer, telling=telling.kind, reason="no_address")
    return facts.TellingSent(
        about=about,
        customer=customer,
        telling=telling.kind,
        letter=ref("letter", telling.letter_id),
        due=telling.due,
        automatic=telling.by_id is None,
        words_digest=digest(of_telling(telling.words), salt=bytes(telling.words_salt)),
    )


def settle_tellings(*, now: datetime, most: int = 500) -> int:
    """Draw what became of our words into their promises: told in time, told, or not told; how many were settled.

    Words whose letter is still on its way are left alone, and stand in nobody's way. Safe to repeat and to run side by side:
    a telling is locked together with its promise, or left to who holds either.
    """
    with transaction.atomic():
        waiting = list(
            Telling.objects.select_for_update(skip_locked=True, of=("self", "promise"))
            .select_related("promise")
            .filter(settled_at=None, letter_id__in=post.ended().values("pk"))
            .order_by("pk")[:most]
        )
        return settle(waiting, promises={}, now=now)


def settle_for(promises: Sequence[Promise], *, now: datetime) -> None:
    """Settle what can be settled about *promises*, whose rows the caller holds; the rows handed in are changed too."""
    waiting = Telling.objects.filter(promise__in=promises, settled_at=None).order_by("pk")
    settle(list(waiting), promises={promise.pk: promise for promise in promises}, now=now)


def settle(tellings: Sequence[Telling], *, promises: dict[int, Promise], now: datetime) -> int:
    outcomes = post.outcomes([telling.letter_id for telling in tellings if telling.letter_id]) if tellings else {}
    happened: list[facts.Fact] = []
    settled = []
    for telling in tellings:
        outcome = outcomes.get(telling.letter_id or 0)
        if outcome is None or not (outcome.delivered_at or outcome.failed):
            continue
        telling.settled_at, telling.delivered_at = now, outcome.delivered_at
        settled.append(telling)
        if telling.promise_id not in promises:
            promises[telling.promise_id] = telling.promise
        happened += _settled(telling, promise=promises[telling.promise_id])
    if settled:
        update_all(Telling, settled, columns={"settled_at": "timestamptz", "delivered_at": "timestamptz"})
        changed = {telling.promise_id for telling in settled}
        update_all(Promise, [promises[pk] for pk in changed], columns=WATCHED)
        append_all(happened, now=now)
    return len(settled)


def _settled(telling: Telling, *, promise: Promise) -> list[facts.Fact]:
    """What its end means for the promise, whose row is changed accordingly."""
    about, customer, delivered_at = ref("promise", promise.pk), customer_ref(promise), telling.delivered_at
    if delivered_at is None:
        failed = facts.TellingFailed(about=about, customer=customer, telling=telling.kind, reason="letter_failed")
        return [failed, *_moved_in_time_or_late(telling, promise=promise, in_time=False)]
    before_due = delivered_at < telling.due
    in_time = before_due and rules.counts_as_moved(delivered_at=delivered_at, told_by=telling.told_by)
    # Words that gave a new date in time are no words about that new date.
    about_what_is_judged = telling.due == promise.due or not in_time or promise.state == State.BROKEN
    if before_due and about_what_is_judged and promise.told_at is None:
        promise.told_at = delivered_at
    said = facts.CustomerTold(
        about=about,
        customer=customer,
        telling=telling.kind,
        letter=ref("letter", telling.letter_id or 0),
        due=telling.due,
        delivered_at=delivered_at,
        before_due=before_due,
        in_time=in_time,
    )
    return [said, *_moved_in_time_or_late(telling, promise=promise, in_time=in_time)]


def _moved_in_time_or_late(telling: Telling, *, promise: Promise, in_time: bool) -> list[facts.Fact]:
    """Where the words came too late for the new date to count, the promise is late, judged by the date at stake."""
    if in_time or telling.kind != Telling.Kind.MOVE or promise.state != State.MOVED:
        return []
    promise.told_at = promise.told_at or first_told_at(promise, due=telling.due)
    promise.state = State.LATE
    promise.look_again_at = None if promise.settled_at else promise.broken_at
    return [
        facts.PromiseLate(
            about=ref("promise", promise.pk),
            customer=customer_ref(promise),
            due=telling.due,
            told=promise.told_at is not None,
        )
    ]


def first_told_at(promise: Promise, *, due: datetime) -> datetime | None:
    """When the first words about *due* were delivered before it."""
    told = Telling.objects.filter(promise=promise, due=due, delivered_at__lt=due)
    return told.order_by("delivered_at").values_list("delivered_at", flat=True).first()


#: What watching changes of a promise, with the columns' types.
WATCHED = {
    "state": "text",
    "warned_at": "timestamptz",
    "escalated_at": "timestamptz",
    "telling_at": "timestamptz",
    "told_at": "timestamptz",
    "settled_at": "timestamptz",
    "look_again_at": "timestamptz",
}


def update_all(model: type[Model], rows: Sequence[Any], *, columns: dict[str, str]) -> None:
    """Write these columns of *rows* in one statement; a CASE for each, as bulk_update writes, costs many times as much."""
    table = model._meta.db_table
    assignments = ", ".join(f"{name} = fresh.{name}" for name in columns)
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in columns.values())])
    values = [[row.pk for row in rows], *([_plain(getattr(row, name)) for row in rows] for name in columns)]
    # Bound by the server: written into the text of the statement, thousands of values cost more than their update.
    with connection.cursor(), connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            f"UPDATE {table} AS old SET {assignments} FROM unnest({arrays}) AS fresh(id, {', '.join(columns)})"  # noqa: S608 -- names of our own columns
            " WHERE old.id = fresh.id",
            values,
        )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value

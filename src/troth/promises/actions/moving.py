"""The customer is told a new date: before the old one it is a move, after it the promise stays late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from troth.ledger.actions import append
from troth.people.models import Staff
from troth.post.actions import enclose
from troth.post.models import Letter
from troth.promises.actions.ending import reason_of
from troth.promises.actions.keeping import late_by_now, locked
from troth.promises.actions.recording import DateAlreadyPassed, plan_for, record
from troth.promises.models import Promise, Telling
from troth.promises.rules import due as rules
from troth.promises.telling import by_ref, customer_ref, tell, waits_for_receipts
from troth.words import facts
from troth.words.promises import Sort, Speaker, State, Strength
from troth.words.refs import ref


class SomeoneWasQuicker(RuntimeError):
    """The promise is no longer as it was shown; look again."""


class NothingOwed(ValueError):
    """The promise is settled: there is nothing to move or keep."""


@transaction.atomic
def move(
    promise: Promise,
    *,
    to: datetime,
    words: str,
    reason: str,
    by: Staff | None,
    letter: Letter | None = None,
    now: datetime,
) -> Telling:
    """Tell the customer before the date and give a new one. The third move counts as broken, and its date is a new promise.

    *letter*: the one that tells them already, with *words*; else one is written.
    After the date it is no move: the customer is told the new date, and the promise stays late.
    Raises NothingOwed, DateAlreadyPassed, SomeoneWasQuicker (the date is not the one that was shown).
    """
    row = locked(promise)
    if row is None or not row.is_owed:
        raise NothingOwed("This promise is settled.")
    if row.sort == Sort.NOT_AGAIN:
        raise NothingOwed("That it does not happen again is not moved: what is watched for longer is promised anew.")
    if row.due != promise.due:
        raise SomeoneWasQuicker("Somebody gave another date meanwhile.")
    assert row.due is not None
    if to <= now:
        raise DateAlreadyPassed("The new date has passed already.")
    if to <= row.due:
        raise DateAlreadyPassed("The new date is not later than the one it replaces.")
    in_time = now < row.due and row.state != State.LATE
    if not in_time:
        late_by_now(row, now=now)
    kind = Telling.Kind.MOVE if in_time else Telling.Kind.NEW_DATE
    telling = tell(row, kind=kind, to_due=to, words=words, by=by, letter=letter, now=now)
    from_due, count = row.due, row.moves + 1
    waits = letter is None and waits_for_receipts(row, now=now)
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
    Promise.objects.filter(pk=row.pk).update(due=to, moves=count, miss_reason=reason_of(reason), **values)
    append(
        facts.PromiseMoved(
            about=ref("promise", row.pk),
            customer=customer_ref(row),
            from_due=from_due,
            to_due=to,
            count=count,
            reason=reason_of(reason),
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

"""The watcher: looks ahead of every date, warns, tells, and says what became late or broken.

A look is set-based: it takes the promises whose moment has come, decides for each (`rules.due`), and writes all that follows,
letters, tellings, next words, facts and rows, in a handful of statements and one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.db.models.base import ModelState

from troth.ledger.actions import append_all
from troth.people.models import Staff
from troth.post.actions import enclose, hand_over_all
from troth.post.models import Letter
from troth.promises import letters
from troth.promises.actions import made, standing_of, unsaved
from troth.promises.models import Promise, Telling
from troth.promises.rules import due as rules
from troth.promises.rules.due import Step
from troth.promises.telling import (
    WATCHED,
    by_ref,
    customer_ref,
    settle_for,
    settle_tellings,
    telling_fact,
    told,
    update_all,
    waits_for_receipts,
)
from troth.words import facts
from troth.words.hours import Hours
from troth.words.promises import Sort, State
from troth.words.refs import ref

__all__ = ["look_ahead", "settle_tellings"]

from troth.ledger.away import AWAY

log = logging.getLogger(__name__)

#: A promise that could not be looked at is looked at again after this long; the others do not wait for it.
PUT_OFF = timedelta(minutes=1)


@dataclass
class Act:
    """One step of one promise, and what is written for it."""

    promise: Promise
    step: Step
    warned: list[Staff] = field(default_factory=list)
    #: The telling's kind, "" where nobody is told.
    telling: str = ""
    letter: Letter | None = None
    #: The words to the customer, once they were handed over.
    told: Telling | None = None
    next_word: Promise | None = None


def look_ahead(*, now: datetime, most: int = 5000) -> int:
    """Do what promises ask for at *now*, in the order of their moments; how many promises were looked at.

    One transaction a batch; rows another worker holds are skipped; what was committed is done once and for all, and what
    was not is found again by `look_again_at`. Repeat until 0. A promise that cannot be looked at stops no other.
    """
    try:
        with transaction.atomic():
            rows = _due(now, most=most)
            _look_at(rows, now=now)
        return len(rows)
    except AWAY:
        raise
    except Exception:
        log.exception("A look ahead failed; each of its promises is looked at by itself.")
    waiting = Promise.objects.filter(look_again_at__lte=now).order_by("look_again_at", "pk")
    return sum(_look_at_one(pk, now=now) for pk in list(waiting.values_list("pk", flat=True)[:most]))


#: What a look reads of a promise; whatever else is asked of one is fetched for it then.
LOOKED_AT = (
    "id", "customer_id", "sort", "state", "what", "about", "made_at", "due", "owner_id", "team_id", "by_itself", "warn_at",
    "escalate_at", "heads_up_at", "told_by", "broken_at", "look_again_at", "warned_at", "escalated_at", "telling_at", "told_at",
    "done_at", "settled_at",
)  # fmt: skip
_DUE = """
SELECT {columns} FROM promises_promise WHERE look_again_at <= %s{only}
 ORDER BY look_again_at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def _due(now: datetime, *, most: int, only: int | None = None) -> list[Promise]:
    """The promises whose moment has come, locked, with their owners; as the database sends them, for many come at once."""
    sql = _DUE.format(columns=", ".join(LOOKED_AT), only="" if only is None else " AND id = %s")
    with connection.cursor(), connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, [now, *([] if only is None else [only]), most], binary=True)
        rows = [_promise(row) for row in cursor]
    owners = Staff.objects.in_bulk({row.owner_id for row in rows if row.owner_id})
    for row in rows:
        row.owner = owners.get(row.owner_id) if row.owner_id else None
    return rows


def _promise(row: tuple[Any, ...]) -> Promise:
    """As `from_db` makes it, at a fifth of its cost: what is not in the row is deferred."""
    promise = Promise.__new__(Promise)
    promise._state = ModelState()
    promise._state.adding, promise._state.db = False, connection.alias
    promise.__dict__.update(zip(LOOKED_AT, row, strict=True))
    return promise


def _look_at_one(pk: int, *, now: datetime) -> int:
    try:
        with transaction.atomic():
            rows = _due(now, most=1, only=pk)
            _look_at(rows, now=now)
        return len(rows)
    except AWAY:
        raise
    except Exception:
        log.exception("Promise %s could not be looked at; it is tried again in a minute.", pk)
        return Promise.objects.filter(pk=pk, look_again_at__lte=now).update(look_again_at=now + PUT_OFF)


def _look_at(rows: Sequence[Promise], *, now: datetime) -> None:
    if not rows:
        return
    settle_for([row for row in rows if row.due and row.due <= now], now=now)
    acts = [act for row in rows for act in _acts(row, now=now)]
    _tell(acts, now=now)
    append_all([fact for act in acts for fact in _facts(act)], now=now)
    Telling.objects.bulk_create((act.told for act in acts if act.told), ignore_conflicts=True)
    touched = {"look_again_at", *(name for act in acts for name in TOUCHES[act.step])}
    update_all(Promise, rows, columns={name: kind for name, kind in WATCHED.items() if name in touched})


#: Which columns a step changes.
TOUCHES = {
    Step.WARN: ("warned_at",),
    Step.ESCALATE: ("escalated_at",),
    Step.TELL: ("telling_at",),
    Step.MARK_LATE: ("state",),
    Step.MARK_BROKEN: ("state", "settled_at"),
}


def _acts(promise: Promise, *, now: datetime) -> list[Act]:
    """The steps of *promise* that are due, with its row changed as each says."""
    before = standing_of(promise)
    steps, after = rules.steps_at(before, now=now)
    acts = [Act(promise=promise, step=step) for step in steps]
    for act in acts:
        if act.step is Step.WARN:
            promise.warned_at = now
            act.warned = [promise.owner] if promise.owner and promise.owner.is_active else []
        elif act.step is Step.ESCALATE:
            promise.escalated_at = now
        elif act.step is Step.TELL:
            promise.telling_at = now
            act.telling = Telling.Kind.HEADS_UP
        elif act.step is Step.MARK_LATE:
            promise.state = State.LATE
            untold = promise.told_at is None and promise.telling_at is None
            if untold and rules.tells_by_itself(before):
                act.telling = Telling.Kind.LATE_NOTICE
        elif act.step is Step.MARK_BROKEN:
            promise.state, promise.settled_at = State.BROKEN, now
    promise.look_again_at = rules.look_again(after) if promise.settled_at is None else None
    return acts


def _tell(acts: Sequence[Act], *, now: datetime) -> None:
    """Hand over every letter of *acts*, and promise the next word to whom no new date was given.

    Staff get one letter for all that is asked of them at once; a customer one for each promise.
    """
    around = letters.around(
        tell=[act.promise for act in acts if act.telling],
        escalate=[act.promise for act in acts if act.step is Step.ESCALATE],
        now=now,
    )
    asked: dict[tuple[Staff, Step], list[Promise]] = {}
    for act in acts:
        if act.step is Step.ESCALATE:
            act.warned = around.leads[act.promise.team_id]
        for staff in act.warned:
            asked.setdefault((staff, act.step), []).append(act.promise)
    hearing = [act.promise for act in acts if act.telling]
    prefetch_related_objects([*hearing, *(row for rows in asked.values() for row in letters.listed(rows))], "customer")
    written = [
        letters.to_staff(promises, staff=staff, escalated=step is Step.ESCALATE, now=now)
        for (staff, step), promises in asked.items()
    ]
    for act in [act for act in acts if act.telling]:
        act.next_word = _next_word(act.promise, hours=around.hours_of(act.promise), now=now)
        act.letter = letters.to_customer(
            act.promise, kind=act.telling, next_word=act.next_word.due, around=around, now=now
        )
        written.append(act.letter)
    queued = hand_over_all([letter for letter in written if letter], now=now)
    for act in acts:
        if act.letter is None:
            act.next_word = None  # nobody heard of it
        elif act.next_word:
            act.letter = queued[act.letter.key]
            act.next_word.source = ref("letter", act.letter.pk)
        if act.telling:
            act.told = told(act.promise, kind=act.telling, letter=act.letter, now=now)
    Promise.objects.bulk_create(act.next_word for act in acts if act.next_word)
    enclose(
        {
            act.letter.pk: [ref("promise", act.next_word.pk)]
            for act in acts
            if act.letter and act.next_word and waits_for_receipts(act.promise, now=now)
        }
    )


def _next_word(promise: Promise, *, hours: Hours, now: datetime) -> Promise:
    assert promise.due
    return unsaved(
        customer=promise.customer,
        what=letters.next_word_about(promise),
        due=rules.next_word_at(now=now, due=promise.due, made_at=promise.made_at, hours=hours),
        said_at=now,
        owner=promise.owner,
        team_id=promise.team_id,
        sort=Sort.NEXT_WORD,
        about=promise.about,
        because=promise,
        by_itself=promise.by_itself,
        hours=hours,
    )


def _facts(act: Act) -> list[facts.Fact]:
    promise = act.promise
    assert promise.due
    about, customer, due = ref("promise", promise.pk), customer_ref(promise), promise.due
    warned = ",".join(by_ref(staff) for staff in act.warned)
    said: list[facts.Fact] = []
    if act.step is Step.WARN:
        said = [facts.StaffWarned(about=about, customer=customer, due=due, warned=warned)]
    elif act.step is Step.ESCALATE:
        said = [facts.StaffEscalated(about=about, customer=customer, due=due, warned=warned)]
    elif act.step is Step.MARK_LATE:
        said = [facts.PromiseLate(about=about, customer=customer, due=due, told=promise.told_at is not None)]
    elif act.step is Step.MARK_BROKEN:
        said = [facts.PromiseBroken(about=about, customer=customer, due=due, reason="not_done")]
    if act.told:
        said.append(telling_fact(act.told, promise=promise))
    if act.next_word:
        said.append(made(act.next_word))
    return said

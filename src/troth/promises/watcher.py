"""The watcher: looks ahead of every date, warns, tells, and says what became late or broken.

A look is set-based: it takes the promises whose moment has come, decides for each (`rules.due`), and writes all that follows,
letters, tellings, next words, facts and rows, in a handful of statements and one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from troth.ledger.actions import append_all
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.post.actions import hand_over_all
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
)
from troth.words import facts
from troth.words.hours import Hours
from troth.words.promises import Sort, State
from troth.words.refs import ref

__all__ = ["look_ahead", "settle_tellings"]

log = logging.getLogger(__name__)

#: A promise that could not be looked at is looked at again after this long; the others do not wait for it.
PUT_OFF = timedelta(minutes=1)


@dataclass
class Act:
    """One step of one promise, and what is written for it."""

    promise: Promise
    step: Step
    warned: list[Staff] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    #: The telling's kind, "" where nobody is told.
    telling: str = ""
    next_word_at: datetime | None = None


def look_ahead(*, now: datetime, most: int = 500) -> int:
    """Do what promises ask for at *now*, in the order of their moments; how many promises were looked at.

    One transaction a batch; rows another worker holds are skipped; what was committed is done once and for all, and what
    was not is found again by `look_again_at`. Repeat until 0. A promise that cannot be looked at stops no other.
    """
    try:
        with transaction.atomic():
            rows = list(_due(now)[:most])
            _look_at(rows, now=now)
        return len(rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("A look ahead failed; each of its promises is looked at by itself.")
    return sum(_look_at_one(pk, now=now) for pk in _due(now).values_list("pk", flat=True)[:most])


def _due(now: datetime) -> QuerySet[Promise]:
    return (
        Promise.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(look_again_at__lte=now)
        .order_by("look_again_at", "pk")
        .select_related("owner", "customer")
    )


def _look_at_one(pk: int, *, now: datetime) -> int:
    try:
        with transaction.atomic():
            rows = list(_due(now).filter(pk=pk))
            _look_at(rows, now=now)
        return len(rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Promise %s could not be looked at; it is tried again in a minute.", pk)
        return Promise.objects.filter(pk=pk, look_again_at__lte=now).update(look_again_at=now + PUT_OFF)


def _look_at(rows: Sequence[Promise], *, now: datetime) -> None:
    if not rows:
        return
    settle_for([row for row in rows if row.due and row.due <= now], now=now)
    acts = [act for row in rows for act in _acts(row, now=now)]
    _write_letters(acts, now=now)
    queued = hand_over_all([letter for act in acts for letter in act.letters], now=now)
    for act in acts:
        act.letters = [queued[letter.key] for letter in act.letters]
    tellings = {id(act): _telling(act, now=now) for act in acts if act.telling}
    Telling.objects.bulk_create(tellings.values(), ignore_conflicts=True)
    words = _next_words(acts, now=now)
    happened: list[facts.Fact] = []
    for act in acts:
        happened += _facts(act, telling=tellings.get(id(act)), word=words.get(id(act)))
    append_all(happened, now=now)
    update_all(Promise, rows, columns=WATCHED)


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


def _write_letters(acts: Sequence[Act], *, now: datetime) -> None:
    """Write every letter of *acts*, once what they need to know of people is looked up for all."""
    around = letters.around(
        tell=[act.promise for act in acts if act.telling],
        escalate=[act.promise for act in acts if act.step is Step.ESCALATE],
        now=now,
    )
    hours: dict[int | None, Hours] = {}
    for act in acts:
        promise = act.promise
        if act.step is Step.ESCALATE:
            act.warned = around.leads[promise.team_id]
        written = [
            letters.to_staff(promise, staff=staff, escalated=act.step is Step.ESCALATE, around=around, now=now)
            for staff in act.warned
        ]
        if act.telling:
            assert promise.due
            if promise.team_id not in hours:
                hours[promise.team_id] = hours_of(promise.team_id)
            act.next_word_at = rules.next_word_at(
                now=now, due=promise.due, made_at=promise.made_at, hours=hours[promise.team_id]
            )
            written.append(
                letters.to_customer(promise, kind=act.telling, next_word=act.next_word_at, around=around, now=now)
            )
        act.letters = [letter for letter in written if letter]


def _telling(act: Act, *, now: datetime) -> Telling:
    return told(act.promise, kind=act.telling, letter=act.letters[0] if act.letters else None, now=now)


def _next_words(acts: Sequence[Act], *, now: datetime) -> dict[int, Promise]:
    """Who was told without a new date was promised the next word: recorded, by the act it belongs to."""
    hours: dict[int | None, Hours] = {}
    words = {}
    for act in acts:
        if not (act.telling and act.letters):
            continue
        promise = act.promise
        if promise.team_id not in hours:
            hours[promise.team_id] = hours_of(promise.team_id)
        words[id(act)] = unsaved(
            customer=promise.customer,
            what=letters.next_word_about(promise),
            due=act.next_word_at,
            said_at=now,
            owner=promise.owner,
            team_id=promise.team_id,
            sort=Sort.NEXT_WORD,
            source=ref("letter", act.letters[0].pk),
            about=promise.about,
            because=promise,
            by_itself=promise.by_itself,
            hours=hours[promise.team_id],
        )
    Promise.objects.bulk_create(words.values())
    return words


def _facts(act: Act, *, telling: Telling | None, word: Promise | None) -> list[facts.Fact]:
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
    if telling:
        said.append(telling_fact(telling, promise=promise))
    if word:
        said.append(made(word))
    return said

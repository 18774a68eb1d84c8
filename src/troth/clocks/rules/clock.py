"""The clocks of one case as a machine: what happens moves them, and what they do is told in events; pure.

`step` takes the clocks and one moment and hands back the clocks after it with what they did. `replay` counts the same
clocks from the events alone. What is not a moment moves no clock: automatic mail, acknowledgements, heads-ups, notes, drafts,
another assignee, a snooze, another policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from troth.clocks.rules.length import Length, calendar, pauses_of
from troth.clocks.rules.policy import Terms
from troth.words.clocks import ANSWERS, LIVE, Sort, State


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One clock: the *number*-th of its sort in a case."""

    sort: Sort
    number: int
    state: State
    started_at: datetime
    #: When it runs out. While it is paused: when it would if it went on at once.
    due: datetime
    terms: Terms
    #: When it stopped and went on, by turns; of an odd number it does not count now.
    marks: tuple[datetime, ...] = ()
    #: The earlier moment worth reaching, where its target has one.
    early_at: datetime | None = None
    met_at: datetime | None = None
    #: It had run out before it was met; said once, and true for ever.
    missed_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def paused_at(self) -> datetime | None:
        return self.marks[-1] if self.state is State.PAUSED else None

    @property
    def is_late(self) -> bool:
        """It was not met by its time. What was noted late and had happened in time is not."""
        return self.missed_at is not None and not (self.met_at is not None and self.met_at <= self.due)


#: The clocks of a case; where several of a sort ran, at least the last.
Clocks = tuple[Clock, ...]


class What(StrEnum):
    """What moves clocks."""

    #: The customer said something, whichever way; it opens the case, too.
    SPOKE = "spoke"
    #: A person answered the customer.
    ANSWERED = "answered"
    #: It is the customer's turn.
    WAITS = "waits"
    #: Staff took it back to themselves.
    RESUMES = "resumes"
    RESOLVED = "resolved"
    #: Staff opened again what was resolved.
    REOPENED = "reopened"
    #: Staff say that other targets hold from now on.
    APPLIED = "applied"
    #: The customer was told, in time, why it takes longer.
    EXTENDED = "extended"
    #: Nothing happened but time.
    PASSED = "passed"
    #: There is nobody any more to be answered.
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Moment:
    what: What
    at: datetime
    #: The targets that clocks starting now run by.
    terms: Mapping[Sort, Terms] = field(default_factory=dict)
    #: Of an answer: since when the customer waits for another, having spoken after it.
    still_since: datetime | None = None
    #: Of an answer: nothing more is with us for now.
    rests: bool = False
    #: The case was answered before it had clocks: it comes from elsewhere.
    answered_before: bool = False
    #: Of other targets: when the case began.
    opened_at: datetime | None = None
    #: Of the customer having been told why it takes longer: until when, where no rule says how much longer it may.
    until: datetime | None = None


class Did(StrEnum):
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"
    CHANGED = "changed"
    #: What it counts from turned out to have been earlier.
    EARLIER = "earlier"


@dataclass(frozen=True, kw_only=True)
class Event:
    """What a clock did."""

    did: Did
    sort: Sort
    number: int
    at: datetime
    #: When it is due from now on, where that is said.
    due: datetime | None = None
    early_at: datetime | None = None
    #: What it runs by from now on, where that is said.
    terms: Terms | None = None


def step(clocks: Clocks, moment: Moment) -> tuple[Clocks, tuple[Event, ...]]:
    """The clocks after *moment*, and what they did at it."""
    turn = _Turn(clocks)
    turn.miss(moment)
    _MOVES[moment.what](turn, moment)
    return turn.clocks, tuple(turn.events)


def replay(events: Iterable[Event], clocks: Clocks = ()) -> Clocks:
    """The clocks as these events leave them."""
    for event in events:
        clocks = _after(clocks, event)
    return clocks


def answering(clocks: Clocks) -> Clock | None:
    """The running clock that an answer would meet."""
    running = [clock for clock in clocks if clock.sort in ANSWERS and clock.state is State.RUNNING]
    return min(running, key=lambda clock: clock.due, default=None)


def _after(clocks: Clocks, event: Event) -> Clocks:
    if event.did is Did.STARTED:
        assert event.due
        assert event.terms
        started = Clock(
            sort=event.sort,
            number=event.number,
            state=State.RUNNING,
            started_at=event.at,
            due=event.due,
            early_at=event.early_at,
            terms=event.terms,
        )
        return (*clocks, started)
    return tuple(
        _moved(clock, event) if (clock.sort, clock.number) == (event.sort, event.number) else clock for clock in clocks
    )


def _moved(clock: Clock, event: Event) -> Clock:
    counts = len(clock.marks) % 2 == 0
    marks = (*clock.marks, max(event.at, last_mark(clock))) if counts else clock.marks
    match event.did:
        case Did.PAUSED:
            return replace(clock, state=State.PAUSED, marks=marks)
        case Did.RESUMED:
            assert event.due
            marks = (*clock.marks, event.at)
            return replace(clock, state=State.RUNNING, marks=marks, due=event.due, early_at=event.early_at, met_at=None)
        case Did.MET:
            return replace(clock, state=State.MET, marks=marks, met_at=event.at)
        case Did.STOPPED:
            return replace(clock, state=State.STOPPED, marks=marks)
        case Did.MISSED:
            return replace(clock, missed_at=event.at)
        case Did.CHANGED:
            assert event.due
            assert event.terms
            return replace(clock, due=event.due, early_at=event.early_at, terms=event.terms)
        case Did.EARLIER:
            assert event.due
            return replace(clock, started_at=event.at, due=event.due, early_at=event.early_at)
        case Did.STARTED:
            raise AssertionError("A clock starts once.")


def last_mark(clock: Clock) -> datetime:
    """The last moment the clock knows of; what is told late of an earlier one counts from here."""
    return clock.marks[-1] if clock.marks else clock.started_at


class _Turn:
    """One step: the clocks so far, and what was done."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.events: list[Event] = []

    def last(self, sort: Sort) -> Clock | None:
        of_sort = [clock for clock in self.clocks if clock.sort is sort]
        return max(of_sort, key=lambda clock: clock.number, default=None)

    def live(self, *sorts: Sort) -> list[Clock]:
        return [clock for sort in sorts or Sort if (clock := self.last(sort)) and clock.is_live]

    def tell(self, clock: Clock, did: Did, at: datetime, terms: Terms | None = None) -> None:
        due = early_at = None
        if did in {Did.RESUMED, Did.CHANGED, Did.EARLIER}:
            by = terms or clock.terms
            at = max(at, last_mark(clock)) if did is Did.RESUMED else at
            marks = (*clock.marks, at) if did is Did.RESUMED else clock.marks
            started_at = at if did is Did.EARLIER else clock.started_at
            due = by.due(started_at=started_at, marks=marks)
            early_at = by.early(started_at=started_at, marks=marks)
        elif did is Did.PAUSED:
            at = max(at, last_mark(clock))
        self._add(Event(did=did, sort=clock.sort, number=clock.number, at=at, due=due, early_at=early_at, terms=terms))

    def start(self, sort: Sort, moment: Moment, at: datetime | None = None) -> None:
        """Where the targets speak of this sort."""
        if (terms := moment.terms.get(sort)) is None:
            return
        at, before = at or moment.at, self.last(sort)
        self._add(
            Event(
                did=Did.STARTED,
                sort=sort,
                number=before.number + 1 if before else 1,
                at=at,
                due=terms.due(started_at=at),
                early_at=terms.early(started_at=at),
                terms=terms,
            )
        )

    def resume(self, at: datetime, *, sorts: Iterable[Sort] = Sort, states: Iterable[State]) -> None:
        for sort in sorts:
            if (clock := self.last(sort)) and clock.state in states:
                self.tell(clock, Did.RESUMED, at)

    def _add(self, event: Event) -> None:
        self.events.append(event)
        self.clocks = _after(self.clocks, event)

    def miss(self, moment: Moment) -> None:
        """Say of what ran out before *moment* that it did. What is done at the very end is done in time."""
        for clock in self.live():
            is_over = clock.due <= moment.at if moment.what is What.PASSED else clock.due < moment.at
            if clock.state is State.RUNNING and clock.missed_at is None and is_over:
                self.tell(clock, Did.MISSED, clock.due)


def _spoke(turn: _Turn, moment: Moment) -> None:
    """Every path by which a customer can speak sets going what waits for them."""
    turn.resume(moment.at, states={State.PAUSED})
    turn.resume(moment.at, sorts=[Sort.RESOLUTION], states={State.MET, State.STOPPED})
    # Nobody ever answered: closing the case does not give the time again.
    turn.resume(moment.at, sorts=[Sort.FIRST], states={State.STOPPED})
    if turn.last(Sort.RESOLUTION) is None:
        turn.start(Sort.RESOLUTION, moment)
    # A letter may be fetched hours after it arrived, and behind a later one: the customer waits since it arrived.
    for clock in turn.live(*ANSWERS, Sort.RESOLUTION):
        if moment.at < clock.started_at:
            turn.tell(clock, Did.EARLIER, moment.at)
    if turn.live(*ANSWERS):
        return
    is_first = turn.last(Sort.FIRST) is None and turn.last(Sort.NEXT) is None and not moment.answered_before
    turn.start(Sort.FIRST if is_first and Sort.FIRST in moment.terms else Sort.NEXT, moment)


def _answered(turn: _Turn, moment: Moment) -> None:
    for clock in turn.live(*ANSWERS, Sort.UPDATE):
        if clock.started_at <= moment.at:
            turn.tell(clock, Did.MET, moment.at)
    if moment.still_since is not None and not turn.live(*ANSWERS):
        turn.start(Sort.NEXT, moment, moment.still_since)
    if not moment.rests:
        _owe_update(turn, moment)


def _owe_update(turn: _Turn, moment: Moment) -> None:
    """An answer is word, too: while one is owed nothing is asked beside it (zammad#5177)."""
    if not turn.live(*ANSWERS, Sort.UPDATE):
        turn.start(Sort.UPDATE, moment)


def _waits(turn: _Turn, moment: Moment) -> None:
    for clock in turn.live():
        if clock.state is State.RUNNING and clock.terms.target.pauses:
            turn.tell(clock, Did.PAUSED, moment.at)


def _resumes(turn: _Turn, moment: Moment) -> None:
    turn.resume(moment.at, states={State.PAUSED})
    _owe_update(turn, moment)


def _resolved(turn: _Turn, moment: Moment) -> None:
    for clock in turn.live():
        turn.tell(clock, Did.MET if clock.sort is Sort.RESOLUTION else Did.STOPPED, moment.at)


def _reopened(turn: _Turn, moment: Moment) -> None:
    """What was left when it was closed is what is left now."""
    turn.resume(moment.at, sorts=ANSWERS, states={State.STOPPED})
    turn.resume(moment.at, sorts=[Sort.RESOLUTION], states={State.MET, State.STOPPED})
    _owe_update(turn, moment)


def _applied(turn: _Turn, moment: Moment) -> None:
    """Counted anew by other targets, from the same beginning and without the same pauses."""
    for clock in turn.live():
        terms = moment.terms.get(clock.sort)
        if terms is None:
            turn.tell(clock, Did.STOPPED, moment.at)
        elif terms != clock.terms:
            turn.tell(clock, Did.CHANGED, moment.at, terms)
    if turn.clocks and moment.opened_at and turn.last(Sort.RESOLUTION) is None:
        turn.start(Sort.RESOLUTION, moment, moment.opened_at)


def _extended(turn: _Turn, moment: Moment) -> None:
    for clock in turn.live(Sort.RESOLUTION):
        longer = clock.terms.target.extended or _length_until(clock, moment.until)
        if longer is not None and clock.missed_at is None:
            target = replace(clock.terms.target, length=longer, extended=None)
            turn.tell(clock, Did.CHANGED, moment.at, replace(clock.terms, target=target))


def _length_until(clock: Clock, until: datetime | None) -> Length | None:
    """What the clock would have to count to be due *until*; None where it is due then already."""
    if until is None or until <= clock.due:
        return None
    paused = sum((ended - began for began, ended in pauses_of(clock.marks)), timedelta(0))
    return calendar(seconds=(until - clock.started_at - paused).total_seconds())


def _passed(turn: _Turn, moment: Moment) -> None:
    """What ran out was said already."""


def _gone(turn: _Turn, moment: Moment) -> None:
    for clock in turn.live():
        turn.tell(clock, Did.STOPPED, moment.at)


_MOVES = {
    What.SPOKE: _spoke,
    What.ANSWERED: _answered,
    What.WAITS: _waits,
    What.RESUMES: _resumes,
    What.RESOLVED: _resolved,
    What.REOPENED: _reopened,
    What.APPLIED: _applied,
    What.EXTENDED: _extended,
    What.PASSED: _passed,
    What.GONE: _gone,
}

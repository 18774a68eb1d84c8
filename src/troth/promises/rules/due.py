"""What a promise asks of us, and when: pure, from its dates and the calendar it was made in.

The notice is one working day, or a quarter of the promised span where that is shorter (glossary: notice threshold). Words
to the customer must be *delivered* before `told_by` to let a new date count as moved; the owner is warned twice as early.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from troth.words.hours import Hours, NeverOpen
from troth.words.promises import Sort, State

#: A third move counts as broken.
MOVES_MAX = 3
#: What a letter needs from hand-over to delivery, at least and at most.
POST_TIME_MIN, POST_TIME_MAX = timedelta(seconds=20), timedelta(minutes=30)


@dataclass(frozen=True)
class Plan:
    """The moments of one promise, in UTC; each is not before the moment it was made, and they stand in this order."""

    warn_at: datetime
    escalate_at: datetime
    #: When the heads-up goes out by itself.
    heads_up_at: datetime
    #: By when words must be delivered for a new date to count as moved.
    told_by: datetime
    due: datetime
    #: Late until here; broken when not done by then.
    broken_at: datetime


class Step(StrEnum):
    """The next thing to do."""

    WAIT = "wait"
    WARN = "warn"
    ESCALATE = "escalate"
    TELL = "tell"
    MARK_LATE = "mark_late"
    MARK_BROKEN = "mark_broken"


@dataclass(frozen=True)
class Standing:
    """What the watcher needs to know of a promise."""

    state: State
    sort: Sort
    plan: Plan
    warned: bool
    escalated: bool
    #: Words about this date were handed over already, by a person or by itself.
    telling: bool
    #: The team lets the heads-up go out by itself.
    by_itself: bool
    done: bool


def working_day_before(due: datetime, hours: Hours) -> datetime:
    """The same wall-clock time on the working day before *due*."""
    local = due.astimezone(ZoneInfo(hours.zone))
    day = local.date() - timedelta(days=1)
    for _ in range(31):  # no calendar rests longer
        if hours.is_working_day(day):
            break
        day -= timedelta(days=1)
    return local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def plan(*, made_at: datetime, due: datetime, hours: Hours) -> Plan:
    """The moments of a promise made at *made_at* for *due*.

    Everything is counted in UTC: between two times of one zone Python subtracts wall clocks, an hour wrong where they change.
    """
    made_at, due = made_at.astimezone(UTC), due.astimezone(UTC)
    span = max(due - made_at, timedelta(0))
    told_by = max(working_day_before(due, hours), due - span / 4, made_at)
    notice = due - told_by
    post_time = min(max(notice / 4, POST_TIME_MIN), POST_TIME_MAX, notice)
    heads_up_at = max(told_by - post_time, made_at)
    warn_at = max(at_work(told_by - notice, hours, not_before=made_at), made_at)
    escalate_at = warn_at + (heads_up_at - warn_at) / 2
    return Plan(
        warn_at=warn_at,
        escalate_at=escalate_at,
        heads_up_at=heads_up_at,
        told_by=told_by,
        due=due,
        broken_at=due + grace(span),
    )


def at_work(at: datetime, hours: Hours, *, not_before: datetime) -> datetime:
    """*at* if somebody is at work then, else an hour of work before it: a warning must find somebody who can still act."""
    if hours.is_open(at):
        return at
    try:
        return max(hours.add_working_time(at, -timedelta(hours=1)), not_before)
    except NeverOpen:
        return at


def grace(span: timedelta) -> timedelta:
    """How long after its date a thing not done is late before it is broken: the promised span again, a day to two weeks."""
    return min(max(span, timedelta(days=1)), timedelta(days=14))


def next_word_at(*, now: datetime, due: datetime, made_at: datetime, hours: Hours) -> datetime:
    """When the customer hears next, if we cannot say when it will be done: soon after the date, when we are at work.

    A quarter of the promised span after the date, at least an hour and at most a day of work; never before an hour from *now*.
    """
    due, now = due.astimezone(UTC), now.astimezone(UTC)
    span = max(due - made_at.astimezone(UTC), timedelta(0)) / 4
    try:
        after = min(max(span, timedelta(hours=1)), hours.day_span())
        return hours.add_working_time(max(due, now), after)
    except NeverOpen:  # a calendar without working time must not silence us
        return max(due, now) + timedelta(days=1)


def next_step(standing: Standing, *, now: datetime) -> Step:
    """What this promise asks of us at *now*, one thing at a time, the earliest first."""
    if standing.done or standing.sort == Sort.NOT_AGAIN:  # whoever watches that says what became of it
        return Step.WAIT
    if standing.state == State.LATE:
        return Step.MARK_BROKEN if now >= standing.plan.broken_at else Step.WAIT
    if standing.state not in {State.OPEN, State.MOVED}:
        return Step.WAIT
    moments = standing.plan
    if now >= moments.due:
        return Step.MARK_LATE
    if now >= moments.warn_at and not standing.warned:
        return Step.WARN
    if now >= moments.escalate_at and not standing.escalated and not standing.telling:
        return Step.ESCALATE
    if now >= moments.heads_up_at and not standing.telling and tells_by_itself(standing):
        return Step.TELL
    return Step.WAIT


#: What a standing becomes when a step was taken.
AFTER: dict[Step, dict[str, Any]] = {
    Step.WARN: {"warned": True},
    Step.ESCALATE: {"escalated": True},
    Step.TELL: {"telling": True},
    Step.MARK_LATE: {"state": State.LATE},
    Step.MARK_BROKEN: {"state": State.BROKEN},
}


def steps_at(standing: Standing, *, now: datetime) -> tuple[list[Step], Standing]:
    """Every step due at *now*, in order, and the standing once they are taken."""
    steps: list[Step] = []
    while (step := next_step(standing, now=now)) is not Step.WAIT:
        steps.append(step)
        standing = replace(standing, **AFTER[step])
    return steps, standing


def tells_by_itself(standing: Standing) -> bool:
    """A promised next word has no heads-up of its own: words about words help nobody."""
    return standing.by_itself and standing.sort != Sort.NEXT_WORD


def look_again(standing: Standing) -> datetime | None:
    """When the watcher must look again, after the steps due by now were done; None when nothing more can come."""
    moments = standing.plan
    if standing.done or standing.sort == Sort.NOT_AGAIN:
        return None
    if standing.state == State.LATE:
        return moments.broken_at
    if standing.state not in {State.OPEN, State.MOVED}:
        return None
    if not standing.warned:
        return moments.warn_at
    if not standing.telling:
        if not standing.escalated:
            return moments.escalate_at
        if tells_by_itself(standing):
            return moments.heads_up_at
    return moments.due


def can_wait(wait: timedelta, *, told_by: datetime, due: datetime, now: datetime) -> bool:
    """Whether words about this date may leave *wait* later without costing it: that they come in time matters more than what
    they carry."""
    return not any(now < moment <= now + wait for moment in (told_by, due))


def counts_as_moved(*, delivered_at: datetime, told_by: datetime) -> bool:
    """Whether words delivered then let a new date count as moved."""
    return delivered_at <= told_by

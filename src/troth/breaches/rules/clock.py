"""The 72 hours, and when we are warned of their end; pure.

GDPR 33(1) gives 72 hours after having become aware of it. Regulation 1182/71, by which terms in the law of the Union are
counted, runs a period of hours on through weekends and holidays (Article 3(3)), and moves the end of a period to the next working
day only where it is "expressed otherwise than in hours" (3(4)). Whether its 3(5), by which a period of two days or more has at
least two working days, lengthens one of 72 hours is disputed, and the first hour may not count (3(1)). Nobody should have
to win that dispute: here it is 72 hours by the clock from the minute we knew, and nothing stops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

HOURS = timedelta(hours=72)
#: A phase that is to follow is warned of so long before its date.
FOLLOW_NOTICE = timedelta(hours=24)


class Moment(IntEnum):
    """What is said of the clock; the number is how many were said once this one was."""

    FIRST = 1  # 24 hours are over: the owner
    SECOND = 2  # 48 hours: the owner
    URGENT = 3  # 66 hours: the owner and the leads
    MISSED = 4  # 72 hours: all of them


AFTER = {
    Moment.FIRST: timedelta(hours=24),
    Moment.SECOND: timedelta(hours=48),
    Moment.URGENT: timedelta(hours=66),
    Moment.MISSED: HOURS,
}


class Follow(IntEnum):
    """The same of the phase that is to follow."""

    NEAR = 1
    MISSED = 2


def report_by(aware_at: datetime) -> datetime:
    """The end of the 72 hours."""
    return aware_at + HOURS


@dataclass(frozen=True)
class Watch:
    """What the watcher needs to know of a breach."""

    aware_at: datetime
    #: The authority was told, or need not be.
    is_answered: bool
    said: int
    follows_by: datetime | None
    follow_said: int


def moments(watch: Watch) -> Sequence[tuple[datetime, Moment | Follow]]:
    """Everything that is still to be said, by when it is."""
    found: list[tuple[datetime, Moment | Follow]] = []
    if not watch.is_answered:
        found += [(watch.aware_at + AFTER[one], one) for one in Moment if one > watch.said]
    if watch.follows_by is not None:
        ats = {Follow.NEAR: watch.follows_by - FOLLOW_NOTICE, Follow.MISSED: watch.follows_by}
        found += [(ats[one], one) for one in Follow if one > watch.follow_said]
    return sorted(found, key=lambda one: one[0])


def look_again_at(watch: Watch) -> datetime | None:
    """When something is to be said next; None where nothing is."""
    left = moments(watch)
    return left[0][0] if left else None


def due_now(watch: Watch, *, now: datetime) -> tuple[Moment | None, Follow | None]:
    """The latest moment of each clock that has come and was not said; what came before it is past, and is said by it."""
    come = [one for at, one in moments(watch) if at <= now]
    clock = [one for one in come if isinstance(one, Moment)]
    follow = [one for one in come if isinstance(one, Follow)]
    return (max(clock) if clock else None, max(follow) if follow else None)

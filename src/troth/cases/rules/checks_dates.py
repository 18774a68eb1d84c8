"""A promised date on which nobody is there to keep it: a closed day, a time outside the hours, or one read into another year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from troth.reading import FoundPromise
from troth.words.hours import Hours

#: Who names a day without a year means a near one; one read as so far away has passed.
NEAR = timedelta(days=240)
#: So far outside the opening hours somebody may well stay or come early for a customer; they know best.
STAYS = timedelta(hours=3)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\byears?\b|\bmonths?\b")


class Why(StrEnum):
    PASSED = "passed"
    CLOSED_DAY = "closed_day"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True)
class Unkept:
    quote: str
    why: Why


def cannot_be_kept(promises: Sequence[FoundPromise], *, now: datetime, hours: Hours) -> Unkept | None:
    """The first date of *promises* that cannot be kept as it stands; of what others do, such as carriers, only the past is seen."""
    for promise in promises:
        if promise.due is None or promise.negative:
            continue
        why = _why(promise, now=now, hours=hours)
        if why:
            return Unkept(promise.due.words, why)
    return None


def _why(promise: FoundPromise, *, now: datetime, hours: Hours) -> Why | None:
    assert promise.due is not None
    due = promise.due
    if due.at <= now or (due.at - now > NEAR and not _YEAR.search(due.words)):
        return Why.PASSED
    if promise.who == "third" or promise.condition:
        return None
    day = hours.day_of(due.at)
    if not hours.is_working_day(day):
        return Why.CLOSED_DAY
    if due.date_only or due.window_start:
        return None
    begins, ends = hours.start_of_day(day) - STAYS, hours.end_of_day(day) + STAYS
    return None if begins <= due.at <= ends else Why.OUTSIDE_HOURS

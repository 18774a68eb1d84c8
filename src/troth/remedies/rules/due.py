"""By when a remedy is owed, and whether an appointment was moved with enough warning; pure, by `words.hours`."""

from __future__ import annotations

from datetime import datetime

from troth.words.hours import Hours


def due_at(since: datetime, *, days: int, hours: Hours, now: datetime) -> datetime:
    """The end of the *days*-th working day after *since*. Where that has passed already: of the next working day."""
    due = hours.end_of_day(hours.add_working_days(hours.day_of(since), days))
    return due if due > now else hours.end_of_day(hours.add_working_days(hours.day_of(now), 1))


def is_short_notice(*, told_at: datetime, starts_at: datetime, hours: Hours) -> bool:
    """Whether less than one working day lay between telling a customer and the beginning of their appointment.

    Counted in opening time, as the kinder reading of "less than one working day" (SI 2015/1544, regulation 3): word at four
    for nine the next morning is none, though a night lies between.
    """
    return starts_at <= told_at or hours.working_time_between(told_at, starts_at) < hours.day_span()


def was_given_since(given_at: datetime, *, made_at: datetime, now: datetime, hours: Hours) -> bool:
    """Whether this can be when it was given: on the day it was written down or later, and not in the future.

    Sheets of payments tell days without hours, so the day counts whole.
    """
    return given_at <= now and hours.day_of(given_at) >= hours.day_of(made_at)

"""Three dates to offer with one keystroke when a promise names none, as nine in ten do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from troth.words.hours import Hours

TODAY_NEEDS = timedelta(hours=2)
"""How much opening time must be left for "today" to be an honest offer."""


@dataclass(frozen=True)
class OfferedDue:
    """A date we could keep."""

    label: str
    """How it is said: "today by 17:00", "Friday 17 April by 17:00"; wall clock of the calendar."""
    at: datetime
    """The moment by which, aware and in UTC: a closing time."""


def three_dates(at: datetime, hours: Hours) -> tuple[OfferedDue, OfferedDue, OfferedDue]:
    """A near, a usual and a safe date, earliest first, each the close of a working day after *at*.

    1. The end of today, if two hours of opening time remain; otherwise of the next working day.
    2. The end of the working day after that.
    3. The end of the fifth working day.

    Raises `NeverOpen`.
    """
    at = at.astimezone(UTC)
    today = hours.day_of(at)
    near = today
    if not hours.is_working_day(today) or hours.working_time_between(at, hours.end_of_day(today)) < TODAY_NEEDS:
        near = hours.add_working_days(today, 1)
    usual = hours.add_working_days(near, 1)
    safe = hours.add_working_days(today, 5)
    near_due, usual_due, safe_due = (_offer(day, today, hours) for day in (near, usual, safe))
    return near_due, usual_due, safe_due


def _offer(day: date, today: date, hours: Hours) -> OfferedDue:
    at = hours.end_of_day(day)
    local = hours.local(at)
    names = {today: "today", today + timedelta(days=1): "tomorrow"}
    name = names.get(day) or f"{local:%A} {local.day} {local:%B}"
    return OfferedDue(label=f"{name} by {local:%H:%M}", at=at)

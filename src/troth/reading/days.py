"""Days and stretches of days, whatever the language that names them: the n-th month on, Easter, the end of a week.

Days are civil days in the zone of the company's calendar.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from troth.words.hours import ONE_DAY, Hours


class Now(NamedTuple):
    """The moment of writing, on the company's clock and calendar."""

    at: datetime
    """In UTC."""
    local: datetime
    """The same on the wall clock."""
    hours: Hours

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def month_first(self) -> bool:
        """Is 3/4 the fourth of March here?"""
        if self.hours.country:
            return self.hours.country in {"US", "PH", "FM", "MH", "PW"}
        return self.hours.zone.startswith(("America/", "US/"))


class Unit(Enum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Within(Enum):
    """Which days of a period."""

    ALL = "all"
    EARLY = "early"
    FIRST_HALF = "first half"
    MIDDLE = "middle"
    SECOND_HALF = "second half"
    LATE = "late"
    END = "end"


def span_after(now: Now, n: int, unit: Unit, *, business: bool = False) -> tuple[datetime | None, date | None]:
    """What lies *n* units after now: an instant for minutes and hours, a day for everything longer.

    *business* counts only open time and working days.
    """
    if unit in {Unit.MINUTE, Unit.HOUR}:
        span = timedelta(minutes=n) if unit is Unit.MINUTE else timedelta(hours=n)
        return (now.hours.add_working_time(now.at, span) if business else now.at + span), None
    if unit is Unit.DAY:
        return None, now.hours.add_working_days(now.today, n) if business else now.today + n * ONE_DAY
    if unit is Unit.WEEK:
        return None, now.today + timedelta(weeks=n)
    return None, months_on(now.today, n * {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[unit])


def period(now: Now, unit: Unit, ahead: int) -> tuple[date, date]:
    """The first and last day of this week, month, quarter or year, or of the one *ahead* of it.

    A week ends with the last day on which the company ever opens, be it a holiday.
    """
    today = now.today
    if unit is Unit.WEEK:
        monday = today - today.weekday() * ONE_DAY + timedelta(weeks=ahead)
        if ahead == 0 and end_of_week(now.hours, monday) < today:  # on a weekend "this week" is about to begin
            monday += timedelta(weeks=1)
        return monday, end_of_week(now.hours, monday)
    months = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[unit]
    first = today.replace(day=1, month=today.month - (today.month - 1) % months)
    first = months_on(first, months * ahead)
    return first, months_on(first, months) - ONE_DAY


def within(first: date, last: date, which: Within) -> tuple[date, date]:
    """The part of a period: its early days, its middle, its end.

    Of a week these are Monday and Tuesday, Wednesday, and what follows; of anything longer, its thirds, and the middle
    is over when half of it is.
    """
    days = (last - first).days + 1
    third, half = days // 3, (days + 1) // 2
    if which is Within.EARLY:
        return first, first + (min(1, days - 1) if days <= 7 else third - 1) * ONE_DAY
    if which is Within.FIRST_HALF:
        return first, first + (half - 1) * ONE_DAY
    if which is Within.MIDDLE:
        middle = 2 if days <= 7 else 14 if days <= 31 else days // 2 - 1
        return first + (2 if days <= 7 else third) * ONE_DAY, first + middle * ONE_DAY
    if which is Within.SECOND_HALF:
        return first + half * ONE_DAY, last
    if which is Within.LATE:
        return first + (min(3, days - 1) if days <= 7 else 2 * third) * ONE_DAY, last
    if which is Within.END:
        return last, last
    return first, last


def end_of_week(hours: Hours, monday: date) -> date:
    """The last day of the week that starts with *monday*: Friday, for an office."""
    return monday + max((day for day in range(7) if hours.week[day]), default=4) * ONE_DAY


def last_open(hours: Hours, first: date, last: date) -> date:
    """The last working day of a stretch; its last day if all of it is closed."""
    day = last
    while day > first:
        if hours.is_working_day(day):
            return day
        day -= ONE_DAY
    return last


def coming(today: date, weekday: int) -> date:
    """The next such weekday after today; Monday is 0."""
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


def months_on(day: date, months: int) -> date:
    """The same day *months* later, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        found = a_date(year, month + 1, number)
        if found is not None:
            return found
    return date(year, month + 1, min(day.day, 28))


def dated(today: date, year: int | None, month: int, number: int) -> date | None:
    """The day so written; without a year, the next one. None if there is no such day."""
    if year is not None:
        return a_date(year, month, number)
    for candidate in range(today.year, today.year + 9):  # the 29th of February comes at least every eighth year
        day = a_date(candidate, month, number)
        if day is not None and day >= today:
            return day
    return None


def day_of_month(today: date, number: int, *, months: int = 0) -> date | None:
    """The next day with this number, in this month or, with *months*, not before that many months later."""
    month = months_on(today.replace(day=1), months)
    for first in (month, months_on(month, 1), months_on(month, 2)):
        day = a_date(first.year, first.month, number)
        if day is not None and day >= today:
            return day
    return None


def a_date(year: int, month: int, number: int) -> date | None:
    """The date, or None if the calendar has none such."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


@lru_cache(maxsize=64)
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    x = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * x) // 451
    month, day = divmod(h + x - 7 * m + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """The *n*-th such day of the week in a month: the fourth Thursday of November."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=n - 1)

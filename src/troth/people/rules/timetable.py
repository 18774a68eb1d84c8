"""Opening hours as people write them: a line for each day of the week, a line for each time the company is closed; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from troth.words.hours import MIDNIGHT, Hours, NotACalendar, Span

#: So many extra closed days are some years' worth.
CLOSED_MOST = 400
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(?:-|\u2013|\u2014|to)\s*(\d{1,2})(?::(\d{2}))?")
_BETWEEN = re.compile(r"\s*[,;]\s*")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:-|\u2013|\u2014|to)\s*(\d{4}-\d{2}-\d{2}))?")


class NotHours(ValueError):
    """A line of opening hours that cannot be read; `line` is the words as they were typed."""

    def __init__(self, line: str) -> None:
        super().__init__(f"These are no opening hours: {line}")
        self.line = line


class NotDays(ValueError):
    """A line of closed days that cannot be read; `line` is the words as they were typed."""

    def __init__(self, line: str) -> None:
        super().__init__(f"These are no days: {line}")
        self.line = line


def read_day(line: str) -> tuple[Span, ...]:
    """One day's opening times: "9-17", "09:00-12:30, 13:30-17:00", "0-24"; nothing is closed. Raises NotHours."""
    spans = []
    for part in filter(None, _BETWEEN.split(line.strip())):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise NotHours(line)
        hour, minute, until, until_minute = (int(one or 0) for one in found.groups())
        try:
            spans.append(Span(time(hour, minute), _closing(until, until_minute)))
        except ValueError as why:
            raise NotHours(line) from why
    spans.sort(key=lambda span: span.start)
    if any(after.start < before.end for before, after in pairwise(spans)):
        raise NotHours(line)
    return tuple(spans)


def write_day(spans: Iterable[Span]) -> str:
    """The same the other way."""
    return ", ".join(f"{_clock(span.start)}–{_clock(span.end)}" for span in spans)


def read_closed(text: str) -> frozenset[date]:
    """Closed days: a date on each line, or a first and a last one ("2026-12-24 to 2026-12-31"). Raises NotDays."""
    days: set[date] = set()
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _DAYS.fullmatch(line)
        try:
            if found is None:
                raise ValueError
            first = date.fromisoformat(found[1])
            last = date.fromisoformat(found[2] or found[1])
        except ValueError as why:
            raise NotDays(line) from why
        if last < first or (last - first).days + len(days) >= CLOSED_MOST:
            raise NotDays(line)
        days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(days)


def write_closed(days: Iterable[date]) -> str:
    """The same the other way; days that follow one another stand on one line."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "\n".join(f"{run[0]}" if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def timetable(*, zone: str, week: Sequence[str], country: str = "", subdivision: str = "", closed: str = "") -> Hours:
    """The calendar that was typed. Raises NotHours, NotDays, NotACalendar (the zone, the country, or never open)."""
    made = Hours(
        zone=zone,
        week=tuple(read_day(line) for line in week),
        country=country,
        subdivision=subdivision,
        closed=read_closed(closed),
    )
    if not any(made.week):
        raise NotACalendar("A company that never opens can keep no clock.")
    return made


def closed_next(hours: Hours, *, after: datetime, most: int = 4, days: int = 366) -> list[tuple[date, str]]:
    """The next days on which it would be open but for a holiday, with the holiday's name ("" for a day of its own)."""
    import holidays  # slow to load, and only the page for it asks

    first = hours.day_of(after)
    years = [first.year, first.year + 1]
    named = (
        holidays.country_holidays(hours.country, subdiv=hours.subdivision or None, years=years) if hours.country else {}
    )
    found = []
    for day in (first + timedelta(days=n) for n in range(days)):
        if hours.week[day.weekday()] and not hours.is_working_day(day):
            found.append((day, str(named.get(day, ""))))
            if len(found) == most:
                break
    return found


def _closing(hour: int, minute: int) -> time:
    return MIDNIGHT if (hour, minute) == (24, 0) else time(hour, minute)


def _clock(clock: time) -> str:
    return "24:00" if clock == MIDNIGHT else clock.strftime("%H:%M")

"""When a company is open, and how time is counted while it is.

Every instant handed in is aware; every instant handed back is aware and in UTC. Days are civil days in the
calendar's own zone. Opening times are wall-clock times in that zone, so a nine-to-five office opens at nine on both
sides of a daylight-saving change, and a span that covers the change is an hour shorter or longer than it looks.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

MIDNIGHT = time.max
"""How a span says it ends at 24:00: the day has no later `time` than this, and it is read as the next day's 00:00."""

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)

SEARCH_DAYS_MAX = 1_100
"""How many days in a row may be closed before a calendar counts as never open: three years."""


class NeverOpen(ValueError):
    """This calendar has no opening time within three years."""


class NotACalendar(ValueError):
    """These opening hours cannot be: the message says why."""


class NaiveTime(ValueError):
    """An instant without a zone was handed in."""


@dataclass(frozen=True)
class Span:
    """One stretch of opening time on one day, wall clock: open at *start*, closed again at *end*."""

    start: time
    end: time
    """Later than *start*; `MIDNIGHT` (`time.max`) stands for 24:00."""

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise NotACalendar("Opening times are wall-clock times; the zone belongs to the calendar.")
        if self.end <= self.start:
            raise NotACalendar(f"A span ends after it starts, but {self.start} to {self.end} does not.")

    @property
    def length(self) -> timedelta:
        """How long the span looks on the wall clock."""
        return _since_midnight(self.end) - _since_midnight(self.start)


@dataclass(frozen=True)
class Hours:
    """A working calendar: the weekly opening hours, the public holidays and the extra closed days."""

    zone: str
    """IANA name of the time zone, such as ``Europe/London``."""
    week: tuple[tuple[Span, ...], ...]
    """Seven days, Monday first; each in order and without overlap; an empty day is closed."""
    country: str = ""
    """ISO 3166 code whose public holidays are closed days; empty for none."""
    subdivision: str = ""
    """Part of the country with holidays of its own, such as ``ENG``; empty for none."""
    closed: frozenset[date] = frozenset()
    """Extra closed days."""

    def __post_init__(self) -> None:
        _zone(self.zone)
        if len(self.week) != 7:
            raise NotACalendar(f"A week has seven days, not {len(self.week)}.")
        for spans in self.week:
            for before, after in pairwise(spans):
                if after.start < before.end:
                    raise NotACalendar(f"Spans of a day follow one another; {after.start} is before {before.end}.")
        if self.subdivision and not self.country:
            raise NotACalendar("A subdivision needs its country.")
        if self.country:
            _holidays(self.country, self.subdivision, 2026)

    def is_working_day(self, day: date) -> bool:
        """Is there any opening time planned on *day*?"""
        return bool(self.week[day.weekday()]) and day not in self.closed and not self._is_holiday(day)

    def is_open(self, at: datetime) -> bool:
        """Is the company open at this instant? The closing instant itself is closed."""
        at = _utc(at)
        return any(opens <= at < closes for opens, closes in _day_open(self, self.day_of(at)))

    def next_open(self, at: datetime) -> datetime:
        """The first open instant from *at* on: *at* itself if open. Raises `NeverOpen`."""
        at = _utc(at)
        opens, _ = next(self._open_from(at))
        return max(opens, at)

    def add_working_time(self, at: datetime, span: timedelta) -> datetime:
        """The instant by which *span* of open time has passed since *at*; a negative span counts backwards.

        Nothing added is *at* itself. A span that ends with the day's opening time ends at closing, not at the
        next opening. Raises `NeverOpen`.
        """
        at = _utc(at)
        if span == NOTHING:
            return at
        if span < NOTHING:
            return self._take_working_time(at, -span)
        left = span
        for opens, closes in self._open_from(at):
            begin = max(opens, at)
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
        raise AssertionError("unreachable: the calendar opens for ever or raises NeverOpen")  # pragma: no cover

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """How much open time lies between the two instants; negative if *b* is before *a*."""
        a, b = _utc(a), _utc(b)
        if b < a:
            return -self.working_time_between(b, a)
        total = NOTHING
        day, last = self.day_of(a), self.day_of(b)
        while day <= last:
            for opens, closes in _day_open(self, day):
                total += max(min(closes, b) - max(opens, a), NOTHING)
            day += ONE_DAY
        return total

    def add_working_days(self, day: date, n: int) -> date:
        """The *n*-th working day after *day* (before it, if *n* is negative).

        With ``n == 0``: *day* itself, or the next working day if it is closed. Raises `NeverOpen`.
        """
        step = -ONE_DAY if n < 0 else ONE_DAY
        if n == 0:
            day, n = day - ONE_DAY, 1
        for _ in range(abs(n)):
            day = self._next_working_day(day, step)
        return day

    def start_of_day(self, day: date) -> datetime:
        """Opening time of *day* in UTC; the start of the civil day if it is closed."""
        open_today = _day_open(self, day)
        return open_today[0][0] if open_today else self._midnight(day)

    def end_of_day(self, day: date) -> datetime:
        """Closing time of *day* in UTC; the last second of the civil day if it is closed or closes at 24:00.

        The last second rather than the next midnight, so that a deadline shown in the zone still names the day.
        """
        last_second = self._midnight(day + ONE_DAY) - ONE_SECOND
        open_today = _day_open(self, day)
        return min(open_today[-1][1], last_second) if open_today else last_second

    def day_span(self) -> timedelta:
        """How long a typical working day is: the most frequent length in the week, the longer one on a tie.

        Counted on the wall clock, breaks left out. Raises `NeverOpen` for a week without opening time.
        """
        lengths = Counter(sum((span.length for span in spans), NOTHING) for spans in self.week if spans)
        if not lengths:
            raise NeverOpen("No day of the week has opening hours.")
        return max(lengths, key=lambda length: (lengths[length], length))

    def day_of(self, at: datetime) -> date:
        """The civil day, in the calendar's zone, on which this instant lies."""
        return self.local(at).date()

    def local(self, at: datetime) -> datetime:
        """The same instant on the calendar's wall clock."""
        return _utc(at).astimezone(_zone(self.zone))

    def instant(self, day: date, clock: time) -> datetime:
        """The instant in UTC at which the wall clock shows *clock* on *day*.

        A time that is skipped in spring is read as the instant of the change, one that comes twice in autumn as the
        first of the two; `MIDNIGHT` is 24:00.
        """
        return _instant(self.zone, day, clock, second=False)

    def to_plain(self) -> dict[str, Any]:
        """The calendar as JSON-able values, for a database column; times as ``HH:MM``, midnight as ``24:00``."""
        return {
            "zone": self.zone,
            "week": [[[_clock_text(span.start), _clock_text(span.end)] for span in spans] for spans in self.week],
            "country": self.country,
            "subdivision": self.subdivision,
            "closed": [day.isoformat() for day in sorted(self.closed)],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Hours:
        """The calendar that `to_plain` wrote down. Raises `NotACalendar`."""
        try:
            return cls(
                zone=plain["zone"],
                week=tuple(tuple(Span(_clock(start), _clock(end)) for start, end in spans) for spans in plain["week"]),
                country=plain.get("country", ""),
                subdivision=plain.get("subdivision", ""),
                closed=frozenset(date.fromisoformat(day) for day in plain.get("closed", [])),
            )
        except NotACalendar:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise NotACalendar(f"This is not a written-down calendar: {why}.") from why

    def _is_holiday(self, day: date) -> bool:
        return bool(self.country) and day in _holidays(self.country, self.subdivision, day.year)

    def _midnight(self, day: date) -> datetime:
        return _instant(self.zone, day, time.min, second=False)

    def _next_working_day(self, day: date, step: timedelta) -> date:
        for _ in range(SEARCH_DAYS_MAX):
            day += step
            if self.is_working_day(day):
                return day
        raise NeverOpen(f"There is no working day within {SEARCH_DAYS_MAX} days of {day}.")

    def _open_from(self, at: datetime, *, backwards: bool = False) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches not yet over at *at*, in order; backwards, the ones begun before it, latest first."""
        day, step, closed_days = self.day_of(at), -ONE_DAY if backwards else ONE_DAY, 0
        while closed_days < SEARCH_DAYS_MAX:
            stretches = _day_open(self, day)
            closed_days = 0 if stretches else closed_days + 1
            for opens, closes in reversed(stretches) if backwards else stretches:
                if (opens < at) if backwards else (closes > at):
                    yield opens, closes
            day += step
        raise NeverOpen(f"There is no opening time within {SEARCH_DAYS_MAX} days of {day}.")

    def _take_working_time(self, at: datetime, left: timedelta) -> datetime:
        for opens, closes in self._open_from(at, backwards=True):
            end = min(closes, at)
            if end - opens >= left:
                return end - left
            left -= end - opens
        raise AssertionError("unreachable: the calendar opens for ever or raises NeverOpen")  # pragma: no cover


WEEKDAYS_9_TO_17: tuple[tuple[Span, ...], ...] = ((Span(time(9), time(17)),),) * 5 + ((), ())
"""The week of an ordinary office."""


def office(zone: str, country: str = "", subdivision: str = "") -> Hours:
    """Monday to Friday, nine to five, in this zone and with these public holidays."""
    return Hours(zone=zone, week=WEEKDAYS_9_TO_17, country=country, subdivision=subdivision)


def round_the_clock(zone: str) -> Hours:
    """Open always: plain time."""
    return Hours(zone=zone, week=((Span(time.min, MIDNIGHT),),) * 7)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise NaiveTime(f"{at} has no zone; hand in an aware time.")
    return at.astimezone(UTC)


_OF_THE_MACHINE = frozenset({"localtime", "posixrules"})
"""Files beside the zones that say another thing on every machine."""


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    try:
        if name in _OF_THE_MACHINE:
            raise ValueError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as why:  # unknown, empty or a folder's name
        raise NotACalendar(f"{name!r} is not an IANA time zone.") from why


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    import holidays  # slow: a fifth of a second, and most calendars in tests need none

    # It warns of feasts that hang on the moon in years far away; nobody who reads a message can do anything about them.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"holidays\.")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError as why:
        raise NotACalendar(f"No public holidays are known for {country} {subdivision}.".replace(" .", ".")) from why


@lru_cache(maxsize=16_384)
def _day_open(hours: Hours, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The open stretches of *day* in UTC, in order and apart from one another."""
    if not hours.is_working_day(day):
        return ()
    stretches: list[tuple[datetime, datetime]] = []
    for span in hours.week[day.weekday()]:
        opens = _instant(hours.zone, day, span.start, second=False)
        closes = _instant(hours.zone, day, span.end, second=span.end != MIDNIGHT)
        if stretches and opens <= stretches[-1][1]:  # they touch, or the hour that comes twice lies between them
            opens = stretches.pop()[0]
        if opens < closes:  # a span may lie wholly in the hour that is skipped
            stretches.append((opens, closes))
    return tuple(stretches)


@lru_cache(maxsize=16_384)
def _instant(zone: str, day: date, clock: time, *, second: bool) -> datetime:
    if clock == MIDNIGHT:
        day, clock = day + ONE_DAY, time.min
    there = datetime.combine(day, clock.replace(fold=0), tzinfo=_zone(zone))
    first, later = there.astimezone(UTC), there.replace(fold=1).astimezone(UTC)
    if later < first:  # a gap: the two readings lie on either side of the change
        return _change_between(zone, later, first)
    return later if second else first


def _change_between(zone: str, before: datetime, after: datetime) -> datetime:
    """The second at which the zone's offset changes between two instants."""
    offset = before.astimezone(_zone(zone)).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * ONE_SECOND).astimezone(_zone(zone)).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return (before + high * ONE_SECOND).replace(microsecond=0)


def _since_midnight(clock: time) -> timedelta:
    if clock == MIDNIGHT:
        return ONE_DAY
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def _clock_text(clock: time) -> str:
    if clock == MIDNIGHT:
        return "24:00"
    return clock.isoformat("minutes") if not (clock.second or clock.microsecond) else clock.isoformat()


def _clock(text: str) -> time:
    return MIDNIGHT if text == "24:00" else time.fromisoformat(text)

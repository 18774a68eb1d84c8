"""Where to look first: the newest days, then what lies before, in spans that grow, until enough was found.

Each passage bears marks of its day, month and year (UTC), so a span is a handful of marks in the index of words. A common word
is found in the first span, and nobody reads the half million places where it stands besides; a rare one is looked for in
all of them, and each costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

#: Days before today that are looked through day by day.
DAYS = (2, 6, 24)
#: Then by whole months: so many in each further span.
MONTHS = (1, 1, 2, 2, 3, 3, 4, 4, 6, 6)
OLDEST_YEAR = 1990


@dataclass(frozen=True)
class Span:
    #: Some of these marks stand at every passage in it.
    marks: tuple[str, ...]
    #: The first moment that is not in it any more, and the first that is.
    until: datetime
    since: datetime


def spans(*, now: datetime, since: datetime | None = None, until: datetime | None = None) -> list[Span]:
    """From the newest to the oldest, without a gap; only those that reach between *since* and *until*, and cut there.

    They grow from *until* where that is long ago, so that a few days of another year are looked through day by day, too.
    """
    found = []
    newest = min(now, until) if until else now
    for marks, start, end in _all(max(newest.astimezone(UTC).date(), date(OLDEST_YEAR + 20, 1, 1)) + timedelta(days=1)):
        first, last = max(_moment(start), since or _moment(start)), min(_moment(end), until or _moment(end))
        if first < last:
            found.append(Span(marks, until=last, since=first))
    return found


def _all(tomorrow: date) -> Iterator[tuple[tuple[str, ...], date, date]]:
    # What lies ahead: clocks differ, and an import may be wrong. Nobody's letter is from a later year than the next.
    following = _months_before(tomorrow, -1)
    ahead = [f"{tomorrow + timedelta(days=n):%Y%m%d}" for n in range((following - tomorrow).days)]
    ahead += [f"{tomorrow.year}{month:02}" for month in range(tomorrow.month + 1, 13)]
    yield (*ahead, f"{tomorrow.year + 1}"), tomorrow, date(tomorrow.year + 2, 1, 1)
    end = tomorrow
    for days in DAYS:
        start = end - timedelta(days=days)
        yield tuple(f"{start + timedelta(days=n):%Y%m%d}" for n in range(days)), start, end
        end = start
    if end.day > 1:
        yield (f"{end:%Y%m}",), end.replace(day=1), end
        end = end.replace(day=1)
    for months in MONTHS:
        start = _months_before(end, months)
        yield tuple(f"{_months_before(end, n + 1):%Y%m}" for n in range(months)), start, end
        end = start
    if end.month > 1:
        yield tuple(f"{end.year}{month:02}" for month in range(1, end.month)), end.replace(month=1), end
        end = end.replace(month=1)
    for years in (1, 2, 4):
        yield tuple(f"{end.year - n - 1}" for n in range(years)), end.replace(year=end.year - years), end
        end = end.replace(year=end.year - years)
    yield tuple(str(year) for year in range(OLDEST_YEAR, end.year)), date(OLDEST_YEAR, 1, 1), end


def _months_before(day: date, months: int) -> date:
    """The first of the month so many months before the first of *day*'s."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

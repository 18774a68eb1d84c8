"""Which days are looked at, and which as long before; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The lengths that are offered, and the one that is shown unasked.
LENGTHS, USUAL = (7, 30, 90), 30
#: Longer than this nothing is looked at.
DAYS_MOST = 366
EARLIEST = date(1970, 1, 1)


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both whole, on the wall clock of *zone*."""

    first: date
    last: date
    zone: str
    #: The days were typed, not chosen from the lengths.
    own: bool = False

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        return _midnight(self.last + timedelta(days=1), self.zone)

    @property
    def before(self) -> Days:
        """As many days, up to the day before the first."""
        last = self.first - timedelta(days=1)
        return Days(last - timedelta(days=self.count - 1), last, self.zone, own=self.own)

    def each(self) -> list[date]:
        return [self.first + timedelta(days=at) for at in range(self.count)]


def days_asked(*, length: str, first: str, last: str, now: datetime, zone: str) -> Days:
    """What an address asks for. What is not understood is left out, and days that are still to come are not looked at."""
    today = now.astimezone(ZoneInfo(zone)).date()
    begins, ends = _date(first), _date(last)
    if begins or ends:
        ends = min(ends or today, today)
        begins = min(begins or ends - timedelta(days=USUAL - 1), ends)
        return Days(max(begins, ends - timedelta(days=DAYS_MOST - 1)), ends, zone, own=True)
    count = int(length) if length in {str(one) for one in LENGTHS} else USUAL
    return Days(today - timedelta(days=count - 1), today, zone)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found >= EARLIEST + timedelta(days=2 * DAYS_MOST) and found.year < 9000 else None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)

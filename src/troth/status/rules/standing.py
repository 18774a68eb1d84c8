"""How things stand, worked out from what is wrong and what is planned; pure.

Nobody types that something works: a page on which somebody can forget to turn a light red is one that nobody believes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo


class Standing(StrEnum):
    """From well to worst, in this order."""

    WELL = "well"
    WORK = "work"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


_ORDER = {one: place for place, one in enumerate(Standing)}
#: How far back the strip of days goes.
DAYS = 90


@dataclass(frozen=True)
class Span:
    """From when until when something stood so; *until* is None while it does."""

    standing: Standing
    from_at: datetime
    until: datetime | None


def worst(some: Iterable[Standing]) -> Standing:
    return max(some, key=_ORDER.__getitem__, default=Standing.WELL)


def standing_at(spans: Iterable[Span], at: datetime) -> Standing:
    return worst(span.standing for span in spans if span.from_at <= at and (span.until is None or at < span.until))


@dataclass(frozen=True)
class Day:
    on: date
    #: None where nothing was looked at yet.
    worst: Standing | None


def strip(spans: Sequence[Span], *, since: datetime, now: datetime, zone: str) -> tuple[Day, ...]:
    """The worst of each of the last days, the oldest first, by the days of *zone*."""
    today = now.astimezone(ZoneInfo(zone)).date()
    found = []
    for back in range(DAYS - 1, -1, -1):
        on = today - timedelta(days=back)
        begins, ends = _midnight(on, zone), _midnight(on + timedelta(days=1), zone)
        if ends <= since:
            found.append(Day(on, None))
            continue
        those = (
            s.standing for s in spans if s.from_at < ends and (s.until is None or s.until > begins) and s.from_at <= now
        )
        found.append(Day(on, worst(those)))
    return tuple(found)


def _midnight(on: date, zone: str) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone))


@dataclass(frozen=True)
class Share:
    """For how much of the time nothing was told to be wrong."""

    #: 0 to 1.
    share: float
    incidents: int
    from_at: datetime
    until: datetime


def share_well(spans: Sequence[Span], *, since: datetime, now: datetime) -> Share | None:
    """Of the last days, to the full hour; None where less than a day was looked at.

    Measured from incidents alone, each from when it began to when it was over: planned work was announced, and does not count.
    What overlaps counts once.
    """
    until = now.replace(minute=0, second=0, microsecond=0)
    from_at = max(since, until - timedelta(days=DAYS))
    if until - from_at < timedelta(days=1):
        return None
    wrong = [
        (max(span.from_at, from_at), min(span.until or until, until))
        for span in spans
        if span.standing in (Standing.MINOR, Standing.MAJOR, Standing.CRITICAL)
    ]
    wrong = sorted((begin, end) for begin, end in wrong if begin < end)
    lost, reached = timedelta(0), from_at
    for begin, end in wrong:
        lost += max(timedelta(0), end - max(begin, reached))
        reached = max(reached, end)
    return Share(1 - lost / (until - from_at), len(wrong), from_at, until)


@dataclass(frozen=True)
class Acknowledged:
    """How long it took from the first complaint until we said so ourselves."""

    #: Of so many incidents somebody complained of first.
    count: int
    #: Of so many we spoke before anybody complained.
    spoke_first: int
    median: timedelta | None
    longest: timedelta | None


def acknowledged(incidents: Iterable[tuple[datetime | None, datetime | None]]) -> Acknowledged:
    """Of pairs: the first complaint, and when we said so. What is not said yet is not counted."""
    said = [(signal, at) for signal, at in incidents if at is not None]
    took = sorted(at - signal for signal, at in said if signal is not None and signal < at)
    half = len(took) // 2
    median = None if not took else took[half] if len(took) % 2 else (took[half - 1] + took[half]) / 2
    return Acknowledged(len(took), len(said) - len(took), median, took[-1] if took else None)


def runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow each other, as first and last."""
    found: list[tuple[date, date]] = []
    breaks = [
        0,
        *(at + 1 for at, (one, next_one) in enumerate(pairwise(days)) if (next_one - one).days != 1),
        len(days),
    ]
    for begin, end in pairwise(breaks):
        if begin < end:
            found.append((days[begin], days[end - 1]))
    return found

"""How long a target gives, and when that is over: counted while the clock runs, never while it is paused; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

from troth.words.clocks import Measure
from troth.words.hours import Hours

#: No target is longer: ten years.
SECONDS_MAX = 10 * 366 * 86_400
DAYS_MAX = 1_000

Pauses = Sequence[tuple[datetime, datetime]]


class NotALength(ValueError):
    """A target cannot be so long; the message says why."""


@dataclass(frozen=True)
class Length:
    measure: Measure
    #: Seconds, or days where it counts working days.
    amount: int

    def __post_init__(self) -> None:
        days = self.measure is Measure.WORKING_DAYS
        least, most = (0, DAYS_MAX) if days else (1, SECONDS_MAX)
        if not least <= self.amount <= most:
            raise NotALength(
                f"A target counts {least} to {most} {'working days' if days else 'seconds'}, not {self.amount}."
            )

    @property
    def span(self) -> timedelta:
        return timedelta(seconds=self.amount)

    def to_plain(self) -> dict[str, Any]:
        return {"measure": self.measure.value, "amount": self.amount}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Length:
        """What `to_plain` wrote; raises NotALength."""
        try:
            return cls(Measure(plain["measure"]), int(plain["amount"]))
        except (KeyError, TypeError, ValueError) as why:
            if isinstance(why, NotALength):
                raise
            raise NotALength(f"This is not the length of a target: {why}.") from why


def working_time(**span: float) -> Length:
    """`working_time(hours=4)`: while the company is open."""
    return Length(Measure.WORKING_TIME, int(timedelta(**span).total_seconds()))


def working_days(days: int) -> Length:
    """The end of the *days*-th working day after the day on which it starts."""
    return Length(Measure.WORKING_DAYS, days)


def calendar(**span: float) -> Length:
    """`calendar(weeks=8)`: open or closed."""
    return Length(Measure.CALENDAR, int(timedelta(**span).total_seconds()))


def due_of(length: Length, *, hours: Hours, started_at: datetime, marks: Sequence[datetime] = ()) -> datetime:
    """When *length* is over, counted from *started_at* while the clock runs.

    *marks* are the moments at which it stopped and went on, by turns, in order, none before *started_at*. Where it has
    stopped and not yet gone on, it is as if it had not stopped: that is when it would be due if it went on at once.

    A working day counts if it began with the clock running, and the end of one is due only if it runs then.
    """
    pauses = pauses_of(marks)
    if length.measure is Measure.WORKING_DAYS:
        return _end_of_working_day(length.amount, hours=hours, started_at=started_at, pauses=pauses)
    at, left = started_at, length.span
    for stopped, resumed in pauses:
        ran = _between(length.measure, at, stopped, hours=hours)
        if ran >= left:
            break
        at, left = resumed, left - ran
    return hours.add_working_time(at, left) if length.measure is Measure.WORKING_TIME else at + left


def pauses_of(marks: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """The pauses that are over."""
    return list(zip(marks[::2], marks[1::2], strict=False))


def worked(*, hours: Hours, started_at: datetime, marks: Sequence[datetime] = (), until: datetime) -> timedelta:
    """The working time for which it ran by *until*, whatever its target counts."""
    moments = [started_at, *marks, *([until] if len(marks) % 2 == 0 else [])]
    runs = list(pairwise(moments))[::2]
    return sum(
        (hours.working_time_between(begin, min(end, until)) for begin, end in runs if begin < until), timedelta(0)
    )


def ahead_of(due: datetime, *, length: Length, hours: Hours, percent: int) -> datetime:
    """When *percent* of the length is left to go until *due*, on the same measure."""
    if length.measure is Measure.CALENDAR:
        return due - length.span * percent / 100
    if length.measure is Measure.WORKING_TIME:
        return hours.add_working_time(due, -length.span * percent / 100)
    return hours.add_working_time(due, -hours.day_span() * max(length.amount, 1) * percent / 100)


def _between(measure: Measure, a: datetime, b: datetime, *, hours: Hours) -> timedelta:
    return hours.working_time_between(a, b) if measure is Measure.WORKING_TIME else b - a


def _end_of_working_day(days: int, *, hours: Hours, started_at: datetime, pauses: Pauses) -> datetime:
    day, counted = hours.day_of(started_at), 0
    if days == 0 and hours.is_working_day(day) and (end := hours.end_of_day(day)) > started_at and _runs(end, pauses):
        return end
    while True:
        day = hours.add_working_days(day, 1)
        counted += _runs(hours.instant(day, time.min), pauses)
        if counted >= days and _runs(end := hours.end_of_day(day), pauses):
            return end


def _runs(at: datetime, pauses: Pauses) -> bool:
    return not any(stopped <= at < resumed for stopped, resumed in pauses)

"""When may somebody expect an answer? As soon as nearly all who asked the like lately had theirs; pure.

The bound is the one of conformal prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018): of n measured spans the
ceil((n + 1) q)-th smallest. If the next answer is as the last ones were, it comes within it with a probability of at least q,
whatever the spans are distributed like. A mean would be wrong for every other customer.

Who still waits has waited for so long at least; leaving them out would make silence look fast. They count as the estimator of
Kaplan and Meier (1958) counts them, which without any of them is the same order statistic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from troth.clocks.rules.profiles import URGENT
from troth.words.hours import Hours

#: Of ten customers told a time, nine are to have their answer within it.
SHARE = 0.9
#: Fewer answers than this tell too little, and a wider circle is asked.
MEASURED_LEAST = 20
#: What was measured before says less of today.
WEEKS = 6
#: The hours of a day that are alike; a message at night waits for the morning as others of that night do.
PARTS = ((0, 7), (7, 10), (10, 12), (12, 14), (14, 17), (17, 24))


class Basis(StrEnum):
    """What an expectation was drawn from: the narrowest circle that holds enough answers."""

    KIND_AND_HOUR = "kind_and_hour"
    KIND = "kind"
    ALL = "all"
    #: Too little was measured; our own target has to do.
    TARGET = "target"
    #: It took longer lately than our own target allows, which is told all the same: by then we owe it.
    OWED = "owed"


class Pace(StrEnum):
    """What makes people answer sooner, whatever it is about."""

    PLAIN = "plain"
    URGENT = "urgent"
    PUBLIC = "public"
    URGENT_PUBLIC = "urgent_public"


@dataclass(frozen=True)
class Measured:
    """One answer of the last weeks: of which kind of case, asked in which part of the day, and after how much open time."""

    kind: str
    pace: Pace
    part: int
    span: timedelta
    #: Nobody has answered yet: it takes longer than that.
    waits: bool = False


@dataclass(frozen=True)
class Expectation:
    """How much open time nearly all answers took, and how many were measured."""

    span: timedelta
    n: int
    basis: Basis
    #: Which cases were counted; empty: all, however urgent and whoever reads along.
    pace: Pace | Literal[""] = ""


#: Kind, pace and part of the day; empty or None where it is of them all.
Circle = tuple[str, Pace | Literal[""], int | None]


def circle(kind: str, pace: str, part: int | None) -> Circle:
    return kind, Pace(pace) if pace else "", part


def pace_of(*, urgency: str, is_public: bool) -> Pace:
    urgent = urgency in URGENT
    if is_public:
        return Pace.URGENT_PUBLIC if urgent else Pace.PUBLIC
    return Pace.URGENT if urgent else Pace.PLAIN


def part_of_day(at: datetime, hours: Hours) -> int:
    """In which part of the day, on the wall clock of *hours*, this instant lies."""
    hour = hours.local(at).hour
    return next(number for number, (first, last) in enumerate(PARTS) if first <= hour < last)


def upper(spans: Sequence[timedelta], waiting: Sequence[timedelta] = (), *, share: float = SHARE) -> timedelta | None:
    """The span within which the next one ends with a probability of *share* at least; None if there are too few to say.

    *waiting* have not ended, and have taken so long already.
    """
    ordered = sorted([*((span, False) for span in spans), *((span, True) for span in waiting)])
    left_to_end, not_ended = len(ordered) + 1, 1.0  # the next one stands among them, and its end is not known
    for span, waits in ordered:
        if not waits:
            not_ended *= 1 - 1 / left_to_end
            if not_ended <= 1 - share + 1e-9:
                return span
        left_to_end -= 1
    return None


def expectations(
    measured: Iterable[Measured], *, share: float = SHARE, least: int = MEASURED_LEAST
) -> dict[Circle, Expectation]:
    """For every circle that holds enough answers, what may be expected in it."""
    found: dict[Circle, list[Measured]] = {}
    for one in measured:
        for circle in circles(one.kind, one.pace, one.part):
            found.setdefault(circle, []).append(one)
    return {circle: _expectation(circle, lately, share) for circle, lately in found.items() if len(lately) >= least}


def _expectation(circle: Circle, lately: Sequence[Measured], share: float) -> Expectation:
    bound = upper([one.span for one in lately if not one.waits], [one.span for one in lately if one.waits], share=share)
    # Where too many wait to say, the longest wait is the least that is true.
    return expectation(circle, span=bound or max(one.span for one in lately), n=len(lately))


def expectation(circle: Circle, *, span: timedelta, n: int) -> Expectation:
    return Expectation(span=span, n=n, basis=basis_of(circle), pace=circle[1])


def circles(kind: str, pace: Pace, part: int) -> tuple[Circle, ...]:
    """Where to look, the narrowest first: that it is urgent or public tells more than the kind does, the kind more than the hour."""
    of_pace: tuple[Circle, ...] = () if pace is Pace.PLAIN else (("", pace, None),)
    return (kind, pace, part), (kind, pace, None), *of_pace, (kind, "", part), (kind, "", None), ("", "", None)


def expected(
    kind: str, *, pace: Pace, at: datetime, hours: Hours, known: Mapping[Circle, Expectation], target: timedelta
) -> Expectation:
    """What somebody who asks *at* may expect; *target* where too little was measured."""
    for circle in circles(kind, pace, part_of_day(at, hours)):
        if circle in known:
            return known[circle]
    return Expectation(span=target, n=0, basis=Basis.TARGET)


def told(at: datetime, expectation: Expectation, *, hours: Hours) -> datetime:
    """The time to tell: never earlier than expected, and as people say times, at a quarter of an hour within opening time.

    Where rounding up would leave the opening time the closing time itself is told. Raises NeverOpen.
    """
    exact = hours.add_working_time(at, max(expectation.span, timedelta(minutes=15)))
    rounded = _quarter_up(exact)
    return rounded if rounded == exact or hours.is_open(rounded - timedelta(microseconds=1)) else exact


def _quarter_up(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at + (timedelta(minutes=15) - over) if over else at


def basis_of(circle: Circle) -> Basis:
    """How wide it is."""
    kind, _pace, part = circle
    if part is not None:
        return Basis.KIND_AND_HOUR
    return Basis.KIND if kind else Basis.ALL

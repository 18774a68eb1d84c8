"""How long things take, of many at once, with those that have not ended yet; pure.

Spans are counted in bins a fiftieth wide, so that a million of them are a few hundred numbers. A quantile is the estimator of
Kaplan and Meier (1958) as `clocks.rules.expect.upper` has it: who still waits is not left out, for that would make silence look
fast. The limits of a quantile are Brookmeyer and Crowley's (1982), with Greenwood's variance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil, log, sqrt

#: Each bin is so much wider than the one before it; a quantile is told at most so much too long.
STEP = 1.02
#: What takes less than a minute took a minute.
LEAST_SECONDS = 60
#: Of fewer nothing is said.
ENOUGH = 5
#: Two-sided, 95 in a hundred.
Z = 1.959964


def bin_of(span: timedelta) -> int:
    """The bin a span lies in; the statement that counts them says the same (`desk.leading`)."""
    return ceil(log(max(span.total_seconds(), LEAST_SECONDS) / LEAST_SECONDS) / log(STEP))


def span_of(number: int) -> timedelta:
    """The upper edge of a bin."""
    return timedelta(seconds=LEAST_SECONDS * STEP**number)


@dataclass
class Spread:
    """What was measured of one group: how many ended and how many still wait in each bin, and how many met their target."""

    ended: Counter[int] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    in_time: int = 0
    late: int = 0

    @property
    def answered(self) -> int:
        return self.ended.total()

    @property
    def waiting(self) -> int:
        return self.waits.total()

    @property
    def n(self) -> int:
        return self.answered + self.waiting

    @property
    def decided(self) -> int:
        return self.in_time + self.late

    def add(self, other: Spread) -> None:
        self.ended.update(other.ended)
        self.waits.update(other.waits)
        self.in_time += other.in_time
        self.late += other.late

    def quantile(self, share: float) -> timedelta | None:
        """The span within which the next one ends with a probability of *share* at least; None if there are too few to say."""
        if self.n < ENOUGH:
            return None
        return next((span_of(at) for at, left, _var in self._left(spare=1) if left <= 1 - share + 1e-9), None)

    def limits(self, share: float = 0.5) -> tuple[timedelta, timedelta | None] | None:
        """Between which spans the true quantile lies in 95 of a hundred cases; None above where the end is not seen yet."""
        if self.n < ENOUGH:
            return None
        # The share may still be (or no longer be) at the quantile while it is within its own limits of it.
        low, high = None, None
        for at, left, variance in self._left():
            reach = Z * sqrt(left * left * variance + _floor(self.n))
            if low is None and left - reach <= 1 - share:
                low = span_of(at)
            if left + reach < 1 - share:
                high = span_of(at)
                break
        return None if low is None else (low, high)

    def _left(self, *, spare: int = 0) -> Iterator[tuple[int, float, float]]:
        """By bins, the share that has not ended after it, and Greenwood's sum; *spare* more stand among them unseen."""
        at_risk, left, variance = self.n + spare, 1.0, 0.0
        for at in sorted(set(self.ended) | set(self.waits)):
            if done := self.ended[at]:
                left *= (at_risk - done) / at_risk
                variance += done / (at_risk * (at_risk - done)) if at_risk > done else 0.0
                yield at, left, variance
            at_risk -= done + self.waits[at]


def _floor(n: int) -> float:
    """Greenwood's variance is nought where all or none have ended; half a count of doubt stays."""
    return 0.25 / (n * n)


def together(spreads: Iterable[Spread]) -> Spread:
    """All of them as one."""
    whole = Spread()
    for one in spreads:
        whole.add(one)
    return whole

"""Are two sorts of customers served alike, for the same cause and urgency? Differences with their limits; pure.

The limits of a difference are made of the limits of its two sides, and those of the whole of those of its strata, by the method
of variance estimates recovery (Zou and Donner 2008; of shares it is Newcombe's 1998, method 10). A stratum weighs as much as the
smaller of its sides allows, as Mantel and Haenszel (1959) weigh.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot, inf

from troth.desk.rules.spread import Spread
from troth.learning.rules.measure import Share

#: A side with fewer cases tells nothing.
SIDE_ENOUGH = 8


@dataclass(frozen=True)
class Estimate:
    """A figure and between which the truth lies; *high* may be infinite where the end is not seen yet."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Difference:
    """How much more the one is than the other."""

    value: float
    low: float
    high: float
    n: int
    other_n: int

    @property
    def sure(self) -> int:
        """1 where the one surely is more, -1 where it is less, 0 where chance may have done it."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


def median_of(spread: Spread) -> Estimate | None:
    """In minutes; None where there are too few to say."""
    value, limits = spread.quantile(0.5), spread.limits()
    if spread.n < SIDE_ENOUGH or value is None or limits is None:
        return None
    low, high = limits
    minutes = value.total_seconds() / 60
    least = min(low.total_seconds() / 60, minutes)
    return Estimate(minutes, least, inf if high is None else max(high.total_seconds() / 60, minutes), spread.n)


def share_of(share: Share) -> Estimate | None:
    if share.n < SIDE_ENOUGH or share.share is None or share.interval is None:
        return None
    return Estimate(share.share, *share.interval, share.n)


def difference(one: Estimate | None, other: Estimate | None) -> Difference | None:
    """The one less the other; None where there are too few of either to say."""
    if one is None or other is None:
        return None
    value = one.value - other.value
    return Difference(
        value=value,
        low=value - hypot(one.value - one.low, other.high - other.value),
        high=value + hypot(one.high - one.value, other.value - other.low),
        n=one.n,
        other_n=other.n,
    )


def whole(strata: Iterable[Difference | None]) -> Difference | None:
    """What the strata say together; None where none of them says anything."""
    found = [one for one in strata if one is not None]
    weights = [one.n * one.other_n / (one.n + one.other_n) for one in found]
    if not found:
        return None
    shares = [weight / sum(weights) for weight in weights]
    value = sum(share * one.value for share, one in zip(shares, found, strict=True))
    return Difference(
        value=value,
        low=value - hypot(*(share * (one.value - one.low) for share, one in zip(shares, found, strict=True))),
        high=value + hypot(*(share * (one.high - one.value) for share, one in zip(shares, found, strict=True))),
        n=sum(one.n for one in found),
        other_n=sum(one.other_n for one in found),
    )

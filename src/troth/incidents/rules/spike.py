"""Are there more complaints about one thing than usual? A plain, honest test; pure.

How many came in the same hours of each of the last days is known. If complaints come by chance at a rate that itself is known from
those days only, the next count follows the negative binomial (a Poisson count whose rate is gamma distributed; Gelman et al.,
Bayesian Data Analysis, 2.6). A spike is a count so high that it would come by chance once in a thousand looks, shared by all that is
looked at: it is at least a few complaints, and at least twice the usual number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import exp, lgamma, log

#: Fewer are no spike, however seldom they are; and a usual rate is known from so many days.
LEAST, DAYS_LEAST, DAYS_MOST = 4, 7, 28
#: So many hours back are looked at.
WINDOWS = (3, 8, 24)
#: How seldom such a count comes by chance, in all that one look compares.
CHANCE = 0.001
#: Before anything was seen the rate is as unknown as may be (Jeffreys).
PRIOR = 0.5


@dataclass(frozen=True)
class Count:
    """Complaints about one thing in the last *hours*, and in the same hours of the *days* before."""

    cause: str
    product: str
    place: str
    hours: int
    now: int
    before: int
    days: int
    first_at: datetime
    cases: tuple[int, ...]


@dataclass(frozen=True)
class Spike:
    count: Count
    #: How probable so many were by chance.
    chance: float

    @property
    def usual(self) -> float:
        return self.count.before / self.count.days


def tail(n: int, *, before: int, days: int) -> float:
    """The probability of *n* or more, where *before* came in *days* equal spans; 1 for n = 0."""
    shape = before + PRIOR
    likely, missed = log(days / (days + 1)), log(1 / (days + 1))
    below = (exp(lgamma(k + shape) - lgamma(shape) - lgamma(k + 1) + shape * likely + k * missed) for k in range(n))
    return min(1.0, max(0.0, 1.0 - sum(below)))


def spikes(counts: Iterable[Count]) -> list[Spike]:
    """Those that are no chance, the least probable first; one for each cause, of the narrowest thing that holds most of it."""
    looked = [one for one in counts if one.days >= DAYS_LEAST]
    found: dict[str, list[Spike]] = {}
    for one in looked:
        chance = tail(one.now, before=one.before, days=one.days)
        if one.now >= LEAST and one.now * one.days >= 2 * one.before and chance * len(looked) < CHANCE:
            found.setdefault(one.cause, []).append(Spike(one, chance))
    return sorted((_told(of_cause) for of_cause in found.values()), key=lambda spike: (spike.chance, spike.count.cause))


def _told(of_cause: list[Spike]) -> Spike:
    """The one that is spoken of: a product or place where it explains nearly all, else the cause as a whole."""
    most = max(spike.count.now for spike in of_cause)
    narrow = [
        spike for spike in of_cause if (spike.count.product or spike.count.place) and spike.count.now * 5 >= most * 4
    ]
    wide = [spike for spike in of_cause if not (spike.count.product or spike.count.place)]
    return min(narrow or wide or of_cause, key=lambda spike: (spike.chance, -spike.count.now, spike.count.hours))

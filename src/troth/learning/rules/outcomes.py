"""How answers went on, with a check standing well and without: shares with their limits, and whether they go together.

It compares what happened to be written; it tells nothing of what would have been had it been written otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from troth.learning.rules.measure import Share


@dataclass(frozen=True)
class Went:
    """So many answers that were alike in one check, and how they went on."""

    sent: int
    dismissed: int
    #: Of those after which customers said whether a promise of the case was kept: it was, all of them.
    kept: Share
    #: Of those that closed the case: the customer wrote again.
    back: Share
    #: Of those the customer answered while hurt: they sounded so no more.
    better: Share
    #: Of those the customer answered and had not been hurt: now they were.
    worse: Share


NOTHING = Went(0, 0, Share(0, 0), Share(0, 0), Share(0, 0), Share(0, 0))


def goes_with(one: Share, other: Share) -> int:
    """1 where the share is higher in *one* than in *other*, -1 where it is lower, 0 where chance may have done it.

    The limits of the difference are Newcombe's (1998, method 10), made of the two Wilson intervals.
    """
    if one.share is None or other.share is None or one.interval is None or other.interval is None:
        return 0
    (low, high), (other_low, other_high) = one.interval, other.interval
    difference = one.share - other.share
    if difference - sqrt((one.share - low) ** 2 + (other_high - other.share) ** 2) > 0:
        return 1
    if difference + sqrt((high - one.share) ** 2 + (other.share - other_low) ** 2) < 0:
        return -1
    return 0

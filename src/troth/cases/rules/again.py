"""The same trouble once more: whether an earlier case of the same customer is of the same kind, and near enough; pure.

A second failing weighs more the more it is like the first and the sooner it follows (Maxham & Netemeyer 2002, Journal of
Marketing 66:4), and no recovery makes up for it: so among several earlier cases it is the one that weighs most that is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from troth.words.causes import Cause
from troth.words.messages import Kind

#: For so long after the first time the same cause is a second time.
SOON = timedelta(days=90)
#: Things fail slowly; who was in danger, or whose data went astray, forgets it for a year no more than we may.
SOON_BY_CAUSE = {
    Cause.POOR_QUALITY: timedelta(days=180),
    Cause.NOT_AS_DESCRIBED: timedelta(days=180),
    Cause.SAFETY_OR_BREACH: timedelta(days=365),
}
#: "Other" is no cause of which two cases could have the same.
NEVER = frozenset({"", Cause.OTHER})
#: Whoever thanks us or wishes for something has no trouble, whatever words they use.
TROUBLED = frozenset({Kind.COMPLAINT, Kind.ENQUIRY})


@dataclass(frozen=True)
class Earlier:
    """A case of the same customer and cause, before."""

    case: int
    #: From the last word in it to the first of the new one.
    since: timedelta
    #: How alike what the two are about is: 0 to 1.
    alike: float


def soon(cause: str) -> timedelta | None:
    """Within which time the same cause is a second time; None where it never is."""
    return None if cause in NEVER else SOON_BY_CAUSE.get(Cause(cause), SOON)


def may_be_again(*, kind: str, cause: str, is_sure: bool) -> bool:
    """Whether a case can be a second time at all; *is_sure*: it is known whose it is."""
    return is_sure and kind in TROUBLED and soon(cause) is not None


def weight(earlier: Earlier, *, window: timedelta) -> float:
    """How much the second time weighs because of this first: 0 to 1. Nearness counts in full, likeness as much again."""
    nearness = 1 - max(min(earlier.since / window, 1.0), 0.0)
    return nearness * (1 + earlier.alike) / 2


def first_time(found: Sequence[Earlier], *, cause: str) -> int | None:
    """The case that this one is again; None where none is near enough."""
    window = soon(cause)
    near = [one for one in found if window is not None and one.since <= window]
    if window is None or not near:
        return None
    return max(near, key=lambda one: (weight(one, window=window), one.case)).case

"""How much is asked of us in how long: a bucket that refills evenly, told by the one moment at which it is full again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Pace:
    """*most* at once, and after that one for each *most*-th part of *within*."""

    most: int
    within: timedelta

    @property
    def step(self) -> timedelta:
        """After how long one more is free."""
        return self.within / self.most


def take(whole_at: datetime | None, pace: Pace, *, now: datetime) -> tuple[bool, datetime]:
    """Whether one more may be had *now*, and when everything is free again after that.

    *whole_at* is when everything would be free again without it; None where nothing was taken yet. What is refused costs nothing.
    """
    before = max(whole_at or now, now)
    after = before + pace.step
    return (True, after) if after - now <= pace.within else (False, before)


def wait(whole_at: datetime | None, pace: Pace, *, now: datetime) -> timedelta:
    """How long until one more may be had; nothing where it may be had now."""
    return max(max(whole_at or now, now) + pace.step - pace.within - now, timedelta())

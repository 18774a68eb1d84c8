"""When a letter that could not leave is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

SCHEDULE = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)


def next_try_at(attempts: int, *, now: datetime) -> datetime | None:
    """The moment of the next try after *attempts* have failed; None when the schedule is used up."""
    if attempts < 1 or attempts > len(SCHEDULE):
        return None if attempts > len(SCHEDULE) else now
    return now + SCHEDULE[attempts - 1]

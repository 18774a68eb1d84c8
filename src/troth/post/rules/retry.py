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

#: While the mail server itself is away a letter is tried this often, and no try is counted against it ...
AWAY = timedelta(minutes=1)
#: ... but not for longer than the schedule of a refused one.
AWAY_MOST = sum(SCHEDULE, timedelta())


def next_try_when_away(*, waits_since: datetime, now: datetime) -> datetime | None:
    """The moment of the next try while the mail server is away; None when the letter has waited too long."""
    return now + AWAY if now - waits_since < AWAY_MOST else None


def next_try_at(attempts: int, *, now: datetime) -> datetime | None:
    """The moment of the next try after *attempts* have failed; None when the schedule is used up."""
    return now + SCHEDULE[attempts - 1] if 1 <= attempts <= len(SCHEDULE) else None

"""When a delivery is tried again, how long an endpoint that fails is left alone, and when it is switched off."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: The schedule of Standard Webhooks: about three days in all.
SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: A try comes up to this share later, so that what failed together does not come back together.
JITTER = 0.2
REST_FIRST, REST_MOST = timedelta(seconds=5), timedelta(minutes=5)
#: The longest that an endpoint may ask to be left alone.
REST_ASKED_MOST = timedelta(hours=1)
#: Nothing was taken for this long, and it was tried.
SWITCHED_OFF_AFTER = timedelta(days=3)
GONE = 410


class Why(StrEnum):
    """Why an endpoint is switched off."""

    STAFF = "staff"
    FAILING = "failing"
    GONE = "gone"


def next_try_at(attempts: int, *, now: datetime, chance: float) -> datetime | None:
    """The moment of the next try after *attempts* have failed; None when all are used up. *chance* lies from 0 to 1."""
    if attempts > len(SCHEDULE):
        return None
    return now + SCHEDULE[attempts - 1] * (1 + JITTER * chance)


def rest(failures: int, *, asked_seconds: int | None) -> timedelta:
    """How long nothing is sent to an endpoint after so many failures in a row."""
    own = min(REST_FIRST * (1 << min(failures - 1, 10)), REST_MOST)
    asked = min(timedelta(seconds=asked_seconds or 0), REST_ASKED_MOST)
    return max(own, asked)


def switch_off(*, status: int, failing_since: datetime, now: datetime) -> Why | None:
    """Whether an endpoint that failed just now is switched off, and why."""
    if status == GONE:
        return Why.GONE
    return Why.FAILING if now - failing_since >= SWITCHED_OFF_AFTER else None

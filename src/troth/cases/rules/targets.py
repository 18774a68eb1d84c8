"""By when a case wants its first answer: by kind, in working time. The full clocks (A1) build on this."""

from __future__ import annotations

from datetime import datetime, timedelta

from troth.words.hours import Hours

#: Working time to the first answer, by kind of case.
FIRST_ANSWER = {
    "complaint": timedelta(hours=4),
    "enquiry": timedelta(hours=8),
    "suggestion": timedelta(hours=16),
    "compliment": timedelta(hours=16),
}


def answer_by(*, kind: str, urgency: str, received_at: datetime, hours: Hours) -> datetime:
    """When an answer is due; half the time where it is urgent."""
    span = FIRST_ANSWER.get(kind, FIRST_ANSWER["enquiry"])
    if urgency in {"high", "critical"}:
        span /= 2
    return hours.add_working_time(received_at, span)

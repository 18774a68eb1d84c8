"""What becomes of a letter after its turn in a window, the group of letters of which it is said at once that they leave; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from troth.post.rules.carrier import Answer, Outcome
from troth.post.rules.retry import next_try_at, next_try_when_away

#: So many letters are said to leave at once. A sender that is killed leaves as many of which it must be found out, or, without
#: an archive, which go out again; a smaller window costs a wait for the disk more often.
LETTERS = 100
#: No letter of a window begins to leave later than this, and whoever finds one that did not come back waits far longer: so a
#: sender that was asleep never goes on beside its successor, even where the server has let go of its lock.
LASTS = timedelta(minutes=1)


class Then(Enum):
    """How the letter stands from now on, by the name of its state."""

    ARRIVED = "sent"
    WAITS = "queued"
    REFUSED = "refused"
    IN_DOUBT = "data"


@dataclass(frozen=True)
class After:
    then: Then
    #: None where it stays as it was.
    next_try_at: datetime | None = None
    #: Whether this was a try that counts against the letter.
    counts: bool = True


def after(outcome: Outcome | None, *, attempts: int, waits_since: datetime, now: datetime) -> After:
    """After *outcome*, at its try number *attempts*; None where its turn did not come, and nothing of it left."""
    if outcome is None:
        return After(Then.WAITS, now, counts=False)
    if outcome.answer is Answer.ACCEPTED:
        return After(Then.ARRIVED)
    if outcome.answer is Answer.UNCLEAR:
        return After(Then.IN_DOUBT)
    if outcome.answer is Answer.REFUSED:
        return After(Then.REFUSED)
    if outcome.server_is_away:
        again_at = next_try_when_away(waits_since=waits_since, now=now)
    else:
        again_at = next_try_at(attempts, now=now)
    if again_at is None:
        return After(Then.REFUSED)
    return After(Then.WAITS, again_at, counts=not outcome.server_is_away)

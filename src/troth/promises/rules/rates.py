"""The rates a company is judged by: kept, moved, late, broken, and the surprise rate; judged against the first date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from troth.words.promises import State, Strength


@dataclass(frozen=True)
class Tally:
    """Decided promises in a window; decided: the date has passed, or it is settled."""

    kept: int = 0
    moved: int = 0
    late: int = 0
    broken: int = 0
    #: Late or broken, and the customer had not been told before the date.
    surprises: int = 0
    #: Still to come; not part of any rate.
    owed: int = 0

    @property
    def decided(self) -> int:
        return self.kept + self.moved + self.late + self.broken

    def share(self, count: int) -> float | None:
        """*count* of the decided, 0 to 1; None where nothing is decided yet: unknown is not good."""
        return count / self.decided if self.decided else None

    @property
    def surprise_rate(self) -> float | None:
        return self.share(self.surprises)


class Judged(Protocol):
    """Of a promise what a rate hangs on."""

    state: str
    strength: str
    due: datetime | None
    first_due: datetime | None
    done_at: datetime | None
    told_at: datetime | None


def tallied(promises: Iterable[Judged], *, now: datetime) -> Tally:
    """Those whose first date lies before *now*, counted as `promises.queries.tally` counts rows; aims are not scored."""
    ripe = [one for one in promises if one.first_due and one.first_due < now and one.strength != Strength.AIM]
    counted = Counter(one.state for one in ripe)
    missed = [one for one in ripe if one.state in {State.LATE, State.BROKEN}]
    owed = [one for one in ripe if one.state in {State.OPEN, State.MOVED} and one.done_at is None]
    return Tally(
        kept=counted[State.KEPT],
        moved=counted[State.MOVED],
        late=counted[State.LATE],
        broken=counted[State.BROKEN],
        surprises=sum(one.told_at is None for one in missed),
        owed=sum(one.due is not None and one.due > now for one in owed),
    )

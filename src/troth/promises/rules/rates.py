"""The rates a company is judged by: kept, moved, late, broken, and the surprise rate; judged against the first date."""

from __future__ import annotations

from dataclasses import dataclass


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

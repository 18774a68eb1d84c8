"""Who is in a case right now, told from what their pages said last; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Open pages say that they are there this often ...
BEAT = timedelta(seconds=5)
#: ... and whoever was not heard of for so long is gone: two beats may get lost.
GONE_AFTER = 3 * BEAT


class Writes(StrEnum):
    NOTHING = ""
    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True)
class Here:
    """A colleague in a case."""

    case: int
    staff: int
    name: str
    seen_at: datetime
    writes: Writes
    wrote_at: datetime | None

    def writing(self, now: datetime) -> Writes:
        """What they are writing at *now*: who typed in one page and only looks from another still writes."""
        is_fresh = self.wrote_at is not None and self.wrote_at > now - GONE_AFTER
        return self.writes if is_fresh else Writes.NOTHING

    def seconds_left(self, now: datetime) -> float:
        """For how long this holds if nothing more is heard."""
        return max(0.0, (self.seen_at + GONE_AFTER - now).total_seconds())

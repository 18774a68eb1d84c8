"""Which of the notices sent so far still matter to somebody who joins late; pure.

An incident goes in rounds: it began, news of it, it ended, it was seen to that it does not come back, and that held; or it came
back, and another round begins. Whoever joins late is told how it stands, once, and not what was overtaken: news overtakes the
beginning, an end overtakes the news, that it held overtakes what was done, and a second time overtakes all of the first.
A breach and a remedy are overtaken by nothing but a newer notice of their own sort: each is owed for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

#: What each sort overtakes, beside an older notice of the same sort.
_OVERTAKES = {
    "began": (),
    "update": ("began", "recurred"),
    "ended": ("began", "update", "recurred"),
    "prevented": ("began", "update"),
    "held": ("began", "update", "prevented"),
    "recurred": ("began", "update", "ended", "prevented", "held"),
    "breach": (),
    "remedy": (),
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A notice as this question needs it."""

    pk: int
    sort: str
    sent_at: datetime
    is_duty: bool = True
    #: It was stopped: it overtakes nothing, for not everybody was told by it.
    is_stopped: bool = False


def overtaking() -> list[tuple[str, str]]:
    """Every pair of sorts of which the first overtakes the second."""
    return [(newer, older) for newer, others in _OVERTAKES.items() for older in (newer, *others)]


def matters_until(notice: Sent, others: Iterable[Sent]) -> datetime | None:
    """Until when those who join are still told by *notice*: for ever (None), until it was overtaken, or until it was sent.

    What is no duty is told to those alone who were there.
    """
    if not notice.is_duty:
        return notice.sent_at
    overtaking = [
        other.sent_at
        for other in others
        if (other.sent_at, other.pk) > (notice.sent_at, notice.pk)
        and not other.is_stopped
        and _overtakes(other, notice)
    ]
    return min(overtaking, default=None)


def _overtakes(newer: Sent, older: Sent) -> bool:
    return newer.is_duty and (newer.sort == older.sort or older.sort in _OVERTAKES[newer.sort])

"""To whom a case goes by its team's rule: whose turn it is, or who has least to do; pure, and the same whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from troth.people.rules.assigns import Assigns

#: A promise due within this time is work that is there, like an open case.
DUE_SOON = timedelta(days=2)
NEVER = datetime.min.replace(tzinfo=UTC)


class Why(StrEnum):
    """Why a case changed hands without anybody choosing its owner."""

    ROUND = "round"
    LOAD = "load"
    HANDED_OVER = "handed_over"
    HANDED_BACK = "handed_back"


@dataclass(frozen=True)
class Colleague:
    """Somebody of the team who is here and answers customers."""

    staff: int
    #: When the rule gave them something last.
    given_at: datetime | None
    #: Open cases and promises due soon.
    load: int


def next_one(assigns: Assigns, colleagues: Sequence[Colleague]) -> int | None:
    """Whose it is; None where nobody is here, or people take their cases themselves.

    In turn goes to whoever was given something the longest ago, so who was away is next once and not for all they missed. Of two
    with as much to do it is the one whose turn it is.
    """
    if assigns is Assigns.HAND or not colleagues:
        return None
    by_load = assigns is Assigns.LOAD
    return min(colleagues, key=lambda one: (one.load if by_load else 0, one.given_at or NEVER, one.staff)).staff

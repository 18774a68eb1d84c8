"""What brings a notice to somebody: mail now, others by the same interface; pure.

A carrier knows the ways to a person, takes notes for many of them at once, and says later how each ended. It keeps what it took:
the number it gives back for a note finds it again after any fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class End(StrEnum):
    """How the carrying of one note ended."""

    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    #: Called back before it began to leave.
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class Way:
    """One address of somebody."""

    address: str
    #: Nothing sent there arrives, as far as is known.
    is_bad: bool = False

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, kw_only=True)
class Note:
    """What is to be brought to one member, once: the same *key* never makes a second."""

    key: str
    address: str
    name: str
    subject: str
    text: str
    #: "notice:9"
    because: str
    customer_id: int | None


@dataclass(frozen=True, kw_only=True)
class Ended:
    end: End
    at: datetime | None = None


class Carrier(Protocol):
    """One way of bringing notices, by the name that stands in `Recipient.carrier`."""

    name: str

    def ways(self, customer_ids: Iterable[int]) -> Mapping[int, Sequence[Way]]:
        """The addresses of these customers, the best first; one statement."""

    def hand_over(self, notes: Sequence[Note], *, now: datetime) -> Mapping[str, int]:
        """Take these notes, in the caller's transaction; by key, the number of each that could be taken."""

    def ends(self, numbers: Sequence[int]) -> Mapping[int, Ended]:
        """How those of these ended that have."""

    def ended(self, notice: int, *, most: int) -> Sequence[int]:
        """Numbers of notes of this notice that ended, and of whose readers it is not noted yet; one statement."""

    def came_back(self, *, most: int) -> Sequence[int]:
        """Numbers of notes that were accepted, and came back since."""

    def hold(self, because: str) -> int:
        """Keep what has not begun to leave from leaving."""

    def let_go(self, because: str, *, now: datetime) -> int:
        """Let leave again what was held."""

    def take_back(self, because: str, *, now: datetime) -> int:
        """Take back what has not begun to leave; its end is TAKEN_BACK."""


def next_way(ways: Sequence[Way], tried: Iterable[str]) -> Way | None:
    """The address to try next: the best one not tried yet; one that is known to be bad only where no other was there at all."""
    gone = {address.lower() for address in tried}
    fresh = [way for way in ways if way.address.lower() not in gone]
    good = next((way for way in fresh if not way.is_bad), None)
    return good or (next(iter(fresh), None) if not gone else None)

"""What a carrier must be able to do, and what it may answer.

A carrier moves bytes. It must call `on_data` after every recipient has been accepted and before the first byte of the letter
leaves: up to that call nothing can have arrived, after it everything may have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Answer(Enum):
    ACCEPTED = "accepted"  # the other side said so
    TRY_AGAIN = "try_again"  # it surely has not arrived, and may go later
    REFUSED = "refused"  # it surely has not arrived, and will not
    UNCLEAR = "unclear"  # the letter's bytes had begun to leave, and no answer came


@dataclass(frozen=True)
class Outcome:
    answer: Answer
    code: int = 0
    reply: str = ""
    #: The server itself cannot be used now; that says nothing about this letter, and the next one would fare the same.
    server_is_away: bool = False


def accepted(reply: str = "", code: int = 250) -> Outcome:
    return Outcome(Answer.ACCEPTED, code, reply)


def try_again(code: int, reply: str) -> Outcome:
    return Outcome(Answer.TRY_AGAIN, code, reply)


def server_is_away(code: int, reply: str) -> Outcome:
    return Outcome(Answer.TRY_AGAIN, code, reply, server_is_away=True)


def refused(code: int, reply: str) -> Outcome:
    return Outcome(Answer.REFUSED, code, reply)


def unclear(reply: str) -> Outcome:
    return Outcome(Answer.UNCLEAR, 0, reply)


def shown(reply: str) -> str:
    """A server's answer as it may be shown: one line, no control characters, not endless."""
    if reply.isprintable():
        return reply[:500]
    return "".join(character if character.isprintable() else " " for character in reply)[:500]


class ArchiveOutOfReach(Exception):
    """The archive could not be looked into now; that says nothing about the letter."""


class Carrier(Protocol):
    def open(self) -> None:
        """Make ready; a carrier that cannot says so at `submit`, per letter."""

    def submit(
        self, letter: bytes, envelope_from: str, recipients: Sequence[str], on_data: Callable[[], None]
    ) -> Outcome:
        """Send to the first recipient and to the archives after it. What `on_data` raises ends the dialogue and is passed on."""

    def was_kept(self, message_id: str) -> bool | None:
        """Whether the archive holds this letter; None when there is no archive. Raises ArchiveOutOfReach."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class Parcel:
    """A letter as a carrier takes it among many: its bytes, and whom it is for; archives come after the reader."""

    letter: bytes
    envelope_from: str
    recipients: Sequence[str]
    message_id: str


class CarrierOfMany(Carrier, Protocol):
    """A carrier that can do more at once. Where it cannot, many letters go one by one over what every carrier can."""

    def submit_many(self, parcels: Sequence[Parcel], may_begin: Callable[[], bool]) -> Iterator[Outcome]:
        """Send them in their order, and tell of each what became of it before any byte of the next one leaves.

        `may_begin` is asked before the first byte of each. Who ends early, or says that the server is away, has let nothing leave
        of the letters it did not tell of.
        """

    def were_kept(self, message_ids: Collection[str]) -> set[str] | None:
        """Which of these letters the archive holds; None when there is no archive. Raises ArchiveOutOfReach."""

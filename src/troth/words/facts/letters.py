"""What left, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class LetterQueued(Fact):
    """Its final bytes and Message-ID were fixed and stored before any of it was sent."""

    because: str
    automatic: bool
    #: SHA-256 of the bytes, hexadecimal.
    digest: str


@dataclass(frozen=True, kw_only=True)
class ReceiptsEnclosed(Fact):
    """Before any of it was sent, receipts were put into the letter; `because` is what it is about.

    Receipts exist only once what they prove is sealed, a moment after the letter was queued. This happens once at most, and
    changes nothing of the letter but this: a sentence about the receipts, and the receipts.
    """

    because: str
    #: How many receipts.
    receipts: int
    #: SHA-256 of the bytes it has from now on, hexadecimal.
    digest: str


@dataclass(frozen=True, kw_only=True)
class ReceiptsLeftOut(Fact):
    """The letter left without the receipts it was to carry, with the bytes it was queued with; `because` is what it is about."""

    because: str
    #: not_sealed: they were not ready in time. none: nothing of it may be shown. not_sound: they could not be put in.
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterDelivered(Fact):
    """It arrived, as far as the mail server can say; `because` is what it was about."""

    because: str
    delivered_at: datetime
    #: The carrier's answer was lost, and the archive mailbox showed that it had gone.
    verified: bool


@dataclass(frozen=True, kw_only=True)
class LetterRefused(Fact):
    """It did not arrive and will not; `because` is what it was about."""

    because: str
    #: SMTP reply code, 0 where there is none.
    code: int


@dataclass(frozen=True, kw_only=True)
class LetterUnclear(Fact):
    """Whether it went cannot be known; shown to staff."""

    because: str


@dataclass(frozen=True, kw_only=True)
class LetterTakenBack(Fact):
    """It was kept from leaving; `because` is what it was about."""

    because: str


@dataclass(frozen=True, kw_only=True)
class LetterBounced(Fact):
    """A bounce came back for a delivered letter."""

    because: str
    arrival: str

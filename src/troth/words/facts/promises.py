"""What was promised, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Fact):
    """A promise was recorded; `said_at` tells when the customer heard it."""

    version: ClassVar[int] = 2
    sort: str
    strength: str
    speaker: str
    #: open, armed or proposed.
    state: str
    #: The date that never changes; None while armed without a date.
    first_due: datetime | None
    said_at: datetime
    #: Reference of the message it stands in, "key:5" where a program put it on record for the owner, or "".
    source: str
    #: HMAC-SHA256 of what was promised, on which condition and in which sentence, hexadecimal, under a salt that is kept with these
    #: words and goes with them (docs/formats/entry.md). Version 1 had `quote_digest`, the SHA-256 of the sentence.
    words_digest: str
    #: "staff:3", or "" where no person owns it yet.
    owner: str


@dataclass(frozen=True, kw_only=True)
class PromiseOpened(Fact):
    """The condition of an armed promise came true, or a proposed one was confirmed."""

    first_due: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseDismissed(Fact):
    """Staff said that a sentence found in a reply is no promise; `about` is the message.

    Version 1 had `quote_digest`, the SHA-256 of the sentence. Nothing but the message keeps that sentence, so there is no place
    for a salt of it, and without one a digest tells more than it proves.
    """

    version: ClassVar[int] = 2
    by: str


@dataclass(frozen=True, kw_only=True)
class StaffWarned(Fact):
    """The owner was warned that the date comes near."""

    due: datetime
    #: "staff:3", or "" where nobody owned it and its team was warned.
    warned: str


@dataclass(frozen=True, kw_only=True)
class StaffEscalated(Fact):
    """The lead was told that a warned promise still is not done."""

    due: datetime
    warned: str


@dataclass(frozen=True, kw_only=True)
class TellingSent(Fact):
    """Words to the customer about a promise were handed to the post; whether they arrived is CustomerTold."""

    version: ClassVar[int] = 2
    #: heads_up, move, late_notice, or new_date where one was given after the date had passed.
    telling: str
    letter: str
    #: The date at stake when it was written.
    due: datetime
    automatic: bool
    #: HMAC-SHA256 of what somebody wrote in it, hexadecimal, under a salt that is kept with these words and goes with them; of the
    #: empty text where it was written by itself. Version 1 had none.
    words_digest: str


@dataclass(frozen=True, kw_only=True)
class TellingFailed(Fact):
    """The customer could not be told: no address, or the letter was refused."""

    telling: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CustomerTold(Fact):
    """The customer was told, proven by delivery."""

    telling: str
    letter: str
    #: The date at stake.
    due: datetime
    delivered_at: datetime
    #: Delivered before the date.
    before_due: bool
    #: Delivered with the notice that lets a move count as moved.
    in_time: bool


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(Fact):
    """A new date was given; `count` is the how-manieth move this is."""

    from_due: datetime
    to_due: datetime
    count: int
    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseKept(Fact):
    """Done by its date."""

    due: datetime | None
    done_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseDoneLate(Fact):
    """Done after its date; it stays late."""

    due: datetime
    done_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseLate(Fact):
    """The date passed and the thing was not done, or it was moved too late to count as moved."""

    due: datetime
    #: Told before the date, so no surprise.
    told: bool


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Fact):
    """Not done."""

    due: datetime
    #: not_done, third_move, said_so, happened_again where just that was not to be, or erased where the company forgot whom it was
    #: promised to without being asked.
    reason: str


@dataclass(frozen=True, kw_only=True)
class PromiseReleased(Fact):
    """The customer let us off."""

    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseVoided(Fact):
    """It was recorded by mistake."""

    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseOwned(Fact):
    """Somebody became its owner."""

    before: str
    owner: str
    by: str


@dataclass(frozen=True, kw_only=True)
class MissExplained(Fact):
    """The owner said why it was missed."""

    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Fact):
    """The customer's own verdict, which stands beside ours."""

    kept: bool

"""By when a case wants what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Fact):
    """Other targets hold for clocks that start from then on; `about` is the policy's new version."""

    #: The profile it was made from: plain, iso_10002, fca_disp, fca_disp_payments.
    profile: str
    #: From when it holds.
    from_at: datetime
    #: SHA-256 of the targets, hexadecimal.
    digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ClockStarted(Fact):
    """A target began to run for a case, at `happened_at`; `about` is the clock."""

    case: str
    #: first, next, update or resolution.
    sort: str
    #: The how-manieth of its sort in the case.
    number: int
    #: When it runs out.
    due: datetime
    #: A moment before that which is worth reaching; None where the target has none.
    early_at: datetime | None
    #: "policy:3", the version it started under and runs by whatever comes later; "" for the one Troth comes with.
    policy: str
    #: How its length is counted: working_time, working_days or calendar.
    measure: str
    #: Its length, in seconds or in working days.
    amount: int
    #: It stops while we wait for the customer.
    pauses: bool
    #: SHA-256 of the target and the calendar it runs by, hexadecimal: those with the same digest count alike.
    terms: str


@dataclass(frozen=True, kw_only=True)
class ClockPaused(Fact):
    """From `happened_at` on it did not count, for it was the customer's turn; `about` is the clock."""


@dataclass(frozen=True, kw_only=True)
class ClockResumed(Fact):
    """From `happened_at` on it counted again; `about` is the clock."""

    #: When it runs out now.
    due: datetime
    early_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClockMet(Fact):
    """What it asked for was done, at `happened_at`; `about` is the clock."""

    due: datetime
    #: Done by its date.
    in_time: bool


@dataclass(frozen=True, kw_only=True)
class ClockMissed(Fact):
    """It ran out, at `happened_at`, and what it asked for was not done; said once. `about` is the clock."""

    due: datetime


@dataclass(frozen=True, kw_only=True)
class ClockStopped(Fact):
    """Nothing was asked any more from `happened_at` on, though nothing was done; `about` is the clock."""


@dataclass(frozen=True, kw_only=True)
class ClockBeganEarlier(Fact):
    """It counts from `happened_at`, for a letter that had arrived then was read only now; `about` is the clock."""

    #: When it runs out now.
    due: datetime
    early_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClockTargetChanged(Fact):
    """From `happened_at` on it runs by another target, counted from the same beginning: somebody said so. `about` is the clock."""

    due: datetime
    early_at: datetime | None
    policy: str
    measure: str
    amount: int
    pauses: bool
    terms: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ClockMissExplained(Fact):
    """Somebody said why it was missed; `about` is the clock."""

    #: over_promised, waited, forgot, no_capacity, supplier, unforeseen or other.
    reason: str
    by: str

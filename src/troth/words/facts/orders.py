"""What was bought, and what was said of its delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class OrderNoted(Fact):
    """A shop told of an order for the first time; `about` is the order."""

    ordered_at: datetime
    #: For when the shop says its delivery was promised.
    promised_for: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    #: "customer" or "company"; "" where it was not cancelled.
    cancelled_by: str
    #: The promise recorded for it, "promise:31"; "" where its date had passed or none was given.
    promise: str
    by: str


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Fact):
    """The shop said something else of an order; these are its times from now on. `about` is the order."""

    ordered_at: datetime
    #: What the shop says now; the promise keeps the date that the customer was given.
    promised_for: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    #: "customer" or "company"; "" where it was not cancelled.
    cancelled_by: str
    #: "promise:31", or "" where there is none.
    promise: str
    by: str

"""What was sought, offered and given to make good.

Amounts are decimal numbers with a point, as text, beside their ISO 4217 currency; "" for both where it is not money. What was
said of a remedy stands in the ledger as HMAC-SHA256 under a salt that is kept with the words and goes with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class RemedyPolicyChanged(Fact):
    """Other limits of authority and other standards hold from then on; `about` is the policy's new version."""

    #: The profile it was made from: goodwill, ofgem or empty.
    profile: str
    #: From when it holds.
    from_at: datetime
    #: SHA-256 of the limits and standards in canonical JSON, hexadecimal.
    digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedySought(Fact):
    """A customer asks for this to make good; `about` is the remedy."""

    #: "case:12", what it is to make good.
    matter: str
    #: refund, replacement, repair, delivery, compensation, cancellation, apology, explanation, contact, change or other.
    sort: str
    amount: str
    currency: str
    #: Of the words that say what.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyOffered(Fact):
    """Somebody offered it, or wants to; `about` is the remedy."""

    matter: str
    sort: str
    amount: str
    currency: str
    words_digest: str
    #: Nothing was offered yet: somebody with the authority has to say yes first.
    waits: bool
    #: The customer is asked for a yes.
    asks: bool
    #: In how many working days after their yes it is given.
    days: int
    #: "promise:31", that it is given; "" while it waits.
    promise: str
    #: The version of the policy by which it was allowed or held back; "" for the rules Troth comes with.
    policy: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyAuthorised(Fact):
    """Somebody with the authority said yes to an offer that waited; `about` is the remedy."""

    #: "promise:31", that it is given.
    promise: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyRefused(Fact):
    """Somebody with the authority said no to an offer that waited; the customer never heard of it. `about` is the remedy."""

    #: sought, where the customer asked for it and still does, or withdrawn.
    state: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyAccepted(Fact):
    """The customer said yes; `about` is the remedy."""

    #: By when it is given.
    due: datetime
    #: Who wrote it down; "" where the customer said it on their own page.
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyDeclined(Fact):
    """The customer said no, or let us off; `about` is the remedy."""

    #: Who wrote it down; "" where the customer said it themselves.
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyDue(Fact):
    """It is owed by a date, and the customer need not say anything; `about` is the remedy."""

    matter: str
    sort: str
    amount: str
    currency: str
    words_digest: str
    due: datetime
    #: "promise:31", that it is given.
    promise: str
    #: The standard that raised it by itself; "" where somebody did.
    standard: str
    #: "promise:28" or "order:5", what the standard looked at, or "".
    occasion: str
    #: When that failed; None where no standard did.
    occasion_at: datetime | None
    #: "remedy:9", the one that was not given in time, for which this is owed beside it; or "".
    second_of: str
    #: The version of the policy that says so; "" for none.
    policy: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyGiven(Fact):
    """It was given, at `happened_at`, and somebody has proven it; `about` is the remedy."""

    #: By its date.
    in_time: bool
    #: Of the reference and the note that prove it.
    proof_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RemedyMissed(Fact):
    """Its date passed without proof that it was given; said once. `about` is the remedy."""

    due: datetime


@dataclass(frozen=True, kw_only=True)
class RemedyWithdrawn(Fact):
    """It was taken back before the customer had said yes; `about` is the remedy."""

    by: str


@dataclass(frozen=True, kw_only=True)
class RemediesOffered(Fact):
    """The same was offered to many in one act; each of theirs is a remedy of its own. `about` is the act."""

    #: "incident:3", what it is to make good.
    matter: str
    #: How many customers.
    count: int
    sort: str
    amount: str
    currency: str
    #: They are asked for a yes.
    asks: bool
    #: Until when the whole act could be taken back.
    until: datetime
    policy: str
    by: str


@dataclass(frozen=True, kw_only=True)
class OfferingTakenBack(Fact):
    """What was to be offered to many was taken back before anybody heard of it; `about` is the act."""

    by: str

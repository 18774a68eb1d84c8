"""Customers, and who may act for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class CustomerMet(Fact):
    """A customer became known."""

    channel: str


@dataclass(frozen=True, kw_only=True)
class CustomerGrouped(Fact):
    """Which sort of customer they are was said anew; their next clocks may run by other targets for it. One fact for each record."""

    #: The group before, as the company calls it; empty where they were of none.
    before: str
    #: The group from then on; empty where they are of none.
    after: str
    by: str


@dataclass(frozen=True, kw_only=True)
class HandleConfirmed(Fact):
    """Whoever writes from this address has shown that it is theirs; `about` is the handle."""

    #: answered: it brought what only a letter to this address could have told. vouched: our mail server vouched for it.
    how: str


@dataclass(frozen=True, kw_only=True)
class HandleBounced(Fact):
    """A letter to this address came back for good; `about` is the handle."""

    #: Reference of the letter that came back.
    letter: str


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Fact):
    """Two records are one person; `about` is the one that stays in front."""

    merged: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CustomersUnmerged(Fact):
    """They are two after all; `merged` is the one that stands by itself again."""

    merged: str
    by: str


@dataclass(frozen=True, kw_only=True)
class LinkIssued(Fact):
    """A signed link to the customer's own page; `about` is the link."""

    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class LinkRevoked(Fact):
    """The link opens nothing any more; `by` is who took it back."""

    by: str


@dataclass(frozen=True, kw_only=True)
class KeyMade(Fact):
    """From now on another program may act here; `about` is the key."""

    #: For whom it acts: "staff:3".
    staff: str
    #: What it may do, with spaces between.
    scopes: str
    #: When it ends by itself; None where it does not.
    expires_at: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Fact):
    """The key opens nothing any more; `about` is the key."""

    by: str

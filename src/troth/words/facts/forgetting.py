"""People who are forgotten, and what is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class ErasureAsked(Fact):
    """A person asked to be forgotten; `about` is the request. `by` is who put it on record, "" where they did themselves."""

    #: By when they were told that they get an answer.
    answer_by: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class ErasureRefused(Fact):
    """They were told why they are not forgotten; `about` is the request."""

    by: str


@dataclass(frozen=True, kw_only=True)
class ErasureWithdrawn(Fact):
    """They took their request back; `about` is the request."""


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(Fact):
    """Until a day what is held of the customer must stay; `about` is the hold."""

    #: statute or dispute.
    reason: str
    until: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class HoldLifted(Fact):
    """The hold stands no more, before its day; `about` is the hold."""

    by: str


@dataclass(frozen=True, kw_only=True)
class CustomerErased(Fact):
    """A person was forgotten: their words are gone from the tables, and their key is destroyed; `about` is the customer.

    It stands in the clear (`customer` is empty), for whoever follows the record is to see it: it names a number.
    """

    #: asked: they asked for it; decided: the company did it by itself; restored: a backup had brought them back.
    because: str
    by: str

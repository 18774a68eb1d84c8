"""The public page of how things stand: what it names, what is planned, and who wants to be written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class ComponentNamed(Fact):
    """A component stands on the public page, for the first time or under other words; `about` is the component."""

    #: SHA-256 of its name, group and description (status.rules.digests), hexadecimal.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ComponentRetired(Fact):
    """A component was taken off the public page, or put back on it; `about` is the component."""

    #: True: taken off.
    retired: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class PlaceNamed(Fact):
    """A place stands on the public page, for the first time or under other words; `about` is the place."""

    #: SHA-256 of its name and description (status.rules.digests), hexadecimal.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PlaceRetired(Fact):
    """A place was taken off the public page, or put back on it; `about` is the place."""

    #: True: taken off.
    retired: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class PlannedWorkSaid(Fact):
    """Planned work was announced in public, or announced otherwise than before; `about` is the planned work."""

    #: Which version of it this is, from 1.
    number: int
    #: From when until when it is to be.
    from_at: datetime
    until: datetime
    #: SHA-256 of its title and words (status.rules.digests), hexadecimal.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class PlannedWorkCancelled(Fact):
    """Planned work was called off, in public; `about` is the planned work."""

    by: str


@dataclass(frozen=True, kw_only=True)
class SubscriberConfirmed(Fact):
    """Whoever reads an address wants to be written to of how things stand, and said so by the link that was sent there;
    `about` is the subscriber."""


@dataclass(frozen=True, kw_only=True)
class SubscriberEnded(Fact):
    """A subscriber is written to no more, and the address is not kept; `about` is the subscriber."""

    #: link: they said so. forgotten: they were erased as a customer. staff: somebody here took the address out.
    how: str
    by: str

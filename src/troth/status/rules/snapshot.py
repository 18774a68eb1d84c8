"""Everything the public page tells, as plain values; pure. The same snapshot gives the same bytes of every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from troth.status.rules.standing import Day, Share, Span, Standing, worst

#: Planned work is told of for so long after it.
LATELY = timedelta(days=90)
#: An incident that is over stands on the first page for so long.
FRESH = timedelta(days=7)


@dataclass(frozen=True)
class Wording:
    """What was said before, until it was put otherwise."""

    words: str
    said_at: datetime


@dataclass(frozen=True)
class Said:
    """A line of an incident's timeline with its two times."""

    #: Its place in the timeline, which it keeps.
    number: int
    kind: str
    words: str
    happened_at: datetime
    said_at: datetime
    #: When its words were put otherwise last, and what they were before, the oldest first.
    changed_at: datetime | None = None
    before: tuple[Wording, ...] = ()


@dataclass(frozen=True)
class Incident:
    number: int
    public_id: UUID
    title: str
    sort: str
    severity: str
    state: str
    #: As it names them, whether there are such or not.
    components: tuple[str, ...]
    places: tuple[str, ...]
    happened_at: datetime
    first_signal_at: datetime | None
    said_at: datetime | None
    ended_at: datetime | None
    next_word_at: datetime | None
    watched_until: datetime | None
    lines: tuple[Said, ...]

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def changed_at(self) -> datetime:
        return max([self.happened_at, *(line.changed_at or line.said_at for line in self.lines)])

    @property
    def span(self) -> Span:
        return Span(Standing(self.severity), self.happened_at, None if self.is_open else self.ended_at)

    def line_id(self, line: Said) -> UUID:
        """The name of a line for ever, whatever its words become and wherever the page moves."""
        return uuid5(self.public_id, str(line.number))


@dataclass(frozen=True)
class Version:
    title: str
    words: str
    from_at: datetime
    until: datetime
    said_at: datetime
    components: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planned:
    number: int
    public_id: UUID
    #: The oldest first; the last counts.
    versions: tuple[Version, ...]
    cancelled_at: datetime | None = None

    @property
    def now(self) -> Version:
        return self.versions[-1]

    @property
    def changed_at(self) -> datetime:
        return self.cancelled_at or self.now.said_at

    @property
    def sequence(self) -> int:
        """How often it was changed (RFC 5545, 3.8.7.4); calling it off is a change."""
        return len(self.versions) - 1 + (self.cancelled_at is not None)

    def is_under_way(self, now: datetime) -> bool:
        return self.cancelled_at is None and self.now.from_at <= now < self.now.until

    def is_ahead(self, now: datetime) -> bool:
        return self.cancelled_at is None and now < self.now.from_at


@dataclass(frozen=True)
class Part:
    """A component or a place, and how it stands."""

    name: str
    description: str
    group: str
    since: datetime
    standing: Standing
    days: tuple[Day, ...]
    share: Share | None
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    company: str
    zone: str
    #: Of the front page, without a slash at its end.
    url: str
    now: datetime
    components: tuple[Part, ...]
    places: tuple[Part, ...]
    #: The newest first.
    incidents: tuple[Incident, ...]
    #: The next first.
    planned: tuple[Planned, ...]
    #: When components and places were changed last.
    arranged_at: datetime | None = None

    @property
    def standing(self) -> Standing:
        """The worst of what is wrong now; of planned work only where nothing is."""
        return worst(
            [
                *(incident.span.standing for incident in self.open),
                *(Standing.WORK for work in self.planned if work.is_under_way(self.now)),
            ]
        )

    @property
    def open(self) -> tuple[Incident, ...]:
        return tuple(incident for incident in self.incidents if incident.is_open)

    @property
    def lately(self) -> tuple[Incident, ...]:
        """Over, and worth a word still: lately, or watched."""
        return tuple(
            one
            for one in self.incidents
            if not one.is_open and (one.state == "watching" or one.changed_at > self.now - FRESH)
        )

    @property
    def ahead(self) -> tuple[Planned, ...]:
        """What is under way or to come, and what was called off before its time came."""
        return tuple(one for one in self.planned if one.now.until > self.now)

    @property
    def changed_at(self) -> datetime | None:
        """When anything said here was said or changed last."""
        moments = [
            *(one.changed_at for one in self.incidents),
            *(one.changed_at for one in self.planned),
            *([self.arranged_at] if self.arranged_at else []),
        ]
        return max(moments, default=None)


def matching(names: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether one of *names* is wanted; names are told apart by their letters alone."""
    return bool({name.casefold() for name in names} & {name.casefold() for name in wanted})

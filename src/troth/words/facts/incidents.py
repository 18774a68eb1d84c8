"""What went wrong, what was said of it and when, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class IncidentBegan(Fact):
    """Something went wrong, from `happened_at` on, and we know it; `about` is the incident."""

    #: outage, late, quality, fees, safety, capacity (fewer people than are needed), data or other.
    sort: str
    #: minor, major or critical.
    severity: str
    #: What customers are unhappy about, of the closed list of causes; "" where that is not known.
    cause: str
    #: SHA-256 of its title, product and place, hexadecimal (incidents.rules.digests).
    words_digest: str
    #: It is to stand on the public page.
    is_public: bool
    #: Since when we knew.
    aware_at: datetime
    #: "message:5", the first complaint, and when it came; "" and None where nobody complained first.
    first_signal: str
    first_signal_at: datetime | None
    #: "promise:9", that the next word comes by its date.
    next_word: str
    #: "staff:3" who answers for it, or "".
    owner: str
    #: "incident:2" of which it is the second time, or "".
    recurrence_of: str
    by: str


@dataclass(frozen=True, kw_only=True)
class IncidentChanged(Fact):
    """How it is filed was changed; `about` is the incident."""

    #: severity, cause, happened_at, is_public (yes or no), owner, team, components (a digest) or words (title, product and
    #: place, as a digest).
    field: str
    before: str
    after: str
    by: str


@dataclass(frozen=True, kw_only=True)
class IncidentSignalled(Fact):
    """Another complaint turned out to be the first about it; `about` is the incident."""

    #: "message:5", and when it came; "" and None where none is left.
    first_signal: str
    first_signal_at: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class IncidentSaid(Fact):
    """A line was added to its timeline, of what was so at `happened_at`; `about` is the incident."""

    #: "said:5", the line.
    said: str
    #: began, update, ended, prevented, held, recurred, or note (for staff alone).
    said_kind: str
    #: It stands on the public page.
    in_public: bool
    #: The notices in which those affected were told, by spaces; "" where none was sent.
    notices: str
    #: SHA-256 of its words, hexadecimal.
    words_digest: str
    #: "promise:9", that the next word comes by its date, or "" where none was given with it.
    next_word: str
    by: str


@dataclass(frozen=True, kw_only=True)
class IncidentWordsChanged(Fact):
    """The words of a line were put otherwise; the old ones stay to be read. `about` is the incident."""

    #: "said:6", the line as it reads now, and "said:5", as it read before.
    said: str
    before: str
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class IncidentEnded(Fact):
    """It was over at `happened_at`, and that was told; `about` is the incident."""

    #: "said:8", the line that tells it.
    said: str
    by: str

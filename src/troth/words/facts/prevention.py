"""Why something went wrong, what is done about it, and that it has not come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class RootCauseFound(Fact):
    """Somebody wrote down why it happened; each change is a version of its own, and `about` is that version ("rootcause:4")."""

    #: "incident:3", of which this is the cause.
    incident: str
    #: five_whys or fishbone.
    way: str
    #: SHA-256 of the answers and of the sentence they come to, hexadecimal.
    digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class MeasureTaken(Fact):
    """What is done about it, or against a second time, was promised; `about` is the measure ("measure:2")."""

    incident: str
    #: corrective or preventive.
    sort: str
    #: Whom it is promised to: public, or hurt for those who were told of the incident.
    audience: str
    #: "promise:12", which tells by when, and what became of it.
    promise: str
    by: str


@dataclass(frozen=True, kw_only=True)
class WatchBegun(Fact):
    """It was promised that it does not happen again until a day, and from now on that is watched; `about` is the watch."""

    incident: str
    until: datetime
    #: By what a second time is known: a cause of the closed list, or "".
    cause: str
    #: SHA-256 of the product and of the place by which a second time is known, hexadecimal.
    digest: str
    audience: str
    promise: str
    by: str


@dataclass(frozen=True, kw_only=True)
class WatchExtended(Fact):
    """It is watched for longer. What was promised first stays promised, and this is a further promise; `about` is the watch."""

    until: datetime
    promise: str
    by: str


@dataclass(frozen=True, kw_only=True)
class WatchHeld(Fact):
    """The day came, and it had not happened again; `about` is the watch."""

    until: datetime


@dataclass(frozen=True, kw_only=True)
class WatchBroken(Fact):
    """It happened again before the day; `about` is the watch."""

    #: The recurrence that a person confirmed.
    recurrence: str


@dataclass(frozen=True, kw_only=True)
class WatchCalledOff(Fact):
    """It is watched no more, though the day had not come; `about` is the watch."""

    #: It had been begun by mistake, before anybody was told of it: its promise is void. Else its promise is broken.
    was_mistake: bool
    #: SHA-256 of the reason, hexadecimal.
    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RecurrenceFound(Fact):
    """A case may be the same thing once more; `about` is the recurrence ("recurrence:5")."""

    watch: str
    case: str
    #: By what, in words of ours and with a space between: cause, product, place, similar; or hand, where a person says so.
    why: str
    #: Enough that a person is asked at once.
    is_strong: bool
    #: Who says so, where a person does.
    by: str


@dataclass(frozen=True, kw_only=True)
class RecurrenceConfirmed(Fact):
    """A person says that it is the same thing once more, and did not take it back; `about` is the recurrence."""

    incident: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RecurrenceDismissed(Fact):
    """A person says that it is something else; `about` is the recurrence."""

    by: str


@dataclass(frozen=True, kw_only=True)
class IncidentReopened(Fact):
    """It is going on again, for it has come back; `about` is the incident."""

    #: "recurrence:5", by which that is known.
    recurrence: str
    #: "promise:9", that the next word comes by its date.
    next_word: str
    by: str

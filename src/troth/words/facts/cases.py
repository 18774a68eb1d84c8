"""The customer's matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Fact):
    """A customer's matter became a case."""

    #: The channel's name: email, webform, notes, ...
    channel: str
    #: Reference of the message that opened it.
    message: str


@dataclass(frozen=True, kw_only=True)
class CaseJoined(Fact):
    """A customer's further message joined the case."""

    message: str


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Fact):
    """Staff answered the customer."""

    message: str
    #: "letter:9", or "" where the answer was given by another way than a letter.
    letter: str
    #: "staff:3", or "key:5" where a program wrote for somebody.
    by: str


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Fact):
    """An internal note, or the note of a talk; never shown to the customer."""

    message: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseChanged(Fact):
    """How the case stands was changed: by staff, or because a message in it was read anew."""

    #: status, kind, cause, emotion, urgency, assignee, team, unverified, again_of (the earlier case that it is once more),
    #: incident (that it is part of) or parent (the case for the cause that it shares with others).
    field: str
    before: str
    after: str
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseGiven(Fact):
    """The case was given to somebody by its team's own rule, or with others in one go because its owner is away."""

    #: "staff:3" whose it was; empty where nobody's.
    before: str
    #: "staff:5" whose it is.
    after: str
    #: round (whose turn it was), load (who has least to do), handed_over (its owner is away), handed_back (that was undone).
    why: str
    #: "staff:3" who handed it over, or "" where Troth gave it by itself.
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseSnoozed(Fact):
    """Staff put the case aside for a while: it is in no list until then, and no promise or clock of it stands still."""

    #: Until when; empty where it is until the customer writes.
    until: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class CaseWoken(Fact):
    """The case is not put aside any more."""

    #: time (it came), customer (they wrote, or asked something), resolved (the case was), staff (somebody ended it).
    why: str
    by: str


@dataclass(frozen=True, kw_only=True)
class FormalReplySent(Fact):
    """An answer left that rules lay down (the UK's DISP 1); `about` is one such answer. So it stood with what it must say."""

    case: str
    #: final (the final response), holding (why there is none yet) or summary (it is resolved by the third business day).
    formal: str
    #: Of a final response: accepts, in_part, offers (redress without accepting) or rejects; empty where its words do not say.
    decision: str
    #: The message it is.
    message: str
    #: What was found in its words or files, by spaces: resolved, decision, redress, reasons, why_longer, by_when, refer, six_months,
    #: waiver, leaflet, website, more, plain_words.
    found: str
    #: What was not found, and its writer says that it is there.
    ticked: str
    #: What it lacks.
    missing: str
    #: Why it left all the same: withdrawn, accepted, sent_otherwise, forwarded, not_covered or other; empty where nothing is missing.
    without: str
    #: Of a holding reply: by when it says that the final response comes.
    until: datetime | None
    by: str


@dataclass(frozen=True, kw_only=True)
class ResolvedWithoutFinalResponse(Fact):
    """Staff resolved a complaint that was owed a final response without one; `about` is that one time."""

    case: str
    #: withdrawn, accepted (an earlier answer, in writing), sent_otherwise, forwarded (to another firm), not_covered or other.
    without: str
    by: str

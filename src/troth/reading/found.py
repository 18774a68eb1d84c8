"""What reading gives back: small frozen values, each with the place in the text that shows it.

Offsets count characters of the text that was handed in; every instant is aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency
from troth.words.promises import Strength
from troth.words.remedies import Remedy

T = TypeVar("T")

CONFIDENT = 0.6
"""A finding below this is a hint: it is shown as one and fills in nothing."""


class Span(NamedTuple):
    """A place in the text: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True)
class Finding(Generic[T]):
    """Something read in a text, how sure that is, and the words that show it."""

    value: T
    confidence: float
    """Between 0 and 1, calibrated: of a hundred findings at 0.8 about eighty are right."""
    spans: tuple[Span, ...] = ()
    """The words that show it, in order; may be empty where the whole text does."""

    @property
    def is_confident(self) -> bool:
        return self.confidence >= CONFIDENT


@dataclass(frozen=True)
class Due:
    """By when something was promised."""

    at: datetime
    """The moment by which; never before the moment of writing."""
    window_start: datetime | None
    """From when, where a window was given ("3-5 working days", "between 8 and 12")."""
    words: str
    """The words that say so, as written."""
    ambiguous: bool
    """The words allow another reading ("12/05", "next Friday", "a few days"): a person should confirm."""
    date_only: bool
    """Only a day was given; then *at* is closing time of that day, or its last second if the company is closed."""
    other_at: datetime | None = None
    """The other moment the words can mean, where they are ambiguous between two."""


@dataclass(frozen=True)
class FoundDue:
    """A deadline and where it stands: offsets into the text."""

    due: Due
    start: int
    end: int


class Bond(StrEnum):
    """What a promise hangs on."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    """On the customer's part ("DM us and we'll look into it") or on an event ("if it has not come by Friday")."""


@dataclass(frozen=True)
class FoundPromise:
    """A promise found in a text; a person confirms it before it counts."""

    who: str
    """Who is to do it: ``we``, ``I`` or ``third`` (a colleague, a parcel, a refund)."""
    what: str
    """A short clause for display: "ring you back", "your refund will be paid"."""
    quote: str
    """The sentence, as written."""
    start: int
    """Where the sentence starts in the text."""
    end: int
    """Where it ends."""
    strength: Strength
    condition: str
    """The words on which it depends, such as "DM us"; empty if it is unconditional."""
    due: Due | None
    """By when; None if the text names no time, or only "soon"."""
    to: str = "you"
    """To whom: ``you`` (the reader), ``all`` (all customers, the public) or ``third`` (somebody else)."""
    negative: bool = False
    """That something will *not* be: "this won't happen again", "you will not be charged"."""
    vague: str = ""
    """The words of a time that is none ("shortly", "soon", "in due course"); empty where a date or nothing is said."""

    @property
    def bond(self) -> Bond:
        return Bond.CONDITIONAL if self.condition else Bond.UNCONDITIONAL


class NearKind(StrEnum):
    """What comes near a promise and is none."""

    OFFER = "offer"
    """"Happy to check", "I can look into this for you"."""
    IMPLIED = "implied"
    """"DM us so that we can look into this"."""


@dataclass(frozen=True)
class NearPromise:
    """Words that a customer may take for a promise, though they are none."""

    kind: NearKind
    quote: str
    """The sentence, as written."""
    start: int
    end: int


@dataclass(frozen=True)
class Request:
    """Something the customer asks for, or asks."""

    is_question: bool
    """They want to know something; otherwise they want something done."""
    quote: str
    """The sentence, as written."""
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What was read in a message. What concerns only customers' messages is empty or None in ours, and vice versa."""

    language: str
    """ISO 639-1: ``en``, ``de``, ``es``, ``fr``; ``unknown`` for everything that cannot be read.

    What a customer feels and wants is read in ``en`` only, what we promise in all four: what is empty was not read then.
    """
    sentences: tuple[Span, ...] = ()
    """What its writer wrote, quoted mail left out."""
    emotions: tuple[Finding[Emotion], ...] = ()
    """Those shown, surest first; empty if none is, or it cannot be told."""
    complaint: Finding[bool] | None = None
    """Is dissatisfaction expressed? None if it cannot be told, or no customer wrote it."""
    kind: Finding[Kind] | None = None
    """None if it cannot be told, or no customer wrote it."""
    causes: tuple[Finding[Cause], ...] = ()
    """Of a complaint: at most two, surest first."""
    urgency: Finding[Urgency] | None = None
    remedies: tuple[Finding[Remedy], ...] = ()
    """What is sought, surest first."""
    requests: tuple[Request, ...] = ()
    promises: tuple[FoundPromise, ...] = ()
    """Only in messages of ours to a customer."""
    near_promises: tuple[NearPromise, ...] = ()
    """Only in messages of ours to a customer."""
    embedding: tuple[float, ...] = ()
    """What the text is about, as a unit vector: the dot product of two is their similarity. Empty for an empty
    text, for ours, and for another language than English."""
    version: str = ""
    """What read it: the same version reads the same text the same way."""

    @property
    def is_unread(self) -> bool:
        """Was what a customer raises not read, for want of their language?"""
        return self.language != "en" and self.kind is None and self.complaint is None

    @property
    def is_complaint(self) -> bool:
        return self.complaint is not None and self.complaint.value

    @property
    def emotion(self) -> Emotion | None:
        """The emotion shown most; None if none is."""
        return self.emotions[0].value if self.emotions else None

    @property
    def cause(self) -> Cause | None:
        """The cause, if one is sure enough to be filled in."""
        return self.causes[0].value if self.causes and self.causes[0].is_confident else None

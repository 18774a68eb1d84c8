"""One message read: what a customer raises, or what we promise in our answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from troth.reading.complaint import cause_of, is_complaint, kind_of, urgency_of
from troth.reading.feeling import FoundFeeling, feeling_of
from troth.reading.language import language_of
from troth.reading.promises import FoundPromise, find_promises
from troth.reading.sentences import own_words
from troth.words.causes import Cause
from troth.words.feelings import Feeling
from troth.words.hours import Hours, NaiveTime
from troth.words.messages import Direction, Kind, Urgency

VERSION = "rules-2"
"""Changes whenever the same text may be read differently, so that a stored reading says what read it."""

TEXT_CHARS_MAX = 100_000
"""Longer texts are read up to here."""


@dataclass(frozen=True)
class Reading:
    """What was read in a message. What concerns only customers' messages is neutral or None in ours."""

    language: str
    """``en`` or ``unknown``."""
    feeling: FoundFeeling
    complaint: bool
    kind: Kind | None
    """None for a message that no customer wrote."""
    cause: Cause | None
    """None if it is unknown, or nothing is complained of."""
    urgency: Urgency
    promises: tuple[FoundPromise, ...]
    """Only in messages of ours to a customer."""
    version: str = VERSION


def read(text: str, *, at: datetime, hours: Hours, direction: Direction) -> Reading:
    """Read one message, written at the aware instant *at*; its days and times are those of *hours*.

    The same words give the same reading. Quoted mail is not read. Raises `NaiveTime`.
    """
    if at.tzinfo is None:
        raise NaiveTime(f"{at} has no zone; hand in an aware time.")
    text = text[:TEXT_CHARS_MAX]
    if direction is Direction.INBOUND:
        return _from_customer(own_words(text))
    promises = find_promises(text, at=at.astimezone(UTC), hours=hours) if direction is Direction.OUTBOUND else ()
    return Reading(
        language=language_of(own_words(text)),
        feeling=FoundFeeling(Feeling.NEUTRAL, 1.0),
        complaint=False,
        kind=None,
        cause=None,
        urgency=Urgency.NORMAL,
        promises=promises,
    )


def read_many(messages: Iterable[tuple[str, datetime, Hours, Direction]]) -> Iterator[Reading]:
    """Read messages one after another, each as `read` does, without holding them all."""
    for text, at, hours, direction in messages:
        yield read(text, at=at, hours=hours, direction=direction)


def _from_customer(text: str) -> Reading:
    feeling = feeling_of(text)
    complaint = is_complaint(text, feeling)
    kind = kind_of(text, feeling, complaint=complaint)
    return Reading(
        language=language_of(text),
        feeling=feeling,
        complaint=complaint,
        kind=kind,
        cause=cause_of(text) if complaint else None,
        urgency=urgency_of(text, kind),
        promises=(),
    )

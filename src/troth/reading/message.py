"""One message read: what a customer raises, or what we promise in our answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from troth.reading.complaint import causes_of, complaint_in, kind_of, urgency_of
from troth.reading.emotion import emotions_in
from troth.reading.found import Reading, Span
from troth.reading.language import language_of
from troth.reading.promises import find_promises
from troth.reading.sentences import own_words, sentences
from troth.words.hours import Hours, NaiveTime
from troth.words.messages import Direction

VERSION = "rules-3"
"""Changes whenever the same text may be read differently, so that a stored reading says what read it."""

TEXT_CHARS_MAX = 100_000
"""Longer texts are read up to here."""


def read(text: str, *, at: datetime, calendar: Hours, direction: Direction, tz: str = "") -> Reading:
    """Read one message, written at the aware instant *at*; its days and times are those of *calendar*.

    *tz*, an IANA name, is the writer's time zone where it is not the calendar's: "by 5pm" is on their clock, and the
    opening hours are the calendar's on that clock. The same words give the same reading. Quoted mail is not read.
    Raises `NaiveTime`, and `NotACalendar` for a zone that is none.
    """
    if at.tzinfo is None:
        raise NaiveTime(f"{at} has no zone; hand in an aware time.")
    if tz and tz != calendar.zone:
        calendar = replace(calendar, zone=tz)
    text = text[:TEXT_CHARS_MAX]
    own = own_words(text)
    spans = tuple(Span(sentence.start, sentence.end) for sentence in sentences(own))
    language = language_of(own)
    if direction is Direction.INBOUND:
        return _from_customer(own, language, spans)
    promises = find_promises(text, at=at.astimezone(UTC), hours=calendar) if direction is Direction.OUTBOUND else ()
    return Reading(language=language, sentences=spans, promises=promises, version=VERSION)


def read_many(messages: Iterable[tuple[str, datetime, Hours, Direction]]) -> Iterator[Reading]:
    """Read messages one after another, each as `read` does, without holding them all."""
    for text, at, calendar, direction in messages:
        yield read(text, at=at, calendar=calendar, direction=direction)


def _from_customer(text: str, language: str, spans: tuple[Span, ...]) -> Reading:
    emotions = emotions_in(text)
    complaint = complaint_in(text, emotions)
    kind = kind_of(text, emotions, complaint=complaint.value)
    return Reading(
        language=language,
        sentences=spans,
        emotions=emotions,
        complaint=complaint,
        kind=kind,
        causes=causes_of(text) if complaint.value else (),
        urgency=urgency_of(text, kind.value),
        version=VERSION,
    )

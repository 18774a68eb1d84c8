"""One message read: what a customer raises, or what we promise in our answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from troth.reading.customer import read_customer
from troth.reading.found import Reading, Span
from troth.reading.language import language_of
from troth.reading.learner import Learned
from troth.reading.sentences import own_words, sentences
from troth.reading.tongues import find_near_promises, find_promises, reads_as_english
from troth.words.hours import Hours, NaiveTime
from troth.words.messages import Direction

VERSION = "rules-9"
"""Changes whenever the same text may be read differently, so that a stored reading says what read it."""

TEXT_CHARS_MAX = 100_000
"""Longer texts are read up to here."""


def read(
    text: str, *, at: datetime, calendar: Hours, direction: Direction, tz: str = "", learned: Learned | None = None
) -> Reading:
    """Read one message, written at the aware instant *at*; its days and times are those of *calendar*.

    *tz*, an IANA name, is the writer's time zone where it is not the calendar's: "by 5pm" is on their clock, and the
    opening hours are the calendar's on that clock. *learned* is what the installation's own corrections taught; without
    it, the reading is as shipped. The same words give the same reading. Quoted mail is not read.
    What a customer feels and wants is read in English only; in other languages nothing is guessed.
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
        if not reads_as_english(own, language):
            return Reading(language=language, sentences=spans, version=VERSION)
        raised = replace(read_customer(own), language=language, sentences=spans, version=VERSION)
        return learned.apply(raised, own) if learned else raised
    promises = find_promises(text, at=at.astimezone(UTC), hours=calendar) if direction is Direction.OUTBOUND else ()
    near = find_near_promises(text, promises) if direction is Direction.OUTBOUND else ()
    return Reading(language=language, sentences=spans, promises=promises, near_promises=near, version=VERSION)


def read_many(
    messages: Iterable[tuple[str, datetime, Hours, Direction]], *, learned: Learned | None = None
) -> Iterator[Reading]:
    """Read messages one after another, each as `read` does, without holding them all."""
    for text, at, calendar, direction in messages:
        yield read(text, at=at, calendar=calendar, direction=direction, learned=learned)

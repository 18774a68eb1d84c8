"""One message read: what a customer raises, or what we promise in our answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from troth.reading.customer import read_customer
from troth.reading.embedding import embed_numbers
from troth.reading.emotion import emotions_in_many
from troth.reading.found import Finding, Reading, Span
from troth.reading.language import language_of
from troth.reading.learner import Learned
from troth.reading.sentences import own_words, sentences, without_answered
from troth.reading.tongues import find_near_promises, find_promises, reads_as_english
from troth.reading.wordlist import shipped_words
from troth.words.emotions import Emotion
from troth.words.hours import Hours, NaiveTime
from troth.words.messages import Direction

VERSION = "rules-11"
"""Changes whenever the same text may be read differently, so that a stored reading says what read it."""

TOGETHER = 128
"""So many messages are read together: more gain nothing, and are held in memory."""

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
    own = _own(text, direction)
    return _reading(own, _felt([own])[0], at=at, calendar=calendar, direction=direction, tz=tz, learned=learned)


def read_many(
    messages: Iterable[tuple[str, datetime, Hours, Direction]], *, learned: Learned | None = None
) -> Iterator[Reading]:
    """Read messages one after another, each as `read` does, a few at a time: never holding them all."""
    waiting = iter(messages)
    while some := list(islice(waiting, TOGETHER)):
        owns = [_own(text, direction) for text, _, _, direction in some]
        for own, felt, (_, at, calendar, direction) in zip(owns, _felt(owns), some, strict=True):
            yield _reading(own, felt, at=at, calendar=calendar, direction=direction, learned=learned)


class _Own(NamedTuple):
    """What is read of a message."""

    text: str
    words: str
    """The same with the mail blanked that it answers, and in words of ours everything that we only quote."""
    language: str
    from_customer: bool
    """A customer wrote it, in a language that is read."""


class _Felt(NamedTuple):
    """What the nets say of a text; they are quicker on many at once."""

    emotions: tuple[Finding[Emotion], ...] = ()
    embedding: tuple[float, ...] = ()


def _own(text: str, direction: Direction) -> _Own:
    text = text[:TEXT_CHARS_MAX]
    inbound = direction is Direction.INBOUND
    # What a customer puts between quotation marks tells of them, too: "They said \"not our problem\"."
    words = without_answered(text) if inbound else own_words(text)
    language = language_of(words)
    return _Own(text, words, language, inbound and reads_as_english(words, language))


def _felt(owns: Sequence[_Own]) -> list[_Felt]:
    texts = [own.words for own in owns if own.from_customer]
    if not texts:  # the models stay where they are
        return [_Felt()] * len(owns)
    numbers = [shipped_words().numbers(text) for text in texts]
    felt = map(_Felt, emotions_in_many(texts, numbers), embed_numbers(numbers))
    return [next(felt) if own.from_customer else _Felt() for own in owns]


def _reading(
    own: _Own,
    felt: _Felt,
    *,
    at: datetime,
    calendar: Hours,
    direction: Direction,
    tz: str = "",
    learned: Learned | None = None,
) -> Reading:
    if at.tzinfo is None:
        raise NaiveTime(f"{at} has no zone; hand in an aware time.")
    if tz and tz != calendar.zone:
        calendar = replace(calendar, zone=tz)
    spans = tuple(Span(sentence.start, sentence.end) for sentence in sentences(own.words))
    found = Reading(language=own.language, sentences=spans, version=VERSION)
    if own.from_customer:
        raised = read_customer(own.words, felt.emotions)
        # As written: in what was read, the mail that is answered is blank.
        asked = tuple(replace(each, quote=own.text[each.start : each.end]) for each in raised.requests)
        raised = replace(
            raised, language=own.language, sentences=spans, requests=asked, embedding=felt.embedding, version=VERSION
        )
        return learned.apply(raised, own.words) if learned else raised
    if direction is Direction.OUTBOUND:
        promises = find_promises(own.text, at=at.astimezone(UTC), hours=calendar)
        return replace(found, promises=promises, near_promises=find_near_promises(own.text, promises))
    return found

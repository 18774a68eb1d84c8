"""What we promise and by when, each sentence read in the language it is written in.

English, German, Spanish and French are read. A text in another language holds promises for whoever knows it, but none
that were found here: its `Reading.language` is ``unknown``, and that is to be shown as "not read".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from troth.reading import due, nearly, promises
from troth.reading.english_dates import ENGLISH as ENGLISH_DATES
from troth.reading.found import FoundDue, FoundPromise, NearPromise
from troth.reading.french_speech import SPEECH as FRENCH
from troth.reading.german_speech import SPEECH as GERMAN
from troth.reading.language import ENGLISH, UNKNOWN, language_of, words_of
from troth.reading.sentences import own_words, sentences
from troth.reading.spanish_speech import SPEECH as SPANISH
from troth.words.hours import Hours

SPEECHES = {"de": GERMAN, "es": SPANISH, "fr": FRENCH}

FEW_WORDS = 2
"""So few words of no known language ("WTF", a name, none but emoji) are read as English, for they may well be."""

SURE = 0.95
"""As sure must be that a sentence is not in the language of the text around it."""

WORDS_MIN = 4
"""A shorter sentence is in the language of the text around it."""


def find_promises(text: str, *, at: datetime, hours: Hours) -> tuple[FoundPromise, ...]:
    """The promises in a text written by us at the instant *at*, in order."""
    found: list[FoundPromise] = []
    for language, part in parts(text).items():
        if language == ENGLISH:
            found += promises.find_promises(part, at=at, hours=hours)
        elif language in SPEECHES:
            found += SPEECHES[language].promises(part, at=at, hours=hours)
    return tuple(sorted(found, key=lambda promise: promise.start))


def find_near_promises(text: str, found: Sequence[FoundPromise] = ()) -> tuple[NearPromise, ...]:
    """The sentences of a text that offer or imply something; those in which a promise was *found* are left out."""
    near: list[NearPromise] = []
    for language, part in parts(text).items():
        if language == ENGLISH:
            near += nearly.find_near_promises(part, found)
        elif language in SPEECHES:
            near += SPEECHES[language].near(part, found)
    return tuple(sorted(near, key=lambda each: each.start))


def find_dues(text: str, *, at: datetime, hours: Hours) -> tuple[FoundDue, ...]:
    """Every deadline in *text*, written at the instant *at*, in order; what is no sure other language is English."""
    language = language_of(text, sure=SURE)
    grammar = SPEECHES[language].grammar if language in SPEECHES else ENGLISH_DATES
    return due.find_dues(text, at=at, hours=hours, grammar=grammar)


def reads_as_english(text: str, language: str) -> bool:
    """Is English the way to read a text found to be in *language*?"""
    return language == ENGLISH or (language == UNKNOWN and len(words_of(text)) <= FEW_WORDS)


def parts(text: str) -> dict[str, str]:
    """The text for each language in it, every other character a line break, so that no sentence reaches over a gap."""
    own = own_words(text)
    main = language_of(own)
    if reads_as_english(own, main):
        main = ENGLISH
    said = list(sentences(own))
    if len(said) < 2:
        return {main: text}
    spoken = [_language_of(sentence.text, main) for sentence in said]
    if len(set(spoken)) == 1:
        return {spoken[0]: text}
    found = {}
    for language in set(spoken):
        letters = ["\n"] * len(text)
        for sentence, own_language in zip(said, spoken, strict=True):
            if own_language == language:
                letters[sentence.start : sentence.end] = text[sentence.start : sentence.end]
        found[language] = "".join(letters)
    return found


def _language_of(sentence: str, main: str) -> str:
    language = language_of(sentence, sure=SURE)
    if language in {main, UNKNOWN} or len(words_of(sentence)) < WORDS_MIN:
        return main
    return language

"""What those affected are owed to read: what happened, whom it hits, what we do, what they can do, when they hear next.

And an apology that takes it on (Lewicki, Polin & Lount 2016: responsibility and repair count most), with nobody hidden behind
the passive voice. It advises and stops nobody, but for what is still a blank; the reply check beside answers speaks alike.
Pure: words, language and moments in; what is there and what is missing out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from troth.incidents.rules import writing_words as said


class Point(StrEnum):
    """In the order in which they are told."""

    BLANK = "blank"
    SORRY = "sorry"
    OWNS = "owns"
    HAPPENED = "happened"
    AFFECTED = "affected"
    DOING = "doing"
    YOU_CAN = "you_can"
    NEXT = "next"
    PASSIVE = "passive"
    EMPTY = "empty"
    VAGUE = "vague"
    BLAME = "blame"


#: What had better not be there.
FAULTS = frozenset({Point.BLANK, Point.PASSIVE, Point.EMPTY, Point.VAGUE, Point.BLAME})
#: The fields of the guided way, in the order in which a letter has them.
FIELDS = ("sorry", "happened", "affected", "doing", "you_can")
#: Fewer words are not enough to be told what is missing.
BEGUN = 8

_WANTED = {
    "began": (Point.SORRY, Point.OWNS, Point.HAPPENED, Point.AFFECTED, Point.DOING, Point.YOU_CAN, Point.NEXT),
    "update": (Point.HAPPENED, Point.DOING, Point.YOU_CAN, Point.NEXT),
    "ended": (Point.SORRY, Point.OWNS, Point.HAPPENED, Point.DOING),
    "prevented": (Point.DOING,),
    "held": (),
    "recurred": (Point.SORRY, Point.OWNS, Point.HAPPENED, Point.AFFECTED, Point.DOING, Point.YOU_CAN, Point.NEXT),
}
_PATTERNS: Mapping[Point, Mapping[str, re.Pattern[str]]] = {
    Point.SORRY: said.SORRY,
    Point.OWNS: said.OWNS,
    Point.HAPPENED: said.HAPPENED,
    Point.AFFECTED: said.AFFECTED,
    Point.DOING: said.DOING,
    Point.YOU_CAN: said.YOU_CAN,
    Point.NEXT: said.NEXT,
    Point.PASSIVE: said.PASSIVE,
    Point.EMPTY: said.EMPTY,
    Point.VAGUE: said.VAGUE,
    Point.BLAME: said.BLAME,
}


@dataclass(frozen=True)
class Looked:
    """How the words stand with one point."""

    point: Point
    is_well: bool
    #: The words it is about, where some had better not be there.
    quote: str = ""


def look(text: str, *, kind: str, language: str = "en", next_given: bool = False) -> tuple[Looked, ...]:
    """How *text* stands with each point that applies to a line of this kind; nothing is said of an empty one.

    *next_given*: the sentence of the next word is put below the text by itself. A language that is not known is looked at for
    blanks alone.
    """
    if not text.strip():
        return ()
    blank = said.BLANK.search(text)
    found = [Looked(Point.BLANK, blank is None, blank[0] if blank else "")]
    if language not in said.LANGUAGES:
        return tuple(found)
    for point in _WANTED.get(kind, ()):
        is_there = point is Point.NEXT and next_given
        found.append(Looked(point, is_there or bool(_PATTERNS[point][language].search(text))))
    for point in (Point.PASSIVE, Point.EMPTY, Point.VAGUE, Point.BLAME):
        match = _PATTERNS[point][language].search(text)
        found.append(Looked(point, match is None, " ".join(match[0].split()) if match else ""))
    return tuple(found)


def advice(looked: tuple[Looked, ...], text: str) -> tuple[Looked, ...]:
    """What there is to say while it is written: of what is missing nothing before there is a sentence or two."""
    begun = len(text.split()) < BEGUN
    return tuple(one for one in looked if not one.is_well and not (begun and one.point not in FAULTS))


def put_in(point: Point, *, kind: str, language: str, next_word_at: datetime | None, zone: str) -> str:
    """A sentence to begin with; empty where none helps."""
    sentences = said.SENTENCES.get(language, {})
    if point is Point.NEXT:
        return next_sentence(next_word_at, zone=zone, language=language) if next_word_at else ""
    if point is Point.OWNS:
        return sentences.get("sorry", "")
    if point is Point.HAPPENED and kind == "ended":
        return sentences.get("over", "")
    return sentences.get(point.value, "")


def next_sentence(at: datetime, *, zone: str, language: str) -> str:
    """When they hear next, in one sentence; in English where the language is not known."""
    spoken = language if language in said.LANGUAGES else "en"
    local = at.astimezone(ZoneInfo(zone))
    named = said.day_words(local.weekday(), local.day, local.month, f"{local:%H:%M}", str(local.tzname()), spoken)
    return said.SENTENCES[spoken]["next"].format(at=named)


def composed(fields: Mapping[str, str], *, next_sentence: str = "") -> str:
    """The letter of the guided way: what was filled in, a paragraph each, and when they hear next."""
    parts = [fields.get(name, "").strip() for name in FIELDS]
    return "\n\n".join(part for part in [*parts, next_sentence] if part)

"""The pieces of a deadline: a day, a part of the day, a clock time, or a whole ("within two days") that needs no other.

This is what all languages share. A language brings a `Grammar`: readers, each of which finds one family of pieces, and
the words that may stand between two pieces of one deadline. Its patterns are regular expressions without nested
repetition, so that reading takes time in proportion to the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from operator import attrgetter
from typing import NamedTuple

from troth.reading.days import Now


class What(Enum):
    DAY = "day"
    PART = "part"
    CLOCK = "clock"
    WHOLE = "whole"  # a deadline complete in itself


class Part(Enum):
    FIRST_THING = "first thing"
    MORNING = "morning"
    NOON = "noon"
    LUNCH = "lunch"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    CLOSE = "close"


@dataclass(frozen=True)
class Piece:
    """One piece of a deadline. What is set depends on *what*."""

    start: int
    end: int
    what: What
    first: date | None = None
    last: date | None = None
    part: Part | None = None
    clock: time | None = None
    clock_from: time | None = None
    due_at: datetime | None = None
    window_start: datetime | None = None
    date_only: bool = False
    ambiguous: bool = False
    alone: bool = True
    """May it stand without another piece?"""
    before: bool = False
    """Only until the day before, unless a time of the day is named, too: "before Friday"."""
    weekday: bool = False
    bare_hour: bool = False
    zone: str = ""
    """Of a clock time that is not on the company's clock."""
    other: Piece | None = None
    """The other piece that the same words can mean, if they are ambiguous between two."""


class Reader(NamedTuple):
    """Finds one family of pieces."""

    read: Callable[[str, Now], Iterator[Piece]]
    hints: tuple[str, ...]
    """Letters, in lower case, without one of which the text holds no such piece."""


@dataclass(frozen=True)
class Grammar:
    """How one language writes deadlines."""

    trigger: re.Pattern[str]
    """Found in every text with a deadline in it, and in few others: most texts are done with after it."""
    readers: tuple[Reader, ...]
    """In the order of their claims: what an earlier one has taken is not read again."""
    glue: re.Pattern[str]
    """Matches the whole of what may stand between two pieces of one deadline ("Tuesday 17 March *before* 6pm")."""
    either: re.Pattern[str]
    """Matches the whole of what may stand between two days of which the later counts ("Monday *or* Tuesday")."""
    is_over: Callable[[str, list[Piece]], bool] | None = None
    """Do the words before these pieces say that they tell of the past ("you called us on Monday")?"""


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def pieces_in(text: str, now: Now, grammar: Grammar) -> list[Piece]:
    """All pieces in the order of the text, none overlapping another; earlier readers have the first claim."""
    taken: list[Piece] = []
    lower = text.lower()
    for reader, hints in grammar.readers:
        if not any(hint in lower for hint in hints):
            continue
        for piece in reader(text, now):
            place = bisect_left(taken, piece.end, key=_start)  # the first behind it
            if place == 0 or taken[place - 1].end <= piece.start:
                taken.insert(place, piece)
    return taken


_start = attrgetter("start")


def a_day(match: re.Match[str], day: date, *, ambiguous: bool = False, weekday: bool = False) -> Piece:
    """The piece that names *day*."""
    return Piece(match.start(), match.end(), What.DAY, first=day, last=day, ambiguous=ambiguous, weekday=weekday)


def by_day(match: re.Match[str], now: Now, day: date, *, ambiguous: bool = False) -> Piece:
    """A deadline complete in itself: by the end of *day*."""
    due_at = now.hours.end_of_day(day)
    return Piece(match.start(), match.end(), What.WHOLE, last=day, due_at=due_at, date_only=True, ambiguous=ambiguous)


def by_stretch(match: re.Match[str], now: Now, first: date, last: date, *, ambiguous: bool = False) -> Piece:
    """A deadline complete in itself: within the days from *first* to *last*."""
    window: datetime | None = now.hours.start_of_day(first) if first < last else None
    if window is not None and window <= now.at:
        window = None
    return replace(by_day(match, now, last, ambiguous=ambiguous), window_start=window)

"""How English writes deadlines: which word calls which reader.

A text is read once from left to right. A word that can start a piece, or stand at its heart ("week", "Friday", a
number), calls its readers; each looks at the words around and gives back the piece, or nothing. No reader looks
further than a dozen words, so that reading takes time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from troth.reading import english_calendar as calendar
from troth.reading import english_clock as clocks
from troth.reading import english_days as days
from troth.reading import english_months as months
from troth.reading import english_parts as parts
from troth.reading import english_periods as periods
from troth.reading.days import Now
from troth.reading.english_feasts import feast
from troth.reading.english_past import is_over
from troth.reading.english_spans import span
from troth.reading.english_words import (
    MONTHS,
    NUMBERS,
    ORDINALS,
    PARTS,
    SHORT_WEEKDAYS,
    TOMORROW,
    UNITS,
    WEEKDAYS,
)
from troth.reading.pieces import Grammar, Piece, Reader, pattern
from troth.reading.tokens import Found, Words

At = Callable[[Words, int], Found]
"""Reads the piece at a word."""


def _readers() -> dict[str, tuple[At, ...]]:
    """By word: who may read a piece there, the greediest first."""
    table: dict[str, tuple[At, ...]] = {}
    for words, readers in (
        (UNITS, (periods.unit_alone,)),
        (NUMBERS, (span, clocks.spoken)),
        (ORDINALS, (parts.first_thing, months.week_of_month, calendar.written_date)),
        ((*WEEKDAYS, *SHORT_WEEKDAYS), (days.weekday,)),
        (MONTHS, (calendar.month_first_date, months.month)),
        (PARTS, (parts.part,)),
        (("noon", "midday"), (clocks.from_noon, parts.part)),
        (("today", "tonight", "tonite", "overnight", "to", *TOMORROW), (days.relative,)),
        (("weekend",), (periods.weekend,)),
        (("w",), (periods.week_commencing,)),
        (("midweek",), (periods.midweek,)),
        (("q",), (months.quarter,)),
        (("eow", "eom", "eoq", "eoy"), (periods.abbreviated_end,)),
        (("spring", "summer", "autumn", "fall", "winter"), (months.season,)),
        (("end", "close", "closing", "eod", "cob", "cop", "eob"), (parts.close,)),
        (("am", "pm"), (parts.am_pm,)),
        (("half",), (clocks.spoken, span)),
        (("quarter",), (clocks.spoken, periods.unit_alone)),
        (("last",), (parts.first_thing, months.week_of_month)),
        (("twenty", "thirty"), (calendar.written_date, span)),
        (("christmas", "xmas", "easter", "new", "good", "boxing", "thanksgiving", "labor", "memorial", "independence",
          "halloween", "valentine", "valentines", "ash", 
          "australia", "anzac", "canada", "veterans", "presidents", "juneteenth", "bank", "public"), (feast,)),
    ):  # fmt: skip
        for word in words:
            table[word] = readers
    return table


ANCHORS = _readers()
"""By word: who may read a piece there."""


def _number(w: Words, i: int) -> Found:
    """What starts with a number: a span, a date, a clock time, a year."""
    word = w.words[i]
    if len(word) > 4 or (w.touches(i) and not _may_touch(w, i)):
        return None
    if len(word) == 4:
        found = calendar.numeric_date(w, i)
        return found or (months.year(w, i) if word.startswith("20") else None) or clocks.clock(w, i)
    if len(word) == 3:
        return span(w, i)
    return (
        calendar.numeric_date(w, i)
        or months.week_of_month(w, i)
        or calendar.written_date(w, i)
        or span(w, i)
        or clocks.spoken(w, i)
        or clocks.clock(w, i)
    )


def _may_touch(w: Words, i: int) -> bool:
    """May a number stand right behind this: "(3", "~3", "@5pm"? Behind letters, signs of money or in figures, not."""
    before = w.words[i - 1]
    return before in {"(", "~", "@", '"', "“", "‘", "'", "[", "*", "!", ";", "<", "≤"} or (
        before in {"-", "–", "—", ",", ":", "/"} and not w.words[i - 2].isdecimal() and before != "/"
    )


def _pieces(text: str, now: Now) -> Iterator[Piece]:
    w = Words(text, now)
    i = 0
    while i < w.count:
        word = w.words[i]
        found = None
        for reader in ANCHORS.get(word, ()):
            found = reader(w, i)
            if found is not None:
                break
        if word.isdecimal():
            found = _number(w, i)
        if found is None:
            i += 1
        else:
            piece, i = found
            if piece is not None and w.words[i : i + 3] == ["at", "the", "earliest"]:
                piece = None  # from then on, not by then
            w.floor = i
            w.last = piece
            if piece is not None:
                yield piece


ENGLISH = Grammar(
    is_over=is_over,
    trigger=pattern(r"\w"),
    readers=(Reader(_pieces, ("",)),),
    glue=pattern(
        r"^[\s,()]*(?:(?:at|on|by|in|of|the|before|around|about|until|for|no\s+later\s+than|between|from|latest|"
        r"sometime|again|is|local\s+time|sharp|exactly)"
        r"[\s,(]*){0,3}$"
    ),
    either=pattern(r"^[\s,]*(?:either\s+)?(?:or|and|/|to|-|–)[\s,]*(?:on\s+|by\s+|either\s+)?$"),
)

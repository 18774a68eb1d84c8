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
from troth.reading.pieces import Grammar, Piece, Reader, What, pattern
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
        (("today", "tonight", "tonite", "overnight", "to", *TOMORROW), (days.relative,)),
        (("weekend",), (periods.weekend,)),
        (("w",), (periods.week_commencing,)),
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
          "halloween", "valentines", "ash"), (feast,)),
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
            w.floor = i
            if piece is not None:
                yield piece


_PAST = pattern(
    r"^.*(?:\b(?:was|were|had|did|didn[’']t|wasn[’']t|weren[’']t|thanks\s+for|thank\s+you\s+for|sorry\s+(?:about|for|that))\b"
    r"|\b(?:you|we|i|he|she|they|it|who|which|that|team|colleague|courier|driver)\s+(?:\w+ly\s+)?"
    r"(?:ordered|called|rang|phoned|emailed|e-mailed|wrote|spoke|contacted|visited|bought|purchased|placed|sent|"
    r"received|arrived|left|happened|started|began|made|paid|raised|reported|requested|returned|posted|dispatched|"
    r"shipped|attempted|tried|told|said|met|came|went|got|saw|signed|booked|cancelled|canceled|delivered|missed)|\b(?:rang|wrote|spoke|came|went|began|saw|turned))\b"
    r"(?P<rest>[^.;,:!?]{0,45})$"
)
_PAST_WORDS = frozenset(
    """was were had did didn't didn’t wasn't wasn’t weren't weren’t thanks thank sorry ordered called rang phoned emailed
    e-mailed wrote spoke contacted visited bought purchased placed sent received arrived left happened started began made
    paid raised reported requested returned posted dispatched shipped attempted tried told said met came went got saw
    signed booked cancelled canceled delivered missed turned""".split()  # noqa: SIM905 a list of words
)
"""Without one of these nothing before a day says that it is over."""
_AHEAD = pattern(r"\bwill\b|[’']ll\b|\bto\b|\bshould\b|\bgoing\b|\bis\b|\bare\b|\bby\b|\bbe\b")


def _is_over(text: str, group: list[Piece]) -> bool:
    """Is the day one of the past: "the parcel you sent on Monday", "it was due on Friday"?"""
    if group[0].what is What.WHOLE and text[group[0].start : group[0].start + 5].lower() != "this ":
        return False
    if group[0].what not in {What.DAY, What.WHOLE} or text[group[0].start : group[0].start + 2].lower() in {
        "by",
        "un",
        "be",
    }:
        return False
    before_it = text[max(0, group[0].start - 80) : group[0].start]
    if _PAST_WORDS.isdisjoint(before_it.lower().split()):
        return False
    before = _PAST.search(before_it)
    return before is not None and not _AHEAD.search(before["rest"])


ENGLISH = Grammar(
    is_over=_is_over,
    trigger=pattern(r"\w"),
    readers=(Reader(_pieces, ("",)),),
    glue=pattern(
        r"^[\s,()]*(?:(?:at|on|by|in|of|the|before|around|about|until|for|no\s+later\s+than|between|from|latest|"
        r"sometime|again|is)"
        r"[\s,(]*){0,3}$"
    ),
    either=pattern(r"^[\s,]*(?:either\s+)?(?:or|and|/|to|-|–)[\s,]*(?:on\s+|by\s+|either\s+)?$"),
)

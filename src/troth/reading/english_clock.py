"""English clock times: "by 5pm", "between 10 and 12", "half past three", "at 1830", "4 o'clock"."""

from __future__ import annotations

import re
from datetime import time
from typing import NamedTuple

from troth.reading.english_days import OPEN, may_be_had
from troth.reading.english_words import (
    NUMBERS,
    SHORT_WEEKDAYS,
    TO,
    TOMORROW,
    UNITS,
    UNTIL,
    WEEKDAYS,
    counts_something,
    number_at,
)
from troth.reading.pieces import What
from troth.reading.tokens import Found, Words
from troth.reading.zones import zone_at

_HALF = r"(?:\s?(?P<half{0}>[ap]\.?\s?m\b\.?|[ap]\b(?!\.\w)))?"
_TIME = r"(?P<h{0}>\d{{1,2}})(?:(?P<sign{0}>[:.h])(?P<m{0}>\d\d)(?!\d)(?!\s?%))?" + _HALF
_CLOCK = re.compile(_TIME.format(1) + r"(?P<oclock>\s?o\s?[’']?\s?clock\b|\s?h(?:rs|ours?)?\b|ish\b)?", re.IGNORECASE)
_TO_TIME = re.compile(
    r"\s?(?:-|–|—|\bto\b|\band\b|\buntil\b|\btill?\b)\s?" + _TIME.format(2) + r"(?![\d/:])", re.IGNORECASE
)
_MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d)\s?(?:h|hrs|hours)?\b")
_BY = {"by", "at", "before", "until", "till", "til", "@"}
_NEAR = {"around", "about", "approx", "approximately", "roughly", "circa", "~", "say", "exactly", "just", "no"}
_MORE_LEADS = {"between", "from", "than", "to", "of", "after", "for", "and"}


def clock(w: Words, i: int) -> Found:
    """A clock time or a stretch between two, in figures."""
    words = w.words
    if len(words[i]) == 4:
        return _military(w, i)
    match = _CLOCK.match(w.text, w.starts[i]) if len(words[i]) <= 2 else None
    if match is None or words[i - 1] in {"$", "£", "€", "#"}:
        return None
    lead, start = _lead(w, i)
    until_noon = _until_noon(w, match, lead, start)
    if until_noon is not None:
        return until_noon
    to = _TO_TIME.match(w.text, match.end())
    if to is not None and not match["oclock"]:
        found = _between(w, i, match, to, lead, start)
        if found is not None:
            return found
    half, sign = match["half1"], match["sign1"]
    if half and len(half) == 1 and not sign and not (lead in _BY and match.start("half1") == match.end("h1")):
        return None  # "3 a day"
    said = (match["oclock"] or "").strip().lower()
    oclock = said.startswith("o")
    j = w.after(i, match.end())
    if said == "ish" and not lead:
        lead = "about"
    if not half and not oclock:
        if sign in {".", None} and said.startswith("h") and sign is None:
            return None  # "3 hours"
        in_zone = zone_at(w.text, match.end(), w.now.hours)[1] > match.end()
        if sign is None and not in_zone and (lead not in _BY | {"about"} or counts_something(w, j)):
            return None
        if sign == "." and (lead not in _BY or counts_something(w, j)) and not _after_a_day(w, i):
            return None  # a version or an amount
    wall = _time(match["h1"], match["m1"], half)
    if wall is None or (lead == "from" and not may_be_had(w, i)):
        return None
    zone, end = zone_at(w.text, match.end(), w.now.hours)
    exact = (
        w.text[match.end() : end].lstrip().startswith("(")
    )  # "10:00 (CET)": whoever names a clock like that means it
    bare = not half and not exact and 1 <= wall.hour <= 12 and not match["h1"].startswith("0")
    if bare and wall.hour <= 6:
        wall = wall.replace(hour=wall.hour + 12)
    j = w.after(i, end)
    alone = bool(half or lead or oclock)  # "Friday, 17:00", but not "it ended 3:10"
    if words[j] in {"noon", "midday", "midnight"} and match["h1"] == "12" and not half:
        wall, bare = (time(23, 59, 59) if words[j] == "midnight" else time(12)), False
        j, alone = j + 1, True
        return w.piece(start, j, What.CLOCK, clock=wall, alone=alone), j
    piece = w.piece(start, j, What.CLOCK, clock=wall, bare_hour=bare, alone=alone, zone=zone)
    if lead == "after":  # from then on, the same day
        piece = w.piece(start, j, What.CLOCK, clock=time(23, 59, 59), clock_from=wall, alone=alone, zone=zone)
    return piece, j


def _between(w: Words, i: int, one: re.Match[str], two: re.Match[str], lead: str, start: int) -> Found:
    """ "Between 10 and 12", "2-3pm", "13:00-15:00"."""
    end = two.end()
    half1, half2 = one["half1"], two["half2"]
    if half2 and len(half2) == 1 and not half1:
        half2, end = None, two.end("m2") if two["m2"] else two.end("h2")
    bare = not half2 and not (one["sign1"] == ":" and two["sign2"] == ":")
    j = w.after(i, end)
    joins_day = _after_a_day(w, i)
    joins_day = joins_day or _is_day(w, j + (w.words[j] in {"on", ","}))
    if bare and ((lead not in {"between", "from", "at"} and not joins_day) or counts_something(w, j)):
        return None
    if bare and (one["sign1"] == "." or two["sign2"] == ".") and lead != "between":
        return None
    late = _time(two["h2"], two["m2"], half2)
    early = _time(one["h1"], one["m1"], half1 or half2)
    if early and late and early >= late and not half1:
        if half2:
            early = _time(one["h1"], one["m1"], "am")
        elif late.hour < 12:  # "12-4"
            late = late.replace(hour=late.hour + 12)
    if bare and late and late.hour < 8 and not half1:
        late = late.replace(hour=late.hour + 12)
        early = early.replace(hour=early.hour + 12) if early and early.hour < 8 else early
    elif half1 and not half2 and late and early and late <= early and late.hour < 12:
        late = late.replace(hour=late.hour + 12)
    if early and late and _every_day(w, i, j):
        return None, j
    if not early or not late or early >= late:
        return None
    zone, end = zone_at(w.text, end, w.now.hours)
    j = w.after(i, end)
    alone = bool(half2 or half1 or lead)
    bare = bare and late.hour < 12
    return w.piece(start, j, What.CLOCK, clock=late, clock_from=early, zone=zone, alone=alone, bare_hour=bare), j


def _until_noon(w: Words, match: re.Match[str], lead: str, start: int) -> Found:
    """ "Between 8am and midday"."""
    j = w.after(start, match.end())
    if lead not in {"between", "from"} or not (w.words[j] in TO or w.words[j] == "and"):
        return None
    wall = _time(match["h1"], match["m1"], match["half1"] or "am")
    if w.words[j + 1] not in {"noon", "midday"} or wall is None or wall.hour >= 12:
        return None
    return w.piece(start, j + 2, What.CLOCK, clock=time(12), clock_from=wall), j + 2


def from_noon(w: Words, i: int) -> Found:
    """ "Between noon and 2": word *i* is the "noon"."""
    words = w.words
    lead = words[i - 1] if i > w.floor else ""
    if lead not in {"between", "from"} or not (words[i + 1] in TO or words[i + 1] == "and"):
        return None
    match = _CLOCK.match(w.text, w.starts[i + 2]) if words[i + 2].isdecimal() else None
    late = _time(match["h1"], match["m1"], match["half1"] or "pm") if match else None
    if match is None or late is None or late.hour <= 12:
        return None
    j = w.after(i + 2, match.end())
    return w.piece(i - 1, j, What.CLOCK, clock=late, clock_from=time(12)), j


def _every_day(w: Words, i: int, j: int) -> bool:
    """Are these opening hours rather than a time to come: "our lines are open from 8am until 8pm"?"""
    words = w.words
    if words[j] in {"daily", "every", "each", "mon", "monday", "weekdays", "seven", "7"}:
        return True
    if words[j] in TOMORROW or words[j] in {"today", "tonight", "on", "this", "next"}:
        return False
    before = set(words[max(0, i - 6) : i])
    return bool(OPEN & before) or bool(_FIRST_DAYS & before and _LAST_DAYS & before)


_FIRST_DAYS, _LAST_DAYS = {"monday", "mon"}, {"friday", "fri", "saturday", "sat", "sunday", "sun"}


def _military(w: Words, i: int) -> Found:
    lead, start = _lead(w, i)
    match = _MILITARY.match(w.text, w.starts[i]) if lead in _BY or lead in _NEAR else None
    if match is None:
        return None
    j = w.after(i, match.end())
    return w.piece(start, j, What.CLOCK, clock=time(int(match[1]), int(match[2]))), j


_SPOKEN = {
    word: n for word, n in NUMBERS.items() if n <= 12 and word not in {"a", "an", "few", "couple", "single", "several"}
}
_PAST = {"quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20, "5": 5, "10": 10, "20": 20, "25": 25}


class _Spoken(NamedTuple):
    """A time in words, and the place behind it."""

    wall: time
    end: int
    half: str | None
    is_full: bool
    """Said so that it can be nothing else: "half past three", "four o'clock"."""

    @property
    def is_bare(self) -> bool:
        return self.half is None and 1 <= (self.wall.hour or 12) <= 12


def spoken(w: Words, i: int) -> Found:
    """A clock time in words, or a stretch between two: "half past three", "between half nine and eleven"."""
    start = i - (w.words[i - 1] == "a" and w.words[i] in {"quarter", "ten", "twenty"} and i > w.floor)
    lead, start = _lead(w, start)
    one = _time_in_words(w, i, led=bool(lead))
    if one is None:
        return None
    if lead in {"between", "from"} and (
        w.words[one.end] in TO or w.words[one.end] in UNTIL or w.words[one.end] == "and"
    ):
        two = _time_in_words(w, one.end + 1, led=True)
        if two is not None and not counts_something(w, two.end):
            early, late = one.wall, two.wall
            if two.half == "pm" and early.hour < late.hour - 12:
                early = early.replace(hour=early.hour + 12)
            if late <= early and late.hour < 12:
                late = late.replace(hour=late.hour + 12)
            if early < late:
                bare = two.is_bare and late.hour < 8
                if bare:
                    early, late = early.replace(hour=early.hour % 12 + 12), late.replace(hour=late.hour + 12)
                return w.piece(start, two.end, What.CLOCK, clock=late, clock_from=early, bare_hour=bare), two.end
    if not one.is_full and (lead not in _BY or counts_something(w, one.end)):
        return None
    if lead == "from" and not may_be_had(w, i):
        return None
    wall = one.wall
    if one.is_bare and 1 <= wall.hour <= 6:
        wall = wall.replace(hour=wall.hour + 12)
    alone = bool(lead or one.half) or w.words[one.end - 1] == "clock"
    return w.piece(start, one.end, What.CLOCK, clock=wall, bare_hour=one.is_bare, alone=alone), one.end


def _time_in_words(w: Words, i: int, *, led: bool) -> _Spoken | None:
    """The time said from word *i* on; "ten to nine" only behind a lead, for it may be the start of a number."""
    words = w.words
    word, minutes, end, is_full = words[i], 0, 0, True
    if word in _PAST and (
        words[i + 1] in {"past", "to"} or words[i + 1 : i + 3] in (["minutes", "past"], ["minutes", "to"])
    ):
        hour_at = i + 2 + (words[i + 1] == "minutes")
        to = words[hour_at - 1] == "to"
        if to and word not in {"quarter", "half"} and not (led and not counts_something(w, hour_at + 1)):
            return None
        minutes = -_PAST[word] if to else _PAST[word]
    elif word == "half" and (words[i + 1].isdecimal() or words[i + 1] in _SPOKEN):
        hour_at, minutes = i + 1, 30
    elif word in _SPOKEN:
        hour_at, is_full = i, False
        minutes, end = _spoken_minutes(w, i + 1)
    else:
        return None
    figure = words[hour_at]
    hour = _SPOKEN.get(figure) or (int(figure) if figure.isdecimal() and len(figure) < 3 else 0)
    if not 1 <= hour <= 12:
        return None
    end = end or hour_at + 1
    if words[end] == "o" and words[end + 1] in {"'", "’"} and words[end + 2] == "clock":
        end, is_full = end + 3, True
    half = words[end] if words[end] in {"am", "pm"} else None
    if half:
        end, is_full = end + 1, True
    if is_full and counts_something(w, end):
        return None  # "half 10 units"
    wall = _time(str(hour), None, half)
    assert wall is not None
    total = wall.hour * 60 + minutes
    return _Spoken(time(total // 60 % 24, total % 60), end, half, is_full)


def _spoken_minutes(w: Words, i: int) -> tuple[int, int]:
    """The minutes of "seven twenty-seven" or "five-thirty", and the place after them; nought where none are said."""
    j = i + (w.words[i] == "-")
    if w.words[j] not in _TENS_OF_MINUTES:
        return 0, i
    number = number_at(w, j)
    assert number is not None
    return (int(number[0]), number[1]) if number[0] < 60 and w.words[number[1]] not in UNITS else (0, i)


_TENS_OF_MINUTES = {"ten", "fifteen", "twenty", "thirty", "forty", "fifty"}


def _lead(w: Words, i: int) -> tuple[str, int]:
    """The word that leads to the time at word *i* ("by", "between"), and where its words start."""
    words, k = w.words, i
    while k > w.floor and words[k - 1] in _NEAR:
        k -= 1
    lead = words[k - 1] if k > w.floor else ""
    if lead == "than" and words[k - 2] in {"later", "more"} and words[k - 3] == "no" and k - 3 >= w.floor:
        return "by", k - 3
    if lead in _BY or lead in _MORE_LEADS:
        return lead, k - 1
    return ("about", k) if k < i and words[k] not in {"just", "no"} else ("", i)


def _after_a_day(w: Words, i: int) -> bool:
    """Does the time at word *i* stand right behind a day ("tomorrow 10.30", "Friday, 10-12")?"""
    if w.last is not None and w.floor == i - (w.words[i - 1] in {",", "("}) and w.last.what is not What.WHOLE:
        return w.last.what is not What.CLOCK
    return i > 0 and _is_day(w, i - 1 - (w.words[i - 1] in {",", "("}))


def _is_day(w: Words, i: int) -> bool:
    word = w.words[i]
    return word in TOMORROW or word in {"today", "tonight"} or word in WEEKDAYS or word in SHORT_WEEKDAYS


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    h, m = int(hour), int(minute or 0)
    if half:
        if not 1 <= h <= 12:
            return time(h, m) if 12 < h < 24 and m < 60 else None
        h = h % 12 + (12 if half.lower().startswith("p") else 0)
    return time(h, m) if h < 24 and m < 60 else None

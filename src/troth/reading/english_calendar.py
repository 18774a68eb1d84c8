"""English dates: "17 March 2026", "the 14th to the 16th", "March 3rd", "03/04/2026", "2026-03-17", "from 1/10 to 7/10"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from troth.reading.days import a_date, dated, day_of_month
from troth.reading.english_days import is_before, may_be_had
from troth.reading.english_words import (
    BY,
    MONTHS,
    ORDINALS,
    TO,
    UNITS,
    UNTIL,
    counts_something,
    ordinal_at,
    weekday_at,
)
from troth.reading.pieces import Piece, What
from troth.reading.tokens import Found, Words

FAR = timedelta(days=270)
"""A day without its year that is further ahead than this has just passed; a person should say which is meant."""

_STREETS = {"street", "st", "road", "rd", "avenue", "ave", "lane", "close", "drive", "court", "place", "square"}
_WRITINGS = {"message", "email", "mail", "letter", "call", "order", "tweet", "invoice", "post", "comment", "note", "dm"}

_ISO = re.compile(r"(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(20\d\d|\d\d))?(?![\d%]|[/.-]\d)")


class _Figures(NamedTuple):
    """A date in figures, as it may be read: the likelier day first."""

    days: tuple[date, ...]
    end: int
    """The place of the word behind it."""
    sign: str
    has_year: bool
    is_dotted: bool
    """Written "03.04." or "17.12": with a dot, and not like a version."""


def numeric_date(w: Words, i: int) -> Found:
    """ "2026-03-17", "17/03/2026", "17.3.26", "on 17/3", "from 1/10 to 7/10"."""
    iso = _ISO.match(w.text, w.starts[i])
    if iso:
        day = a_date(int(iso[1]), int(iso[2]), int(iso[3]))
        return None if day is None else _a_day(w, i, w.after(i, iso.end()), day)
    figures = _figures(w, i)
    if figures is None:
        return None
    lead = w.words[i - 1] if i > w.floor else ""
    behind = i - 1 - (w.words[i - 1] in {",", "("}) if i else i
    named = weekday_at(w, behind) if i else None
    days, j = list(figures.days), figures.end
    if named is not None:
        days = [day for day in days if day.weekday() == named] or days
    until = None
    if lead in {"between", "from"} and (w.words[j] in TO or w.words[j] in UNTIL or w.words[j] == "and"):
        until = _figures(w, j + 1)
    if not figures.has_year and not (lead in BY or lead in _OTHER_LEADS or _starts_a_week(w, i) or named is not None):
        return None  # "2/2", "24/7"
    agrees = named is not None and days[0].weekday() == named
    if figures.sign == "-" and not (figures.has_year or agrees):
        return None  # a range of numbers
    if figures.sign == "." and not figures.is_dotted:
        return None  # a version, an amount, or a time: "Friday 10.30"
    if not figures.has_year and (w.words[j] in {"%", "of"} or (w.words[j].isalpha() and counts_something(w, j))):
        return None  # "on 2/3 orders"
    start = i - (lead in BY or lead in {"between", "from"})
    if until is not None:
        return w.piece(start, until.end, What.DAY, first=days[0], last=max(days[0], until.days[0])), until.end
    if lead == "from" and not may_be_had(w, i):
        return None
    far = not figures.has_year and days[0] - w.now.today > FAR
    piece = w.piece(start, j, What.DAY, first=days[0], last=days[0], before=is_before(w, i - 1), ambiguous=far)
    if len(set(days)) == 2 and not agrees:
        other = replace(piece, first=days[1], last=days[1])
        piece = replace(piece, ambiguous=True, other=other if days[1] >= w.now.today else None)
    return piece, j


_OTHER_LEADS = {"for", "between", "from", "commencing", "beginning", "starting"}


def _starts_a_week(w: Words, i: int) -> bool:
    """ "The week of 10/8", "w/c 10/8"."""
    return (w.words[i - 1] == "of" and w.words[i - 2] == "week") or w.words[i - 2 : i] == ["/", "c"]


def _figures(w: Words, i: int) -> _Figures | None:
    """The date in figures at word *i*: "3/4", "3.4.2026"; which number is the month depends on the place."""
    match = _NUMERIC.match(w.text, w.starts[i])
    if match is None:
        return None
    a, b, sign, written = int(match[1]), int(match[3]), match[2], match[4]
    year = None if written is None else int(written) + (2000 if len(written) == 2 else 0)
    month_first = w.now.month_first and sign != "."
    readings = [(a, b), (b, a)] if month_first else [(b, a), (a, b)]  # (month, day)
    days = [day for month, number in readings if (day := dated(w.now.today, year, month, number)) is not None]
    if len(days) == 2 and days[0] < w.now.today <= days[1]:
        days.reverse()
    if not days:
        return None
    j = w.after(i, match.end())
    lead = w.words[i - 1] if i else ""
    two_digits, dot_behind = len(match[1]) + len(match[3]) == 4, w.words[j] == "." and w.touches(j)
    is_dotted = len(written or "") == 4 or (two_digits and bool(written))
    if sign == "." and written is None:
        is_dotted = lead in BY and not w.now.month_first and (two_digits or dot_behind)
        days = days[:1]  # who puts a dot puts the day first
        j += 1 if dot_behind and w.words[j + 1] else 0
    return _Figures(tuple(days), j, sign, year is not None, is_dotted)


def written_date(w: Words, i: int) -> Found:
    """ "17 March 2026", "17th of March", "14-16 March", "the 14th to the 16th", "the 17th"; word *i* is the number."""
    words = w.words
    first = _number_of_day(w, i)
    if first is None:
        return None
    number, j, nth = first
    if nth and words[j] == "day" and words[j + 1] == "of":
        j += 1  # "the 15th day of next month"
    last, last_nth = number, nth
    if (
        words[j] in TO
        or words[j] in UNTIL
        or words[j] in {"or", "/"}
        or (words[j] == "and" and (nth or _between(w, i)))
    ):
        second = _number_of_day(w, j + 1 + (words[j + 1] == "the"))
        if second is not None and second[0] > number and (second[2] or _month_at(w, second[1]) is not None):
            last, j, last_nth = second
    month = _month_at(w, j)
    if month is None:
        if not nth and last == number and _is_the_number(w, i, j):
            return _nth_of_a_month(w, i, number, last, j)
        return _nth_of_a_month(w, i, number, last, j) if nth and last_nth else None
    _, k = month
    year, k = _year_at(w, k)
    if words[k] in _STREETS and w.is_capital(k):
        return None
    return _of_month(w, i, k, year, month[0], number, last)


def _is_the_number(w: Words, i: int, j: int) -> bool:
    """Does a plain number name a day: "on the 17", "by the 3"? Not a quarter of an hour, nor so many things."""
    lead = w.words[i - 2] if i - 1 > w.floor else ""
    return w.words[i - 1] == "the" and lead in BY and not counts_something(w, j) and w.words[j] not in {":", "."}


def month_first_date(w: Words, i: int) -> Found:
    """ "March 17th, 2026", "Mar 14-16"; word *i* is the month."""
    words = w.words
    j = i + 1 + (words[i + 1] in {".", "/", "-"})
    j += words[j] == "the" or (words[j] == "," and ordinal_at(w, j + 1) is not None)
    first = _number_of_day(w, j)
    if first is None or (words[i] in {"may", "march", "mar"} and not w.is_capital(i)):
        return None
    number, j, _ = first
    if words[j] in {":", "am", "pm", "%"} or (words[j] == "." and w.touches(j + 1) and words[j + 1].isdecimal()):
        return None
    last = number
    if words[j] in TO or words[j] in UNTIL or (words[j] == "and" and _between(w, i)):
        second = _number_of_day(w, j + 1 + (words[j + 1] == "the"))
        if second is not None and second[0] > number and words[second[1]] not in {":", "am", "pm"}:
            last, j, _ = second
    year, j = _year_at(w, j)
    return _of_month(w, i, j, year, MONTHS[words[i]], number, last)


def _between(w: Words, i: int) -> bool:
    return "between" in {w.words[i - 1], w.words[i - 2]}


def _number_of_day(w: Words, i: int) -> tuple[int, int, bool] | None:
    """A number from 1 to 31, the place after it, and whether it is an ordinal."""
    ordinal = ordinal_at(w, i)
    if ordinal is not None:
        return (*ordinal, True) if 1 <= ordinal[0] <= 31 else None
    word = w.words[i]
    if word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 31:
        return int(word), i + 1, False
    return None


def _month_at(w: Words, j: int) -> tuple[int, int] | None:
    j += (w.words[j] in {"of", "-", "/"}) + 0
    month = MONTHS.get(w.words[j])
    if month is None or (w.words[j] in {"may", "march", "mar"} and not w.is_capital(j)):
        return None  # "2 may be", "march on": the verbs
    return month, j + 1 + (w.words[j + 1] == "." and w.words[j + 2].isdecimal())


def _year_at(w: Words, j: int) -> tuple[int | None, int]:
    """The year that follows a month, and the place after it."""
    k = j + (w.words[j] in {",", "-", "/"})
    word = w.words[k]
    if word.isdecimal() and len(word) == 4 and word.startswith("20"):
        return int(word), k + 1
    if w.words[j] in {"in", "of"} and len(w.words[j + 1]) == 4 and w.words[j + 1].startswith("20"):
        return (int(w.words[j + 1]), j + 2) if w.words[j + 1].isdecimal() else (None, j)
    if w.words[j] in {"'", "’"} and w.words[j + 1].isdecimal() and len(w.words[j + 1]) == 2:
        return 2000 + int(w.words[j + 1]), j + 2
    if k > j and w.words[j] != "," and word.isdecimal() and len(word) == 2 and w.touches(k):
        return 2000 + int(word), k + 1
    return None, j


def _of_month(w: Words, i: int, j: int, year: int | None, month: int, number: int, last: int) -> Found:
    """The day or days of a month, unless the words before say that they are over or only begin something."""
    start = i - (w.words[i - 1] == "the" and i > w.floor)
    lead_at = start - 1
    lead = w.words[lead_at] if start else ""
    if lead in {"since", "dated"} or (lead == "of" and w.words[start - 2] in _WRITINGS):
        return None
    until = dated(w.now.today, year, month, last)
    if until is None:
        return None
    since = a_date(until.year, month, number) or until
    counted = w.words[lead_at - 1] in UNITS  # "two weeks from November 5"
    if since == until and lead == "from" and not (counted or _goes_on(w, j) or may_be_had(w, start)):
        return None
    if lead in BY or lead in {"from", "between"}:
        start -= start > w.floor
    far = year is None and until - w.now.today > FAR
    return w.piece(start, j, What.DAY, first=since, last=until, ambiguous=far, before=is_before(w, lead_at)), j


def _goes_on(w: Words, j: int) -> bool:
    """Does "from 3 March" go on with "to", "until" or a dash?"""
    return w.words[j] in TO or w.words[j] in UNTIL


def _nth_of_a_month(w: Words, i: int, number: int, last: int, j: int) -> Found:
    words = w.words
    start = i - (words[i - 1] == "the" and i > w.floor)
    lead_at = start - 1
    lead = words[lead_at] if start else ""
    named = weekday_at(w, start - 1 - (lead in {",", "("})) is not None
    if not (start < i or named):
        return None  # "our 20th year"
    if words[i] in ORDINALS and not (lead in BY or last > number or named or words[j] == "of"):
        return None  # "the second"
    months = 0
    if words[j] == "of" and words[j + 1] in {"this", "next", "the", "each", "every"} and words[j + 2] == "month":
        if words[j + 1] in {"each", "every"}:
            return None
        months, j = int(words[j + 1] == "next"), j + 3
    elif counts_something(w, j) or lead == "since" or (lead == "of" and words[lead_at - 1] != "week"):
        return None
    until = day_of_month(w.now.today, last, months=months)
    if until is None or (lead == "from" and last == number):
        return None
    since = a_date(until.year, until.month, number) or until
    if lead in BY or lead in {"from", "between"}:
        start -= start > w.floor
    return w.piece(start, j, What.DAY, first=since, last=until, before=is_before(w, lead_at)), j


def _a_day(w: Words, i: int, j: int, day: date) -> tuple[Piece, int]:
    return w.piece(i, j, What.DAY, first=day, last=day), j

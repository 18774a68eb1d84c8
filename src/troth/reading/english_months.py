"""English months, quarters, seasons and years: "in April", "by the end of 2027", "in Q3", "the last Friday of the month"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from troth.reading.days import dated, last_open, months_on, nth_weekday, within
from troth.reading.english_periods import LEADS, NOT_FOLLOWED, stretch, which_part
from troth.reading.english_words import BUSINESS, MONTHS, TO, ordinal_at, weekday_at
from troth.reading.pieces import What
from troth.reading.tokens import Found, Words
from troth.words.hours import ONE_DAY

_SEASONS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}
"""The month with which a season ends, north of the equator."""
_SOUTHERN = {"AU", "NZ", "ZA", "AR", "CL", "UY", "BR", "PY", "BO"}


def week_of_month(w: Words, i: int) -> Found:
    """ "The first week of April", "the last week of the month", "the third quarter": word *i* is the ordinal."""
    words = w.words
    j = i + 1
    nth, j = ordinal_at(w, i) or (0 if words[i] == "last" else 9, j)
    if words[j] == "quarter" and 1 <= nth <= 4:
        return _quarter(w, i, j + 1, nth)
    if words[j] == "day" or (words[j] in BUSINESS and words[j + 1] == "day"):
        return _day_of_month(w, i, j, nth)
    weekday = weekday_at(w, j)
    if (words[j] != "week" and weekday is None) or words[j + 1] not in {"of", "in"} or nth > 5:
        return None
    j += 2
    today = w.now.today
    if words[j] in MONTHS:
        first = _month(today, MONTHS[words[j]])
        j += 1
    elif words[j] in {"the", "next", "this"} and words[j + 1] == "month":
        first = months_on(today.replace(day=1), int(words[j] == "next"))
        j += 2
    else:
        return None
    start = i - (words[i - 1] == "the" and i > w.floor)
    start -= words[start - 1] in LEADS and start > w.floor
    last = months_on(first, 1) - ONE_DAY
    if weekday is not None:  # "the first Monday of next month", "the last Friday of March"
        day = nth_weekday(first.year, first.month, weekday, nth or 1)
        while nth == 0 and day + 7 * ONE_DAY <= last:
            day += 7 * ONE_DAY
        return w.piece(start, j, What.DAY, first=day, last=day), j
    if nth == 0:
        first = last - timedelta(days=6)
    else:
        first += timedelta(weeks=nth - 1)
        last = min(last, first + timedelta(days=6))
    return stretch(w, start, j, first, last)


def _day_of_month(w: Words, i: int, j: int, nth: int) -> Found:
    """ "The last working day of the month", "the first day of next month": the ordinal is at *i*, what it counts at *j*."""
    words, hours = w.words, w.now.hours
    business = words[j] != "day"
    j += 2 if business else 1
    if words[j] != "of" or not (words[j + 1] in {"the", "this", "next"} and words[j + 2] == "month") or nth > 1:
        return None
    first = months_on(w.now.today.replace(day=1), int(words[j + 1] == "next"))
    if nth == 1 and first <= w.now.today:
        first = months_on(first, 1)
    last = months_on(first, 1) - ONE_DAY
    if business:
        first, last = hours.add_working_days(first, 0), last_open(hours, first, last)
    day = last if nth == 0 else first
    start = i - (words[i - 1] == "the" and i > w.floor)
    start -= words[start - 1] in LEADS and start > w.floor
    return w.piece(start, j + 3, What.DAY, first=day, last=day), j + 3


_MONTH_LEADS = {"in", "by", "before", "until", "during", "for", "between", "from"}


def month(w: Words, i: int) -> Found:
    """A month without a day: "in April", "mid-April", "by the end of March 2027"."""
    words = w.words
    if words[i] in {"may", "march", "mar"} and not w.is_capital(i):
        return None  # the verbs
    year, j = None, i + 1
    k = j + (words[j] == ",")
    if words[k].isdecimal() and len(words[k]) == 4 and words[k].startswith("20"):
        year, j = int(words[k]), k + 1
    elif words[j].isdecimal():
        return None
    which = words[i - 1] if i > w.floor else ""
    first_word = i - (which in {"this", "next", "the"})
    part, start = which_part(w, first_word)
    if part is None:
        return None
    lead = words[start - 1] if start > w.floor else ""
    told = start < first_word or which in {"this", "next"} or lead in _MONTH_LEADS
    if not told or lead in {"since", "of", "last"}:
        return None
    behind = words[j] in TO or words[j] in {"and", "until", "till", "through"}
    if lead in {"from", "between"} and not (behind and words[j + 1] in MONTHS):
        return None
    first = _month(w.now.today, MONTHS[words[i]]) if year is None else date(year, MONTHS[words[i]], 1)
    last = months_on(first, 1) - ONE_DAY
    by_then = lead in {"by", "before"} and start == first_word
    begin = start - (lead in LEADS)
    if lead in {"from", "between"}:
        last = months_on(dated(first, None, MONTHS[words[j + 1]], 1) or first, 1) - ONE_DAY
        return stretch(w, start - 1, j + 2, first, last)
    if by_then and first >= w.now.today:
        piece, _ = stretch(w, begin, j, first, first, ambiguous=lead == "by")
        other, _ = stretch(w, begin, j, last, last)
        return replace(piece, other=other if lead == "by" else None), j
    return stretch(w, begin, j, *within(first, last, part))


def quarter(w: Words, i: int) -> Found:
    """ "Q3", "Q2 2026": word *i* is the "Q"."""
    number = w.words[i + 1]
    if number not in {"1", "2", "3", "4"} or not w.touches(i + 1) or (w.touches(i + 2) and w.words[i + 2].isalpha()):
        return None
    return _quarter(w, i, i + 2, int(number))


def _quarter(w: Words, i: int, j: int, number: int) -> Found:
    words, today = w.words, w.now.today
    k = j + (words[j] == "of")
    year = int(words[k]) if words[k].isdecimal() and len(words[k]) == 4 and words[k].startswith("20") else None
    first = date(year or today.year, 3 * number - 2, 1)
    if year is None and months_on(first, 3) <= today:
        first = first.replace(year=first.year + 1)
    part, start = which_part(w, i - (words[i - 1] == "the" and i > w.floor))
    if part is None:
        return None
    start -= words[start - 1] in LEADS and start > w.floor
    return stretch(w, start, j if year is None else k + 1, *within(first, months_on(first, 3) - ONE_DAY, part))


def year(w: Words, i: int) -> Found:
    """ "In 2027", "by the end of 2027"."""
    number = int(w.words[i])
    part, start = which_part(w, i)
    lead = w.words[start - 1] if start > w.floor else ""
    if w.touches(i) or part is None or not (start < i or lead in {"in", "by", "before", "during", "until", "till"}):
        return None
    this_year, behind = w.now.today.year, w.words[i + 1]
    if not this_year <= number <= this_year + 30 or behind in {"hrs", "hours", "h"}:
        return None
    if behind in {"-", "/", ":", "."} and w.touches(i + 1) and w.touches(i + 2):
        return None  # a number with a year in it
    first, last = within(date(number, 1, 1), date(number, 12, 31), part)
    return stretch(w, start - (lead in LEADS), i + 1, first, last, ambiguous=start == i)


def season(w: Words, i: int) -> Found:
    """ "This summer", "by the autumn", "in spring": its last day."""
    words, today = w.words, w.now.today
    which = words[i - 1] if i > w.floor else ""
    first_word = i - (which in {"this", "next", "the"})
    part, start = which_part(w, first_word)
    lead = words[start - 1] if start > w.floor else ""
    if part is None or words[i + 1] in NOT_FOLLOWED:
        return None
    if not (which in {"this", "next"} or start < first_word or lead in {"in", "by", "before"}):
        return None
    if words[i] in {"fall", "spring"} and which not in {"this", "next", "the"}:
        return None
    last_month = _SEASONS[words[i]]
    if w.now.hours.country in _SOUTHERN:
        last_month = (last_month + 5) % 12 + 1
    first = date(today.year, last_month, 1)
    end = months_on(first, 1) - ONE_DAY
    if end < today:
        end = months_on(first.replace(year=first.year + 1), 1) - ONE_DAY
    begin = months_on(end.replace(day=1), -2)
    if lead in {"by", "before"} and start == first_word and begin >= today:
        return stretch(w, start - 1, i + 1, begin, begin, ambiguous=True)
    return stretch(w, start - (lead in LEADS), i + 1, *within(begin, end, part))


def _month(today: date, number: int) -> date:
    """The first of the next such month, this one included."""
    first = date(today.year, number, 1)
    return first if months_on(first, 1) > today else date(today.year + 1, number, 1)

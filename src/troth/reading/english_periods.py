"""English periods: "early next week", "by the end of the quarter", "mid-April", "in Q3", "the week of 13 July"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from troth.reading.days import Unit, Within, dated, last_open, months_on, nth_weekday, period, within
from troth.reading.english_calendar import month_first_date, numeric_date, written_date
from troth.reading.english_words import (
    BUSINESS,
    MONTHS,
    TO,
    TOMORROW,
    UNITS,
    WEEKDAYS,
    ordinal_at,
    weekday_at,
)
from troth.reading.pieces import Part, Piece, What
from troth.reading.tokens import Found, Words
from troth.words.hours import ONE_DAY

_NEXT = {"next": 1, "coming": 1, "following": 1, "this": 0, "current": 0}
_LEADS = {"by", "before", "at", "in", "during", "within", "until", "till", "towards", "toward", "over", "for", "around",
          "sometime", "throughout", "on"}  # fmt: skip
_HALVES = {"first": Within.FIRST_HALF, "second": Within.SECOND_HALF, "latter": Within.SECOND_HALF}
_PARTS = {"end": Within.END, "close": Within.END, "start": Within.EARLY, "beginning": Within.EARLY,
          "middle": Within.MIDDLE}  # fmt: skip
_EARLY = {"early": Within.EARLY, "late": Within.LATE, "later": Within.ALL, "mid": Within.MIDDLE, "end": Within.END,
          "sometime": Within.ALL}  # fmt: skip
_NOT_FOLLOWED = {"'", "’", "ago", "period", "old"}
_DAYS_OF_MANY = {Unit.DAY: 7, Unit.WEEK: 28}
_SEASONS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}
"""The month with which a season ends, north of the equator."""
_SOUTHERN = {"AU", "NZ", "ZA", "AR", "CL", "UY", "BR", "PY", "BO"}


def unit_alone(w: Words, i: int) -> Found:
    """A unit without a number: "next week", "within the hour", "the coming days", "the same working day"."""
    words, now = w.words, w.now
    unit = UNITS[words[i]][1]
    k = i - (words[i - 1] in BUSINESS and i > w.floor)
    which = words[k - 1] if k > w.floor else ""
    if words[i] == "day" and words[i + 1] == "after" and words[i + 2] in TOMORROW:
        day = now.today + 2 * ONE_DAY
        return w.piece(i - (which == "the"), i + 3, What.DAY, first=day, last=day), i + 3
    if words[i + 1] == "is" and words[i + 2] in {"out", "over", "through"} and which == "the" and unit is not Unit.HOUR:
        return _before_it_is_out(w, i, unit)
    if unit in {Unit.DAY, Unit.HOUR, Unit.MINUTE}:
        return _short_unit(w, i, k, unit, which)
    if words[i].endswith("s"):
        return _many(w, i, k, unit, which)
    if words[i + 1] == "end" or (words[i + 1] == "-" and words[i + 2] == "end"):
        return _period_end(w, i, unit)
    return _period(w, i, unit, which, k) if k == i or unit is Unit.WEEK else None


def _before_it_is_out(w: Words, i: int, unit: Unit) -> Found:
    """ "Before the week is out": by its end."""
    if unit is Unit.DAY:
        today = w.now.today
        return w.piece(i - 2, i + 3, What.DAY, first=today, last=today, part=Part.CLOSE), i + 3
    return _stretch(w, i - 2, i + 3, *period(w.now, unit, 0))


def _short_unit(w: Words, i: int, k: int, unit: Unit, which: str) -> Found:
    words, now = w.words, w.now
    lead = words[k - 2] if k - 1 > w.floor else ""
    within_it = lead in {"within", "in", "inside"} or (lead == "the" and words[k - 3] in {"within", "in", "inside"})
    if unit is Unit.HOUR:
        if which == "next" or (which == "the" and lead in {"within", "in", "inside"}):
            start = k - 2 if within_it else k - 1
            return w.piece(start, i + 1, What.WHOLE, due_at=now.at + timedelta(hours=1)), i + 1
        return None
    if unit is Unit.MINUTE:
        return None
    if words[i] == "days":
        return _many(w, i, k, unit, which)
    if which == "same":
        return _by(w, k - 1, i + 1, now.today)
    if which in {"next", "following"} and (k < i or lead in {"by", "the"}):
        day = now.hours.add_working_days(now.today, 1) if k < i else now.today + ONE_DAY
        start = k - 1 - (lead in {"the", "by"})
        return w.piece(start, i + 1, What.DAY, first=day, last=day), i + 1
    if which == "the" and lead in {"within", "inside"}:
        return _by(w, k - 2, i + 1, now.today + ONE_DAY)
    if which == "the" and lead == "in" and words[k - 3] in {"later", "late"}:
        return w.piece(k - 3, i + 1, What.DAY, first=now.today, last=now.today), i + 1
    return None


def _many(w: Words, i: int, k: int, unit: Unit, which: str) -> Found:
    """ "The coming days": a week, it may be less; weeks are four."""
    days = _DAYS_OF_MANY.get(unit)
    if which not in {"next", "coming", "following"} or days is None:
        return None
    start = k - 1 - (w.words[k - 2] == "the")
    start -= w.words[start - 1] in _LEADS and start > w.floor
    piece, j = _by(w, start, i + 1, w.now.today + days * ONE_DAY, ambiguous=True)
    return piece, j


def _period_end(w: Words, i: int, unit: Unit) -> Found:
    """ "Month end", "year-end"."""
    j = i + 2 + (w.words[i + 1] == "-")
    start = i - (w.words[i - 1] in {"the", "this"})
    start -= w.words[start - 1] in _LEADS and start > w.floor
    last = period(w.now, unit, 0)[1]
    return _stretch(w, start, j, last, last)


def _period(w: Words, i: int, unit: Unit, which: str, k: int) -> Found:
    words = w.words
    j = i + 1
    if unit is Unit.WEEK and words[j] in {"commencing", "beginning", "starting", "of", "ending"}:
        return _week_of(w, i - (which == "the"), j + 1, ends=words[j] == "ending")
    if which in _NEXT:
        ahead, first = _NEXT[which], k - 1
        first -= words[first - 1] in {"the", "this"} and first > w.floor
    elif which == "the":
        first = k - 1
        if words[j] == "after" and words[j + 1] == "next":
            ahead, j = 2, j + 2
        elif words[j] == "after" and words[j + 1] not in {"the", "your", "that", "you", "we", "i"}:
            ahead, j = 1, j + 1
        else:
            ahead = 0
    else:
        how = (
            words[i - 1] == "mid"
            or words[j : j + 2] == ["after", "next"]
            or (words[i - 1] == "of" and words[i - 2] in _PARTS)
        )
        if not how:
            return None
        ahead, first = 0, i
        if words[j] == "after":
            ahead, j = 2, j + 2
    if words[j] in _NOT_FOLLOWED or (words[j] == "from" and weekday_at(w, j + 1) is not None):
        return None
    named = j + (words[j] in {"on", ","})
    weekday = WEEKDAYS.get(words[named]) if unit is Unit.WEEK and which in _NEXT else None
    if weekday is not None:
        day = period(w.now, unit, ahead)[0] + weekday * ONE_DAY
        return w.piece(first, named + 1, What.DAY, first=day, last=day), named + 1  # "next week on Tuesday"
    part, start = _which_part(w, first)
    if part is None:
        return None
    lead = words[start - 1] if start > w.floor else ""
    if lead in {"time", "times", "already", "so", "far", "once", "twice"} and which in {"this", "the"}:
        return None, j  # "the second time this month"
    if which == "the" and start == first and j == i + 1:
        if lead not in {"within", "inside"}:
            return None
        return _by(w, start - 1, j, _on(w, unit, 1))
    lasts = which in {"next", "coming"} and words[first] == "the" and start == first
    if lasts and lead in {"within", "inside", "over", "in", "during"}:
        return _by(w, start - 1, j, _on(w, unit, UNITS[words[i]][0]))  # "over the next month" lasts a month from now
    if words[j] == "or" and words[j + 1] in {"two", "so"}:
        return _stretch(w, start, j + 2, *period(w.now, unit, ahead), ambiguous=True)
    start -= lead in _LEADS
    days = period(w.now, unit, ahead)
    return _stretch(w, start, j, *within(*days, part))


def _on(w: Words, unit: Unit, n: int) -> date:
    if unit is Unit.WEEK:
        return w.now.today + timedelta(weeks=n)
    return months_on(w.now.today, n * {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[unit])


def _which_part(w: Words, i: int) -> tuple[Within | None, int]:
    """Which part of the period at word *i* is meant, and where its words start; None if it is one that is over."""
    words = w.words
    if i <= w.floor:
        return Within.ALL, i
    before, further = words[i - 1], words[i - 2]
    if before in {"of", "in"}:
        if before == "of" and further == "half" and words[i - 3] in _HALVES:
            return _HALVES[words[i - 3]], i - 3 - (words[i - 4] == "the")
        if before == "of" and further in _PARTS:
            return _PARTS[further], i - 2 - (words[i - 3] in {"the", "very"})
        if before == "of":
            return (None, i) if further in {"rest", "remainder", "out", "part", "outside", "most"} else (Within.ALL, i)
        if further in _EARLY and further != "sometime":
            return _EARLY[further], i - 2
        return Within.ALL, i
    if before == "earlier":
        return None, i
    if before == "-" and further == "mid":
        return Within.MIDDLE, i - 2
    if before in _EARLY:
        return _EARLY[before], i - 1
    return Within.ALL, i


def _week_of(w: Words, i: int, j: int, *, ends: bool) -> Found:
    """The week that starts with the day written at word *j*."""
    if weekday_at(w, j) is not None:
        j += 1 + (w.words[j + 1] == ",")
    j += (w.words[j] in {"on", "the"}) + (w.words[j] == "on" and w.words[j + 1] == "the")
    if w.words[j] in MONTHS:
        found = month_first_date(w, j)
    elif w.words[j].isdecimal():
        found = numeric_date(w, j) or written_date(w, j)
    else:
        return None
    if found is None:
        return None
    day, j = found[0].last if found[0] else None, found[1]
    if day is None:
        return None
    first, last = (day - timedelta(days=6), day) if ends else (day, day + timedelta(days=6))
    i -= w.words[i - 1] in _LEADS and i > w.floor
    return _stretch(w, i, j, first, day if ends else last_open(w.now.hours, first, last))


def week_commencing(w: Words, i: int) -> Found:
    """ "w/c 16 March": word *i* is the "w"."""
    if w.words[i + 1] == "/" and w.words[i + 2] in {"c", "b"}:
        return _week_of(w, i, i + 3, ends=False)
    return None


def week_of_month(w: Words, i: int) -> Found:
    """ "The first week of April", "the last week of the month", "the third quarter": word *i* is the ordinal."""
    words = w.words
    j = i + 1
    nth, j = ordinal_at(w, i) or (0 if words[i] == "last" else 9, j)
    if words[j] == "quarter" and 1 <= nth <= 4:
        return _quarter(w, i, j + 1, nth)
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
    start -= words[start - 1] in _LEADS and start > w.floor
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
    return _stretch(w, start, j, first, last)


def weekend(w: Words, i: int) -> Found:
    """ "Over the weekend", "by the weekend" (the Friday before), "after the weekend" (the Monday after)."""
    words, now = w.words, w.now
    which = words[i - 1] if i > w.floor else ""
    if which not in {"the", "this", "next", "coming"} or words[i + 1] in _NOT_FOLLOWED:
        return None
    start = i - 1 - (which == "coming" and words[i - 2] in {"the", "this"})
    lead = words[start - 1] if start > w.floor else ""
    if lead in {"of", "enjoy", "love", "last", "since", "earlier"}:
        return None
    saturday = now.today + timedelta(days=5 - now.today.weekday(), weeks=which == "next")
    if lead == "after":
        day = now.hours.add_working_days(saturday + ONE_DAY, 1)
        return w.piece(start - 1, i + 1, What.DAY, first=day, last=day), i + 1
    begin = start - (lead in _LEADS)
    if which == "the" and lead in {"by", "before"} and saturday > now.today:
        return _stretch(w, begin, i + 1, now.today, saturday - ONE_DAY)
    return _stretch(w, begin, i + 1, saturday, saturday + ONE_DAY)


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
    part, start = _which_part(w, first_word)
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
    begin = start - (lead in _LEADS)
    if lead in {"from", "between"}:
        last = months_on(dated(first, None, MONTHS[words[j + 1]], 1) or first, 1) - ONE_DAY
        return _stretch(w, start - 1, j + 2, first, last)
    if by_then and first >= w.now.today:
        piece, _ = _stretch(w, begin, j, first, first, ambiguous=lead == "by")
        other, _ = _stretch(w, begin, j, last, last)
        return replace(piece, other=other if lead == "by" else None), j
    return _stretch(w, begin, j, *within(first, last, part))


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
    part, start = _which_part(w, i - (words[i - 1] == "the" and i > w.floor))
    if part is None:
        return None
    start -= words[start - 1] in _LEADS and start > w.floor
    return _stretch(w, start, j if year is None else k + 1, *within(first, months_on(first, 3) - ONE_DAY, part))


def year(w: Words, i: int) -> Found:
    """ "In 2027", "by the end of 2027"."""
    number = int(w.words[i])
    part, start = _which_part(w, i)
    lead = w.words[start - 1] if start > w.floor else ""
    if w.touches(i) or part is None or not (start < i or lead in {"in", "by", "before", "during", "until", "till"}):
        return None
    this_year, behind = w.now.today.year, w.words[i + 1]
    if not this_year <= number <= this_year + 30 or behind in {"hrs", "hours", "h"}:
        return None
    if behind in {"-", "/", ":", "."} and w.touches(i + 1) and w.touches(i + 2):
        return None  # a number with a year in it
    first, last = within(date(number, 1, 1), date(number, 12, 31), part)
    return _stretch(w, start - (lead in _LEADS), i + 1, first, last, ambiguous=start == i)


def season(w: Words, i: int) -> Found:
    """ "This summer", "by the autumn", "in spring": its last day."""
    words, today = w.words, w.now.today
    which = words[i - 1] if i > w.floor else ""
    first_word = i - (which in {"this", "next", "the"})
    part, start = _which_part(w, first_word)
    lead = words[start - 1] if start > w.floor else ""
    if part is None or words[i + 1] in _NOT_FOLLOWED:
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
        return _stretch(w, start - 1, i + 1, begin, begin, ambiguous=True)
    return _stretch(w, start - (lead in _LEADS), i + 1, *within(begin, end, part))


def abbreviated_end(w: Words, i: int) -> Found:
    """ "EOW", "EOM", "EOY"."""
    unit = {"eow": Unit.WEEK, "eom": Unit.MONTH, "eoq": Unit.QUARTER, "eoy": Unit.YEAR}[w.words[i]]
    last = period(w.now, unit, 0)[1]
    return _stretch(w, i - (w.words[i - 1] in {"by", "before"} and i > w.floor), i + 1, last, last)


def _month(today: date, number: int) -> date:
    """The first of the next such month, this one included."""
    first = date(today.year, number, 1)
    return first if months_on(first, 1) > today else date(today.year + 1, number, 1)


def _by(w: Words, i: int, j: int, day: date, *, ambiguous: bool = False) -> tuple[Piece, int]:
    """By the end of *day*."""
    due_at = w.now.hours.end_of_day(day)
    return w.piece(i, j, What.WHOLE, last=day, due_at=due_at, date_only=True, ambiguous=ambiguous), j


def _stretch(w: Words, i: int, j: int, first: date, last: date, *, ambiguous: bool = False) -> tuple[Piece, int]:
    """Within the days from *first* to *last*."""
    window = w.now.hours.start_of_day(first) if first < last else None
    if window is not None and window <= w.now.at:
        window = None
    due_at = w.now.hours.end_of_day(last)
    return (
        w.piece(i, j, What.WHOLE, last=last, due_at=due_at, window_start=window, date_only=True, ambiguous=ambiguous),
        j,
    )

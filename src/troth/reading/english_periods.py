"""English periods: "early next week", "by the end of the quarter", "mid-April", "in Q3", "the week of 13 July"."""

from __future__ import annotations

from datetime import date, timedelta

from troth.reading.days import Unit, Within, end_of_week, months_on, period, within
from troth.reading.english_calendar import month_first_date, numeric_date, written_date
from troth.reading.english_feasts import feast_ahead
from troth.reading.english_words import (
    BUSINESS,
    MONTHS,
    TOMORROW,
    UNITS,
    WEEKDAYS,
    weekday_at,
)
from troth.reading.pieces import Part, Piece, What
from troth.reading.tokens import Found, Words
from troth.words.hours import ONE_DAY

_NEXT = {"next": 1, "coming": 1, "following": 1, "this": 0, "current": 0}
LEADS = {"by", "before", "at", "in", "during", "within", "until", "till", "towards", "toward", "over", "for", "around",
          "sometime", "throughout", "on"}  # fmt: skip
_HALVES = {"first": Within.FIRST_HALF, "second": Within.SECOND_HALF, "latter": Within.SECOND_HALF}
_PARTS = {"end": Within.END, "close": Within.END, "start": Within.EARLY, "beginning": Within.EARLY,
          "middle": Within.MIDDLE}  # fmt: skip
_EARLY = {"early": Within.EARLY, "late": Within.LATE, "later": Within.ALL, "mid": Within.MIDDLE, "end": Within.END,
          "sometime": Within.ALL}  # fmt: skip
NOT_FOLLOWED = {"'", "’", "ago", "period", "old"}
_DAYS_OF_MANY = {Unit.DAY: 7, Unit.WEEK: 28}


def unit_alone(w: Words, i: int) -> Found:
    """A unit without a number: "next week", "within the hour", "the coming days", "the same working day"."""
    words, now = w.words, w.now
    unit = UNITS[words[i]][1]
    k = i - (words[i - 1] in BUSINESS and i > w.floor)
    which = words[k - 1] if k > w.floor else ""
    if words[i] == "day" and words[i + 1] == "after" and words[i + 2] in TOMORROW:
        day = now.today + 2 * ONE_DAY
        return w.piece(i - (which == "the"), i + 3, What.DAY, first=day, last=day), i + 3
    if words[i] == "day" and words[i + 1] in {"after", "before"} and which == "the":
        feast = feast_ahead(w, i + 2 + (words[i + 2] == "the"))
        if feast is not None:
            day = feast[0] + (ONE_DAY if words[i + 1] == "after" else -ONE_DAY)
            return (w.piece(i - 1, feast[1], What.DAY, first=day, last=day), feast[1]) if day >= now.today else None
    if words[i + 1] == "is" and words[i + 2] in {"out", "over", "through"} and which == "the" and unit is not Unit.HOUR:
        return _before_it_is_out(w, i, unit)
    if unit in {Unit.DAY, Unit.HOUR, Unit.MINUTE}:
        return _short_unit(w, i, k, unit, which)
    if words[i].endswith("s"):
        return _many(w, i, k, unit, which)
    if words[i + 1] == "end" or (words[i + 1] == "-" and words[i + 2] == "end") or words[i + 2 : i + 4] == ["s", "end"]:
        return _period_end(w, i, unit)
    return _period(w, i, unit, which, k) if k == i or unit is Unit.WEEK else None


def _before_it_is_out(w: Words, i: int, unit: Unit) -> Found:
    """ "Before the week is out": by its end."""
    if unit is Unit.DAY:
        today = w.now.today
        return w.piece(i - 2, i + 3, What.DAY, first=today, last=today, part=Part.CLOSE), i + 3
    return stretch(w, i - 2, i + 3, *period(w.now, unit, 0))


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
        if words[i + 1 : i + 3] == ["or", "two"]:
            later = now.hours.add_working_days(day, 1) if k < i else day + ONE_DAY
            return w.piece(start, i + 3, What.DAY, first=day, last=later), i + 3
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
    start -= w.words[start - 1] in LEADS and start > w.floor
    piece, j = _by(w, start, i + 1, w.now.today + days * ONE_DAY, ambiguous=True)
    return piece, j


def _period_end(w: Words, i: int, unit: Unit) -> Found:
    """ "Month end", "year-end"."""
    j = w.words.index("end", i) + 1
    start = i - (w.words[i - 1] in {"the", "this"})
    start -= w.words[start - 1] in LEADS and start > w.floor
    last = period(w.now, unit, 0)[1]
    return stretch(w, start, j, last, last)


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
    if words[j] in NOT_FOLLOWED or (words[j] == "from" and weekday_at(w, j + 1) is not None):
        return None
    named = j + (words[j] in {"on", ","})
    weekday = WEEKDAYS.get(words[named]) if unit is Unit.WEEK and which in _NEXT else None
    if weekday is not None:
        day = period(w.now, unit, ahead)[0] + weekday * ONE_DAY
        return w.piece(first, named + 1, What.DAY, first=day, last=day), named + 1  # "next week on Tuesday"
    part, start = which_part(w, first)
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
        return stretch(w, start, j + 2, *period(w.now, unit, ahead), ambiguous=True)
    start -= lead in LEADS
    days = period(w.now, unit, ahead)
    return stretch(w, start, j, *within(*days, part))


def _on(w: Words, unit: Unit, n: int) -> date:
    if unit is Unit.WEEK:
        return w.now.today + timedelta(weeks=n)
    return months_on(w.now.today, n * {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[unit])


def which_part(w: Words, i: int) -> tuple[Within | None, int]:
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
    first = day - timedelta(days=6) if ends else day
    i -= w.words[i - 1] in LEADS and i > w.floor
    return stretch(w, i, j, first, day if ends else max(first, end_of_week(w.now.hours, day - day.weekday() * ONE_DAY)))


def week_commencing(w: Words, i: int) -> Found:
    """ "w/c 16 March": word *i* is the "w"."""
    if w.words[i + 1] == "/" and w.words[i + 2] in {"c", "b"}:
        return _week_of(w, i, i + 3, ends=False)
    return None


def weekend(w: Words, i: int) -> Found:
    """ "Over the weekend", "by the weekend" (the Friday before), but not "after the weekend"."""
    words, now = w.words, w.now
    which = words[i - 1] if i > w.floor else ""
    if which not in {"the", "this", "next", "coming"} or words[i + 1] in NOT_FOLLOWED:
        return None
    start = i - 1 - (which == "coming" and words[i - 2] in {"the", "this"})
    lead = words[start - 1] if start > w.floor else ""
    if lead in {"of", "enjoy", "love", "last", "since", "earlier"}:
        return None
    saturday = now.today + timedelta(days=5 - now.today.weekday(), weeks=which == "next")
    if lead == "after":
        return None, i + 1  # from then on, not by then
    begin = start - (lead in LEADS)
    if which == "the" and lead in {"by", "before"} and saturday > now.today:
        return stretch(w, begin, i + 1, now.today, saturday - ONE_DAY)
    return stretch(w, begin, i + 1, saturday, saturday + ONE_DAY)


def midweek(w: Words, i: int) -> Found:
    """ "By midweek", "midweek next week": Wednesday."""
    words, today = w.words, w.now.today
    start = i - (words[i - 1] in LEADS and i > w.floor)
    wednesday = today - today.weekday() * ONE_DAY + 2 * ONE_DAY
    if words[i + 1 : i + 3] == ["next", "week"]:
        return w.piece(start, i + 3, What.DAY, first=wednesday + 7 * ONE_DAY, last=wednesday + 7 * ONE_DAY), i + 3
    day = wednesday if wednesday >= today else wednesday + 7 * ONE_DAY
    return w.piece(start, i + 1, What.DAY, first=day, last=day), i + 1


def abbreviated_end(w: Words, i: int) -> Found:
    """ "EOW", "EOM", "EOY"."""
    unit = {"eow": Unit.WEEK, "eom": Unit.MONTH, "eoq": Unit.QUARTER, "eoy": Unit.YEAR}[w.words[i]]
    last = period(w.now, unit, 0)[1]
    return stretch(w, i - (w.words[i - 1] in {"by", "before"} and i > w.floor), i + 1, last, last)


def _by(w: Words, i: int, j: int, day: date, *, ambiguous: bool = False) -> tuple[Piece, int]:
    """By the end of *day*."""
    due_at = w.now.hours.end_of_day(day)
    return w.piece(i, j, What.WHOLE, last=day, due_at=due_at, date_only=True, ambiguous=ambiguous), j


def stretch(w: Words, i: int, j: int, first: date, last: date, *, ambiguous: bool = False) -> tuple[Piece, int]:
    """Within the days from *first* to *last*."""
    window = w.now.hours.start_of_day(first) if first < last else None
    if window is not None and window <= w.now.at:
        window = None
    due_at = w.now.hours.end_of_day(last)
    return (
        w.piece(i, j, What.WHOLE, last=last, due_at=due_at, window_start=window, date_only=True, ambiguous=ambiguous),
        j,
    )

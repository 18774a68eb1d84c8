"""English days: "tomorrow", "next Friday", "Mon-Wed", "the 14th to the 16th of March", "03/04/2026", "Boxing Day"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from troth.reading.days import a_date, coming, dated, day_of_month, easter, months_on, nth_weekday
from troth.reading.english_spans import Found
from troth.reading.english_words import (
    BY,
    MONTHS,
    ORDINALS,
    SHORT_WEEKDAYS,
    TO,
    TOMORROW,
    UNTIL,
    WEEKDAYS,
    counts_something,
    ordinal_at,
    weekday_at,
)
from troth.reading.pieces import Part, Piece, What
from troth.reading.tokens import Words
from troth.words.hours import ONE_DAY

FAR = timedelta(days=270)
"""A day without its year that is further ahead than this has just passed; a person should say which is meant."""

_NOT_AHEAD = {"last", "past", "previous", "every", "each", "since", "after", "black", "cyber", "super", "happy", "good",
              "alternate", "most", "dated", "earlier", "yesterday"}  # fmt: skip
_STREETS = {"street", "st", "road", "rd", "avenue", "ave", "lane", "close", "drive", "court", "place", "square"}
OPEN = {"open", "opening", "available", "hours", "lines", "daily", "operate", "run", "staffed", "monday", "mon"}
_WRITINGS = {"message", "email", "mail", "letter", "call", "order", "tweet", "invoice", "post", "comment", "note", "dm"}


def relative(w: Words, i: int) -> Found:
    """ "Today", "tomorrow", "tonight", "overnight"."""
    word, today = w.words[i], w.now.today
    before = w.words[i - 1]
    if before == "earlier" or (before == "of" and w.words[i - 2] == "as"):
        return None
    start = i - (before in {"later", "again", "by", "until", "till", "before"} and i > w.floor)
    if word in TOMORROW:
        return w.piece(start, i + 1, What.DAY, first=today + ONE_DAY, last=today + ONE_DAY), i + 1
    if word == "overnight":
        day = today + ONE_DAY
        return w.piece(i, i + 1, What.DAY, first=day, last=day, part=Part.FIRST_THING), i + 1
    if word == "to" and (w.words[i + 1] != "-" or w.words[i + 2] != "night"):
        return None
    j = i + 3 if word == "to" else i + 1
    part = Part.NIGHT if word != "today" else None
    return w.piece(start, j, What.DAY, first=today, last=today, part=part), j


def weekday(w: Words, i: int) -> Found:
    """A day of the week, two of them, or the one of a week to come."""
    words = w.words
    number = weekday_at(w, i)
    if number is None:
        return None
    j = i + 1
    if words[j] == "." and w.touches(j) and words[i] in SHORT_WEEKDAYS:
        j += 1
    before = words[i - 1] if i > w.floor else ""
    plain = before not in {"next", "this", "coming", "following"}
    start = i - (before in {"next", "this", "coming", "following", "on", "by", "before", "until", "till", "for", "or",
                            "and", "from", "the"} and i > w.floor)  # fmt: skip
    if not plain:
        while start > w.floor and words[start - 1] in {"on", "by", "before", "until", "till", "this", "the", "for"}:
            start -= 1
    lead = words[start - 1] if start > w.floor else ""
    if before in _NOT_AHEAD or lead in {"last", "every", "each", "since", "after"}:
        return None
    if words[i] in SHORT_WEEKDAYS and not (before in {"next", "this", "coming", *BY} or _says_a_day(w, i, j)):
        return None  # "sun", "sat" and "wed" are words of their own
    until = _range_end(w, j, between=before == "between")
    day, other, k = _which_week(w, number, "" if plain else before, j if until is None else until[1])
    if until is not None:
        last = day + timedelta(days=(until[0] - number) % 7 or 7)
        if other is not None:
            last, day, other = other + timedelta(days=(until[0] - number) % 7), other, None
        if _opening_hours(w, i, k, number, until[0]):
            return None, k
        start -= before in {"from", "between"} and start == i
        return w.piece(start, k, What.DAY, first=day, last=last), k
    if (before == "from" and not may_be_had(w, i)) or (before == "of" and words[i - 2] == "as"):
        return None  # from then on, not by then
    piece = w.piece(
        start, k, What.DAY, first=day, last=day, weekday=True, ambiguous=other is not None, before=_is_before(w, i - 1)
    )
    if other is not None:
        piece = replace(piece, other=replace(piece, first=other, last=other))
    return piece, k


_HAD = {"ready", "available", "able", "back", "collect", "collection", "again", "restored", "resume", "resumes", "yours",
        "live", "bookable", "reopen", "reopens", "reopening"}  # fmt: skip


def _is_before(w: Words, i: int) -> bool:
    """Is word *i* a "before" that leaves the day itself out, as "on or before" does not?"""
    return i >= w.floor and w.words[i] == "before" and w.words[i - 1] != "or"


def may_be_had(w: Words, i: int) -> bool:
    """Is something to be had "from Saturday"? Then it is to be there by then."""
    return bool(_HAD & set(w.words[max(w.floor, i - 9) : i]))


def _says_a_day(w: Words, i: int, j: int) -> bool:
    """Does what stands around a short name ("Sat") say that it is a day?"""
    if not w.is_capital(i):
        return False
    around = w.words[j] if w.words[j] not in {".", ","} else w.words[j + 1]
    if around.isdecimal() or around in {"morning", "afternoon", "evening", "night", "am", "pm", "next", "week", "the"}:
        return True
    following = w.words[j + 1] if w.words[j] in TO or w.words[j] in UNTIL or w.words[j] in {"or", "/", "and"} else ""
    if following and (following in WEEKDAYS or following in SHORT_WEEKDAYS):
        return True
    return w.words[i - 1] in {"or", "and", "/", "-", "–", "to"} and weekday_at(w, i - 2) is not None


def _range_end(w: Words, j: int, *, between: bool) -> tuple[int, int] | None:
    """The second day of "Monday to Wednesday", and the place after it."""
    if not (w.words[j] in TO or w.words[j] in UNTIL or (between and w.words[j] == "and")):
        return None
    k = j + 1 + (w.words[j + 1] in {"on", "the"})
    last = weekday_at(w, k)
    return None if last is None else (last, k + 1)


def _which_week(w: Words, number: int, lead: str, j: int) -> tuple[date, date | None, int]:
    """The day so called, the other that may be meant, and the place after the words that say which week."""
    words, today = w.words, w.now.today
    monday = today - today.weekday() * ONE_DAY
    day, other = coming(today, number), None
    k = j + (words[j] == "of") + (words[j] == "," and words[j + 1] in {"next", "this"})
    if words[k] in {"next", "this"} and words[k + 1] == "week":
        return monday + timedelta(days=number, weeks=words[k] == "next"), None, k + 2
    if words[j] == "week" and words[j + 1] not in {"commencing", "beginning"}:
        return day + timedelta(weeks=1), None, j + 1
    if words[j] == "after" and (feast_day := _feast_ahead(w, j + 1)) is not None:
        return coming(feast_day[0], number), None, feast_day[1]
    if words[j] == "after" and words[j + 1] == "next":
        return monday + timedelta(days=number, weeks=2), None, j + 2
    if words[j] == "fortnight":
        return day + timedelta(weeks=2), None, j + 1
    if lead in {"next", "following"}:
        next_week = monday + timedelta(days=number, weeks=1)
        return next_week, day if day < next_week else None, j
    if number == today.weekday():
        return (today, None, j) if lead == "this" else (day, today, j)
    return day, other, j


def _opening_hours(w: Words, i: int, j: int, first: int, last: int) -> bool:
    """Are these days of the week the ones on which somebody is there, every week?"""
    if first == 0 and last >= 4 and (w.words[j] in {",", "from", "between"} or w.words[j].isdecimal()):
        return True
    return bool(OPEN & set(w.words[max(0, i - 6) : i]))


# --- dates -----------------------------------------------------------------------------------------------------------

_ISO = re.compile(r"(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(20\d\d|\d\d))?(?![\d%]|[/.-]\d)")


def numeric_date(w: Words, i: int) -> Found:
    """ "2026-03-17", "17/03/2026", "17.3.26", "on 17/3"."""
    text, start = w.text, w.starts[i]
    iso = _ISO.match(text, start)
    if iso:
        day = a_date(int(iso[1]), int(iso[2]), int(iso[3]))
        return None if day is None else _a_day(w, i, w.after(i, iso.end()), day)
    match = _NUMERIC.match(text, start)
    if match is None:
        return None
    a, b, sign, year = int(match[1]), int(match[3]), match[2], match[4]
    lead, j = w.words[i - 1] if i > w.floor else "", w.after(i, match.end())
    named = weekday_at(w, i - 1 - (lead in {",", "("}) - (w.words[i - 2] == ",")) if i else None
    if year is None and not (lead in BY or lead == "for" or named is not None or lead in {"between", "from"}):
        return None  # "2/2", "24/7"
    if sign == "-" and (year is None or len(year) < 4):
        return None  # a range of numbers
    if sign == ".":
        dotted = len(match[1]) + len(match[3]) == 4 or (w.words[j] == "." and w.touches(j))
        if (year is None and not (lead in BY and dotted and not w.now.month_first)) or (
            year and len(year) < 4 and not dotted
        ):
            return None  # a version, or an amount
    if year is None and counts_something(w, j):
        return None  # "on 2/3 orders"
    years = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    readings = [(a, b), (b, a)] if w.now.month_first and sign != "." else [(b, a), (a, b)]  # (month, day)
    days = [day for month, number in readings if (day := dated(w.now.today, years, month, number)) is not None]
    if sign == "." and year is None:
        days = days[:1]
        j += 1 if w.words[j] == "." and w.words[j + 1] else 0
    if named is not None and len(days) == 2:
        days = [day for day in days if day.weekday() == named] or days
    if len(days) == 2 and days[0] < w.now.today <= days[1]:
        days.reverse()
    if not days:
        return None
    piece, j = _a_day(w, i - (lead in BY), j, days[0])
    piece = replace(piece, before=_is_before(w, i - 1))
    if len(set(days)) == 2:
        piece = replace(piece, ambiguous=True)
        if days[1] >= w.now.today:
            piece = replace(piece, other=replace(piece, first=days[1], last=days[1]))
    return piece, j


def written_date(w: Words, i: int) -> Found:
    """ "17 March 2026", "17th of March", "14-16 March", "the 14th to the 16th", "the 17th"; word *i* is the number."""
    words = w.words
    first = _number_of_day(w, i)
    if first is None:
        return None
    number, j, nth = first
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
        return _nth_of_a_month(w, i, number, last, j) if nth and last_nth else None
    _, k = month
    year, k = _year_at(w, k)
    if words[k] in _STREETS and w.is_capital(k):
        return None
    return _of_month(w, i, k, year, month[0], number, last)


def month_first_date(w: Words, i: int) -> Found:
    """ "March 17th, 2026", "Mar 14-16"; word *i* is the month."""
    words = w.words
    j = i + 1 + (words[i + 1] in {".", "/"}) + 0
    j += words[j] == "the"
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
    if since == until and lead == "from" and not (_goes_on(w, j) or may_be_had(w, start)):
        return None
    if lead in BY or lead in {"from", "between"}:
        start -= start > w.floor
    far = year is None and until - w.now.today > FAR
    return w.piece(start, j, What.DAY, first=since, last=until, ambiguous=far, before=_is_before(w, lead_at)), j


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
    if words[i] in ORDINALS and not (lead in BY or last > number):
        return None  # "the second"
    months = 0
    if words[j] == "of" and words[j + 1] in {"this", "next", "the", "each", "every"} and words[j + 2] == "month":
        if words[j + 1] in {"each", "every"}:
            return None
        months, j = int(words[j + 1] == "next"), j + 3
    elif counts_something(w, j) or lead in {"since", "of"}:
        return None
    until = day_of_month(w.now.today, last, months=months)
    if until is None or (lead == "from" and last == number):
        return None
    since = a_date(until.year, until.month, number) or until
    if lead in BY or lead in {"from", "between"}:
        start -= start > w.floor
    return w.piece(start, j, What.DAY, first=since, last=until, before=_is_before(w, lead_at)), j


def _a_day(w: Words, i: int, j: int, day: date) -> tuple[Piece, int]:
    return w.piece(i, j, What.DAY, first=day, last=day), j


# --- feasts ----------------------------------------------------------------------------------------------------------

_AROUND_CHRISTMAS = {"eve": (12, 24), "day": (12, 25)}


def feast(w: Words, i: int) -> Found:
    """ "Before Christmas", "by Good Friday", "after Easter" (the first working day then), "on Boxing Day"."""
    words = w.words
    start = i - (words[i - 1] == "the" and i > w.floor)
    lead = words[start - 1] if start > w.floor else ""
    found = _feast_at(w, i)
    if found is None:
        return None
    name, j = found
    alone = (
        lead in BY
        or lead in {"after", "for", "over", "at", "around"}
        or name not in {"christmas", "easter", "thanksgiving"}
    )
    if not alone or lead in {"last", "merry", "happy"} or words[j] in {"sale", "deals", "offer", "party", "card"}:
        return None
    day = _next_feast(w, name)
    if lead == "after":
        day = w.now.hours.add_working_days(day + (ONE_DAY if name in {"christmas", "easter"} else 0 * ONE_DAY), 1)
    elif (lead == "before" and name not in {"easter"}) or (lead == "by" and name == "christmas"):
        day -= ONE_DAY
    if lead in BY or lead in {"after", "over", "at"}:
        start -= 1
    if day < w.now.today:
        return None
    return w.piece(start, j, What.DAY, first=day, last=day), j


def _next_feast(w: Words, name: str) -> date:
    today = w.now.today
    day = _feast_day(w, name, today.year)
    return day if day >= today else _feast_day(w, name, today.year + 1)


def _feast_ahead(w: Words, i: int) -> tuple[date, int] | None:
    """The feast named at word *i*, and the place after it."""
    found = _feast_at(w, i)
    return None if found is None else (_next_feast(w, found[0]), found[1])


def _feast_at(w: Words, i: int) -> tuple[str, int] | None:
    word, after = w.words[i], w.words[i + 1]
    if word in {"christmas", "xmas"}:
        if after in {"eve", "day"}:
            return f"christmas {after}", i + 2
        return "christmas", i + 1
    if word == "easter":
        return (f"easter {after}", i + 2) if after in {"monday", "sunday", "saturday"} else ("easter", i + 1)
    if word == "new" and after == "year":
        j = i + 2 + 2 * (w.words[i + 2] in {"'", "’"} and w.words[i + 3] == "s")
        if w.words[j] in {"eve", "day"}:
            return f"new year {w.words[j]}", j + 1
        return ("new year", j) if w.words[i - 1 - (w.words[i - 1] == "the")] in {"by", "before", "after"} else None
    two = f"{word} {after}"
    return (two, i + 2) if two in _FEASTS else (word, i + 1) if word in _FEASTS else None


_FEASTS = {
    "good friday", "boxing day", "thanksgiving", "labor day", "memorial day", "independence day", "halloween",
    "valentines day", "ash wednesday",
}  # fmt: skip


def _feast_day(w: Words, name: str, year: int) -> date:
    if name in {"easter", "easter sunday", "easter monday", "easter saturday", "good friday", "ash wednesday"}:
        days = {"easter monday": 1, "easter saturday": -1, "good friday": -2, "ash wednesday": -46}.get(name, 0)
        return easter(year) + timedelta(days=days)
    if name == "thanksgiving":
        canada = w.now.hours.country == "CA"
        return nth_weekday(year, 10, 0, 2) if canada else nth_weekday(year, 11, 3, 4)
    if name == "labor day":
        return nth_weekday(year, 9, 0, 1)
    if name == "memorial day":
        return months_on(date(year, 5, 1), 1) - timedelta(days=(months_on(date(year, 5, 1), 1).weekday() or 7))
    fixed = {
        "christmas eve": (12, 24), "boxing day": (12, 26), "new year": (12, 31), "new year eve": (12, 31),
        "new year day": (1, 1), "independence day": (7, 4), "halloween": (10, 31), "valentines day": (2, 14),
    }  # fmt: skip
    return date(year, *fixed.get(name, (12, 25)))

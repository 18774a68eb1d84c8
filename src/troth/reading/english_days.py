"""English days: "tomorrow", "next Friday", "Mon-Wed", "the 14th to the 16th of March", "03/04/2026", "Boxing Day"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from troth.reading.days import a_date, coming, months_on
from troth.reading.english_feasts import feast_ahead
from troth.reading.english_words import (
    BY,
    MONTHS,
    PARTS,
    SHORT_WEEKDAYS,
    TO,
    TOMORROW,
    UNTIL,
    WEEKDAYS,
    counts_something,
    weekday_at,
)
from troth.reading.pieces import Part, What
from troth.reading.tokens import Found, Words
from troth.words.hours import ONE_DAY

_NOT_AHEAD = {"last", "past", "previous", "every", "each", "since", "after", "black", "cyber", "super", "happy", "good",
              "alternate", "most", "dated", "earlier", "yesterday"}  # fmt: skip
OPEN = {"open", "opening", "available", "hours", "lines", "daily", "operate", "run", "staffed"}


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
    start = i - (before in {"next", "this", "coming", "following", "on", "by", "before", "until", "till", "for",
                            "from", "the"} and i > w.floor)  # fmt: skip
    if not plain:
        while start > w.floor and words[start - 1] in {"on", "by", "before", "until", "till", "this", "the", "for"}:
            start -= 1
    lead = words[start - 1] if start > w.floor else ""
    if before == "every" and _WILL & set(words[max(w.floor, i - 9) : i]):
        start -= 1  # "we'll update you every Friday": the first of them
    elif before in _NOT_AHEAD or lead in {"last", "every", "each", "since", "after"}:
        return None
    if lead == "than" and words[start - 2] in {"earlier", "sooner"}:
        return None
    if words[i] in SHORT_WEEKDAYS and not (before in {"next", "this", "coming", *BY} or _says_a_day(w, i, j)):
        return None  # "sun", "sat" and "wed" are words of their own
    numbered = _numbered(w, number, j)
    if numbered is not None:
        day, k = numbered
        return w.piece(start, k, What.DAY, first=day, last=day), k
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
    if (words[k] in OPEN and before in {"", "and"}) or words[k] in _RECURRING:
        return None, k
    if (before == "from" and not may_be_had(w, i)) or (before == "of" and words[i - 2] == "as"):
        return None  # from then on, not by then
    part = None
    if words[k] in PARTS and until is None:
        m = k + 1 + (words[k + 1] == "of")
        if words[m] in {"next", "this"} and words[m + 1] == "week":  # "Wednesday evening next week"
            part, (day, other, k) = PARTS[words[k]], _which_week(w, number, "", m)
    piece = w.piece(
        start,
        k,
        What.DAY,
        first=day,
        last=day,
        part=part,
        weekday=True,
        ambiguous=other is not None,
        before=is_before(w, i - 1),
    )
    if other is not None:
        piece = replace(piece, other=replace(piece, first=other, last=other))
    return piece, k


_WILL = {"will", "ll", "shall"}
_HAD = {"ready", "available", "able", "back", "collect", "collection", "again", "restored", "resume", "resumes", "yours",
        "live", "bookable", "will", "ll", "shall", "reopen", "reopens", "reopening"}  # fmt: skip


_RECURRING = {"mornings", "afternoons", "evenings", "nights", "s"}


def is_before(w: Words, i: int) -> bool:
    """Is word *i* a "before" that leaves the day itself out, as "on or before" does not?"""
    return i >= w.floor and w.words[i] == "before" and w.words[i - 1] != "or"


def may_be_had(w: Words, i: int) -> bool:
    """Is something to be had, or will it be done, "from Saturday"? Then it is to be there by then."""
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


def _numbered(w: Words, number: int, j: int) -> tuple[date, int] | None:
    """The day of "Friday 13": the next thirteenth that is a Friday, if one comes within half a year."""
    word = w.words[j]
    if not word.isdecimal() or len(word) > 2 or not 1 <= int(word) <= 31 or w.words[j + 1] in _NOT_A_DATE:
        return None
    if w.words[j + 1] == "." and w.touches(j + 2):
        return None
    if counts_something(w, j + 1) or w.words[j + 1] in MONTHS or w.words[j + 2] in MONTHS:
        return None
    month = w.now.today.replace(day=1)
    for ahead in range(7):
        first = months_on(month, ahead)
        day = a_date(first.year, first.month, int(word))
        if day is not None and day >= w.now.today and day.weekday() == number:
            return day, j + 1
    return None


_NOT_A_DATE = {":", "/", "-", "–", "am", "pm", "a", "p", "st", "nd", "rd", "th", "h", "to", "or", "and", "o"}


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
    if words[j] == "after" and (feast_day := feast_ahead(w, j + 1)) is not None:
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
    if w.words[j] in OPEN:
        return True
    if first == 0 and last >= 4 and (w.words[j] in {",", "from", "between"} or w.words[j].isdecimal()):
        return True
    return bool(OPEN & set(w.words[max(0, i - 6) : i]))

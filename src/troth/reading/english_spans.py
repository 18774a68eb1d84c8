"""English spans of time as deadlines: "within 3-5 working days", "in an hour and a half", "a week on Tuesday"."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta

from troth.reading.days import Now, Unit, coming, months_on, span_after
from troth.reading.english_calendar import month_first_date, numeric_date, written_date
from troth.reading.english_feasts import feast_ahead
from troth.reading.english_words import BUSINESS, MONTHS, TO, TOMORROW, UNITS, VAGUE, WEEK_DAYS, number_at, weekday_at
from troth.reading.pieces import Piece, What
from troth.reading.tokens import Found, Words
from troth.words.hours import ONE_DAY

_LEADS = frozenset("in within inside allow allows allowing take takes taking give gives giving another eta".split())  # noqa: SIM905 a list of words
"""Before a span these make a deadline of it."""
_STRETCHED = {"over", "during", "throughout"}
"""These do so only before "the next": "over 5 days" is how long something lasted."""
_BETWEEN = frozenset(
    """us me it them him her you for the a an next coming further following another additional about around
    approximately approx roughly up to at least most maximum max of as little between only just usually normally
    generally typically maybe no more longer later than less fewer under any anywhere from well full my our this course
    ( ~ ≈ < - :""".split()  # noqa: SIM905 a list of words
)
"""What may stand between the lead and the number."""
_COMING = frozenset({"next", "coming", "following", "upcoming"})
_NEWS = {"update", "updates", "news", "posted", "informed"}
_LASTING = {"closed", "open", "away", "off", "out"}
_NOT_AHEAD = {"last", "past", "previous", "every", "each", "per", "ago", "than", "least", "after", "these", "by", "for"}
_FILLS = _COMING | frozenset(
    "full clear calendar consecutive more further additional solid short - other".split()  # noqa: SIM905 a list of words
)
_BEHIND = frozenset(
    """ago late effort before old earlier away long apart overdue already prior each per later notice back trial
    guarantee warranty call walk drive contract subscription plan delay anniversary limit break job tour ban supply
    membership term policy""".split()  # noqa: SIM905 a list of words
)
"""Behind a span these say that it is none from now on."""


def span(w: Words, i: int) -> Found:
    """The span of time that starts with the number at word *i*."""
    number = number_at(w, i)
    if number is None:
        return None
    n, j, vague = number
    least: float | None = None
    if w.words[j] in TO or w.words[j] in {"or", "/"} or (w.words[j] == "and" and w.words[i - 1] == "between"):
        more = number_at(w, j + 1)
        if more is not None and more[0] > n:
            least, (n, j, vague) = n, more
    unit = _unit(w, j)
    if w.words[j] in {"quarter", "quarters"} and w.words[j + 1 : j + 4] == ["of", "an", "hour"]:
        n, unit = n * 15, (1, Unit.MINUTE, False, j + 4)
    if unit is None:
        return None
    times, what, business, j = unit
    n, times, what, least, j = _second_part(w, j, n, times, what, least)
    either = 0
    if w.words[j] == "or" and w.words[j + 1] in {"two", "so"}:
        either, j = (1 if w.words[j + 1] == "two" else 2), j + 2
        if either == 1:
            least, n = n, n + 1
    from_day = None if business else _from_a_day(w, i, j, n * times, what)
    if from_day is not None:
        return from_day
    ahead, k = _said_ahead(w, j)
    ahead, j = ahead or bool(_COMING & set(w.words[i:j])), k
    if w.words[j] in _BEHIND:
        return None
    start = _lead(w, i, business=business, ahead=ahead)
    if start is None:
        return None
    business = business and what in {Unit.MINUTE, Unit.HOUR, Unit.DAY}
    other = VAGUE[vague] if vague else n + 1 if either == 2 else 0
    piece = _piece(w, start, j, n * times, what, business=business, least=least and least * times)
    if other:
        alternative = _piece(w, start, j, other * times, what, business=business)
        piece = replace(piece, ambiguous=True, other=alternative)
    return piece, j


def _unit(w: Words, j: int) -> tuple[int, Unit, bool, int] | None:
    """The unit at word *j* or a few words on: how many of which, whether of working time, and the place after it."""
    business = False
    for _ in range(5):
        word = w.words[j]
        if word in UNITS:
            if word == "h" and not w.touches(j):
                return None
            return (*UNITS[word], business, j + 1)
        if word in WEEK_DAYS:
            return 1, Unit.DAY, True, j + 1
        if word in BUSINESS:
            business = True
        elif word == "(" and w.words[j + 1].isdecimal() and w.words[j + 2] == ")":
            j += 2
        elif word not in _FILLS:
            return None
        j += 1
    return None


def _second_part(
    w: Words, j: int, n: float, times: int, unit: Unit, least: float | None
) -> tuple[float, int, Unit, float | None, int]:
    """What still belongs to the span: "and a half", "and 20 minutes", "24 hours *to 48 hours*"."""
    word = w.words[j]
    if word == "and" and w.words[j + 1] == "a" and w.words[j + 2] == "half":
        return n + 0.5, times, unit, least, j + 3
    k = j + (word == "and")
    if unit is Unit.HOUR and w.words[k].isdecimal() and w.words[k + 1] in {"minutes", "minute", "mins", "min"}:
        return n + int(w.words[k][:3]) / 60, times, unit, least, k + 2
    if word in TO or word == "or":
        more = number_at(w, j + 1)
        if more is not None and w.words[more[1]] in UNITS:
            more_times, more_unit = UNITS[w.words[more[1]]]
            same = more_unit is unit and more_times == times
            return more[0], more_times, more_unit, n if same else None, more[1] + 1
    return n, times, unit, least, j


def _from_a_day(w: Words, i: int, j: int, n: float, unit: Unit) -> Found:
    """ "A week on Tuesday", "a week tomorrow", "three days from Monday", "a day after Easter": counted from a day."""
    if unit in {Unit.MINUTE, Unit.HOUR} or n != int(n):
        return None
    k = j + (w.words[j] in {"on", "from", "after", "before"})
    if k == j and unit is not Unit.WEEK:
        return None
    base = _base(w, k + (w.words[k] in {"this", "coming", "next", "the"}))
    if base is None:
        return None
    day, end = base
    n = -n if w.words[j] == "before" else n
    months = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}.get(unit)
    day = months_on(day, int(n) * months) if months else day + int(n) * (ONE_DAY if unit is Unit.DAY else 7 * ONE_DAY)
    if day < w.now.today:
        return None
    return w.piece(i, end, What.DAY, first=day, last=day), end


def _base(w: Words, k: int) -> tuple[date, int] | None:
    """The day named at word *k*, from which a span is counted, and the place after it."""
    word, today, weekday = w.words[k], w.now.today, weekday_at(w, k)
    if weekday is not None:
        return coming(today, weekday), k + 1
    if word in TOMORROW:
        return today + ONE_DAY, k + 1
    if word == "today":
        return today, k + 1
    found: Found = None
    if word.isdecimal():
        found = numeric_date(w, k) if len(word) == 4 or w.words[k + 1] in {"/", "."} else written_date(w, k)
    elif word in MONTHS:
        found = month_first_date(w, k)
    day = found[0].last if found and found[0] else None
    return (day, found[1]) if found and day else feast_ahead(w, k)


def _said_ahead(w: Words, j: int) -> tuple[bool, int]:
    """Do the words behind a span say that it lies ahead ("two weeks' time", "from now"), and where do they end?"""
    k = j
    if w.words[k] in {"'", "’"}:
        k += 1 + (w.words[k + 1] == "s")
    if w.words[k] == "time" and (k > j or w.words[k - 1].endswith("s")):
        return True, k + 1
    if w.words[j] == "from":
        if w.words[j + 1] in {"now", "today"}:
            return True, j + 2
        if w.words[j + 1] in {"receipt", "receiving", "when", "the", "then", "dispatch", "order", "purchase", "your"}:
            return True, j
    return False, j


def _lead(w: Words, i: int, *, business: bool, ahead: bool) -> int | None:
    """The word with which the deadline starts, if the words before its number make it one."""
    words, k = w.words, i
    while k > w.floor and i - k < 7 and words[k - 1] in _BETWEEN:
        k -= 1
    said, lead = set(words[k:i]), words[k - 1] if k > w.floor else ""
    at_most = "than" in said and bool(said & {"less", "fewer", "no"})
    if "least" in said or ("than" in said and not at_most) or (lead in _NOT_AHEAD and lead != "every"):
        return None
    if lead in _LEADS:
        return k - 1
    if lead in _STRETCHED and said & _COMING:
        return k - 1
    if business and (("for" in said and lead in _LASTING) or (lead in {"are", "is"} and words[k - 2] == "there")):
        return None
    if lead == "every" and _NEWS & set(words[max(w.floor, k - 9) : k]):
        return k - 1  # "an update every two hours": the first of them
    if business or ahead or at_most or "another" in said or said & _COMING or {"up", "to"} <= said:
        return _first_said(w, k, i)
    return None


def _first_said(w: Words, k: int, i: int) -> int:
    """Without a lead: the words start with "the next", "up to" or "no more than"."""
    while k < i and w.words[k] not in {"the", "next", "up", "no", "less", "coming", "between"}:
        k += 1
    return k


def _piece(w: Words, i: int, j: int, n: float, unit: Unit, *, business: bool, least: float | None = None) -> Piece:
    now = w.now
    due_at, day = _after(now, n, unit, business=business)
    window = None
    if least is not None and least < n:
        from_at, from_day = _after(now, least, unit, business=business)
        window = now.hours.start_of_day(from_day) if from_day else from_at
    if day is not None:
        return w.piece(
            i, j, What.WHOLE, due_at=now.hours.end_of_day(day), window_start=window, date_only=True, last=day
        )
    return w.piece(i, j, What.WHOLE, due_at=due_at, window_start=window)


def _after(now: Now, n: float, unit: Unit, *, business: bool) -> tuple[datetime | None, date | None]:
    """What lies *n* units ahead; a half of one is counted in the next smaller unit."""
    whole = int(n)
    if whole == n:
        return span_after(now, whole, unit, business=business)
    if unit is Unit.HOUR:
        return span_after(now, math.ceil(n * 60), Unit.MINUTE, business=business)
    if unit is Unit.DAY:
        if business:
            return span_after(now, math.ceil(n), unit, business=True)
        return now.at + timedelta(days=n), None
    if unit is Unit.WEEK:
        return span_after(now, math.ceil(n * 7), Unit.DAY)
    if unit is Unit.YEAR:
        return span_after(now, round(n * 12), Unit.MONTH)
    if unit is Unit.MINUTE:
        return now.at + timedelta(minutes=n), None
    return None, months_on(now.today, whole) + 15 * ONE_DAY

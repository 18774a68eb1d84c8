"""English holidays as deadlines: "before Christmas", "by Good Friday", "after Easter", "on Labor Day"."""

from __future__ import annotations

from datetime import date, timedelta

from troth.reading.days import easter, months_on, nth_weekday
from troth.reading.english_words import BY
from troth.reading.pieces import What
from troth.reading.tokens import Found, Words
from troth.words.hours import ONE_DAY, Hours


def feast(w: Words, i: int) -> Found:
    """ "Before Christmas", "by Good Friday", "on Boxing Day"; but not "after Easter"."""
    words = w.words
    start = i - (words[i - 1] == "the" and i > w.floor)
    lead = words[start - 1] if start > w.floor else ""
    found = _feast_at(w, i)
    if found is None:
        return None
    name, j = found
    if name == "christmas" and lead == "between" and w.words[j : j + 3] == ["and", "new", "year"]:
        first, last = _next_feast(w, name), _next_feast(w, "new year")
        return w.piece(start - 1, j + 3, What.DAY, first=min(first, last), last=last), j + 3
    alone = lead in BY or lead in {"after", "for", "over", "at", "around"} or name not in _SPOKEN_OF
    if not alone or lead in {"last", "merry", "happy"} or words[j] in {"sale", "deals", "offer", "party", "card"}:
        return None
    day = _next_feast(w, name)
    if lead == "after":
        return None, j  # from then on, not by then
    if (lead == "before" and name not in {"easter"}) or (lead == "by" and name == "christmas"):
        day -= ONE_DAY
    if lead in BY or lead in {"over", "at"}:
        start -= 1
    if day < w.now.today:
        return None
    return w.piece(start, j, What.DAY, first=day, last=day), j


_SPOKEN_OF = {"christmas", "easter", "thanksgiving", "halloween", "valentines day", "new year", "bank holiday"}
"""What people speak of without meaning a date: "Happy Halloween", "our Easter menu"."""


def _next_feast(w: Words, name: str) -> date:
    today = w.now.today
    if name == "bank holiday":
        return _next_closed(w.now.hours, today)
    day = _feast_day(w, name, today.year)
    return day if day >= today else _feast_day(w, name, today.year + 1)


def _next_closed(hours: Hours, today: date) -> date:
    """The next day that is closed though its weekday is not; a year on where there is none before."""
    days = (today + ahead * ONE_DAY for ahead in range(1, 366))
    return next(
        (day for day in days if hours.week[day.weekday()] and not hours.is_working_day(day)), today + 366 * ONE_DAY
    )


def feast_ahead(w: Words, i: int) -> tuple[date, int] | None:
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
    if word in {"bank", "public"} and after == "holiday":
        return "bank holiday", i + 2
    if word == "valentine" and w.words[i + 1 : i + 4] in (["'", "s", "day"], ["’", "s", "day"]):
        return "valentines day", i + 4
    if word == "new" and after == "year":
        j = i + 2 + 2 * (w.words[i + 2] in {"'", "’"} and w.words[i + 3] == "s")
        if w.words[j] in {"eve", "day"}:
            return f"new year {w.words[j]}", j + 1
        return ("new year", j) if w.words[i - 1 - (w.words[i - 1] == "the")] in {"by", "before", "after"} else None
    two = f"{word} {after}"
    return (two, i + 2) if two in _FEASTS else (word, i + 1) if word in _FEASTS else None


_FEASTS = {
    "good friday", "boxing day", "thanksgiving", "labor day", "memorial day", "independence day", "halloween",
    "valentines day", "ash wednesday", "australia day", "anzac day", "canada day", "veterans day", "presidents day",
    "juneteenth",
}  # fmt: skip


def _feast_day(w: Words, name: str, year: int) -> date:
    if name in {"easter", "easter sunday", "easter monday", "easter saturday", "good friday", "ash wednesday"}:
        days = {"easter monday": 1, "easter saturday": -1, "good friday": -2, "ash wednesday": -46}.get(name, 0)
        return easter(year) + timedelta(days=days)
    if name == "thanksgiving":
        canada = w.now.hours.country == "CA"
        return nth_weekday(year, 10, 0, 2) if canada else nth_weekday(year, 11, 3, 4)
    if name == "presidents day":
        return nth_weekday(year, 2, 0, 3)
    if name == "labor day":
        return nth_weekday(year, 9, 0, 1)
    if name == "memorial day":
        return months_on(date(year, 5, 1), 1) - timedelta(days=(months_on(date(year, 5, 1), 1).weekday() or 7))
    fixed = {
        "christmas eve": (12, 24), "boxing day": (12, 26), "new year": (12, 31), "new year eve": (12, 31),
        "new year day": (1, 1), "independence day": (7, 4), "halloween": (10, 31), "valentines day": (2, 14),
        "australia day": (1, 26), "anzac day": (4, 25), "canada day": (7, 1), "veterans day": (11, 11),
        "juneteenth": (6, 19),
    }  # fmt: skip
    return date(year, *fixed.get(name, (12, 25)))

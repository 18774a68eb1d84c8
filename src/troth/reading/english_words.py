"""The English words of dates and times, and the numbers and ordinals among them."""

from __future__ import annotations

from troth.reading.days import Unit
from troth.reading.pieces import Part
from troth.reading.tokens import Words

WEEKDAYS = {
    name: day
    for day, names in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    )
    for name in names.split()
}
SHORT_WEEKDAYS = {
    name: day
    for day, names in enumerate(("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun"))
    for name in names.split()
}
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ONES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
NUMBERS = (
    {"a": 1, "an": 1, "single": 1, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14}
    | {"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "couple": 2, "few": 5}
    | {"several": 5}
    | _ONES
    | _TENS
)
VAGUE = {"couple": 3, "few": 3, "several": 7}
"""Numbers that are none, and what else they may mean: "a few days" are three to some and five to others."""
_ORDINAL_ONES = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
}  # fmt: skip
ORDINALS = _ORDINAL_ONES | {
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
UNITS = {
    name: unit
    for unit, names in {
        (1, Unit.MINUTE): "minute minutes min mins",
        (1, Unit.HOUR): "hour hours hr hrs h",
        (1, Unit.DAY): "day days",
        (1, Unit.WEEK): "week weeks wk wks",
        (2, Unit.WEEK): "fortnight fortnights",
        (1, Unit.MONTH): "month months mth mths",
        (1, Unit.QUARTER): "quarter quarters",
        (1, Unit.YEAR): "year years yr yrs",
    }.items()
    for name in names.split()
}
"""How many of which unit."""
WEEK_DAYS = {"weekday", "weekdays", "workday", "workdays"}
BUSINESS = {"business", "working", "work", "office", "opening", "bank", "banking", "trading", "biz"}
PARTS = {
    "morning": Part.MORNING,
    "noon": Part.NOON,
    "midday": Part.NOON,
    "noonish": Part.NOON,
    "lunch": Part.LUNCH,
    "lunchtime": Part.LUNCH,
    "afternoon": Part.AFTERNOON,
    "arvo": Part.AFTERNOON,
    "evening": Part.EVENING,
    "eve": Part.EVENING,
    "night": Part.NIGHT,
    "midnight": Part.NIGHT,
}
TOMORROW = {"tomorrow", "tmrw", "tmw", "tmr", "tomorow", "tommorow", "tommorrow", "tomarrow", "tomoz", "2moro"}
TO = {"-", "–", "—", "to"}
UNTIL = {"until", "till", "til", "through", "thru"}
BY = {"by", "before", "until", "till", "til", "on"}

FUNCTION = frozenset(
    """
    a about after again all am an and are around as at because before being between both but by can could do during
    each either for from he her here his how i if in is it its latest let like may me my nearly no not now of on or
    our please pm pls possibly sharp she should since so that the their them then there these they this those though
    thanks thank til till to today tonight too unless until up us we what when where whether which while who will with
    within would you your next later instead any am also only just noon once exactly onwards hopefully local time uk
    depending i’ll approx
    """.split()  # noqa: SIM905 easier to read and to edit than a list
) | frozenset((*WEEKDAYS, *SHORT_WEEKDAYS, *TOMORROW, *MONTHS))
"""Words after which a number, an hour or "the 5th" has ended: what else follows is counted by it ("by 3 engineers")."""


def number_at(w: Words, i: int) -> tuple[float, int, str] | None:
    """The number written from word *i* on, the place after it, and its word if it is a vague one ("few")."""
    word = w.words[i]
    if word.isdecimal():
        if len(word) > 3:
            return None
        n, j = float(word), i + 1
        if w.words[j] in {".", ","} and w.words[j + 1] == "5" and w.touches(j) and w.touches(j + 1):
            n, j = n + 0.5, j + 2
        return n, j, ""
    if word == "half":
        j = i + 1
        return (0.5, j + (w.words[j] in {"a", "an"}), "") if w.words[j] in {"a", "an", "hour", "day", "-"} else None
    value = NUMBERS.get(word)
    if value is None:
        return None
    j = i + 1
    if word in {"a", "an"}:
        if w.words[j] in {"couple", "few", "dozen", "half", "single", "further", "hundred"}:
            return number_at(w, j) if w.words[j] != "hundred" else (100.0, j + 1, "")
    elif word in _TENS:
        k = j + (w.words[j] == "-")
        if w.words[k] in _ONES:
            return float(value + _ONES[w.words[k]]), k + 1, ""
    if w.words[j] == "and" and w.words[j + 1] in {"a", "half"}:
        k = j + 1 + (w.words[j + 1] == "a")
        if w.words[k] == "half":
            return value + 0.5, k + 1, ""
    if word in VAGUE:
        return float(value), j + (w.words[j] == "of"), word
    return float(value), j, ""


def ordinal_at(w: Words, i: int) -> tuple[int, int] | None:
    """The ordinal ("3rd", "twenty-first") from word *i* on, and the place after it."""
    word = w.words[i]
    if word.isdecimal():
        ending = w.words[i + 1] in {"st", "nd", "rd", "th"} and w.touches(i + 1)
        return (int(word), i + 2) if ending and len(word) <= 2 else None
    if word in ORDINALS:
        return ORDINALS[word], i + 1
    if word in _TENS and w.words[i + 1 + (w.words[i + 1] == "-")] in _ORDINAL_ONES:
        j = i + 1 + (w.words[i + 1] == "-")
        return _TENS[word] + _ORDINAL_ONES[w.words[j]], j + 1
    return None


def weekday_at(w: Words, i: int) -> int | None:
    """The day of the week that word *i* names, in full or short; Monday is 0."""
    day = WEEKDAYS.get(w.words[i])
    return SHORT_WEEKDAYS.get(w.words[i]) if day is None else day


def counts_something(w: Words, j: int) -> bool:
    """Is word *j* what the number before it counts ("by 3 engineers", "the 5th floor", "by 3 %")?"""
    word = w.words[j]
    if not word:
        return False
    if word[0].isalpha():
        return word not in FUNCTION
    if word in {"-", "–", "/"}:
        return w.words[j + 1].isdecimal()
    return word.isdecimal() or word in {"%", "£", "€", "$", "#", "+", "*", "°"}

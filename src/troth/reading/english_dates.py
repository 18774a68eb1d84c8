"""How English writes deadlines: the readers of its pieces, and the words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

from troth.reading.days import (
    Now,
    Unit,
    Within,
    a_date,
    coming,
    dated,
    day_of_month,
    easter,
    months_on,
    period,
    span_after,
    within,
)
from troth.reading.pieces import Grammar, Part, Piece, Reader, What, a_day, by_day, by_stretch, pattern
from troth.reading.zones import zone_at
from troth.words.hours import ONE_DAY

NUMBERS = {
    word: n
    for n, words in {
        1: "a an one the",
        2: "two couple couple-of",
        3: "three",
        4: "four",
        5: "five few several",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
        11: "eleven",
        12: "twelve",
        14: "fourteen",
        15: "fifteen",
        20: "twenty",
        21: "twenty-one",
        24: "twenty-four",
        28: "twenty-eight",
        30: "thirty",
        48: "forty-eight",
        60: "sixty",
        90: "ninety",
    }.items()
    for word in words.split()
}
VAGUE_NUMBERS = {"few", "several", "couple", "couple-of"}
_UNITS = {
    "mi": (1, Unit.MINUTE),
    "ho": (1, Unit.HOUR),
    "hr": (1, Unit.HOUR),
    "da": (1, Unit.DAY),
    "we": (1, Unit.WEEK),
    "wk": (1, Unit.WEEK),
    "fo": (2, Unit.WEEK),
    "mo": (1, Unit.MONTH),
    "qu": (1, Unit.QUARTER),
    "ye": (1, Unit.YEAR),
}
"""By the first two letters: how many of which unit."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


_NUM = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|"
    r"twenty(?:-one|-four"
    r"|-eight)?|thirty|forty-eight|sixty|ninety|couple(?:\sof)?|few|several)"
)
_UNIT = r"minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|fortnights?|months?|years?"
_DAY_NAME = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DAY_SHORT = r"mon|tues?|weds?|thurs?|thu|fri|sat|sun"
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:,?\s+(?P<year>20\d\d)\b|,?\s*[’'](?P<year2>\d\d)\b)?"
_NTH = r"(?:st|nd|rd|th)"


_SPAN = pattern(
    r"(?P<lead>\b(?:with|with-)?in(?:side)?|\bover|\bduring|\ballow(?:ing)?|\btak(?:e|es|ing)|\bgive|\bneed|\bup to|"
    r"\banother|\bfor|\bafter|\bis|\bare|\bbe)?"
    r"(?P<mid>(?:\s+(?:us|me|it|them|for|the|a|an|next|coming|further|following|another|about|around|approximately|"
    r"roughly|up|to|at|least|most|maximum|max|of|as|little|between|only|just|usually|normally)){0,5})"
    r"\s*\b(?:(?P<n1>" + _NUM + r")\s*(?:-|–|—|/|\bto\b|\bor\b|\band\b)\s*)?(?P<n2>" + _NUM + r")"
    r"[\s-]*(?:of\s+)?(?:(?P<biz>business|working|work|week|office|opening|bank(?:ing)?)[\s-]?)?"
    r"(?P<unit>" + _UNIT + r")\b(?P<or>\s+or\s+(?:two|so))?(?P<tail>[’']?\s+time\b|\s+(?:from\s+(?:now|today)|"
    r"ago|late|"
    r"effort|before|old|earlier|away)\b)?"
)
_WITHIN_THE = pattern(
    r"\b(?:with)?in\s+(?:the\s+)?(?:(?P<half>(?:next\s+)?half(?:\s+an)?[\s-]hour)|(?P<hour>(?:next\s+)?hour)|"
    r"(?P<quarter>quarter\s+of\s+an\s+hour)|"
    r"(?P<same>same\s+(?:business|working)?\s*day)|(?P<coming>(?:next|coming|following)\s+(?P<unit>days|weeks))|"
    r"(?P<oneday>day)|(?P<oneweek>week))\b"
)
_WEEK_FROM = pattern(
    r"\b(?:(?P<n>a|one|two)\s+weeks?\s+(?:from|on)\s+(?P<day>" + _DAY_NAME + r")|"
    r"(?P<day2>" + _DAY_NAME + r")\s+week)\b"
)
_EXPLICIT = [
    pattern(r"\b(?P<year>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b(?P<year2>)"),
    pattern(r"\b(?P<d>\d{1,2})" + _NTH + r"?\s+(?:of\s+)?(?P<month>" + _MONTH_NAME + r")\b\.?" + _YEAR),
    pattern(r"\b(?P<month>" + _MONTH_NAME + r")\b\.?\s+(?:the\s+)?(?P<d>\d{1,2})" + _NTH + r"?\b(?![:\d])" + _YEAR),
]
_DAY_RANGE = pattern(
    r"\b(?:between\s+|from\s+)?(?:the\s+)?(?P<d1>\d{1,2})" + _NTH + r"?\s*(?:-|–|—|\bto\b|\band\b|"
    r"\bor\b)\s*(?:the\s+)?"
    r"(?P<d>\d{1,2})" + _NTH + r"?\s+(?:of\s+)?(?P<month>" + _MONTH_NAME + r")\b" + _YEAR
)
_NUMERIC = pattern(
    r"(?P<lead>\b(?:on|by|before|until|till|for)\s+)?\b(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})"
    r"(?:(?P=sep)(?P<year>20\d\d|\d\d))?\b(?!\s*%|[/.-]\d)"
)
_THE_NTH = pattern(
    r"\b(?P<the>the\s+)?(?P<d>\d{1,2})" + _NTH + r"\b(?:\s+of\s+(?P<which>this|next|the)\s+month)?(?!\s+(?:time|"
    r"floor))"
)
_WEEKDAY = pattern(
    r"(?P<lead>\b(?:next|this|coming|following|last|past|every|each|on|by|until|till|before|for|since|from|or|"
    r"and)\s+)?"
    r"(?P<lead2>next\s+|this\s+|coming\s+)?"
    r"(?:\b(?P<day>" + _DAY_NAME + r")\b|\b(?P<short>" + _DAY_SHORT + r")\b\.?)(?P<week>\s+next\s+week\b)?(?!\w)"
)
_RELATIVE = pattern(
    r"\b(?P<word>(?:the\s+)?day\s+after\s+tomorrow|(?:later\s+|again\s+)?today|to-?night|tonite|tomorrow|tmrw|tmw|"
    r"(?:the\s+)?next\s+(?:working|business)\s+day|(?:the\s+)?same\s+day)\b(?![’']s\s+(?:order|visit))"
)
_PERIOD = pattern(
    r"(?P<lead>\bby\s+|\bbefore\s+)?(?:the\s+|at\s+the\s+)?(?P<how>\b(?:end|start|beginning|middle|"
    r"close)\s+of\s+|\bearl(?:y|ier)\s+|"
    r"\blate[r]?\s+|\bmid[\s-]?|\bfirst\s+half\s+of\s+|\bsecond\s+half\s+of\s+)?"
    r"(?:in\s+)?\b(?P<which>this|next|the|the\s+coming|coming)\s+(?P<unit>week-?end|week|month|year|quarter)\b"
    r"(?!\s+(?:from|on|and\s+a|of|ago|period)\b|[’'])"
)
_MONTH_ONLY = pattern(
    r"(?P<lead>\b(?:in|by|before|until|during|for)\s+)?(?:the\s+)?(?P<how>\b(?:end|start|beginning|"
    r"middle)\s+of\s+|\bearly\s+|\blate\s+|"
    r"\bmid[\s-]?|\bfirst\s+half\s+of\s+|\bsecond\s+half\s+of\s+)?\b(?P<month>"
    + _MONTH_NAME
    + r")\b(?!\s+\d{1,2}\b)"
    + _YEAR
)
_QUARTER = pattern(r"\bQ(?P<q>[1-4])\b(?:\s+(?:of\s+)?(?P<year>20\d\d))?")
_YEAR_ONLY = pattern(r"\b(?:in|by|before|during)\s+(?P<year>20\d\d)\b(?!\s*(?:hrs|hours|h\b))")
_FEAST = pattern(r"\b(?P<before>before|by)\s+(?P<feast>easter|christmas|xmas|new\s+year)\b")
_PART = pattern(
    r"\b(?:(?P<first>first\s+thing(?:\s+in\s+the\s+morning)?)|"
    r"(?P<close>(?:the\s+)?end\s+of\s+(?:the\s+)?(?:business\s+|working\s+|work\s+)?(?:day|play|business|shift)|"
    r"(?:the\s+)?close\s+of\s+(?:business|play|day)|clos(?:e|ing)\s+time|(?:the\s+)?end\s+of(?=\s+(?:today|"
    r"tomorrow|mon|tues|wed|thu|fri|sat|sun))|eod|cob|cop)|"
    r"(?P<this>(?:later\s+)?this\s+)?(?P<by>(?:by|before|in|at|around|over|during)\s+(?:the\s+)?)?(?:(?:early|"
    r"late|later|mid|middle\s+of)[\s-]+(?:the\s+)?)?"
    r"(?P<part>morning|noon|midday|mid-day|lunch(?:time)?|afternoon|evening|eve|night|midnight))\b"
)
_CLOCK = pattern(
    r"(?P<lead>\b(?:by|at|before|until|till|between|around|about|from|than|to|of|after|for|and|@)\s*~?\s*)?"
    r"(?<![\d:./£$€#])\b(?P<h>\d{1,2})(?:[:.](?P<m>\d\d)(?!\d|\.\d|%))?"
    r"(?:\s*(?P<half>a\.?\s?m\b\.?|p\.?\s?m\b\.?|[ap]\b)|(?P<oclock>\s*o[’']clock|\s?h(?:rs|"
    r"ours?)?\b(?=[\s.,!?]|$)))?"
    r"(?![\d%/]|:\d|\.\d|\s*[-–]\s*\d)"
)
_CLOCK_RANGE = pattern(
    r"\b(?P<lead>between\s+|from\s+)?(?P<h1>\d{1,2})(?:[:.](?P<m1>\d\d))?\s*(?P<half1>am|pm)?\s*(?:-|–|\bto\b|"
    r"\band\b)"
    r"\s*(?P<h2>\d{1,2})(?:[:.](?P<m2>\d\d))?(?![\d/])\s*(?P<half2>am\b|pm\b)?"
)
_MILITARY = pattern(
    r"\b(?:by|at|before|until|till|around|no\s+later\s+than)\s+(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)\s?(?:h|hrs|"
    r"hours)?\b"
)
_AMPM = pattern(r"(?P<half>\ba\.?m\b\.?|\bp\.?m\b\.?)")


def _spans(text: str, now: Now) -> Iterator[Piece]:
    for match in _SPAN.finditer(text):
        lead, mid, tail = (match[name] or "" for name in ("lead", "mid", "tail"))
        lead, mid, tail = lead.lower(), mid.lower(), tail.lower().strip()
        if tail.endswith(("ago", "late", "effort", "before", "old", "earlier", "away")):
            continue
        leads = (
            bool(lead) or "from" in tail or "time" in tail or " next" in mid or " up to" in mid or bool(match["biz"])
        )
        if lead in {"for", "is", "are", "be", "after", "need"} and not match["biz"]:
            leads = False
        before = text[max(0, match.start() - 12) : match.start()].lower().rstrip()
        if not leads or before.endswith((" by", "last", "past", "for", "every", "than")) or "least" in mid:
            continue
        yield _span(match, now)


def _span(match: re.Match[str], now: Now) -> Piece:
    few = {match[name].lower().split()[0] for name in ("n1", "n2") if match[name]} & VAGUE_NUMBERS
    last = _number(match["n2"])
    first = _number(match["n1"]) if match["n1"] else None
    if (match["or"] or "").endswith("two"):
        first, last = last, last + 1
    times, unit = _UNITS[match["unit"][:2].lower()]
    business = bool(match["biz"]) and unit in {Unit.MINUTE, Unit.HOUR, Unit.DAY}
    due_at, day = span_after(now, last * times, unit, business=business)
    window, from_day = None, None
    if first is not None and first < last:
        window, from_day = span_after(now, first * times, unit, business=business)
    lead = match["lead"] or ""
    start = match.start() + len(lead) - len(lead.lstrip())
    return Piece(
        start,
        match.end(),
        What.WHOLE,
        due_at=now.hours.end_of_day(day) if day else due_at,
        window_start=now.hours.start_of_day(from_day) if from_day else window,
        date_only=day is not None,
        ambiguous=bool(few) or (match["or"] or "").endswith("so"),
    )


def _within_the(text: str, now: Now) -> Iterator[Piece]:
    for match in _WITHIN_THE.finditer(text):
        minutes = 60 if match["hour"] else 30 if match["half"] else 15 if match["quarter"] else 0
        if minutes:
            due_at = now.at + timedelta(minutes=minutes)
            yield Piece(match.start(), match.end(), What.WHOLE, due_at=due_at)
        elif match["same"]:
            yield by_day(match, now, now.today)
        else:
            days = 1 if match["oneday"] else 7 if match["oneweek"] or match["unit"] == "days" else 28
            yield by_day(match, now, now.today + days * ONE_DAY, ambiguous=bool(match["coming"]))


def _week_from(text: str, now: Now) -> Iterator[Piece]:
    for match in _WEEK_FROM.finditer(text):
        weeks = 2 if (match["n"] or "").lower() == "two" else 1
        day = coming(now.today, _weekday_of(match["day"] or match["day2"])) + timedelta(weeks=weeks)
        yield a_day(match, day)


def _day_range(text: str, now: Now) -> Iterator[Piece]:
    for match in _DAY_RANGE.finditer(text):
        month = MONTHS.index(match["month"][:3].lower()) + 1
        last = dated(now.today, _year(match.groupdict()), month, int(match["d"]))
        first = a_date(last.year, month, int(match["d1"])) if last else None
        if first is not None and last is not None and first < last and match["month"][0].isupper():
            yield Piece(match.start(), match.end(), What.DAY, first=first, last=last)


def _explicit(text: str, now: Now) -> Iterator[Piece]:
    for form in _EXPLICIT:
        for match in form.finditer(text):
            groups = match.groupdict()
            if (groups.get("month") or "").lower() in {"may", "mar", "march"} and not groups["month"][0].isupper():
                continue  # "2 may be", "march 3 abreast": the verbs
            month = int(groups["m"]) if groups.get("m") else MONTHS.index(groups["month"][:3].lower()) + 1
            day = dated(now.today, _year(groups), month, int(groups["d"]))
            if day is not None:
                yield a_day(match, day)


def _numeric(text: str, now: Now) -> Iterator[Piece]:
    for match in _NUMERIC.finditer(text):
        a, b, year = int(match["a"]), int(match["b"]), match["year"]
        if match["sep"] != "/" and (year is None or len(year) < 4):
            continue  # a version or a range of numbers
        named = _NAMED_BEFORE.search(text[max(0, match.start() - 14) : match.start()])
        if year is None and not (match["lead"] or named):
            continue  # "2/2", "24/7"
        years = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
        readings = [(a, b), (b, a)] if now.month_first else [(b, a), (a, b)]  # (month, day)
        days = [day for month, number in readings if (day := dated(now.today, years, month, number)) is not None]
        if named and len(days) == 2:
            days = [d for d in days if WEEKDAYS[d.weekday()] == named[1].lower()[:3]] or days
        if len(days) == 2 and days[0] < now.today <= days[1]:
            days.reverse()
        if days:
            yield a_day(match, days[0], ambiguous=len(set(days)) > 1)


_NAMED_BEFORE = pattern(r"\b(" + _DAY_SHORT + r")[a-z]*\.?,?\s*\(?$")


def _the_nth(text: str, now: Now) -> Iterator[Piece]:
    for match in _THE_NTH.finditer(text):
        if not match["the"] and not _NAMED_BEFORE.search(text[max(0, match.start() - 14) : match.start()]):
            continue  # "our 20th year"
        day = day_of_month(now.today, int(match["d"]), months=(match["which"] or "").lower() == "next")
        if day is not None:
            yield a_day(match, day)


def _weekday(text: str, now: Now) -> Iterator[Piece]:
    for match in _WEEKDAY.finditer(text):
        lead = (match["lead2"] or match["lead"] or "").lower().strip()
        if lead in {"last", "past", "every", "each", "since"}:
            continue
        if match["short"] and not (lead or (match["short"][0].isupper() and _AFTER_SHORT.match(text, match.end()))):
            continue  # "sun", "sat" and "wed" are words of their own
        name = (match["day"] or match["short"]).lower()
        day = coming(now.today, _weekday_of(name))
        unsure = day == now.today + timedelta(weeks=1)
        if match["week"] or lead == "next":
            monday = now.today - now.today.weekday() * ONE_DAY + timedelta(weeks=1)
            unsure = not match["week"] and day < monday
            day = monday + _weekday_of(name) * ONE_DAY
        yield a_day(match, day, ambiguous=unsure, weekday=True)


_AFTER_SHORT = pattern(r"\.?,?\s*(?:\d|morning|afternoon|evening|night|am\b|pm\b)")


def _relative(text: str, now: Now) -> Iterator[Piece]:
    for match in _RELATIVE.finditer(text):
        word = match["word"].lower()
        part = None
        if "after" in word:
            day = now.today + 2 * ONE_DAY
        elif "next" in word:
            day = now.hours.add_working_days(now.today, 1)
        elif word.startswith(("tom", "tm")):
            day = now.today + ONE_DAY
        else:
            day = now.today
            part = Part.NIGHT if word.startswith(("to-n", "ton")) else None
        yield Piece(match.start(), match.end(), What.DAY, first=day, last=day, part=part)


def _period(text: str, now: Now) -> Iterator[Piece]:
    for match in _PERIOD.finditer(text):
        how, which, unit = ((match[name] or "").lower() for name in ("how", "which", "unit"))
        if which == "the" and not how and unit != "weekend":
            continue
        ahead = 1 if which in {"next", "coming", "the coming"} else 0
        if unit in {"weekend", "week-end"}:
            first, last = _weekend(now, weeks=which == "next", by_then=which == "the" and bool(match["lead"]))
        else:
            first, last = period(now, _UNITS[unit[:2]][1], ahead)
        yield by_stretch(match, now, *within(first, last, _how(how)))


def _weekend(now: Now, *, weeks: int, by_then: bool) -> tuple[date, date]:
    """Saturday and Sunday; *by_then*, from today until the Friday before, unless that is over."""
    saturday = now.today + timedelta(days=5 - now.today.weekday(), weeks=weeks)
    if not by_then:
        return saturday, saturday + ONE_DAY
    last = saturday - ONE_DAY
    return now.today, last if last >= now.today else saturday + ONE_DAY


def _month_only(text: str, now: Now) -> Iterator[Piece]:
    for match in _MONTH_ONLY.finditer(text):
        if not match["month"][0].isupper() or not (match["lead"] or match["how"]):
            continue
        month, year = MONTHS.index(match["month"][:3].lower()) + 1, _year(match.groupdict())
        first = date(year or now.today.year, month, 1)
        if year is None and months_on(first, 1) <= now.today:
            first = date(now.today.year + 1, month, 1)
        how, lead = (match["how"] or "").lower(), (match["lead"] or "").lower().strip()
        last = first if lead in {"by", "before"} and not how else months_on(first, 1) - ONE_DAY
        yield by_stretch(match, now, *within(first, last, _how(how)))


def _quarter(text: str, now: Now) -> Iterator[Piece]:
    for match in _QUARTER.finditer(text):
        first = date(int(match["year"] or now.today.year), 3 * int(match["q"]) - 2, 1)
        if months_on(first, 3) <= now.today and not match["year"]:
            first = first.replace(year=first.year + 1)
        yield by_stretch(match, now, first, months_on(first, 3) - ONE_DAY)


def _year_only(text: str, now: Now) -> Iterator[Piece]:
    for match in _YEAR_ONLY.finditer(text):
        year = int(match["year"])
        if now.today.year <= year <= now.today.year + 30:
            yield replace(by_stretch(match, now, date(year, 1, 1), date(year, 12, 31)), ambiguous=True)


def _feast(text: str, now: Now) -> Iterator[Piece]:
    for match in _FEAST.finditer(text):
        feast = match["feast"].lower()
        for year in (now.today.year, now.today.year + 1):
            day = easter(year) if feast == "easter" else date(year, 12, 24 if "mas" in feast else 31)
            if day >= now.today:
                yield Piece(match.start(), match.end(), What.DAY, first=day, last=day)
                break


def _part(text: str, now: Now) -> Iterator[Piece]:
    for match in _PART.finditer(text):
        word = (match["part"] or "").lower()
        part = _PARTS.get(word, Part.FIRST_THING if match["first"] else Part.CLOSE)
        day, alone = None, True
        if match["this"]:
            day = now.today
        elif word and not match["by"]:
            alone = False  # "Good morning"
        elif (part is Part.FIRST_THING and word != "this") or word == "morning":
            day = now.today + ONE_DAY if now.hours.start_of_day(now.today) <= now.at else now.today
        yield Piece(match.start(), match.end(), What.PART, first=day, last=day, part=part, alone=alone)


_PARTS = {
    "morning": Part.MORNING,
    "noon": Part.NOON,
    "midday": Part.NOON,
    "mid-day": Part.NOON,
    "lunch": Part.LUNCH,
    "lunchtime": Part.LUNCH,
    "afternoon": Part.AFTERNOON,
    "evening": Part.EVENING,
    "eve": Part.EVENING,
    "night": Part.NIGHT,
    "midnight": Part.NIGHT,
}


def _clock_range(text: str, now: Now) -> Iterator[Piece]:
    for match in _CLOCK_RANGE.finditer(text):
        bare = not match["half2"]
        if bare and (not match["lead"] or _COUNTED.match(text, match.end())):
            continue  # "3 to 5 days"
        late = _time(match["h2"], match["m2"], match["half2"])
        early = _time(match["h1"], match["m1"], match["half1"] or match["half2"])
        if early and late and early >= late and not match["half1"]:
            early = _time(match["h1"], match["m1"], "am")
        if bare and late and late.hour < 8:
            late = late.replace(hour=late.hour + 12)
            early = early.replace(hour=early.hour + 12) if early and early.hour < 8 else early
        if early and late and early < late:
            zone, end = zone_at(text, match.end(), now.hours)
            yield Piece(match.start(), end, What.CLOCK, clock=late, clock_from=early, zone=zone)


def _military(text: str, now: Now) -> Iterator[Piece]:
    for match in _MILITARY.finditer(text):
        yield Piece(match.start(), match.end(), What.CLOCK, clock=time(int(match["h"]), int(match["m"])))


def _clock(text: str, now: Now) -> Iterator[Piece]:
    for match in _CLOCK.finditer(text):
        half, lead = match["half"], (match["lead"] or "").strip().lower()
        if half and len(half) == 1 and not match["m"]:
            continue  # "3 a day"
        if not half and match["m"] and text[match.end("h")] == ".":
            continue  # a version or an amount
        is_number = not half and not match["m"] and not (match["oclock"] and match["oclock"].strip().startswith("o"))
        if is_number and (
            lead not in {"at", "by", "before", "until", "till", "@"} or _COUNTED.match(text, match.end())
        ):
            continue
        clock = _time(match["h"], match["m"], half)
        if clock is None:
            continue
        bare = not half and 1 <= clock.hour <= 12 and not match["h"].startswith("0")
        if bare and 1 <= clock.hour <= 6:
            clock = clock.replace(hour=clock.hour + 12)
        zone, end = zone_at(text, match.end(), now.hours)
        alone = bool(half or lead)  # "Friday, 17:00", but not "it ended 3:10"
        yield Piece(match.start(), end, What.CLOCK, clock=clock, bare_hour=bare, alone=alone, zone=zone)


_COUNTED = pattern(
    r"\s*(?!on\b|tomorrow|today|tonight|this|next|at\b|and\b|or\b|if\b|so\b|mon|tue|wed|thu|fri|sat|sun|then\b|"
    r"in\s+the)"
    r"(?:[a-z£$€%#]|\d|[-–/]\s*\d)"
)
"""After "by 3" this means three of something, not three o'clock."""


def _ampm(text: str, now: Now) -> Iterator[Piece]:
    for match in _AMPM.finditer(text):
        part = Part.MORNING if match["half"].lower().startswith("a") else Part.AFTERNOON
        yield Piece(match.start(), match.end(), What.PART, part=part, alone=False)


_DIGIT = tuple("0123456789")
_PARTS_OF_DAY = (
    "first thing",
    "end of",
    "clos",
    "eod",
    "cob",
    "cop",
    "morning",
    "noon",
    "midday",
    "mid-day",
    "lunch",
    "eve",
    "night",
)
_READERS = (
    Reader(_week_from, ("week",)),
    Reader(_day_range, MONTHS),
    Reader(_explicit, (*MONTHS, "20")),
    Reader(_numeric, ("/", ".", "-")),
    Reader(_part, _PARTS_OF_DAY),
    Reader(_clock_range, ("am", "pm", "between", "from")),
    Reader(_spans, ("min", "hour", "hr", "day", "week", "wk", "fortnight", "month", "year")),
    Reader(_within_the, ("in",)),
    Reader(_relative, ("today", "night", "nite", "tomorrow", "tmrw", "tmw", " day")),
    Reader(_weekday, WEEKDAYS),
    Reader(_period, ("week", "month", "year", "quarter")),
    Reader(_quarter, ("q",)),
    Reader(_the_nth, _DIGIT),
    Reader(_feast, ("easter", "mas", "new")),
    Reader(_month_only, MONTHS),
    Reader(_year_only, _DIGIT),
    Reader(_military, _DIGIT),
    Reader(_clock, _DIGIT),
    Reader(_ampm, ("m",)),
)


def _how(word: str) -> Within:
    """Which part of a period "early", "middle of" or "end of" names."""
    word = word.strip().rstrip("-")
    if word.startswith(("earl", "start", "begin")):
        return Within.EARLY
    if word.startswith("first half"):
        return Within.FIRST_HALF
    if word.startswith("mid"):
        return Within.MIDDLE
    return Within.END if word.startswith(("end", "close")) else Within.ALL


def _weekday_of(name: str) -> int:
    return WEEKDAYS.index(name[:3].lower())


def _year(groups: dict[str, str | None]) -> int | None:
    if groups.get("year"):
        return int(groups["year"] or 0)
    return 2000 + int(groups["year2"] or 0) if groups.get("year2") else None


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    h, m = int(hour), int(minute or 0)
    if half:
        if not 1 <= h <= 12:
            return time(h, m) if 12 < h < 24 and m < 60 else None
        h = h % 12 + (12 if half.lower().startswith("p") else 0)
    return time(h, m) if h < 24 and m < 60 else None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word.lower().split()[0]]


ENGLISH = Grammar(
    trigger=pattern(
        r"\d|day|night|nite|tomorrow|tmrw|tmw|week|month|year|hour|minute|morning|noon|eve|lunch|thing|eod|cob\b|close of"
        r"|end of|fortnight|mon\b|tues?\b|wed|thur|fri\b|sat\b|sun\b|easter|christmas|quarter|" + _MONTH_NAME
    ),
    readers=_READERS,
    glue=pattern(
        r"^[\s,()]*(?:(?:at|on|by|in|of|the|before|around|about|until|for|no\s+later\s+than|between|from|latest|"
        r"sometime|again|is)"
        r"[\s,(]*){0,3}$"
    ),
    either=pattern(r"^[\s,]*(?:either\s+)?(?:or|and|/|to|-|–)[\s,]*(?:on\s+|by\s+|either\s+)?$"),
)

"""Dates in languages that build them alike: German, Spanish and French write the same pieces in other words.

A language brings a `Vocabulary`: its words, and patterns whose groups carry the names used here. What a piece means on
the calendar is said once, for all of them. Words are looked up without accents, for people drop them when in a hurry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache

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

SPAN_MAX = {Unit.MINUTE: 6_000, Unit.HOUR: 1_000, Unit.DAY: 400, Unit.WEEK: 104, Unit.MONTH: 60, Unit.YEAR: 10}
"""Nobody promises further ahead than this; what looks so is a number of something else."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language. Patterns have the groups that the reader of the same name asks for."""

    numbers: Mapping[str, float]
    units: tuple[tuple[str, int, Unit], ...]
    """How the word starts, how many of the unit it is, and the unit; the first that fits."""
    weekdays: tuple[tuple[str, ...], ...]
    """How their names start, Monday first."""
    months: tuple[tuple[str, ...], ...]
    """How their names start, January first."""
    relative_days: Mapping[str, tuple[int, Part | None]]
    parts: tuple[tuple[str, Part], ...]
    """A word, or how it starts, and the part of the day it names; the first that is found."""
    feasts: tuple[tuple[str, str], ...]
    """How the word starts, and ``easter`` or the ``MM-DD`` by which one is done."""

    span: re.Pattern[str]
    """``lead`` (in it ``verb``, which is no part of the deadline: "takes") ``mid`` ``n1`` ``n2`` ``biz``
    ``unit`` ``biz2`` ``tail`` ("from today"); without lead, tail or biz it is none."""
    no_span: re.Pattern[str]
    """Ends what stands before a span that is no deadline: "two days *ago*", "*every* two days"."""
    after_span: re.Pattern[str]
    """Follows a span that is none: "vieja", "ago"."""
    next_hour: re.Pattern[str]
    """“In the next hour”, with the group ``unit``."""
    dates: tuple[re.Pattern[str], ...]
    """``d`` (or ``first``), ``month`` or ``m``, ``year``, ``before``."""
    day_range: re.Pattern[str]
    """``d1`` ``month1`` ``d`` ``month`` ``year``."""
    numeric: re.Pattern[str]
    """``before`` ``lead`` ``a`` ``b`` (or ``b2``) ``year`` (or ``year2``) ``dot``."""
    weekly: re.Pattern[str]
    """Opening days ("from Monday to Friday"), which are no deadline."""
    weekday: re.Pattern[str]
    """``before`` ``lead`` ``lead2`` ``week`` ``day`` ``part`` ``tail``."""
    relative: re.Pattern[str]
    """``word``."""
    periods: tuple[re.Pattern[str], ...]
    """``unit``, and where they have them ``before`` ``how`` ``which`` ``tail``."""
    month_only: re.Pattern[str]
    """``before`` ``how`` or ``how2``, ``month`` ``year``."""
    nth: re.Pattern[str]
    """``day`` ``before`` ``d``."""
    feast: re.Pattern[str]
    """``feast``."""
    part: re.Pattern[str]
    """``this`` ``by`` ``part``."""
    clock: re.Pattern[str]
    """``lead`` ``h`` or ``hour``, ``m`` to ``m3``, ``half``, ``quarter``."""
    clock_range: re.Pattern[str]
    """``h1`` ``m1`` ``h2`` ``m2``."""
    past_before: re.Pattern[str]
    """Ends what stands before a day or period that is over, or comes every time."""
    past: re.Pattern[str]
    """Is found in the lead or tail that says so."""
    following: re.Pattern[str]
    """Is found in the lead or tail that says “next”."""
    narrowed: re.Pattern[str]
    """Follows a day whose hour or part is said, too: then "before Friday" is on Friday."""
    how: tuple[tuple[str, Within], ...]
    trigger: re.Pattern[str]
    glue: re.Pattern[str]
    either: re.Pattern[str]
    next_is_coming: bool = False
    """“Next Friday” is the Friday that comes; otherwise that of the next calendar week."""

    def grammar(self) -> Grammar:
        figures = (self._day_range, self._explicit, self._numeric, self._nth, self._clock_range)
        words = (
            self._parts,
            self._relative,
            self._spans,
            self._next_hour,
            self._weekdays,
            self._periods,
            self._month_only,
            self._feasts,
            self._clock,
        )
        return Grammar(
            trigger=self.trigger,
            readers=(
                *(Reader(reader, ("",) if reader == self._explicit else _FIGURES) for reader in figures),
                *(Reader(reader, ("",)) for reader in words),
            ),
            glue=self.glue,
            either=self.either,
        )

    # --- spans of time ------------------------------------------------------------------------------------------------

    def _spans(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.span.finditer(text):
            business = bool(match["biz"] or match["biz2"])
            ahead = self.following.search(match["mid"])
            if not (match["lead"] or match["tail"] or business or ahead):
                continue
            if not ahead and self.no_span.search(text[max(0, match.start() - 24) : match.start()]):
                continue
            if self.after_span.match(text, match.end()):
                continue
            piece = self._span(match, now, business)
            if piece is not None:
                yield piece

    def _span(self, match: re.Match[str], now: Now, business: bool) -> Piece | None:
        times, unit = self._unit(match["unit"])
        last = self._number(match["n2"]) * times
        first = self._number(match["n1"]) * times if match["n1"] else None
        if not 0 < last <= SPAN_MAX.get(unit, 40):
            return None
        business = business and unit in {Unit.MINUTE, Unit.HOUR, Unit.DAY}
        due_at, day = span_after(now, *_whole(last, unit), business=business)
        window, from_day = None, None
        if first is not None and first < last:
            window, from_day = span_after(now, *_whole(first, unit), business=business)
        return Piece(
            match.start("n1" if match["n1"] else "n2") if match["verb"] else match.start(),
            match.end(),
            What.WHOLE,
            due_at=now.hours.end_of_day(day) if day else due_at,
            window_start=now.hours.start_of_day(from_day) if from_day else window,
            date_only=day is not None,
        )

    def _next_hour(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.next_hour.finditer(text):
            times, unit = self._unit(match["unit"])
            due_at, _ = span_after(now, times, unit)
            yield Piece(match.start(), match.end(), What.WHOLE, due_at=due_at)

    # --- days ---------------------------------------------------------------------------------------------------------

    def _day_range(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.day_range.finditer(text):
            month = self._month(match["month"])
            last = dated(now.today, _year(match["year"]), month, int(match["d"]))
            if last is None:
                continue
            first = a_date(last.year, self._month(match["month1"]) if match["month1"] else month, int(match["d1"]))
            if first is not None and first < last:
                yield Piece(match.start(), match.end(), What.DAY, first=first, last=last)

    def _explicit(self, text: str, now: Now) -> Iterator[Piece]:
        for form in self.dates:
            for match in form.finditer(text):
                groups = match.groupdict()
                month = int(groups["m"]) if groups.get("m") else self._month(match["month"])
                number = int(groups["d"]) if groups.get("d") else int(self._number(match["first"]))
                day = dated(now.today, _year(groups.get("year")), month, number) if 1 <= month <= 12 else None
                if day is not None:
                    yield a_day(match, self._by(text, match, day, now))

    def _numeric(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.numeric.finditer(text):
            groups = match.groupdict()
            a, b = int(match["a"]), int(match["b"] or groups["b2"])
            year = _year(match["year"] or groups.get("year2"))
            led = match["before"] or match["lead"] or match["dot"]
            if year is None and not (led or self._named_before(text, match.start())):
                continue  # "24/7", "2.1"
            days = [day for month, d in ((b, a), (a, b)) if (day := dated(now.today, year, month, d)) is not None]
            if days:
                piece = a_day(match, self._by(text, match, days[0], now))
                if now.month_first and len(set(days)) > 1:
                    piece = replace(piece, ambiguous=True, other=replace(piece, first=days[1], last=days[1]))
                yield piece

    def _named_before(self, text: str, place: int) -> bool:
        words = _WORDS.findall(text[max(0, place - 14) : place])
        return bool(words) and any(fold(words[-1]).startswith(name) for name in self.weekdays)

    def _weekdays(self, text: str, now: Now) -> Iterator[Piece]:
        weekly = [match.span() for match in self.weekly.finditer(text)]
        for match in self.weekday.finditer(text):
            if any(start <= match.start("day") < end for start, end in weekly):
                continue
            around = " ".join(match[name] or "" for name in ("lead", "lead2", "week", "tail"))
            if self.past.search(around) or self.past_before.search(text[max(0, match.start() - 16) : match.start()]):
                continue
            number = self._weekday(match["day"])
            day = coming(now.today, number)
            unsure = day == now.today + timedelta(weeks=1)
            monday = now.today + timedelta(days=7 - now.today.weekday())
            if match["week"] or _A_WEEK.search(fold(match["tail"] or "")):
                day, unsure = monday + number * ONE_DAY + timedelta(weeks=self._ahead(around) - 1), False
            elif self.following.search(around):
                unsure = day < monday
                day = day if self.next_is_coming else monday + number * ONE_DAY
            part = self._part(match["part"]) if match["part"] else None
            piece = replace(a_day(match, self._by(text, match, day, now), weekday=part is None), part=part)
            if unsure:
                other = monday + number * ONE_DAY if day < monday else coming(now.today, number)
                other = now.today if day == other else other
                piece = replace(piece, ambiguous=True, other=replace(piece, first=other, last=other))
            yield piece

    def _ahead(self, words: str) -> int:
        """How many weeks or months ahead: "next" is one, "the one after" two."""
        return 2 if _AFTER_NEXT.search(fold(words)) else 1 if self.following.search(words) else 0

    def _by(self, text: str, match: re.Match[str], day: date, now: Now) -> date:
        """The day before, where it says "before Friday" and no hour of Friday."""
        if match.groupdict().get("before") and day > now.today and not self.narrowed.match(text, match.end()):
            return day - ONE_DAY
        return day

    def _relative(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.relative.finditer(text):
            before = text[max(0, match.start() - 16) : match.start()]
            if self.past_before.search(before) or _COUNTED_FROM.search(before):
                continue
            word = " ".join(fold(match["word"]).replace("-", " ").split())
            ahead, part = next(found for name, found in self.relative_days.items() if word.startswith(name))
            if ahead == NEXT_WORKING_DAY:
                day = now.hours.add_working_days(now.today, 1)
            else:
                day = now.today + ahead * ONE_DAY
            yield replace(a_day(match, day), part=part)

    def _nth(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.nth.finditer(text):
            day = day_of_month(now.today, int(match["d"]))
            if match["day"] and day is not None:  # "Friday the 13th" names its month
                number = self._weekday(match["day"])
                days = (day_of_month(now.today, int(match["d"]), months=n) for n in range(12))
                day = next((one for one in days if one is not None and one.weekday() == number), day)
            if day is not None:
                yield a_day(match, self._by(text, match, day, now))

    def _feasts(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.feast.finditer(text):
            when = next(when for name, when in self.feasts if fold(match["feast"]).startswith(name))
            for year in (now.today.year, now.today.year + 1):
                day = easter(year) if when == "easter" else date(year, int(when[:2]), int(when[3:]))
                if day >= now.today:
                    yield a_day(match, day)
                    break

    # --- stretches of days --------------------------------------------------------------------------------------------

    def _periods(self, text: str, now: Now) -> Iterator[Piece]:
        for form in self.periods:
            for match in form.finditer(text):
                groups = match.groupdict()
                around = f"{groups.get('which') or ''} {groups.get('tail') or ''}"
                if self.past.search(around) or self.past_before.search(
                    text[max(0, match.start() - 16) : match.start()]
                ):
                    continue
                unit, ahead = fold(match["unit"]), self._ahead(around)
                if _WEEKEND.match(unit):
                    first, last = _weekend(now, weeks=ahead, before=bool(groups.get("before")))
                else:
                    first, last = period(now, self._unit(unit)[1], ahead)
                yield by_stretch(match, now, *within(first, last, self._how(groups.get("how"))))

    def _month_only(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.month_only.finditer(text):
            if self.past_before.search(text[max(0, match.start() - 16) : match.start()]):
                continue
            year = _year(match["year"])
            first = date(year or now.today.year, self._month(match["month"]), 1)
            if year is None and months_on(first, 1) <= now.today:
                first = date(now.today.year + 1, first.month, 1)
            last = months_on(first, 1) - ONE_DAY
            how = match["how"] or match["how2"]
            if match["before"] and not how:
                yield by_day(match, now, first - ONE_DAY)
            else:
                yield by_stretch(match, now, *within(first, last, self._how(how)))

    # --- hours --------------------------------------------------------------------------------------------------------

    def _parts(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.part.finditer(text):
            if self.past_before.search(text[max(0, match.start() - 16) : match.start()]):
                continue
            part = self._part(match["part"])
            day = None
            if match["this"]:
                day = now.today
            elif match["by"] and part in {Part.MORNING, Part.FIRST_THING}:
                day = now.today + ONE_DAY if now.hours.start_of_day(now.today) <= now.at else now.today
            alone = bool(match["this"] or match["by"]) or part in {Part.CLOSE, Part.FIRST_THING}
            yield Piece(match.start(), match.end(), What.PART, first=day, last=day, part=part, alone=alone)

    def _clock(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.clock.finditer(text):
            clock = self._time(match)
            if clock is None:
                continue
            written = match["h"] or ""
            bare = 1 <= clock.hour <= 12 and not written.startswith("0")
            if bare and clock.hour <= 6:
                clock = clock.replace(hour=clock.hour + 12)
            zone, end = zone_at(text, match.end(), now.hours)
            yield Piece(
                match.start(), end, What.CLOCK, clock=clock, bare_hour=bare, alone=bool(match["lead"]), zone=zone
            )

    def _time(self, match: re.Match[str]) -> time | None:
        hour = int(match["h"]) if match["h"] else int(self._number(match["hour"]))
        minute = int(match["m"] or match["m2"] or match["m3"] or 0)
        if match["half"]:
            hour, minute = ((hour - 1) or 12, 30) if fold(match["half"]).startswith("halb") else (hour, 30)
        elif match["quarter"]:
            said = fold(match["quarter"]).strip()
            back = bool(_BACK.search(said))
            hour = (hour - 1) or 12 if back or said == "viertel" else hour
            minute = 45 if back else 15
        return _clock_time(hour, minute)

    def _clock_range(self, text: str, now: Now) -> Iterator[Piece]:
        for match in self.clock_range.finditer(text):
            early = _clock_time(int(match["h1"]), int(match["m1"] or 0))
            late = _clock_time(int(match["h2"]), int(match["m2"] or 0))
            if early is None or late is None:
                continue
            if late < early and late.hour <= 12:
                late = late.replace(hour=(late.hour + 12) % 24)
            if early < late:
                zone, end = zone_at(text, match.end(), now.hours)
                yield Piece(match.start(), end, What.CLOCK, clock=late, clock_from=early, zone=zone)

    # --- words --------------------------------------------------------------------------------------------------------

    def _number(self, word: str) -> float:
        return int(word) if word.isdigit() else self.numbers[" ".join(fold(word).replace("-", " ").split())]

    def _unit(self, word: str) -> tuple[int, Unit]:
        word = fold(word)
        return next((times, unit) for name, times, unit in self.units if word.startswith(name))

    def _weekday(self, word: str) -> int:
        word = fold(word)
        return next(n for n, name in enumerate(self.weekdays) if word.startswith(name))

    def _month(self, word: str) -> int:
        word = fold(word)
        return next(n for n, name in enumerate(self.months, 1) if word.startswith(name))

    def _part(self, word: str) -> Part:
        word = fold(word)
        return next(part for name, part in self.parts if name in word)

    def _how(self, word: str | None) -> Within:
        word = fold(word or "")
        return next((which for name, which in self.how if name in word), Within.ALL)


NEXT_WORKING_DAY = -1
"""Stands for the day in `Vocabulary.relative_days`."""

_FIGURES = tuple("0123456789")
_WORDS = re.compile(r"[^\W\d_]+")
_WEEKEND = re.compile(r"wochenend|fin|week|finde")
_A_WEEK = re.compile(r"woche|semana|semaine")
_AFTER_NEXT = re.compile(r"u(?:e)?bernachst|ueberna")
_COUNTED_FROM = pattern(r"(?:\bab|\bpartir\s+de|\bdesde|\bcompter\s+d['’e])\s*$")
"""“Three days from today”: not today."""
_BACK = re.compile(r"\bvor|menos|moins|dreiviertel")
_FOLDS = {ord("ß"): "ss", ord("’"): "'", ord("œ"): "oe"}

ISO = pattern(r"\b(?P<year>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b")


@lru_cache(maxsize=4_096)
def fold(word: str) -> str:
    """The word in small letters without accents."""
    word = word.lower().translate(_FOLDS)
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _weekend(now: Now, *, weeks: int, before: bool) -> tuple[date, date]:
    """Saturday and Sunday, or from today until the Friday before."""
    saturday = now.today + timedelta(days=5 - now.today.weekday(), weeks=weeks)
    return (now.today, saturday - ONE_DAY) if before and saturday > now.today else (saturday, saturday + ONE_DAY)


def _whole(n: float, unit: Unit) -> tuple[int, Unit]:
    """Halves of a unit in a smaller one."""
    if n == int(n):
        return int(n), unit
    smaller = {Unit.HOUR: (60, Unit.MINUTE), Unit.DAY: (24, Unit.HOUR), Unit.WEEK: (7, Unit.DAY)}
    times, finer = smaller.get(unit, (1, unit))
    return round(n * times + 0.01), finer


def _year(word: str | None) -> int | None:
    return None if not word else int(word) + (2000 if len(word) == 2 else 0)


def _clock_time(hour: int, minute: int) -> time | None:
    if (hour, minute) == (24, 0):
        return time(23, 59, 59)
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None

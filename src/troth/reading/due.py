"""By when: the deadlines written in a sentence, as instants.

The grammar of a language knows small pieces (a day, a part of the day, a clock time, a span of time, a period such as
"next week"); neighbours are joined here: "Tuesday 17 March before 6pm" is three pieces and one deadline.

Days and clock times are read on the wall clock of the company's calendar; every instant handed back is in UTC and not
before the moment of writing. What has passed rolls forward to the next time the words are true: "by 9am", written at
ten, is tomorrow's, and "by 3 March", written on the fifth, next year's. What names its own day or year and has passed
is no deadline: "today at 9am", "this morning", "on 3 March 2024".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from troth.reading.days import Now
from troth.reading.english_dates import ENGLISH
from troth.reading.found import Due, FoundDue
from troth.reading.pieces import Grammar, Part, Piece, What, pieces_in
from troth.reading.zones import instant
from troth.words.hours import ONE_DAY, ONE_SECOND, WEEKDAYS_9_TO_17, Hours

# What a part of the day ends with, wall clock. The end of an afternoon is closing time, where there is one.
MORNING_ENDS, LUNCH_ENDS, AFTERNOON_ENDS, EVENING_ENDS = time(12), time(13), time(18), time(22)

FIRST_YEAR, LAST_YEAR = 1_000, 8_000
"""A span of 999 years still ends before the last year that Python knows."""

GROUP_PIECES_MAX = 8
"""No deadline is told in more pieces; what goes on is hostile, and is cut here, which keeps reading linear."""

AWAKE = time(7), time(20)
"""Between these an hour without "am" or "pm" is meant."""


def find_dues(text: str, *, at: datetime, hours: Hours, grammar: Grammar = ENGLISH) -> tuple[FoundDue, ...]:
    """Every deadline in *text*, written at the instant *at*, in the order of the text.

    A calendar that is never open is read as an office's: its working days would never come. Nothing is read in texts
    from years in which calendars end.
    """
    if not grammar.trigger.search(text) or not FIRST_YEAR <= at.year <= LAST_YEAR:
        return ()
    if not any(hours.week):
        hours = replace(hours, week=WEEKDAYS_9_TO_17)
    now = Now(at=at.astimezone(UTC), local=hours.local(at), hours=hours)
    found = []
    for group in _groups(text, pieces_in(text, now, grammar), grammar):
        start, end = group[0].start, group[-1].end
        if grammar.is_over is not None and grammar.is_over(text, group):
            continue
        due = _due(group, now, _words(text[start:end]))
        if due is not None:
            found.append(FoundDue(due, start, end))
    return tuple(found)


def _words(words: str) -> str:
    """The words of a deadline without the full stop of their sentence."""
    words = words.strip(" ,(")
    return words if words.lower().endswith(".m.") else words.rstrip(".")


# --- joining the pieces ----------------------------------------------------------------------------------------------


def _groups(text: str, pieces: list[Piece], grammar: Grammar) -> Iterator[list[Piece]]:
    """Neighbours that tell of one deadline; a piece that cannot stand alone is dropped if nothing joins it."""
    group: list[Piece] = []
    for piece in pieces:
        if group and _joins(text[group[-1].end : piece.start], group, piece, grammar):
            group.append(piece)
            continue
        if group and any(p.alone for p in group):
            yield group
        group = [piece]
    if group and any(p.alone for p in group):
        yield group


def _joins(between: str, group: list[Piece], piece: Piece, grammar: Grammar) -> bool:
    if len(between) > 30 or len(group) >= GROUP_PIECES_MAX:
        return False
    if grammar.either.match(between):
        return piece.what == group[-1].what == What.DAY or (
            piece.what is What.DAY and group[-1].what is What.PART and any(p.what is What.DAY for p in group)
        )
    if not grammar.glue.match(between):
        return False
    return not (piece.what is What.WHOLE or any(p.what in {What.WHOLE, piece.what} for p in group)) or (
        # "Friday, 1 February": the date says which Friday.  "first thing in the morning": one part says the other.
        # "tomorrow (Thursday)": the weekday says the same again.
        piece.what is What.DAY
        and group[-1].what is What.DAY
        and (group[-1].weekday or (piece.weekday and piece.last == group[-1].last))
    )


def _due(group: list[Piece], now: Now, words: str) -> Due | None:
    """The deadline that these pieces tell of, with the other one they can mean; None if it has passed."""
    due = _resolve(group, now, words)
    if due is None:
        return None
    if due.ambiguous and due.other_at is None:
        other = _resolve(_otherwise(group), now, words)
        if other is not None and other.at >= now.at and other.at != due.at:
            if due.at < now.at:
                return replace(other, ambiguous=False)
            due = replace(due, other_at=other.at)
    return due if due.at >= now.at else None


def _otherwise(group: list[Piece]) -> list[Piece]:
    """The pieces in their other reading; of "Friday 12 March", which is a Thursday, the Friday."""
    if any(piece.other for piece in group):
        return [piece.other or piece for piece in group]
    weekdays = [piece for piece in group if piece.weekday]
    return [piece for piece in group if piece.what is not What.DAY or not weekdays or piece.weekday]


def _resolve(group: list[Piece], now: Now, words: str) -> Due | None:
    whole = next((piece for piece in group if piece.what is What.WHOLE), None)
    if whole is not None and whole.due_at is not None:
        due_at, window = whole.due_at, whole.window_start
        if due_at < now.at and whole.last == now.today:
            due_at = _last_second(now)
        return Due(due_at, window, words, whole.ambiguous, whole.date_only)
    days = [piece for piece in group if piece.what is What.DAY]
    part = next((p for p in group if p.what is What.PART), None)
    clock = next((p for p in group if p.what is What.CLOCK), None)
    day, first, unsure = _which_day(days, now)
    inner = part.part if part else next((p.part for p in days if p.part), None)
    if day is None and part is not None:
        day = part.first
    if clock is not None and clock.clock is not None:
        return _by_the_clock(clock, inner, day, now, words, unsure)
    if inner is not None:
        return _by_the_part(inner, day, now, words, unsure)
    if day is None:
        return None
    if any(piece.before for piece in days) and day > now.today:
        day -= ONE_DAY
    due_at = now.hours.end_of_day(day)
    if day == now.today and due_at <= now.at:
        due_at = _last_second(now)
    window = now.hours.start_of_day(first) if first is not None and first < day else None
    return Due(due_at, window, words, unsure, True)


def _which_day(days: list[Piece], now: Now) -> tuple[date | None, date | None, bool]:
    """The last of the days named, the first of them, and whether that is a guess."""
    dated = [piece for piece in days if not piece.weekday]
    if len(days) == 2 and len(dated) == 1 and days[0].weekday:
        piece = dated[0]  # "Friday, 1 February"
        named = days[0].last
        agrees = named is not None and piece.last is not None and named.weekday() == piece.last.weekday()
        return piece.last, None, not agrees
    days = _in_order(days)
    ends = [piece.last for piece in days if piece.last is not None]
    if not ends:
        return None, None, False
    return max(ends), min(piece.first or max(ends) for piece in days), any(piece.ambiguous for piece in days)


def _in_order(days: list[Piece]) -> list[Piece]:
    """Days named one after the other follow one another: in "next Wednesday or Thursday" the second is next week's."""
    settled: list[Piece] = []
    for piece in days:
        before = settled[-1] if settled else piece
        if before.last is not None and piece.last is not None and piece.last < before.last:
            if before.other is not None and before.other.last is not None and before.other.last <= piece.last:
                settled[-1] = replace(before.other, ambiguous=False)
            elif piece.weekday:
                day = piece.last + timedelta(weeks=1 + (before.last - piece.last).days // 7)
                piece = replace(piece, first=day, last=day, other=None)
        settled.append(piece)
    return settled


def _by_the_clock(clock: Piece, part: Part | None, day: date | None, now: Now, words: str, unsure: bool) -> Due | None:
    """At a clock time: of the day named, or else the next time the clock shows it."""
    assert clock.clock is not None
    wall, other_at = clock.clock, None
    if clock.bare_hour and part is None and clock.clock_from is None:
        due_at, other_at = _at_bare_hour(clock, day, now)
    else:
        if clock.bare_hour and part in {Part.AFTERNOON, Part.EVENING, Part.NIGHT} and wall.hour < 12:
            wall = wall.replace(hour=wall.hour + 12)
        elif clock.bare_hour and part is Part.MORNING and wall.hour > 12:
            wall = wall.replace(hour=wall.hour - 12)
        due_at = instant(now.hours, day or now.today, wall, clock.zone)
        if due_at < now.at and day is None:
            due_at = instant(now.hours, now.today + ONE_DAY, wall, clock.zone)
    window = None
    if clock.clock_from is not None:
        begins = clock.clock_from
        if wall != clock.clock and begins.hour < 12:
            begins = begins.replace(hour=begins.hour + 12)
        window = instant(now.hours, now.hours.day_of(due_at), begins, clock.zone)
        window = window if window <= due_at else None
    return Due(due_at, window, words, unsure or other_at is not None, False, other_at)


def _at_bare_hour(clock: Piece, day: date | None, now: Now) -> tuple[datetime, datetime | None]:
    """ "At 7": the morning's or the evening's, whichever we are open at, or else comes first; and the other one."""
    assert clock.clock is not None
    half = clock.clock.replace(hour=clock.clock.hour % 12)
    wakes, sleeps = AWAKE if now.hours.is_open(now.at) else (AWAKE[0], time.max)
    readings: list[datetime] = []
    for on in (day,) if day else (now.today, now.today + ONE_DAY):
        for wall in (half, half.replace(hour=half.hour + 12)):
            due_at = instant(now.hours, on, wall, clock.zone)
            if due_at >= now.at and len(readings) < 2:
                readings.append(due_at)
    if not readings:
        return instant(now.hours, day or now.today, clock.clock, clock.zone), None
    awake = [due_at for due_at in readings if wakes <= now.hours.local(due_at).time() <= sleeps] or readings[:1]
    chosen = awake[0]
    if day is not None or sleeps == AWAKE[1]:  # who writes after hours may well mean after hours
        chosen = next((due_at for due_at in awake if _is_open_until(now, due_at)), chosen)
    return chosen, next((due_at for due_at in awake if due_at != chosen), None)


def _is_open_until(now: Now, at: datetime) -> bool:
    """Is the company open then, or just closing?"""
    return now.hours.is_open(at) or now.hours.is_open(at - ONE_SECOND)


def _by_the_part(part: Part, day: date | None, now: Now, words: str, unsure: bool) -> Due | None:
    """By the end of a part of the day named, or else of the next day on which it is not over."""
    on = day or now.today
    hours = now.hours
    starts, ends = hours.start_of_day(on), hours.end_of_day(on)
    if part is Part.CLOSE:
        due_at, window = ends, None
    elif part is Part.FIRST_THING:
        due_at, window = starts + timedelta(hours=1), starts
        if not hours.is_working_day(on):
            due_at, window = hours.instant(on, time(10)), None
    elif part is Part.NIGHT:
        due_at, window = hours.instant(on, time(23, 59, 59)), None
    elif part is Part.AFTERNOON:
        noon, six = hours.instant(on, MORNING_ENDS), hours.instant(on, AFTERNOON_ENDS)
        due_at, window = (min(ends, six) if ends > noon else six), noon
    else:
        wall = {Part.EVENING: EVENING_ENDS, Part.LUNCH: LUNCH_ENDS}.get(part, MORNING_ENDS)
        due_at, window = hours.instant(on, wall), None
    other_at = None
    if due_at <= now.at and on == now.today:
        if part in {Part.NOON, Part.LUNCH, Part.MORNING}:
            return _by_the_part(part, on + ONE_DAY, now, words, unsure) if day is None else None
        if part is Part.CLOSE and day is None:
            other_at = hours.end_of_day(hours.add_working_days(on, 1))
        due_at, unsure = _last_second(now), True
    window = window if window is None or window > now.at else None
    return Due(due_at, window, words, unsure, part is Part.CLOSE, other_at)


def _last_second(now: Now) -> datetime:
    return now.hours.instant(now.today + ONE_DAY, time.min) - timedelta(seconds=1)

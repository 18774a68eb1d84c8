"""By when: the deadlines written in a sentence, as instants.

The grammar of a language knows small pieces (a day, a part of the day, a clock time, a span of time, a period such as "next week")
and joins neighbours: "Tuesday 17 March before 6pm" is three pieces and one deadline. Each pattern is a regular
expression without nested repetition, so reading takes time in proportion to the text.

Days and clock times are read on the wall clock of the company's calendar; every instant handed back is in UTC and
later than the moment of writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from troth.reading.days import Now
from troth.reading.english_dates import ENGLISH
from troth.reading.found import Due, FoundDue
from troth.reading.pieces import Grammar, Part, Piece, What, pieces_in
from troth.reading.zones import instant
from troth.words.hours import ONE_DAY, Hours

# What a part of the day ends with, wall clock. The end of an afternoon is closing time, where there is one.
MORNING_ENDS, LUNCH_ENDS, AFTERNOON_ENDS, EVENING_ENDS = time(12), time(13), time(18), time(22)


def find_dues(text: str, *, at: datetime, hours: Hours, grammar: Grammar = ENGLISH) -> tuple[FoundDue, ...]:
    """Every deadline in *text*, written at the instant *at*, in the order of the text."""
    if not grammar.trigger.search(text):
        return ()
    now = Now(at=at.astimezone(UTC), local=hours.local(at), hours=hours)
    found = []
    for group in _groups(text, pieces_in(text, now, grammar), grammar):
        start, end = group[0].start, group[-1].end
        due = _resolve(group, now, _words(text[start:end]))
        if due is not None and due.at >= now.at:
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
    if len(between) > 30:
        return False
    if grammar.either.match(between):
        return piece.what == group[-1].what == What.DAY or (
            piece.what is What.DAY and group[-1].what is What.PART and any(p.what is What.DAY for p in group)
        )
    if not grammar.glue.match(between):
        return False
    return not (piece.what is What.WHOLE or any(p.what in {What.WHOLE, piece.what} for p in group)) or (
        # "Friday, 1 February": the date says which Friday.  "first thing in the morning": one part says the other.
        piece.what is What.DAY and group[-1].what is What.DAY and group[-1].weekday
    )


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
        return _by_the_part(inner, day, first, now, words, unsure)
    if day is None:
        return None
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
        return piece.last, None, piece.ambiguous and not agrees
    ends = [piece.last for piece in days if piece.last is not None]
    if not ends:
        return None, None, False
    return max(ends), min(piece.first or max(ends) for piece in days), any(piece.ambiguous for piece in days)


def _by_the_clock(clock: Piece, part: Part | None, day: date | None, now: Now, words: str, unsure: bool) -> Due | None:
    assert clock.clock is not None
    wall = clock.clock
    if clock.bare_hour and part in {Part.AFTERNOON, Part.EVENING, Part.NIGHT} and wall.hour < 12:
        wall = wall.replace(hour=wall.hour + 12)
    elif clock.bare_hour and part is Part.MORNING and wall.hour > 12:
        wall = wall.replace(hour=wall.hour - 12)
    on = day or now.today
    due_at = instant(now.hours, on, wall, clock.zone)
    if due_at < now.at and day is None:
        later = instant(now.hours, on, wall.replace(hour=wall.hour + 12), clock.zone) if wall.hour < 12 else due_at
        if clock.bare_hour and now.at < later <= now.hours.end_of_day(on):
            due_at = later
        if due_at < now.at:
            on, unsure = on + ONE_DAY, True
            due_at = instant(now.hours, on, wall, clock.zone)
    window = instant(now.hours, on, clock.clock_from, clock.zone) if clock.clock_from else None
    return Due(due_at, window, words, unsure, False)


def _by_the_part(part: Part, day: date | None, first: date | None, now: Now, words: str, unsure: bool) -> Due | None:
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
    if due_at <= now.at and on == now.today:
        if day is None and part in {Part.NOON, Part.LUNCH, Part.MORNING}:
            return _by_the_part(part, on + ONE_DAY, None, now, words, True)
        due_at, unsure = _last_second(now), True
    window = window if window is None or window > now.at else None
    return Due(due_at, window, words, unsure, part is Part.CLOSE)


def _last_second(now: Now) -> datetime:
    return now.hours.instant(now.today + ONE_DAY, time.min) - timedelta(seconds=1)

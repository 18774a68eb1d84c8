"""English parts of the day: "this afternoon", "first thing", "by lunchtime", "end of play", "EOD"."""

from __future__ import annotations

from troth.reading.english_words import BUSINESS, PARTS, SHORT_WEEKDAYS, TOMORROW, WEEKDAYS
from troth.reading.pieces import Part, What
from troth.reading.tokens import Found, Words
from troth.words.hours import ONE_DAY

_LEADS = {"by", "before", "in", "at", "around", "over", "during", "until", "till", "about"}
_NEVER = {"good", "last", "yesterday", "other", "previous", "every", "each", "all", "per", "monthly"}
_ABBREVIATED = {"eod", "cob", "cop", "eob"}
_ENDS = {"day", "play", "business", "shift", "today", "trading", "work"}


def part(w: Words, i: int) -> Found:
    """A part of the day named with one word, and what leads to it."""
    words, today = w.words, w.now.today
    part, j = PARTS[words[i]], i + 1
    start = i
    if words[start - 1] == "-" and words[start - 2] == "mid":
        start -= 2
    elif words[start - 1] in {"early", "late", "later", "mid"}:
        start -= 1
    elif words[start - 1] == "of" and words[start - 2] in {"middle", "end"} and words[i] != "night":
        start -= 2
    early = start
    before = words[start - 1] if start > w.floor else ""
    if before in _NEVER or before == "earlier" or words[j] in {"'", "’"}:
        return None
    if before == "this":
        start -= 1 + (words[start - 2] == "later")
        start -= words[start - 1] in {"by", "before"} and start > w.floor
        if words[early - 2] in {"earlier"}:
            return None
        return w.piece(start, j, What.PART, first=today, last=today, part=part), j
    start -= before == "the" and start > w.floor
    lead = words[start - 1] if start > w.floor else ""
    if words[i] in {"noon", "midday", "midnight"} and before == "12":
        start -= 1
        lead = words[start - 1]
    if lead in {"since", "from", "of"} or (before == "the" and lead not in _LEADS):
        return None
    if lead in _LEADS:
        start -= 1
    alone = lead in _LEADS or early < i
    day = None
    if part is Part.MORNING and lead in _LEADS:
        day = today + ONE_DAY if w.now.hours.start_of_day(today) <= w.now.at else today
    return w.piece(max(start, w.floor), j, What.PART, first=day, last=day, part=part, alone=alone), j


def first_thing(w: Words, i: int) -> Found:
    """ "First thing (in the morning)", "last thing today"."""
    words, now = w.words, w.now
    if words[i + 1] != "thing":
        return None
    if words[i] == "last":
        return w.piece(i, i + 2, What.PART, part=Part.CLOSE), i + 2
    j = i + 2
    if words[j : j + 3] == ["in", "the", "morning"]:
        j += 3
    day = now.today + ONE_DAY if now.hours.start_of_day(now.today) <= now.at else now.today
    return w.piece(i, j, What.PART, first=day, last=day, part=Part.FIRST_THING), j


def close(w: Words, i: int) -> Found:
    """ "End of play", "the close of business", "closing time", "EOD"."""
    words = w.words
    start = i - (words[i - 1] == "the" and i > w.floor)
    start -= words[start - 1] in {"by", "before", "at", "until", "till"} and start > w.floor
    if words[i] in _ABBREVIATED:
        j = i + 1
    elif words[i] in {"closing", "close"} and words[i + 1] == "time":
        j = i + 2
    elif words[i] in {"end", "close"} and words[i + 1] == "of":
        j = i + 2 + (words[i + 2] in {"the", "this", "our", "my"})
        if words[j] in BUSINESS and words[j + 1] in {"day", "hours", "shift"}:
            j += 2
        elif words[j] == "business" or words[j] in _ENDS - {"today"}:
            j += 1
        elif words[j] in TOMORROW or words[j] == "today" or words[j] in WEEKDAYS or words[j] in SHORT_WEEKDAYS:
            pass
        else:
            return None
    else:
        return None
    return w.piece(start, j, What.PART, part=Part.CLOSE), j


def am_pm(w: Words, i: int) -> Found:
    """ "Friday am", "tomorrow pm": a half of the day, said of a day."""
    if w.touches(i):
        return None
    half = Part.MORNING if w.words[i] == "am" else Part.AFTERNOON
    return w.piece(i, i + 1, What.PART, part=half, alone=False), i + 1

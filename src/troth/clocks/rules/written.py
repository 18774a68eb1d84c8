"""Targets as people write them: "4 hours", "90 min", "2 working days", "8 weeks"; pure.

Hours and minutes are those in which the company is open, unless the words say "round the clock"; days are working days, unless
they say "calendar"; weeks are calendar weeks.
"""

from __future__ import annotations

import re

from troth.clocks.rules.length import Length, NotALength
from troth.words.clocks import Measure

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800
_UNITS = {
    "m": _MINUTE, "min": _MINUTE, "mins": _MINUTE, "minute": _MINUTE, "minutes": _MINUTE,
    "h": _HOUR, "hr": _HOUR, "hrs": _HOUR, "hour": _HOUR, "hours": _HOUR,
    "d": _DAY, "day": _DAY, "days": _DAY,
    "w": _WEEK, "week": _WEEK, "weeks": _WEEK,
}  # fmt: skip
_WRITTEN = re.compile(
    r"(?P<amount>\d{1,5}(?:\.\d{1,2})?)\s*(?P<how>working|business|calendar)?\s*(?P<unit>[a-z]+)"
    r"(?P<always>\s*,?\s*round the clock)?",
    re.IGNORECASE,
)


def read_length(text: str) -> Length | None:
    """The length that was written; None for nothing, which asks for nothing. Raises NotALength."""
    if not (written := " ".join(text.split())):
        return None
    found = _WRITTEN.fullmatch(written)
    unit = _UNITS.get(found["unit"].lower()) if found else None
    if found is None or unit is None:
        raise NotALength(f"“{text}” is no length. Write 4 hours, 2 working days or 8 weeks.")
    how = (found["how"] or "").lower()
    amount = float(found["amount"])
    if unit == _DAY and how != "calendar" and not found["always"]:
        if amount != int(amount):
            raise NotALength("Working days are whole ones.")
        return Length(Measure.WORKING_DAYS, int(amount))
    counts_always = how == "calendar" or bool(found["always"]) or (unit == _WEEK and not how)
    if unit == _WEEK and not counts_always:
        raise NotALength("Write working weeks as working days: 10 working days.")
    return Length(Measure.CALENDAR if counts_always else Measure.WORKING_TIME, round(amount * unit))


def write_length(length: Length | None) -> str:
    """The same the other way, in English as it is read; "" for None."""
    if length is None:
        return ""
    if length.measure is Measure.WORKING_DAYS:
        return f"{length.amount} working {_plural('day', length.amount)}"
    always = length.measure is Measure.CALENDAR
    for unit, name in ((_WEEK, "week"), (_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if length.amount % unit == 0 and (always or unit <= _HOUR):
            count = length.amount // unit
            words = f"{count} {_plural(name, count)}"
            if always and unit == _DAY:
                return f"{count} calendar {_plural(name, count)}"
            return f"{words} round the clock" if always and unit < _DAY else words
    minutes = f"{length.amount / _MINUTE:.2f}".rstrip("0").rstrip(".")
    return f"{minutes} minutes round the clock" if always else f"{minutes} minutes"


def _plural(name: str, count: int) -> str:
    return name if count == 1 else f"{name}s"

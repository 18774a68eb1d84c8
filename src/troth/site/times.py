"""Times in words: every moment shown with its zone, beside how far away it is.

Pure: a moment, a zone and now go in, words come out. Weekdays, months and counted words follow the active language.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_words
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


#: From here on months and years say more than days; such words no longer tick in the browser.
FAR_DAYS = 60


def absolute(moment: datetime, *, zone: str, now: datetime) -> str:
    """`Thu 26 Nov, 17:00 GMT`; with the year when it is not this one."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), today=now.astimezone(ZoneInfo(zone)).date())}, {clock(moment, zone=zone)}"


def clock(moment: datetime, *, zone: str) -> str:
    """`17:00 GMT`: the time of day, never without its zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.hour:02}:{local.minute:02} {zone_words(local)}"


def day(on: date, *, today: date | None = None) -> str:
    """`Thu 26 Nov`; with the year when it is not the year of *today*."""
    return _day(on, today is not None and on.year != today.year, get_language())


@lru_cache(maxsize=2048)
def _day(on: date, with_year: bool, language: str | None) -> str:
    """Kept, for the rows of a list name the same few days."""
    return str(date_words(on, "D j M Y" if with_year else "D j M"))


def relative(moment: datetime, *, now: datetime) -> str:
    """`in 40 min`, `3 h ago`, `now`: in the one unit that matters at this distance."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < MINUTE:
        return _("now")
    return _away(*_one_unit(abs(seconds)), seconds > 0, get_language())


@lru_cache(maxsize=2048)
def _away(unit: str, count: int, ahead: bool, language: str | None) -> str:
    words = UNITS[unit](count)
    return (_("in %(span)s") if ahead else _("%(span)s ago")) % {"span": words}


def span(length: timedelta) -> str:
    """`40 min`, `2 h 10 min`, `3 days`: how long something took or may take."""
    seconds = int(abs(length.total_seconds()))
    if seconds < MINUTE:
        return _("under a minute")
    if seconds < DAY:
        hours, minutes = divmod(seconds // MINUTE, 60)
        parts = [_hours(hours)] if hours else []
        if minutes or not hours:
            parts.append(_minutes(minutes))
        return " ".join(parts)
    return _days(round(seconds / DAY))


def zone_words(local: datetime) -> str:
    """`GMT`, `CET`; a zone without a name of its own is given as `UTC+3` or `UTC+5:30`."""
    name = local.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    offset = local.utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // MINUTE, 60)
    return f"UTC{name[0]}{hours}" + (f":{minutes:02d}" if minutes else "")


def _one_unit(seconds: float) -> tuple[str, int]:
    if seconds < HOUR:
        return "minutes", int(seconds // MINUTE)
    # Tomorrow night is not "in 2 days": within two days the hours are told.
    if seconds < 2 * DAY:
        return "hours", round(seconds / HOUR)
    days = round(seconds / DAY)
    if days < FAR_DAYS:
        return "days", days
    months = round(days / 30.44)
    return ("months", months) if months < 24 else ("years", round(days / 365.25))


def _minutes(count: int) -> str:
    return ngettext("%(count)s min", "%(count)s min", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)s h", "%(count)s h", count) % {"count": count}


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _months(count: int) -> str:
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": count}


def _years(count: int) -> str:
    return ngettext("%(count)s year", "%(count)s years", count) % {"count": count}


UNITS = {"minutes": _minutes, "hours": _hours, "days": _days, "months": _months, "years": _years}

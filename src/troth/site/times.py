"""Times in words: every moment shown with its zone, beside how far away it is.

Pure: a moment, a zone and now go in, words come out. Weekdays, months and counted words follow the active language.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_words
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    return f"{local:%H:%M} {zone_words(local)}"


def day(on: date, *, today: date | None = None) -> str:
    """`Thu 26 Nov`; with the year when it is not the year of *today*."""
    pattern = "D j M" if today is None or on.year == today.year else "D j M Y"
    return str(date_words(on, pattern))


def relative(moment: datetime, *, now: datetime) -> str:
    """`in 40 min`, `3 h ago`, `now`: in the one unit that matters at this distance."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < MINUTE:
        return _("now")
    words = _one_unit(abs(seconds))
    if seconds > 0:
        return _("in %(span)s") % {"span": words}
    return _("%(span)s ago") % {"span": words}


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


def _one_unit(seconds: float) -> str:
    if seconds < HOUR:
        return _minutes(int(seconds // MINUTE))
    # Tomorrow night is not "in 2 days": within two days the hours are told.
    if seconds < 2 * DAY:
        return _hours(round(seconds / HOUR))
    days = round(seconds / DAY)
    if days < FAR_DAYS:
        return _days(days)
    months = round(days / 30.44)
    if months < 24:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    years = round(days / 365.25)
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


def _minutes(count: int) -> str:
    return ngettext("%(count)s min", "%(count)s min", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)s h", "%(count)s h", count) % {"count": count}


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}

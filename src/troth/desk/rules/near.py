"""How near what must be said is; it decides the part of Today a row stands in."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Nearness(StrEnum):
    """How near a moment is: the four parts of Today."""

    OVERDUE = "overdue"
    NEXT_HOUR = "next-hour"
    TODAY = "today"
    LATER = "later"


def nearness(moment: datetime, *, zone: str, now: datetime) -> Nearness:
    """Which part of Today a moment belongs to; the day ends where the reader's day ends."""
    if moment <= now:
        return Nearness.OVERDUE
    if moment <= now + timedelta(hours=1):
        return Nearness.NEXT_HOUR
    if moment.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date():
        return Nearness.TODAY
    return Nearness.LATER

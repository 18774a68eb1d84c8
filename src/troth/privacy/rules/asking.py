"""By when a request is answered, and how long the company may be let to look for what it holds."""

from __future__ import annotations

import calendar
from datetime import datetime
from zoneinfo import ZoneInfo


def answer_by(asked_at: datetime, *, zone: str) -> datetime:
    """One month on (GDPR 12(3)), at the end of that day where the company is.

    The day with the same number, or the month's last where it has none (Regulation 1182/71, Article 3(2)(c)).
    """
    local = asked_at.astimezone(ZoneInfo(zone))
    year, month = (local.year, local.month + 1) if local.month < 12 else (local.year + 1, 1)
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day, hour=23, minute=59, second=0, microsecond=0)

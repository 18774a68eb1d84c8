"""timefhuman."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any

from serve import Message, clock, place, serve
from timefhuman import tfhConfig, timefhuman


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [dates(each) for each in messages]


def dates(message: Message) -> list[Any]:
    now = clock(message)
    found = timefhuman(message["text"], config=tfhConfig(now=now, return_matched_text=True))
    places = [(start, end, moment(value, now)) for _, (start, end), value in found]
    return [place(start, end, due, message) for start, end, due in places if due]


def moment(value: Any, now: datetime) -> datetime | None:
    """What it gives: a moment, a day, a time, a span from now, or two of these for a range."""
    if isinstance(value, (tuple, list)):
        return moment(value[-1], now) if value else None
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, time):
        return datetime.combine(now.date(), value)
    return now + value if isinstance(value, timedelta) else None


serve(answer, version=version("timefhuman"))

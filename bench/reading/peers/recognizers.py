"""Microsoft's recognizers-text."""

from __future__ import annotations

import warnings
from datetime import datetime, time, timedelta
from importlib.metadata import version
from typing import Any

warnings.simplefilter("ignore")
from recognizers_date_time import Culture, recognize_datetime  # noqa: E402 - it warns while it is loaded
from serve import Message, clock, end_of, place, serve  # noqa: E402


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [dates(each) for each in messages]


def dates(message: Message) -> list[Any]:
    now = clock(message)
    found = recognize_datetime(message["text"], Culture.English, reference=now)
    places = [(each.start, each.end + 1, dues_of(each.resolution, now)) for each in found]
    return [place(start, end, dues, message) for start, end, dues in places if dues]


def dues_of(resolution: dict[str, Any] | None, now: datetime) -> list[datetime]:
    """The first of its readings that is not past: a moment, the end of a range, a span from now."""
    readings = [dues for value in (resolution or {}).get("values", []) if (dues := moments(value, now))]
    return next((dues for dues in readings if dues[0].date() >= now.date()), readings[-1] if readings else [])


def moments(value: dict[str, str], now: datetime) -> list[datetime]:
    kind, said = value.get("type", ""), value.get("end") or value.get("value") or value.get("start") or ""
    try:
        if kind == "duration":
            return [now + timedelta(seconds=float(said))]
        if kind in ("time", "timerange"):
            at = datetime.combine(now.date(), time.fromisoformat(said))
            return [at if at >= now else at + timedelta(days=1)]
        return end_of(datetime.fromisoformat(said)) if "end" in value else [datetime.fromisoformat(said)]
    except (ValueError, OverflowError):
        return []


serve(answer, version=version("recognizers-text-date-time"))

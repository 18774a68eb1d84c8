"""Duckling, in this process."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from duckling import (
    Context,
    default_locale_lang,
    load_time_zones,
    parse,
    parse_dimensions,
    parse_lang,
    parse_locale,
    parse_ref_time,
)
from serve import Message, clock, end_of, place, serve

ZONES = load_time_zones("/usr/share/zoneinfo")
DIMENSIONS = parse_dimensions(["time", "duration"])
ENGLISH = default_locale_lang(parse_lang("EN"))


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [dates(each) for each in messages]


def dates(message: Message) -> list[Any]:
    at = int(datetime.fromisoformat(message["at"]).timestamp())
    locale = parse_locale("EN_US" if message["tz"].startswith("America") else "EN_GB", ENGLISH)
    found = parse(message["text"], Context(parse_ref_time(ZONES, message["tz"], at), locale), DIMENSIONS, False)
    return [place(each["start"], each["end"], dues_of(each, clock(message)), message) for each in found]


def dues_of(found: dict[str, Any], now: datetime) -> list[datetime]:
    """A moment; the end of an interval; the last day of a week, a month; a span from now."""
    value = found["value"]
    if found["dim"] == "duration":
        return [now + timedelta(seconds=value["normalized"]["value"])]
    if value.get("type") == "value":
        due = datetime.fromisoformat(value["value"])
        return [due, due + DAYS[value["grain"]]] if value["grain"] in DAYS else [due]
    if end := value.get("to"):
        return end_of(datetime.fromisoformat(end["value"]))
    return [datetime.fromisoformat(value["from"]["value"])]


DAYS = {
    "week": timedelta(days=6),
    "month": timedelta(days=27),
    "quarter": timedelta(days=89),
    "year": timedelta(days=364),
}

serve(answer, version=version("pyduckling-native-phihos"))

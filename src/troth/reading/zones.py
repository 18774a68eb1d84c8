"""Time zones as people write them behind a clock time: "17:00 (CET)", "5pm GMT", "12:30 (-03)"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from troth.words.hours import Hours

_OFFSETS = {
    name: timedelta(hours=hours)
    for hours, names in {
        -10: "HST", -9: "AKST", -8: "PST AKDT", -7: "MST PDT", -6: "CST MDT", -5: "EST CDT", -4: "EDT AST", -3: "ADT",
        0: "UTC GMT WET", 1: "CET BST WEST", 2: "CEST EET SAST", 3: "EEST MSK", 5: "PKT", 8: "SGT HKT AWST",
        9: "JST KST", 9.5: "ACST", 10: "AEST", 10.5: "ACDT", 11: "AEDT", 12: "NZST", 13: "NZDT",
    }.items()
    for name in names.split()
}  # fmt: skip
"""What a name means where the company's own zone has no such name. Names of several meanings (IST) stand for none."""

_PLACES = {
    "ET": "America/New_York", "EASTERN": "America/New_York", "CT": "America/Chicago", "CENTRAL": "America/Chicago",
    "MT": "America/Denver", "MOUNTAIN": "America/Denver", "PT": "America/Los_Angeles", "PACIFIC": "America/Los_Angeles",
    "UK": "Europe/London", "LONDON": "Europe/London",
}  # fmt: skip
"""Clocks that are called the same in winter and in summer."""

_BRACKETED = re.compile(r"\s?\(\s?(?P<zone>[A-Z]{2,5}|ChST|[+-]\d\d(?:[0-5]\d)?)\s?\)")
_BARE = re.compile(
    r"\s(?P<zone>(?:UTC|GMT)[+-]\d{1,2}(?::?[0-5]\d)?\b|[A-Z]{3,4}\b|[ECMP]T\b|(?:UK|London)(?=\stime)|"
    r"Eastern\b|Central\b|Mountain\b|Pacific\b)(?:\s(?:standard\s|daylight\s)?time\b)?",
)


def zone_at(text: str, place: int, hours: Hours) -> tuple[str, int]:
    """The zone written at *place* and where it ends; "" and *place* where there is none, or it changes nothing.

    In brackets a name is meant exactly. Without them people say "5pm EST" all year, and mean their own clocks.
    """
    own = _names(hours.zone)
    found = _BRACKETED.match(text, place)
    if found and (found["zone"] in own or _offset(found["zone"]) is not None):
        return found["zone"], found.end()
    found = _BARE.match(text, place)
    if found and found["zone"] in own:
        return "", found.end()
    if found and (found["zone"].upper() in _PLACES or _offset(found["zone"]) is not None):
        return found["zone"], found.end()
    return "", place


def instant(hours: Hours, day: date, clock: time, zone: str) -> datetime:
    """When the clocks of *zone*, or where it is "" those of the company, show *clock* on *day*; in UTC."""
    if not zone:
        return hours.instant(day, clock)
    there = datetime.combine(day, clock, tzinfo=ZoneInfo(_PLACES.get(zone.upper(), hours.zone)))
    if zone.upper() in _PLACES:
        return there.astimezone(UTC)
    for fold in (0, 1):  # in autumn an hour comes twice, and only the name tells which is meant
        if there.replace(fold=fold).tzname() == zone:
            return there.replace(fold=fold).astimezone(UTC)
    offset = _offset(zone)
    return there.replace(tzinfo=timezone(offset)).astimezone(UTC) if offset is not None else hours.instant(day, clock)


def _offset(zone: str) -> timedelta | None:
    zone = zone[3:] if zone[:3] in {"UTC", "GMT"} and len(zone) > 3 else zone
    if zone[0] in "+-":
        hours, _, minutes = (zone[1:] if ":" in zone else f"{zone[1:3]}:{zone[3:]}").partition(":")
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return (-span if zone[0] == "-" else span) if span < timedelta(hours=24) else None
    return _OFFSETS.get(zone)


@lru_cache(maxsize=256)
def _names(zone: str) -> frozenset[str]:
    """What the clocks of *zone* are called in winter and in summer."""
    return frozenset(
        name for month in (1, 7) if (name := datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).tzname()) is not None
    )

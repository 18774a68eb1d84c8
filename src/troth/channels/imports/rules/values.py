"""Values out of other desks' exports, each read leniently or refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from troth.channels.imports.rules.lines import clean
from troth.channels.imports.rules.ticket import NotATicket, Plain

#: Of one value in the note about where a ticket came from.
SHOWN_MOST = 2_000
_FORMATS = (
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S UTC",
    "%Y/%m/%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y",
    "%Y/%m/%d %H:%M",
    "%b %d, %Y %I:%M %p",
    "%d %b %Y %H:%M",
)
#: From here on a number counts milliseconds: seconds would be in the year 5138.
_MILLIS_FROM = 100_000_000_000


def text(plain: Mapping[str, object], *names: str) -> str:
    """The first of these that holds anything, as text."""
    for name in names:
        value = plain.get(name)
        if isinstance(value, str) and value.strip():
            return clean(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def line(plain: Mapping[str, object], *names: str) -> str:
    """The same on one line."""
    return " ".join(text(plain, *names).split())


def number(plain: Mapping[str, object], *names: str) -> str:
    """An id: a whole number, or a short word."""
    for name in names:
        value = plain.get(name)
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, str) and value.strip():
            return clean(value.strip())[:200]
    return ""


def inner(plain: Mapping[str, object], name: str) -> Plain:
    """The object under *name*; empty where there is none."""
    value = plain.get(name)
    return value if isinstance(value, dict) else {}


def each(plain: Mapping[str, object], name: str) -> list[Plain]:
    """The objects in the list under *name*."""
    value = plain.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def words(plain: Mapping[str, object], name: str, *within: str) -> tuple[str, ...]:
    """A list of words, a list of objects that hold each word under one of *within*, or words with commas between."""
    value = plain.get(name)
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    found = [line(one, *within) if isinstance(one, dict) else clean(str(one)).strip() for one in value]
    return tuple(dict.fromkeys(word for word in found if word))


def moment(plain: Mapping[str, object], *names: str, zone: str = "UTC") -> datetime | None:
    """The first of these that is a time; None where none of them holds anything. Raises NotATicket where it is no time."""
    for name in names:
        value = plain.get(name)
        if value in (None, "", 0, "0", "-"):
            continue
        return _moment(value, name, zone=zone)
    return None


def at(plain: Mapping[str, object], *names: str, zone: str = "UTC") -> datetime:
    found = moment(plain, *names, zone=zone)
    if found is None:
        raise NotATicket(f"it does not say when it was ({' or '.join(names)})")
    return found


def _moment(value: object, name: str, *, zone: str) -> datetime:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if value >= _MILLIS_FROM else value
            return datetime.fromtimestamp(seconds, UTC)
        said = str(value).strip()
        if said.isdecimal() and len(said) in {10, 13}:
            return datetime.fromtimestamp(int(said) / (1000 if len(said) == 13 else 1), UTC)
        found = _read(said)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        shown = str(value)[:40]
        raise NotATicket(f'"{name}" is {shown!r}, which is no time') from None


def _read(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        pass
    for format_ in _FORMATS:
        try:
            found = datetime.strptime(said, format_)  # noqa: DTZ007 -- the caller puts the zone
            return found.replace(tzinfo=UTC) if said.endswith(" UTC") else found
        except ValueError:
            continue
    return parsedate_to_datetime(said)


def named(names: str) -> frozenset[str]:
    """The names in a text with spaces between."""
    return frozenset(names.split())


def is_yes(value: object) -> bool:
    return (
        value is True or (isinstance(value, int) and value == 1) or str(value).strip().lower() in {"true", "yes", "1"}
    )


def left_over(plain: Mapping[str, object], known: frozenset[str], *, prefix: str = "") -> tuple[tuple[str, str], ...]:
    """What is under none of the *known* names and holds anything."""
    return tuple(
        (clean(f"{prefix}{name}"), shown(value)) for name, value in plain.items() if name not in known and _holds(value)
    )


def stays(plain: Mapping[str, object], taken: frozenset[str], *, prefix: str = "") -> tuple[str, ...]:
    """The names of what holds anything and is not *taken*."""
    return tuple(clean(f"{prefix}{name}") for name, value in plain.items() if name not in taken and _holds(value))


def stays_behind(plain: Mapping[str, object], names: frozenset[str]) -> tuple[str, ...]:
    """Those of *names* that hold anything."""
    return tuple(name for name in names & plain.keys() if _holds(plain[name]))


def _holds(value: object) -> bool:
    return value not in (None, "", [], {}, False)


def shown(value: object) -> str:
    """A value of any kind, short enough for a note."""
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    said = clean(" ".join(said.split()))
    return said if len(said) <= SHOWN_MOST else f"{said[:SHOWN_MOST]}…"


def noted(pairs: Iterable[tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    """Names and values for the note, without those that hold nothing."""
    return tuple((clean(name), shown(value)) for name, value in pairs if _holds(value))

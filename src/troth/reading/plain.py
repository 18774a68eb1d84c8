"""A reading as plain values for JSON, the shape that docs/formats/reading.md explains field by field.

Every field of `found.py` comes out under its own name, so a field added there is written from then on. Three things
are put more handily: a place is ``[start, end]``, an instant is RFC 3339 in UTC, and a finding brings its words along.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from troth.reading.found import Finding, FoundPromise, Reading

CONFIDENCE_DIGITS = 4


def to_plain(found: Reading, text: str, *, embedding: bool = False) -> dict[str, Any]:
    """What was *found* in *text*; the *embedding*, a few hundred numbers, only if it is asked for."""
    plain: dict[str, Any] = _plain(found, text)
    if embedding:
        plain["embedding"] = [float(number) for number in found.embedding]
    return plain


def _plain(value: Any, text: str) -> Any:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return round(float(value), CONFIDENCE_DIGITS)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple | list):
        return [_plain(item, text) for item in value]
    return _object(value, text)


def _object(value: Any, text: str) -> dict[str, Any]:
    plain = {name: _plain(getattr(value, name), text) for name in _names(value)}
    if isinstance(value, Finding):
        plain["words"] = [text[start:end] for start, end in value.spans]
    elif isinstance(value, FoundPromise):
        plain["bond"] = value.bond.value
    if "start" in plain and "end" in plain:
        plain["span"] = [plain.pop("start"), plain.pop("end")]
    return plain


def _names(value: Any) -> list[str]:
    return [field.name for field in fields(value) if field.name != "embedding"]

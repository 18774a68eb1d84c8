"""A reading as plain values for JSON, the shape that docs/formats/reading.md explains field by field.

Every field of `found.py` comes out under its own name, so a field added there is written from then on. Three things
are put more handily: a place is ``[start, end]``, an instant is RFC 3339 in UTC, and a finding brings its words along.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from troth.reading.found import Finding, FoundPromise, Reading, Span

CONFIDENCE_DIGITS = 4


def to_plain(found: Reading, text: str, *, embedding: bool = False) -> dict[str, Any]:
    """What was *found* in *text*; the *embedding*, a few hundred numbers, only if it is asked for."""
    plain: dict[str, Any] = _plain(found, text)
    if embedding:
        plain["embedding"] = [float(number) for number in found.embedding]
    return plain


def _plain(value: Any, text: str) -> Any:
    kind = type(value)
    if value is None or kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list or kind is Span:
        return [_plain(item, text) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(float(value), CONFIDENCE_DIGITS)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return _object(value, text)


def _object(value: Any, text: str) -> dict[str, Any]:
    kind = type(value)
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(value) if field.name != "embedding")
    plain = {name: _plain(getattr(value, name), text) for name in _NAMES[kind]}
    if kind is Finding:
        plain["words"] = [text[start:end] for start, end in value.spans]
    elif kind is FoundPromise:
        plain["bond"] = value.bond.value
    if "start" in plain and "end" in plain:
        plain["span"] = [plain.pop("start"), plain.pop("end")]
    return plain


_AS_THEY_ARE = frozenset({str, int, bool})
_NAMES: dict[type, tuple[str, ...]] = {}
"""The fields of each kind of thing, asked for once."""

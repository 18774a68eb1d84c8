"""What staff say of a reading: the fields they can correct, what each may be, and what then counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from troth.reading import Finding, Reading
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency
from troth.words.remedies import Remedy


class Field(StrEnum):
    """What of a reading can be corrected. Whether it is a complaint follows from its kind."""

    EMOTIONS = "emotions"
    KIND = "kind"
    CAUSES = "causes"
    URGENCY = "urgency"
    REMEDIES = "remedies"


WORDS: dict[Field, type[StrEnum]] = {
    Field.EMOTIONS: Emotion,
    Field.KIND: Kind,
    Field.CAUSES: Cause,
    Field.URGENCY: Urgency,
    Field.REMEDIES: Remedy,
}
#: Of these a message has exactly one; of the others none, or several.
ALWAYS_ONE = frozenset({Field.KIND, Field.URGENCY})
CAUSES_MAX = 2

Values = tuple[str, ...]


class NotAValue(ValueError):
    """A field of a reading cannot have this value."""


def sound(field: Field, values: Iterable[str]) -> Values:
    """The values as they are kept: none twice, in the order of their list, of causes the main one first. Raises NotAValue."""
    given = list(dict.fromkeys(values))
    known = [word.value for word in WORDS[field]]
    if unknown := [value for value in given if value not in known]:
        raise NotAValue(f"{field} cannot be {unknown[0]}; it is one of: {', '.join(known)}.")
    if field in ALWAYS_ONE and len(given) != 1:
        raise NotAValue(f"{field} is exactly one of: {', '.join(known)}.")
    if field is Field.CAUSES and len(given) > CAUSES_MAX:
        raise NotAValue(f"Name at most {CAUSES_MAX} causes, the main one first.")
    return tuple(given if field is Field.CAUSES else sorted(given, key=known.index))


def findings(read: Reading, field: Field) -> tuple[Finding[Any], ...]:
    """What was read of a field, surest first; hints, too."""
    found: Finding[Any] | tuple[Finding[Any], ...] | None = getattr(read, field.value)
    if isinstance(found, tuple):
        return found
    return (found,) if found else ()


def shown(read: Reading, field: Field) -> Values:
    return tuple(found.value.value for found in findings(read, field))


def is_right(read: Sequence[str], said: Sequence[str]) -> bool:
    """Whether what was read is what staff say it is."""
    return set(read) == set(said)


def corrected(read: Reading, said: Mapping[Field, Sequence[str]]) -> Reading:
    """The reading with what staff said in place of what was read; the words that show it stay where it was read, too."""
    for field, values in said.items():
        places = {found.value: found.spans for found in findings(read, field)}
        found = tuple(Finding(value, 1.0, places.get(value, ())) for value in map(WORDS[field], values))
        changes: dict[str, Any] = {field.value: found[0] if field in ALWAYS_ONE else found}
        if field is Field.KIND:
            changes["complaint"] = Finding(found[0].value == Kind.COMPLAINT, 1.0)
        read = replace(read, **changes)
    return read

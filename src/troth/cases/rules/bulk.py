"""What is to be otherwise in many cases at once, and why one of them may not follow; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from troth.cases.rules.filters import STATUSES
from troth.words.causes import Cause
from troth.words.messages import Kind

#: Nobody, no team, no cause, no parent.
NONE = "none"
#: Put aside until the customer writes, in place of a time.
ANSWER = "answer"
NOTE_MOST = 20_000
#: In the order in which they are done; undoing goes the other way.
FIELDS = ("note", "kind", "cause", "team", "assignee", "parent", "snooze", "status")
#: What leads to a row elsewhere: a number or NONE.
NUMBERS = frozenset({"team", "assignee", "parent"})
CLOSED: dict[str, frozenset[str]] = {
    "kind": frozenset(Kind),
    "cause": frozenset({*Cause, NONE}),
    "status": frozenset(STATUSES),
}


class Why(StrEnum):
    """Why a case was not changed, or not changed back."""

    MAY_NOT = "may_not"
    OUT_OF_SIGHT = "out_of_sight"
    ERASED = "erased"
    GONE = "gone"
    RESOLVED = "resolved"
    PAST = "past"
    ITSELF = "itself"
    PARENT_IS_LINKED = "parent_is_linked"
    HAS_CHILDREN = "has_children"
    CHANGED_SINCE = "changed_since"
    NOTE_STAYS = "note_stays"
    UNTOLD = "untold"
    NO_FINAL_RESPONSE = "no_final_response"
    FAILED = "failed"


class NothingToChange(ValueError):
    """No field is to be otherwise."""


class NotAChange(ValueError):
    """*field* cannot be that."""

    def __init__(self, field: str) -> None:
        super().__init__(f"There is no such {field}.")
        self.field = field


def changes_from(given: Mapping[str, str]) -> dict[str, str]:
    """The changes that were asked for, in the order they are done; raises NothingToChange, NotAChange."""
    found = {field: value for field in FIELDS if (value := str(given.get(field, "")).strip())}
    if not found:
        raise NothingToChange("Choose what is to be otherwise.")
    for field, value in found.items():
        if not _is_sound(field, value):
            raise NotAChange(field)
    return found


def _is_sound(field: str, value: str) -> bool:
    if field in NUMBERS:
        return value == NONE or (value.isascii() and value.isdecimal() and len(value) <= 18)
    if field == "snooze":
        return value == ANSWER or snoozed_until(value) is not None
    if field == "note":
        return len(value) <= NOTE_MOST
    return value in CLOSED[field]


def snoozed_until(value: str) -> datetime | None:
    """The time in a change that puts aside; None until the customer writes."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def can_be_undone(changes: Mapping[str, str]) -> bool:
    """A note that was written stays: whoever read it has read it."""
    return bool(set(changes) - {"note"})

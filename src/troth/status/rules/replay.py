"""What stands on the public page as its facts put it; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count


def part_told(facts: Iterable[Told]) -> Columns:
    """A component or a place."""
    columns: Columns = {"retired_at": None}
    for fact in facts:
        if fact.kind in {"ComponentNamed", "PlaceNamed"}:
            fact.put(columns, "words_digest")
        elif fact.kind in {"ComponentRetired", "PlaceRetired"}:
            columns["retired_at"] = fact.happened_at if fact.fields.get("retired") else None
    return columns


def planned_told(facts: Iterable[Told]) -> Columns:
    """Planned work, by its newest version."""
    columns: Columns = {"PlannedWorkSaid": 0, "cancelled_at": None}
    for fact in facts:
        if fact.kind == "PlannedWorkSaid":
            count(columns, "PlannedWorkSaid")
            fact.put(columns, "words_digest", "number")
            fact.put_at(columns, "from_at", "until")
        elif fact.kind == "PlannedWorkCancelled":
            columns["cancelled_at"] = fact.happened_at
    return columns


def subscriber_told(facts: Iterable[Told]) -> Columns:
    """Whether somebody wants to be written to."""
    columns: Columns = {"confirmed_at": None, "ended_at": None}
    for fact in facts:
        if fact.kind == "SubscriberConfirmed":
            columns["confirmed_at"] = fact.happened_at
        elif fact.kind == "SubscriberEnded":
            columns["ended_at"] = fact.happened_at
    return columns

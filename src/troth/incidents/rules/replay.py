"""Incidents and their timelines, as their facts put them; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from troth.ledger.rules.replay import Columns, Told, count

#: What is as it was when the incident began, and before anything else is told.
_BEGINS: Columns = {"state": "open", "said_at": None, "ended_at": None, "end_said_at": None}
_FIELDS = ("severity", "cause", "owner", "words_digest")


def incident_told(facts: Iterable[Told]) -> Columns:
    """The columns of an incident and of its lines (`said:5 kind`), from its facts, oldest first."""
    columns: Columns = {"IncidentBegan": 0}
    lines: list[str] = []
    for fact in facts:
        if fact.kind == "IncidentBegan":
            columns = {"IncidentBegan": count(columns, "IncidentBegan"), "happened_at": fact.happened_at, **_BEGINS}
            fact.put(columns, "sort", "is_public", "first_signal", "next_word", "recurrence_of", *_FIELDS)
            fact.put_at(columns, "aware_at", "first_signal_at")
        elif fact.kind == "IncidentSignalled":
            fact.put(columns, "first_signal")
            fact.put_at(columns, "first_signal_at")
        elif fact.kind == "IncidentChanged":
            _changed(columns, fact)
        elif fact.kind == "IncidentSaid":
            _said(columns, fact)
            lines.append(_line(columns, fact, kind=fact.text("said_kind")))
        elif fact.kind == "IncidentWordsChanged":
            kind = columns.get(f"{fact.text('before')} kind")
            lines.append(_line(columns, fact, kind=str(kind)))
            columns[f"{fact.text('said')} changes"] = fact.text("before")
        elif fact.kind == "IncidentEnded":
            columns |= {"state": "ended", "ended_at": fact.happened_at, "end_said_at": fact.recorded_at}
        elif fact.kind == "IncidentReopened":
            columns |= {"state": "open", "ended_at": None, "end_said_at": None}
            fact.put(columns, "next_word")
    columns["lines"] = " ".join(sorted(lines))
    return columns


def _changed(columns: Columns, fact: Told) -> None:
    field, after = fact.text("field"), fact.text("after")
    if field == "is_public":
        columns["is_public"] = after == "yes"
    elif field == "happened_at":
        columns["happened_at"] = datetime.fromisoformat(after)
    elif field == "words":
        columns["words_digest"] = after
    elif field in _FIELDS:
        columns[field] = after


def _said(columns: Columns, fact: Told) -> None:
    """What a line does to the incident it is about."""
    told = bool(fact.fields.get("in_public")) or bool(fact.text("notices"))
    if told and columns.get("said_at", ...) is None:
        columns["said_at"] = fact.recorded_at
    if fact.fields.get("in_public"):
        columns["is_public"] = True
    if next_word := fact.text("next_word"):
        columns["next_word"] = next_word


def _line(columns: Columns, fact: Told, *, kind: str) -> str:
    said = fact.text("said")
    columns |= {
        f"{said} kind": kind,
        f"{said} happened_at": fact.happened_at,
        f"{said} said_at": fact.recorded_at,
        f"{said} words_digest": fact.text("words_digest"),
        f"{said} changes": "",
    }
    return said

"""Root causes, measures, watches and recurrences, as their facts put them; pure."""

from __future__ import annotations

from collections.abc import Iterable

from troth.ledger.rules.replay import Columns, Told, count


def rootcause_told(facts: Iterable[Told]) -> Columns:
    columns: Columns = {"RootCauseFound": 0}
    for fact in facts:
        count(columns, "RootCauseFound")
        fact.put(columns, "incident", "way", "by", words_digest="digest")
        columns["found_at"] = fact.recorded_at
    return columns


def measure_told(facts: Iterable[Told]) -> Columns:
    columns: Columns = {"MeasureTaken": 0}
    for fact in facts:
        count(columns, "MeasureTaken")
        fact.put(columns, "incident", "sort", "audience", "promise")
        columns["made_at"] = fact.recorded_at
    return columns


_ENDS = {"WatchHeld": "held", "WatchBroken": "broken", "WatchCalledOff": "called_off"}


def watch_told(facts: Iterable[Told]) -> Columns:
    columns: Columns = {"WatchBegun": 0}
    for fact in facts:
        if fact.kind == "WatchBegun":
            columns = {"WatchBegun": count(columns, "WatchBegun"), "state": "watching", "ended_at": None}
            columns["begun_at"] = fact.recorded_at
            fact.put(columns, "incident", "cause", "audience", "promise", words_digest="digest")
            fact.put_at(columns, "until")
        elif fact.kind == "WatchExtended":
            fact.put(columns, "promise")
            fact.put_at(columns, "until")
        elif fact.kind in _ENDS:
            columns |= {"state": _ENDS[fact.kind], "ended_at": fact.recorded_at}
            if fact.kind == "WatchCalledOff":
                fact.put(columns, reason_digest="reason")
    return columns


def recurrence_told(facts: Iterable[Told]) -> Columns:
    """The columns of a recurrence. It may be found again, surer; whether it is one was decided once, if it was."""
    columns: Columns = {"is_told": False}
    for fact in facts:
        if fact.kind == "RecurrenceFound":
            if not columns["is_told"]:
                columns["found_at"] = fact.recorded_at
            columns |= {"is_told": True, "is_decided": ""}
            fact.put(columns, "watch", "case", "why", "is_strong")
        elif fact.kind == "RecurrenceConfirmed":
            columns["is_decided"] = "confirmed"
        elif fact.kind == "RecurrenceDismissed":
            columns["is_decided"] = "dismissed"
    return columns

"""A clock as its facts put it; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from troth.ledger.rules.replay import Columns, Told, count
from troth.words.clocks import State


def clock_told(facts: Iterable[Told]) -> Columns:
    """The columns of a clock, from its facts, oldest first. It runs by moments alone: no calendar is asked."""
    columns: Columns = {"ClockStarted": 0}
    marks: list[datetime] = []
    for fact in facts:
        at = fact.happened_at
        if fact.kind == "ClockStarted":
            columns = {"ClockStarted": count(columns, "ClockStarted"), "customer": fact.customer, **_BEGINS}
            columns["started_at"] = at
            fact.put(columns, "sort", "number", "policy", "terms", about="case")
            fact.put_at(columns, "due", "early_at")
        elif fact.kind == "ClockBeganEarlier":
            columns["started_at"] = at
            fact.put_at(columns, "due", "early_at")
        elif fact.kind == "ClockTargetChanged":
            fact.put(columns, "policy", "terms")
            fact.put_at(columns, "due", "early_at")
        elif fact.kind == "ClockResumed":
            marks.append(at)
            columns.update(state=State.RUNNING.value, paused_at=None, met_at=None, stopped_at=None)
            fact.put_at(columns, "due", "early_at")
        elif fact.kind in _ENDS:
            if len(marks) % 2 == 0:
                marks.append(max(at, *marks[-1:], columns["started_at"]))  # type: ignore[type-var, arg-type]
            state = _ENDS[fact.kind]
            columns.update(state=state.value, paused_at=None)
            if state is State.PAUSED:
                columns["paused_at"] = marks[-1]
            elif state is State.MET:
                columns["met_at"] = at
            else:
                columns["stopped_at"] = marks[-1]
        elif fact.kind == "ClockMissed":
            columns["missed_at"] = at
        elif fact.kind == "ClockMissExplained":
            fact.put(columns, miss_reason="reason")
        elif fact.kind in _LOOKS:
            columns[_LOOKS[fact.kind]] = fact.recorded_at
    columns["marks"] = " ".join(mark.isoformat() for mark in marks)
    return columns


_BEGINS: Columns = {
    "state": State.RUNNING.value, "paused_at": None, "met_at": None, "missed_at": None, "stopped_at": None,
    "warned_at": None, "escalated_at": None, "miss_reason": "",
}  # fmt: skip
_ENDS = {"ClockPaused": State.PAUSED, "ClockMet": State.MET, "ClockStopped": State.STOPPED}
_LOOKS = {"StaffWarned": "warned_at", "StaffEscalated": "escalated_at"}


def policy_told(facts: Iterable[Told]) -> Columns:
    """A version of the policy, from its facts."""
    columns: Columns = {"PolicyChanged": 0}
    for fact in facts:
        count(columns, "PolicyChanged")
        fact.put(columns, policy_digest="digest")
        fact.put_at(columns, "from_at")
    return columns

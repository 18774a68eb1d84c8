"""This package put to the test: labelled lines read, judged and timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from troth.reading.evaluation import promises, raised
from troth.reading.evaluation.labelled import GoldPromise, Labelled
from troth.reading.evaluation.matching import common_share
from troth.reading.evaluation.promises import SaidPromise
from troth.reading.evaluation.raised import Said
from troth.reading.evaluation.report import Report
from troth.reading.found import Finding, FoundPromise, Reading, Span
from troth.reading.message import VERSION, read_many
from troth.reading.tongues import find_dues


class Task(StrEnum):
    """What can be judged, each by labels of its own."""

    PROMISES = "promises"
    DUE = "due"
    EMOTION = "emotion"
    CAUSE = "cause"
    COMPLAINT = "complaint"
    REQUEST = "request"


@dataclass(frozen=True)
class Outcome:
    """A report, and how it came about."""

    report: Report
    skipped: int
    """Lines without labels for the task."""
    messages_per_cpu_second: float | None
    version: str = VERSION

    def to_plain(self) -> dict[str, Any]:
        return self.report.to_plain() | {
            "skipped": self.skipped,
            "messages_per_cpu_second": self.messages_per_cpu_second,
            "version": self.version,
        }


def evaluate(task: Task, lines: Sequence[Labelled]) -> Outcome:
    """Read the *lines* that are labelled for *task*, and judge what was read."""
    chosen = labelled_for(task, lines)
    list(_read(chosen[:1]))  # what is loaded once is not counted
    began = time.process_time()
    readings = _read(chosen)
    seconds = time.process_time() - began
    return Outcome(
        report=_JUDGES[task](chosen, readings),
        skipped=len(lines) - len(chosen),
        messages_per_cpu_second=len(chosen) / seconds if chosen and seconds else None,
    )


def labelled_for(task: Task, lines: Sequence[Labelled]) -> list[Labelled]:
    """Those of *lines* that say what is right."""
    return [line for line in lines if _HAS_LABEL[task](line)]


def said_promise(found: FoundPromise) -> SaidPromise:
    """What our reading says, as the judges take it."""
    return SaidPromise(
        span=Span(found.start, found.end),
        due_at=found.due.at if found.due else None,
        window_start=found.due.window_start if found.due else None,
        strength=found.strength.value,
        bond=found.bond.value,
        time="dated" if found.due else "vague" if found.vague else "none",
    )


def dues_of(line: Labelled, reading: Reading) -> list[datetime | None]:
    """For each labelled promise the due read for it.

    That of the promise found for it; where none was found, or none with a date, the last deadline that stands in its
    words: so the reading of times is judged even where the finding of promises failed.
    """
    couples = promises.couples_of(line, [said_promise(each) for each in reading.promises])
    message = line.message
    deadlines = find_dues(message.text, at=message.at, hours=message.calendar)

    def last_in(gold: GoldPromise) -> datetime | None:
        inside = [each.due.at for each in deadlines if common_share(gold.span, Span(each.start, each.end)) > 0]
        return inside[-1] if inside else None

    return [(c.said.due_at if c.said else None) or last_in(c.gold) for c in couples if c.gold]


def _read(lines: Sequence[Labelled]) -> list[Reading]:
    messages = [line.message for line in lines]
    return list(read_many((each.text, each.at, each.calendar, each.direction) for each in messages))


def _promises(lines: Sequence[Labelled], readings: Sequence[Reading]) -> Report:
    return promises.judge_promises(lines, [[said_promise(each) for each in found.promises] for found in readings])


def _dues(lines: Sequence[Labelled], readings: Sequence[Reading]) -> Report:
    said = [dues_of(line, found) for line, found in zip(lines, readings, strict=True)]
    return promises.judge_dues(lines, said, [any(each.due for each in found.promises) for found in readings])


def _emotions(lines: Sequence[Labelled], readings: Sequence[Reading]) -> Report:
    return raised.judge_emotions(lines, [[_said(each) for each in found.emotions] for found in readings])


def _causes(lines: Sequence[Labelled], readings: Sequence[Reading]) -> Report:
    return raised.judge_causes(lines, [[_said(each) for each in found.causes] for found in readings])


def _complaints(lines: Sequence[Labelled], readings: Sequence[Reading]) -> Report:
    return raised.judge_complaints(
        lines,
        [
            raised.yes_or_no(found.complaint.value, found.complaint.confidence) if found.complaint else None
            for found in readings
        ],
    )


def _requests(lines: Sequence[Labelled], readings: Sequence[Reading]) -> Report:
    return raised.judge_requests(lines, [raised.yes_or_no(bool(found.requests)) for found in readings])


def _said(found: Finding[Any]) -> Said:
    return Said(str(found.value), found.confidence)


_JUDGES: dict[Task, Callable[[Sequence[Labelled], Sequence[Reading]], Report]] = {
    Task.PROMISES: _promises,
    Task.DUE: _dues,
    Task.EMOTION: _emotions,
    Task.CAUSE: _causes,
    Task.COMPLAINT: _complaints,
    Task.REQUEST: _requests,
}
_HAS_LABEL: dict[Task, Callable[[Labelled], bool]] = {
    Task.PROMISES: lambda line: line.promises is not None,
    Task.DUE: lambda line: line.promises is not None,
    Task.EMOTION: lambda line: line.emotions is not None,
    Task.CAUSE: lambda line: line.has_cause_label,
    Task.COMPLAINT: lambda line: line.complaint is not None,
    Task.REQUEST: lambda line: line.request is not None,
}

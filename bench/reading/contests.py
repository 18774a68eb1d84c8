"""Who is compared with whom on what, and the row of figures each of them gets."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.reading.side import NotInstalled, Peer, Side, running

from troth.reading.evaluation import promises, raised
from troth.reading.evaluation.labelled import GoldPromise, Labelled, labelled
from troth.reading.evaluation.matching import common_share
from troth.reading.evaluation.promises import SaidPromise
from troth.reading.evaluation.raised import Said
from troth.reading.evaluation.report import Report
from troth.reading.found import Span

CHUNK = 50
"""So many messages are asked for before the next peer has its turn: what the machine does otherwise hits all alike."""
FOLDS = 5

Figures = Mapping[str, float | int | None]
Judge = Callable[[Sequence[Labelled], list[Any]], Report]


@dataclass(frozen=True)
class Entrant:
    """A peer in one contest, with what it may learn from: another set, or the same one in turns."""

    peer: Peer
    learns_from: Sequence[Labelled] | None = None
    messages_max: int = sys.maxsize
    note: str = ""


@dataclass(frozen=True)
class Contest:
    """One task on one set."""

    title: str
    task: str
    lines: Sequence[Labelled]
    judge: Judge
    labels: Callable[[Labelled], list[str]]
    """What one who learns is told of a message."""
    entrants: Sequence[Entrant]


@dataclass
class Row:
    """What became of an entrant."""

    name: str
    version: str = ""
    messages: int = 0
    figures: Figures = field(default_factory=dict)
    per_cpu_second: float | None = None
    trouble: str = ""


def hold(contest: Contest, folder: Path) -> list[Row]:
    """Every entrant on the same messages, in turns; one that cannot take part is in the rows with the reason."""
    rows, here = [], []
    with ExitStack() as stack:
        for entrant in contest.entrants:
            name = f"{entrant.peer.name}{f', {entrant.note}' if entrant.note else ''}"
            try:
                side = stack.enter_context(running(entrant.peer, folder))
            except NotInstalled as why:
                rows.append(Row(name, trouble=str(why)))
                continue
            rows.append(Row(name, side.version))
            here.append((entrant, side, rows[-1]))
        _take_turns(contest, here)
    return rows


def _take_turns(contest: Contest, here: list[tuple[Entrant, Side, Row]]) -> None:
    answers: list[dict[int, Any]] = [{} for _ in here]
    seconds, timed = [0.0 for _ in here], [0 for _ in here]
    folds = FOLDS if any(entrant.peer.learns and entrant.learns_from is None for entrant, _, _ in here) else 1
    for fold in range(folds):
        for entrant, side, row in here:
            _teach(contest, entrant, side, row, fold=fold, folds=folds)
        places = range(fold, len(contest.lines), folds)
        for start in range(0, len(places), CHUNK):
            for (entrant, side, row), told, number in zip(here, answers, range(len(here)), strict=True):
                chunk = [place for place in places[start : start + CHUNK] if place < entrant.messages_max]
                cpu = _ask(contest, side, row, chunk, told)
                if fold or start:  # at the first questions a peer may still be loading
                    seconds[number] += cpu
                    timed[number] += len(chunk)
    for (_, _, row), told, cpu, count in zip(here, answers, seconds, timed, strict=True):
        if not row.trouble:
            read = sorted(told)
            report = contest.judge([contest.lines[place] for place in read], [told[place] for place in read])
            row.messages, row.figures, row.per_cpu_second = len(read), report.figures, count / cpu if cpu else None


def _ask(contest: Contest, side: Side, row: Row, places: Sequence[int], told: dict[int, Any]) -> float:
    """Ask for the messages at *places*, keep what is *told*; the processor seconds it took."""
    if row.trouble or not places:
        return 0
    try:
        answers, cpu = side.ask(contest.task, [_asked(contest.lines[place]) for place in places])
    except NotInstalled as why:
        row.trouble = str(why)
        return 0
    told.update(zip(places, answers, strict=True))
    return cpu


def _teach(contest: Contest, entrant: Entrant, side: Side, row: Row, *, fold: int, folds: int) -> None:
    """Let one who learns learn: from the other set once, or from all but this fold of the same."""
    if not entrant.peer.learns or row.trouble or (entrant.learns_from is not None and fold):
        return
    known = entrant.learns_from
    if known is None:
        known = [line for place, line in enumerate(contest.lines) if place % folds != fold]
    try:
        side.fit([line.message.text for line in known], [contest.labels(line) for line in known])
    except NotInstalled as why:
        row.trouble = str(why)


def _asked(line: Labelled) -> dict[str, Any]:
    message = line.message
    return {
        "text": message.text,
        "at": message.at.isoformat(),
        "tz": message.calendar.zone,
        "country": message.calendar.country,
    }


# Judges


def judge_promises(lines: Sequence[Labelled], answers: list[Any]) -> Report:
    return promises.judge_promises(lines, [[_promise(each) for each in told] for told in answers])


def judge_dues(lines: Sequence[Labelled], answers: list[Any]) -> Report:
    """The due of the promise that belongs to a labelled one; else, of the dates in its words, the last.

    Who knows dates alone holds each of them for promised: in a text without a dated promise that is a false one.
    """
    said = [_dues(line, told) for line, told in zip(lines, answers, strict=True)]
    dated = [any(dues and what != "deadline" for _, _, dues, what in told) for told in answers]
    return promises.judge_dues(lines, said, dated)


def _dues(line: Labelled, told: list[Any]) -> list[datetime | None]:
    couples = promises.couples_of(line, [_promise(each) for each in told if each[-1] == "promise"])
    dates = [each for each in told if each[-1] != "promise"]
    return [(c.said.due_at if c.said else None) or _last_in(line, c.gold, dates) for c in couples if c.gold]


def judge_labels(task: str) -> Judge:
    def judge(lines: Sequence[Labelled], answers: list[Any]) -> Report:
        said = [[Said(label, sure) for label, sure in told] for told in answers]
        if task == "emotion":
            return raised.judge_emotions(lines, [[one for one in each if one.value != "neutral"] for each in said])
        if task == "cause":
            return raised.judge_causes(lines, said)
        first = [each[0] if each else raised.yes_or_no(False) for each in said]
        return (raised.judge_complaints if task == "complaint" else raised.judge_requests)(lines, first)

    return judge


def _promise(told: list[Any]) -> SaidPromise:
    start, end, dues, _ = told
    return SaidPromise(Span(start, end), datetime.fromisoformat(dues[0]) if dues else None)


def _last_in(line: Labelled, gold: GoldPromise, told: list[Any]) -> datetime | None:
    """The last due in the labelled words; of all that it may mean, the kindest to its reader."""
    inside = [dues for start, end, dues, _ in told if dues and common_share(gold.span, Span(start, end)) > 0]
    if not inside:
        return None
    dues = [datetime.fromisoformat(due) for due in inside[-1]]
    if not gold.due:
        return dues[0]
    verdicts = {due: promises.verdict(gold, due, line.message.calendar) for due in dues}
    return min(dues, key=lambda due: (not verdicts[due].is_exact, verdicts[due].days_off))


# Labels for those who learn


def labels_of(task: str) -> Callable[[Labelled], list[str]]:
    told: dict[str, Callable[[Labelled], list[str]]] = {
        "promises": lambda line: ["yes"] if line.promises else [],
        "emotion": lambda line: sorted(line.emotions or ()),
        "cause": lambda line: [line.cause] if line.cause else [],
        "complaint": lambda line: ["yes"] if line.complaint else [],
        "request": lambda line: ["yes"] if line.request else [],
    }
    return told.get(task, lambda line: [])


def lines_of(plain: Sequence[dict[str, Any]]) -> list[Labelled]:
    return list(labelled(json.dumps(each).encode() for each in plain))

"""Judging what was read in customers' messages: emotions, cause, complaint, request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from troth.reading.evaluation.labelled import EMOTIONS, NEUTRAL, Labelled
from troth.reading.evaluation.report import Report, Wrong
from troth.reading.evaluation.scores import Calibration, Pair, by_class, calibration, macro_f1, micro, share
from troth.words.causes import Cause

NO_CAUSE = "none"


@dataclass(frozen=True)
class Said:
    """A value as something read it, and how sure it was; None if it does not tell."""

    value: str
    confidence: float | None = None


def judge_emotions(lines: Sequence[Labelled], said: Sequence[Sequence[Said]]) -> Report:
    """Several may be labelled and several read. Nothing read counts as neutral, as nothing labelled does."""
    rows = [(line.emotions or frozenset(), _values(each) or {NEUTRAL}) for line, each in zip(lines, said, strict=True)]
    counts = by_class(rows, EMOTIONS)
    all_of_them = micro(counts.values())
    figures = {
        "macro_f1": macro_f1(counts.values()),
        "macro_f1_without_neutral": macro_f1(each for label, each in counts.items() if label != NEUTRAL),
        "micro_f1": all_of_them.f1,
        "exact": share(sum(gold == found for gold, found in rows), len(rows)),
        "abstained": share(sum(not each for each in said), len(said)),
    }
    pairs = [(one, one.value in gold) for (gold, _), each in zip(rows, said, strict=True) for one in each]
    wrong = [
        Wrong(line.line, _told(gold), f"{_told(found)}: {line.message.text}")
        for line, (gold, found) in zip(lines, rows, strict=True)
        if gold != found
    ]
    return Report("emotion", len(lines), figures, {"emotion": counts}, _calibrated(pairs), tuple(wrong))


def judge_causes(lines: Sequence[Labelled], said: Sequence[Sequence[Said]]) -> Report:
    """One cause is labelled; the surest read counts, and of two also the second. To read none is to abstain.

    Lines labelled as without a cause say only how often one was read all the same.
    """
    with_cause = [(line, each) for line, each in zip(lines, said, strict=True) if line.cause]
    without = [each for line, each in zip(lines, said, strict=True) if not line.cause]
    firsts = [(line, each[0] if each else None) for line, each in with_cause]
    rights = [first is not None and first.value == line.cause for line, first in firsts]
    told = [(first, right) for (_, first), right in zip(firsts, rights, strict=True) if first]
    surest = sorted(told, key=lambda pair: -(pair[0].confidence or 0))
    half = surest[: (len(firsts) + 1) // 2]
    counts = by_class(
        (({line.cause or ""}, {first.value} if first else set()) for line, first in firsts),
        [cause.value for cause in Cause if any(line.cause == cause.value for line in lines)],
    )
    figures = {
        "with_a_cause": len(with_cause),
        "accuracy": share(sum(rights), len(rights)),
        "accuracy_of_two": share(sum(line.cause in _values(each[:2]) for line, each in with_cause), len(with_cause)),
        "abstained": share(sum(not each for _, each in with_cause), len(with_cause)),
        "accuracy_where_told": share(sum(right for _, right in told), len(told)),
        "accuracy_of_the_surest_half": share(sum(right for _, right in half), len(half)),
        "surest_half_reached": share(len(half), (len(firsts) + 1) // 2),
        "macro_f1": macro_f1(counts.values()),
        "without_a_cause": len(without),
        "false_cause_rate": share(sum(bool(each) for each in without), len(without)),
    }
    wrong = [
        Wrong(line.line, str(line.cause), f"{first.value if first else NO_CAUSE}: {line.message.text}")
        for (line, first), right in zip(firsts, rights, strict=True)
        if not right
    ]
    return Report("cause", len(lines), figures, {"cause": counts}, _calibrated(told), tuple(wrong))


def judge_complaints(lines: Sequence[Labelled], said: Sequence[Said | None]) -> Report:
    """Is it a complaint? Not to tell counts as no, and is counted."""
    return _judge_yes_or_no("complaint", lines, said, gold_of=lambda line: bool(line.complaint))


def judge_requests(lines: Sequence[Labelled], said: Sequence[Said | None]) -> Report:
    """Is something asked for?"""
    return _judge_yes_or_no("request", lines, said, gold_of=lambda line: bool(line.request))


def yes_or_no(value: bool, confidence: float | None = None) -> Said:
    return Said("yes" if value else "no", confidence)


def _judge_yes_or_no(
    task: str, lines: Sequence[Labelled], said: Sequence[Said | None], *, gold_of: Callable[[Labelled], bool]
) -> Report:
    rows = [
        (line, yes_or_no(gold_of(line)).value, one.value if one else "no")
        for line, one in zip(lines, said, strict=True)
    ]
    counts = by_class((({gold}, {found}) for _, gold, found in rows), ("yes", "no"))
    figures = {
        "precision": counts["yes"].precision,
        "recall": counts["yes"].recall,
        "f1": counts["yes"].f1,
        "macro_f1": macro_f1(counts.values()),
        "accuracy": share(sum(gold == found for _, gold, found in rows), len(rows)),
        "abstained": share(sum(one is None for one in said), len(said)),
    }
    pairs = [(one, one.value == gold) for (_, gold, _), one in zip(rows, said, strict=True) if one]
    wrong = [Wrong(line.line, gold, f"{found}: {line.message.text}") for line, gold, found in rows if gold != found]
    return Report(task, len(lines), figures, {task: counts}, _calibrated(pairs), tuple(wrong))


def _calibrated(pairs: Sequence[tuple[Said, bool]]) -> Calibration | None:
    sure = [Pair(one.confidence, right) for one, right in pairs if one.confidence is not None]
    return calibration(sure) if sure else None


def _values(said: Sequence[Said]) -> set[str]:
    return {one.value for one in said}


def _told(labels: Collection[str]) -> str:
    return ", ".join(sorted(labels))

"""Judging found promises, and their due times, against labelled ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from troth.reading.evaluation.labelled import GoldPromise, Labelled
from troth.reading.evaluation.matching import common_share, match
from troth.reading.evaluation.report import Report, Wrong
from troth.reading.evaluation.scores import Counts, by_class, share
from troth.reading.found import Span
from troth.words.hours import Hours


@dataclass(frozen=True)
class SaidPromise:
    """A promise as something read it; None for what it does not tell."""

    span: Span
    due_at: datetime | None = None
    window_start: datetime | None = None
    strength: str | None = None
    bond: str | None = None
    time: str | None = None


class Couple(NamedTuple):
    """A labelled promise and the one that was found for it; one of them may be missing."""

    line: Labelled
    gold: GoldPromise | None
    said: SaidPromise | None


class Verdict(NamedTuple):
    """How a due that was read compares with the labelled one."""

    is_exact: bool
    days_off: int | None
    """None if none was read."""


def judge_promises(lines: Sequence[Labelled], said: Sequence[Sequence[SaidPromise]]) -> Report:
    """Were promises found where they are, told apart by kind and strength, and dated rightly?"""
    couples = [couple for line, each in zip(lines, said, strict=True) for couple in couples_of(line, each)]
    items = by_class(
        (({"a promise"} if line.promises else ()), ({"a promise"} if each else ()))
        for line, each in zip(lines, said, strict=True)
    )
    matched = [couple for couple in couples if couple.gold and couple.said]
    promises = Counts(len(matched), sum(c.said is not None for c in couples), sum(c.gold is not None for c in couples))
    messages = items.get("a promise", Counts())
    figures = {
        "precision": promises.precision,
        "recall": promises.recall,
        "f1": promises.f1,
        "message_precision": messages.precision,
        "message_recall": messages.recall,
        "message_f1": messages.f1,
        "strength_accuracy": _agreement(matched, lambda p: p.strength),
        "bond_accuracy": _agreement(matched, lambda p: p.bond),
        "time_accuracy": _agreement(matched, lambda p: p.time),
        **_near_figures(lines, couples),
        **_due_figures([(c.line, c.gold, c.said.due_at if c.said else None) for c in couples if c.gold]),
        **_false_dates(lines, [any(promise.due_at for promise in each) for each in said]),
    }
    tables = {
        "messages": {"with a promise": messages},
        "promises": {"all": promises},
        "kind": _table(couples, kind_of),
        "strength": _table(couples, lambda p: p.strength),
        "bond": _table(couples, lambda p: p.bond),
        "time": _table(couples, lambda p: p.time),
    }
    wrong = tuple(_wrong(couple) for couple in couples if not (couple.gold and couple.said))
    return Report("promises", len(lines), figures, {k: v for k, v in tables.items() if v}, wrong=wrong)


def judge_dues(lines: Sequence[Labelled], said: Sequence[Sequence[datetime | None]], dated: Sequence[bool]) -> Report:
    """Is the due read for each labelled promise the right one? *dated*: was any date read in the message at all?"""
    rows = [
        (line, gold, due_at)
        for line, dues in zip(lines, said, strict=True)
        for gold, due_at in zip(line.promises or (), dues, strict=True)
    ]
    by_form: defaultdict[str, Counts] = defaultdict(Counts)
    for line, gold, due_at in rows:
        if gold.due:
            by_form[_form(gold)] += Counts(_verdict(line, gold, due_at).is_exact, due_at is not None, 1)
    wrong = tuple(
        Wrong(line.line, f"{_told(gold.due)} {_words(line, gold.span)}", _told(due_at))
        for line, gold, due_at in rows
        if not (_verdict(line, gold, due_at).is_exact if gold.due else due_at is None or not gold.is_date_free)
    )
    figures = {**_due_figures(rows), **_false_dates(lines, dated)}
    return Report("due", len(lines), figures, {"exact due": dict(by_form)}, wrong=wrong)


def couples_of(line: Labelled, said: Sequence[SaidPromise]) -> list[Couple]:
    """Everything labelled and everything found in a message, paired as far as it can be."""
    gold = line.promises or ()

    def agreement(one: GoldPromise, other: SaidPromise) -> float:
        dues = verdict(one, other.due_at, line.message.calendar).is_exact if one.due else other.due_at is None
        return 2 * dues + (one.bond == other.bond) + (one.strength == other.strength)

    pairs = match(gold, said, gold_span=lambda p: p.span, found_span=lambda p: p.span, agreement=agreement)
    said_of, taken = {pair.gold: said[pair.found] for pair in pairs}, {pair.found for pair in pairs}
    return [
        *(Couple(line, one, said_of.get(number)) for number, one in enumerate(gold)),
        *(Couple(line, None, other) for number, other in enumerate(said) if number not in taken),
    ]


def verdict(gold: GoldPromise, due_at: datetime | None, hours: Hours) -> Verdict:
    """Compare the due that was read with the labelled one: by the day if a day is labelled, else to the minute."""
    assert gold.due is not None
    if due_at is None:
        return Verdict(is_exact=False, days_off=None)
    last = hours.day_of(gold.due) if isinstance(gold.due, datetime) else gold.due
    first, day = gold.due_from or last, hours.day_of(due_at)
    days_off = max((first - day).days, (day - last).days, 0)
    on_time = not isinstance(gold.due, datetime) or _minute(gold.due) == _minute(due_at) or bool(gold.due_from)
    return Verdict(is_exact=days_off == 0 and on_time, days_off=days_off)


def kind_of(promise: GoldPromise | SaidPromise) -> str | None:
    """What staff would call it: conditional, else dated, vague or without a time; None if that is not known."""
    if promise.bond == "conditional":
        return "conditional"
    return promise.time if promise.bond else None


def _verdict(line: Labelled, gold: GoldPromise, due_at: datetime | None) -> Verdict:
    return verdict(gold, due_at, line.message.calendar)


def _due_figures(rows: Sequence[tuple[Labelled, GoldPromise, datetime | None]]) -> dict[str, float | int | None]:
    verdicts = [_verdict(line, gold, due_at) for line, gold, due_at in rows if gold.due]
    exact = sum(each.is_exact for each in verdicts)
    on_the_day = sum(each.days_off == 0 for each in verdicts)
    near = sum(each.days_off is not None and each.days_off <= 1 for each in verdicts)
    return {
        "dues": len(verdicts),
        "due_exact": share(exact, len(verdicts)),
        "due_on_the_day": share(on_the_day, len(verdicts)),
        "due_within_a_day": share(near, len(verdicts)),
        "due_not_read": share(sum(each.days_off is None for each in verdicts), len(verdicts)),
    }


def _false_dates(lines: Sequence[Labelled], dated: Sequence[bool]) -> dict[str, float | int | None]:
    """Of the messages in which no date is promised, how many were read as if one were?"""
    free = [was for line, was in zip(lines, dated, strict=True) if all(p.is_date_free for p in line.promises or ())]
    return {"date_free_messages": len(free), "false_date_rate": share(sum(free), len(free))}


def _near_figures(lines: Sequence[Labelled], couples: Sequence[Couple]) -> dict[str, float | int | None]:
    """Of what only comes near a promise, how much was taken for one? A promise beside it in its sentence is no fault."""
    false: defaultdict[int, list[Span]] = defaultdict(list)
    for couple in couples:
        if couple.said and not couple.gold:
            false[couple.line.line].append(couple.said.span)
    taken = [
        any(common_share(near.span, span) > 0 for span in false[line.line])
        for line in lines
        for near in line.near or ()
    ]
    return {"near_promises": len(taken), "near_taken_for_promises": share(sum(taken), len(taken))} if taken else {}


def _agreement(matched: Sequence[Couple], label: Callable[[GoldPromise | SaidPromise], str | None]) -> float | None:
    """How often the two say the same, where the label is given and the reader tells it."""
    pairs = [(label(c.gold), label(c.said)) for c in matched if c.gold and c.said]
    known = [gold == said for gold, said in pairs if gold is not None and said is not None]
    return share(sum(known), len(known))


def _table(couples: Iterable[Couple], label: Callable[[GoldPromise | SaidPromise], str | None]) -> dict[str, Counts]:
    """For each class: found means found and so called. Where the label is not given, nothing is counted."""
    rows = []
    labelled_at_all = False
    for couple in couples:
        gold = label(couple.gold) if couple.gold else None
        labelled_at_all = labelled_at_all or gold is not None
        if couple.gold and gold is None:
            continue
        said = label(couple.said) if couple.said else None
        rows.append(({gold} - {None}, {said} - {None}))
    return dict(sorted(by_class(rows).items(), key=str)) if labelled_at_all else {}  # type: ignore[arg-type]


def _form(gold: GoldPromise) -> str:
    if gold.window_start:
        return "with a window"
    if gold.due_from:
        return "one of several days"
    return "to the minute" if isinstance(gold.due, datetime) else "a day"


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def _wrong(couple: Couple) -> Wrong:
    if couple.gold:
        return Wrong(couple.line.line, f"a promise: {_words(couple.line, couple.gold.span)}", "nothing")
    assert couple.said is not None
    return Wrong(couple.line.line, "nothing", f"a promise: {_words(couple.line, couple.said.span)}")


def _words(line: Labelled, span: Span) -> str:
    return line.message.text[span.start : span.end]


def _told(due: date | datetime | None) -> str:
    return "no date" if due is None else due.isoformat()

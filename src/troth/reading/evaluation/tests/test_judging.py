"""The judges, with labels and readings small enough to be counted on one's fingers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from troth.reading.evaluation.labelled import Labelled, NotLabelled, labelled
from troth.reading.evaluation.ours import Outcome, Task, evaluate
from troth.reading.evaluation.promises import SaidPromise, judge_dues, judge_promises
from troth.reading.evaluation.raised import Said, judge_causes, judge_complaints, judge_emotions, yes_or_no
from troth.reading.evaluation.scores import Counts
from troth.reading.found import Span

PAGE = Path(__file__).parents[5] / "docs/formats/labelled.md"


def lines(*given: dict[str, Any]) -> list[Labelled]:
    message = {"text": "x" * 100, "at": "2026-03-11T10:00:00Z", "tz": "Europe/London"}
    return list(labelled(json.dumps(message | each).encode() for each in given))


def gold(start: int, end: int, due: str | None = None, **more: str) -> dict[str, Any]:
    return {"span": [start, end], "due": due, "strength": "promise", **more}


def said(start: int, end: int, day: int = 0, strength: str = "promise", **more: str) -> SaidPromise:
    due_at = datetime(2026, 3, day, 17, tzinfo=UTC) if day else None
    return SaidPromise(Span(start, end), due_at, strength=strength, **more)


def test_promises_are_counted_singly_and_by_message() -> None:
    labels = lines(
        {"promises": [gold(0, 40, "2026-03-13"), gold(50, 90)]},
        {"promises": [gold(0, 40, "2026-03-16")]},
        {"promises": [], "near": [{"span": [0, 20], "kind": "offer"}, {"span": [60, 90], "kind": "implied"}]},
        {"promises": []},
    )
    read = [
        [said(0, 40, day=13), said(50, 90, day=14, strength="aim")],
        [],
        [said(0, 20)],
        [],
    ]

    report = judge_promises(labels, read)

    assert report.tables["promises"] == {"all": Counts(right=2, found=3, gold=3)}
    assert report.tables["messages"] == {"with a promise": Counts(right=1, found=2, gold=2)}
    assert report.tables["strength"] == {"aim": Counts(0, 1, 0), "promise": Counts(1, 2, 3)}
    assert report.tables.keys() == {"promises", "messages", "strength", "time"}
    assert report.figures == {
        "precision": pytest.approx(2 / 3),
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(2 / 3),
        "message_precision": 0.5,
        "message_recall": 0.5,
        "message_f1": 0.5,
        "strength_accuracy": 0.5,
        "bond_accuracy": None,
        "time_accuracy": None,
        "near_promises": 2,
        "near_taken_for_promises": 0.5,
        "dues": 2,
        "due_exact": 0.5,
        "due_on_the_day": 0.5,
        "due_within_a_day": 0.5,
        "due_not_read": 0.5,
        "date_free_messages": 2,
        "false_date_rate": 0.0,
    }


def test_kinds_are_told_apart_as_staff_call_them() -> None:
    free = {"bond": "unconditional"}
    labels = lines(
        {"promises": [gold(0, 20, "2026-03-13", **free), gold(30, 60, time="vague", bond="conditional")]},
        {"promises": [gold(0, 20, time="none", **free)]},
    )
    read = [
        [said(0, 20, day=13, time="dated", **free), said(30, 60, time="vague", **free)],
        [said(0, 20, time="none", **free)],
    ]

    report = judge_promises(labels, read)

    assert report.tables["kind"] == {
        "conditional": Counts(0, 0, 1),
        "dated": Counts(1, 1, 1),
        "none": Counts(1, 1, 1),
        "vague": Counts(0, 1, 0),
    }
    assert report.figures["bond_accuracy"] == pytest.approx(2 / 3)
    assert report.figures["time_accuracy"] == 1


@pytest.mark.parametrize(
    ("label", "read", "exact", "within_a_day"),
    [
        ({"due": "2026-03-13"}, "2026-03-13T09:00:00Z", 1, 1),
        ({"due": "2026-03-13"}, "2026-03-14T00:00:00Z", 0, 1),
        ({"due": "2026-03-13"}, "2026-03-15T12:00:00Z", 0, 0),
        ({"due": "2026-07-13"}, "2026-07-12T23:30:00Z", 1, 1),  # past midnight in London's summer
        ({"due": "2026-03-13", "due_from": "2026-03-09"}, "2026-03-10T12:00:00Z", 1, 1),
        ({"due": "2026-03-13", "due_from": "2026-03-09"}, "2026-03-08T12:00:00Z", 0, 1),
        ({"due": "2026-03-13T17:00:00+00:00"}, "2026-03-13T17:00:00Z", 1, 1),
        ({"due": "2026-03-13T17:00:00+00:00"}, "2026-03-13T16:59:00Z", 0, 1),
        ({"due": "2026-03-13"}, None, 0, 0),
    ],
)
def test_a_due_is_right_on_its_day_or_to_the_minute(
    label: dict[str, str], read: str | None, exact: int, within_a_day: int
) -> None:
    (line,) = lines({"promises": [gold(0, 20, label["due"], **{k: v for k, v in label.items() if k == "due_from"})]})
    due_at = datetime.fromisoformat(read) if read else None

    figures = judge_dues([line], [[due_at]], [due_at is not None]).figures

    assert (figures["due_exact"], figures["due_within_a_day"]) == (exact, within_a_day)


def test_a_date_where_none_is_promised_is_false() -> None:
    labels = lines(
        {"promises": []},
        {"promises": [gold(0, 20)]},
        {"promises": [gold(0, 20, "2026-03-13")]},
        {"promises": [{"span": [0, 20], "time": "dated"}]},  # by when is not known
    )

    report = judge_dues(labels, [[], [None], [None], [None]], [True, False, True, True])

    assert (report.figures["date_free_messages"], report.figures["false_date_rate"]) == (2, 0.5)
    assert (report.figures["dues"], len(report.wrong)) == (1, 1)


def test_a_promise_beside_an_offer_is_no_fault() -> None:
    (line,) = lines({"promises": [gold(0, 30)], "near": [{"span": [32, 60], "kind": "implied"}]})

    report = judge_promises([line], [[said(0, 60)]])

    assert report.figures["near_taken_for_promises"] == 0


def test_emotions_are_judged_with_several_labels_and_none() -> None:
    labels = lines({"emotions": ["anger", "sadness"]}, {"emotions": []}, {"emotions": ["joy"]}, {"emotions": ["joy"]})
    read = [[Said("anger", 0.9)], [], [Said("joy", 0.7)], []]

    report = judge_emotions(labels, read)

    counts = report.tables["emotion"]
    assert counts["neutral"] == Counts(right=1, found=2, gold=1)
    assert (counts["joy"], counts["sadness"]) == (Counts(1, 1, 2), Counts(0, 0, 1))
    # F1: anger 1, sadness 0, joy 2/3, neutral 2/3; the other three are nowhere.
    assert report.figures["macro_f1"] == pytest.approx((1 + 0 + 2 / 3 + 2 / 3) / 4)
    assert report.figures["macro_f1_without_neutral"] == pytest.approx((1 + 0 + 2 / 3) / 3)
    assert (report.figures["exact"], report.figures["abstained"]) == (0.5, 0.5)
    assert report.calibration is not None
    assert report.calibration.brier == pytest.approx((0.1**2 + 0.3**2) / 2)


def test_a_cause_is_judged_by_the_surest_and_by_two() -> None:
    labels = lines({"cause": "late"}, {"cause": "late"}, {"cause": "hidden_fee"}, {"cause": "other"}, {"cause": None})
    read = [
        [Said("late", 0.9), Said("other", 0.1)],
        [Said("other", 0.5), Said("late", 0.4)],
        [Said("late", 0.8)],
        [],
        [Said("late", 0.3)],
    ]

    report = judge_causes(labels, read)

    assert report.figures == {
        "with_a_cause": 4,
        "accuracy": 0.25,
        "accuracy_of_two": 0.5,
        "abstained": 0.25,
        "accuracy_where_told": pytest.approx(1 / 3),
        "accuracy_of_the_surest_half": 0.5,
        "surest_half_reached": 1.0,
        "macro_f1": pytest.approx((0.5 + 0 + 0) / 3),
        "without_a_cause": 1,
        "false_cause_rate": 1.0,
    }


def test_not_to_tell_a_complaint_is_to_say_no_and_is_counted() -> None:
    labels = lines(*({"complaint": is_one} for is_one in (True, True, False, False)))

    report = judge_complaints(labels, [yes_or_no(True, 0.8), None, yes_or_no(True, 0.6), yes_or_no(False, 0.9)])

    assert report.tables["complaint"] == {"yes": Counts(1, 2, 2), "no": Counts(1, 2, 2)}
    assert (report.figures["f1"], report.figures["accuracy"], report.figures["abstained"]) == (0.5, 0.5, 0.25)


EXAMPLES = [
    json.loads(line)
    for block in PAGE.read_text(encoding="utf-8").split("```json\n")[1:]
    for line in block.split("```")[0].splitlines()
]


@pytest.mark.parametrize("task", Task)
def test_the_examples_of_the_page_are_judged_for_every_task(task: Task) -> None:
    outcome = evaluate(task, list(labelled(json.dumps(each).encode() for each in EXAMPLES)))

    assert outcome.report.messages > 0
    assert outcome.report.messages + outcome.skipped == len(EXAMPLES)
    assert_everything_is_explained(outcome)
    json.dumps(outcome.to_plain())


def assert_everything_is_explained(outcome: Outcome) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in outcome.report.figures if f"`{name}`" not in page] == []
    assert [name for name in outcome.to_plain() if f"`{name}`" not in page] == []


def test_the_last_deadline_in_its_words_counts_where_no_promise_is_found() -> None:
    text = "Chairs by Friday, tables by Tuesday."
    given = {"text": text, "at": "2026-03-11T10:00:00Z", "promises": [gold(18, len(text), "2026-03-17")]}

    outcome = evaluate(Task.DUE, list(labelled([json.dumps(given).encode()])))

    assert outcome.report.figures["due_exact"] == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (b"[]", "A message is a JSON object"),
        (b'{"text": "abc", "promises": [{"due": null}]}', "'span' is missing"),
        (b'{"text": "abc", "promises": [{"span": [0, 4], "due": null}]}', "is no place in the text"),
        (b'{"text": "abc", "promises": [{"span": [0, 3], "due": "soon"}]}', "Invalid isoformat"),
        (b'{"text": "abc", "promises": [{"span": [0, 3], "due": "2026-03-13T17:00:00"}]}', "has no offset"),
        (
            b'{"text": "abc", "promises": [{"span": [0, 3], "due": "2026-03-13", "time": "vague"}]}',
            "is dated, not vague",
        ),
        (b'{"text": "abc", "promises": [{"span": [0, 3], "due": null, "strength": "firm"}]}', "'firm' is not"),
        (b'{"text": "abc", "emotions": ["envy"]}', "'envy' is none of"),
        (b'{"text": "abc", "emotions": 5}', "not iterable"),
        (b'{"text": "abc", "complaint": "yes"}', "complaint is true or false"),
        (b'{"text": "abc", "cause": "rain"}', "'rain' is not a valid Cause"),
    ],
)
def test_a_wrong_label_stops_the_judging_with_its_line(wrong: bytes, why: str) -> None:
    with pytest.raises(NotLabelled, match="Line 2: ") as told:
        list(labelled([b'{"text": "abc"}', wrong]))

    assert why in str(told.value)

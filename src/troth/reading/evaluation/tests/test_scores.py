"""The figures, against tables worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.reading.evaluation.scores import Bin, Counts, Pair, by_class, calibration, macro_f1, micro


def test_precision_recall_and_f1() -> None:
    counts = Counts(right=6, found=8, gold=10)

    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.6, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        (Counts(), None, None, None),
        (Counts(found=3), 0.0, None, 0.0),
        (Counts(gold=3), None, 0.0, 0.0),
        (Counts(right=3, found=3, gold=3), 1.0, 1.0, 1.0),
    ],
)
def test_what_is_not_defined_is_not_given(
    counts: Counts, precision: float | None, recall: float | None, f1: float | None
) -> None:
    assert (counts.precision, counts.recall, counts.f1) == (precision, recall, f1)


def test_several_labels_are_counted_each_for_itself() -> None:
    rows = [
        ({"anger", "sadness"}, {"anger"}),
        ({"joy"}, {"joy", "surprise"}),
        ({"sadness"}, {"anger"}),
        ({"joy"}, {"joy"}),
        (set(), {"joy"}),
    ]

    counts = by_class(rows, ["fear"])

    assert counts == {
        "fear": Counts(0, 0, 0),
        "anger": Counts(1, 2, 1),
        "sadness": Counts(0, 0, 2),
        "joy": Counts(2, 3, 2),
        "surprise": Counts(0, 1, 0),
    }
    # F1: anger 2/3, sadness 0, joy 4/5, surprise 0; fear is nowhere and is left out.
    assert macro_f1(counts.values()) == pytest.approx((2 / 3 + 0 + 4 / 5 + 0) / 4)
    assert micro(counts.values()) == Counts(3, 6, 5)
    assert micro(counts.values()).f1 == pytest.approx(6 / 11)


def test_calibration_of_five_findings() -> None:
    pairs = [Pair(0.25, False), Pair(0.25, True), Pair(0.75, True), Pair(1.0, True), Pair(0.95, False)]

    found = calibration(pairs, bins=4)

    assert found.bins == (
        Bin(0.0, 0.25, 0, None, None),
        Bin(0.25, 0.5, 2, 0.25, 0.5),
        Bin(0.5, 0.75, 0, None, None),
        Bin(0.75, 1.0, 3, pytest.approx(0.9), pytest.approx(2 / 3)),
    )
    assert found.ece == pytest.approx((2 * 0.25 + 3 * (0.9 - 2 / 3)) / 5)
    assert found.brier == pytest.approx((0.0625 + 0.5625 + 0.0625 + 0 + 0.9025) / 5)


def test_nothing_found_has_no_calibration() -> None:
    found = calibration([])

    assert (found.findings, found.ece, found.brier) == (0, None, None)


labels = st.frozensets(st.sampled_from("abcd"), max_size=3)


@given(st.lists(st.tuples(labels, labels), max_size=30))
def test_figures_lie_between_nought_and_one_and_agree(rows: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    counts = by_class(rows)

    for each in counts.values():
        assert each.right <= min(each.found, each.gold)
        if each.precision and each.recall:
            assert each.f1 == pytest.approx(2 * each.precision * each.recall / (each.precision + each.recall))
    assert micro(counts.values()).gold == sum(len(gold) for gold, _ in rows)
    assert micro(by_class((gold, gold) for gold, _ in rows).values()).f1 in (None, 1.0)

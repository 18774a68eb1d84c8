from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.learning.rules.measure import Judged, OfField, OfValue, Share, measure


def judged(read: list[tuple[str, bool]], said: list[str], count: int = 1, field: str = "causes") -> Judged:
    return Judged(field=field, version="r", drawn=True, read=tuple(read), said=tuple(said), count=count)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    # Brown, Cai and DasGupta 2001 and the formula by hand.
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_wilsons(right: int, n: int, low: float, high: float) -> None:
    assert Share(right, n).interval == pytest.approx((low, high), abs=0.0001)


def test_of_nothing_nothing_is_told() -> None:
    assert (Share(0, 0).share, Share(0, 0).interval) == (None, None)
    assert measure([], ["kind"]) == [OfField("kind", Share(0, 0), (), ())]


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_share(n: int, data: st.DataObject) -> None:
    share = Share(data.draw(st.integers(0, n)), n)

    assert share.interval is not None
    low, high = share.interval
    assert 0 <= low <= share.right / n + 1e-9
    assert share.right / n - 1e-9 <= high <= 1


def test_each_value_counts_by_itself_and_mistakes_are_told() -> None:
    rows = [
        judged([("late", True)], ["late"], 7),
        judged([("late", True)], ["hidden_fee"], 2),
        judged([("late", False)], ["late"]),
        judged([("late", False)], []),
        judged([("late", True), ("other", False)], ["late"], 3),
        judged([], [], 4),
        judged([], ["other"], 5),
        judged([("anger", True)], ["anger"], 99, field="emotions"),
    ]

    [of_field] = measure(rows, ["causes"])

    assert of_field == OfField(
        field="causes",
        messages=Share(12, 23),
        values=(
            OfValue("late", Share(10, 12), Share(1, 2), 0),
            OfValue("other", Share(0, 0), Share(0, 3), 5),
            OfValue("hidden_fee", Share(0, 0), Share(0, 0), 2),
            OfValue("", Share(4, 9), Share(0, 0), 0),
        ),
        mistakes=(("", "other", 5), ("other", "", 3), ("late", "hidden_fee", 2), ("late", "", 1)),
    )

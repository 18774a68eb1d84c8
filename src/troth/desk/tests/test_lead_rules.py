from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.clocks.rules.expect import upper
from troth.desk.rules.changed import Changed, changes
from troth.desk.rules.pareto import pareto
from troth.desk.rules.parity import Difference, Estimate, difference, median_of, whole
from troth.desk.rules.sheet import Column, Holds, Sheet, written
from troth.desk.rules.spread import ENOUGH, STEP, Spread, bin_of, span_of, together
from troth.desk.rules.windows import Days, days_asked

MINUTE = timedelta(minutes=1)
#: How long a machine takes says nothing of whether it is right.
quick = settings(max_examples=60, deadline=None)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))


def spread(ended: list[timedelta], waits: list[timedelta] | None = None) -> Spread:
    found = Spread()
    found.ended.update(bin_of(span) for span in ended)
    found.waits.update(bin_of(span) for span in waits or [])
    return found


def minutes(*lengths: float) -> list[timedelta]:
    return [timedelta(minutes=length) for length in lengths]


# Quantiles


@quick
@given(spans)
def test_a_bin_holds_its_spans_and_is_a_fiftieth_wide(span: timedelta) -> None:
    edge = span_of(bin_of(span))

    assert span <= edge + timedelta(milliseconds=1)
    assert edge <= max(span, MINUTE) * STEP + timedelta(milliseconds=1)


@quick
@given(st.lists(spans, max_size=40), st.lists(spans, max_size=20), st.sampled_from([0.1, 0.5, 0.75, 0.9]))
def test_a_quantile_is_what_customers_are_told_by(ended: list[timedelta], waits: list[timedelta], share: float) -> None:
    """The same estimator as `expect.upper`, whose answer lies in the same bin."""
    found = spread(ended, waits).quantile(share)
    edges = [[span_of(bin_of(span)) for span in some] for some in (ended, waits)]

    assert found == (upper(*edges, share=share) if len(ended) + len(waits) >= ENOUGH else None)


def test_who_still_waits_makes_answers_slower_never_faster() -> None:
    ended = minutes(10, 20, 30, 40, 50)
    alone, with_some = spread(ended), spread(ended, minutes(35, 35, 35))
    with_many = spread(ended, minutes(*[60] * 20))

    assert [alone.quantile(0.5), with_some.quantile(0.5)] == [span_of(bin_of(one)) for one in minutes(30, 40)]
    assert with_many.quantile(0.5) is None
    assert spread(minutes(10, 20, 30, 40)).quantile(0.5) is None


@quick
@given(st.lists(spans, min_size=ENOUGH, max_size=60))
def test_the_limits_hold_the_median(ended: list[timedelta]) -> None:
    one = spread(ended)
    value, limits = one.quantile(0.5), one.limits()

    assert value is not None
    assert limits is not None
    low, high = limits
    assert low <= value
    assert high is None or low <= high


def test_together_is_as_if_counted_at_once() -> None:
    one, other = spread(minutes(5, 9), minutes(3)), spread(minutes(5), minutes(3, 4))
    one.in_time, other.late = 2, 1

    both = together([one, other])

    assert (both.ended, both.waits) == (one.ended + other.ended, one.waits + other.waits)
    assert (both.n, both.answered, both.waiting, both.decided) == (6, 3, 3, 3)


def test_of_a_hundred_limits_of_a_difference_about_ninety_five_hold_it() -> None:
    """Drawn with a fixed seed, so that it is the same each time: two exponential spans, some cut short by waiting."""
    dice, held, of = Random(4), 0, 200  # noqa: S311 - a draw that can be drawn again
    truth = (60 - 40) * 0.6931
    for _ in range(of):
        sides = []
        for mean in (60, 40):
            drawn = [(dice.expovariate(1 / mean), dice.expovariate(1 / 300)) for _ in range(60)]
            sides.append(spread(minutes(*[a for a, b in drawn if a <= b]), minutes(*[b for a, b in drawn if a > b])))
        found = difference(median_of(sides[0]), median_of(sides[1]))
        assert found is not None
        held += found.low <= truth <= found.high

    assert 0.92 <= held / of <= 0.995


# Differences


def test_too_few_on_one_side_say_nothing() -> None:
    many, few = spread(minutes(*range(1, 40))), spread(minutes(1, 2, 3, 4, 5, 6, 7))

    assert difference(median_of(many), median_of(few)) is None
    assert whole([None, None]) is None


def test_strata_are_compared_within_themselves() -> None:
    """Public cases are answered sooner only because more of them are urgent: within each urgency there is no difference."""
    slow, fast = Estimate(100, 90, 110, 50), Estimate(10, 9, 11, 50)
    found = whole([difference(slow, slow), difference(fast, fast)])

    assert found is not None
    assert (found.value, found.sure, found.n, found.other_n) == (0, 0, 100, 100)


def test_a_stratum_weighs_as_much_as_its_smaller_side_allows() -> None:
    heavy, light = Difference(10, 8, 12, 100, 100), Difference(-50, -90, -10, 1000, 2)
    found = whole([heavy, light])

    assert found is not None
    assert found.value == pytest.approx((50 * 10 + 1000 * 2 / 1002 * -50) / (50 + 1000 * 2 / 1002))
    assert found.low < found.value < found.high


@quick
@given(*[st.lists(st.floats(1, 500), min_size=8, max_size=30)] * 2)
def test_a_difference_turned_round_is_the_same_with_the_other_sign(one: list[float], other: list[float]) -> None:
    sides = [median_of(spread(minutes(*some))) for some in (one, other)]
    there, back = difference(*sides), difference(*reversed(sides))

    assert (there is None) == (back is None)
    if there and back:
        assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))
        assert there.value == pytest.approx(median(one) - median(other), abs=max(*one, *other))


# Reasons, emotions, days


def test_reasons_stand_by_their_number_and_what_is_not_explained_last() -> None:
    bars = pareto({"forgot": 1, "supplier": 4, "": 9}, {"forgot": 4, "waited": 1})

    assert [(bar.reason, bar.count, bar.so_far) for bar in bars] == [
        ("forgot", 5, 0.5),
        ("supplier", 4, 0.9),
        ("waited", 1, 1.0),
        ("", 9, None),
    ]
    assert pareto({}, {}) == []


@quick
@given(*[st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50))] * 2)
def test_the_shares_rise_to_all(promises: dict[str, int], clocks: dict[str, int]) -> None:
    bars = pareto(promises, clocks)
    shares = [bar.so_far or 0 for bar in bars]

    assert sum(bar.count for bar in bars) == sum(promises.values()) + sum(clocks.values())
    assert shares == sorted(shares)
    assert not shares or shares[-1] == 1
    assert [bar.count for bar in bars] == sorted((bar.count for bar in bars), reverse=True)


def test_better_and_worse() -> None:
    felt = {
        ("angry", "hurt"): 1,
        ("hurt", "calm"): 2,
        ("calm", "calm"): 4,
        ("pleased", "calm"): 8,
        ("calm", "angry"): 16,
    }

    assert changes(felt) == {Changed.BETTER: 3, Changed.SAME: 4, Changed.WORSE: 24}


def test_the_window_before_is_as_long_and_ends_where_this_one_begins() -> None:
    days = days_asked(
        length="7", first="", last="", now=datetime(2026, 11, 11, 23, 30, tzinfo=UTC), zone="Europe/Berlin"
    )

    assert (days.first, days.last, days.count) == (date(2026, 11, 6), date(2026, 11, 12), 7)
    assert days.before.until == days.since
    assert days.before.count == 7
    assert days.until == datetime(2026, 11, 12, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "first", "last", "expected"),
    [
        ("", "", "", (date(2026, 10, 13), date(2026, 11, 11))),
        ("8", "", "", (date(2026, 10, 13), date(2026, 11, 11))),
        ("90", "", "", (date(2026, 8, 14), date(2026, 11, 11))),
        ("90", "2026-11-01", "2026-11-03", (date(2026, 11, 1), date(2026, 11, 3))),
        ("", "2026-11-03", "2026-11-01", (date(2026, 11, 1), date(2026, 11, 1))),
        ("", "2026-11-03", "2031-01-01", (date(2026, 11, 3), date(2026, 11, 11))),
        ("", "1999-01-01", "", (date(2025, 11, 11), date(2026, 11, 11))),
        ("", "0001-01-01", "nonsense", (date(2026, 10, 13), date(2026, 11, 11))),
    ],
)
def test_what_is_not_understood_is_left_out(length: str, first: str, last: str, expected: tuple[date, date]) -> None:
    days = days_asked(length=length, first=first, last=last, now=datetime(2026, 11, 11, 10, tzinfo=UTC), zone="UTC")

    assert (days.first, days.last) == expected


def test_a_day_on_which_clocks_go_back_is_longer() -> None:
    day = Days(date(2026, 10, 25), date(2026, 10, 25), "Europe/London")

    assert day.until - day.since == timedelta(hours=25)


# For a spreadsheet


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1"])
def test_no_words_are_taken_for_a_formula(words: str) -> None:
    text = written(
        Sheet("x", "X", [Column("a", words), Column("b", "B", Holds.MORE)], [{"a": words, "b": -5 * MINUTE}])
    )
    [head, row] = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))

    assert text.startswith("\ufeff")
    assert [head[0], row[0]] == [f"'{words}"] * 2
    assert row[1] == "-5.0"


@quick
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=4))
def test_what_is_written_is_read_again(cells: list[str]) -> None:
    columns = [Column(str(at), "x") for at in range(len(cells))]
    text = written(Sheet("x", "X", columns, [{str(at): cell for at, cell in enumerate(cells)}]))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    assert [
        cell.removeprefix("'") if cell[1:] == said else cell for cell, said in zip(rows[1], cells, strict=True)
    ] == cells


def test_numbers_are_told_in_minutes_and_hundredths() -> None:
    columns = [
        Column("a", "A", Holds.SPAN),
        Column("b", "B", Holds.SHARE),
        Column("c", "C"),
        Column("d", "D", Holds.DAY),
    ]
    text = written(Sheet("x", "X", columns, [{"a": 90 * MINUTE, "b": 0.125, "c": None, "d": date(2026, 11, 1)}]))

    assert text == "\ufeffA (min),B (%),C,D\r\n90.0,12.5,,2026-11-01\r\n"

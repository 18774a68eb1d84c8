"""When an answer may be expected, from those of the last weeks."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.clocks.rules.expect import (
    Basis,
    Expectation,
    Measured,
    Pace,
    expectations,
    expected,
    pace_of,
    part_of_day,
    told,
    upper,
)
from troth.words.hours import office

LONDON = office("Europe/London")
MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def answers(kind: str, part: int, n: int, *, hours: float = 1.0, pace: Pace = Pace.PLAIN) -> list[Measured]:
    return [Measured(kind=kind, pace=pace, part=part, span=hours * HOUR) for _ in range(n)]


@pytest.mark.parametrize(
    ("n", "rank"),
    [(8, None), (9, 9), (19, 18), (20, 19), (100, 91)],
    ids=["too few to say", "the longest of nine", "of nineteen", "of twenty", "of a hundred"],
)
def test_the_bound_is_the_order_statistic_of_conformal_prediction(n: int, rank: int | None) -> None:
    spans = [timedelta(minutes=minute) for minute in range(1, n + 1)]
    random.Random(7).shuffle(spans)  # noqa: S311 -- the same order each time

    assert upper(spans) == (timedelta(minutes=rank) if rank else None)


def test_nine_of_ten_are_answered_in_time_whatever_the_spans_are_like() -> None:
    chance = random.Random(20261122)  # noqa: S311 -- the same chance each time
    within, tries = 0, 4000
    for _ in range(tries):
        spans = [timedelta(minutes=chance.lognormvariate(3, 1.4)) for _ in range(41)]
        bound = upper(spans[:40])
        assert bound is not None
        within += spans[40] <= bound

    assert within / tries >= 0.88  # 0.9 at least, less what chance does in four thousand


def test_who_still_waits_makes_it_longer() -> None:
    hours = [n * HOUR for n in range(1, 21)]

    all_answered = upper(hours)
    ten_wait = upper(hours[:10], [12 * HOUR] * 10)

    assert all_answered == 19 * HOUR
    assert ten_wait is None  # half of them wait; nobody knows for how long
    assert upper(hours, [10 * HOUR] * 8) == 20 * HOUR
    assert upper(hours, [0 * HOUR] * 50) == upper(hours)  # who has only just come says nothing


def test_where_too_many_wait_the_longest_wait_is_said() -> None:
    waiting = [Measured(kind="enquiry", pace=Pace.PLAIN, part=1, span=30 * HOUR, waits=True) for _ in range(15)]

    known = expectations([*answers("enquiry", 1, 10), *waiting])

    assert known["enquiry", "", None] == Expectation(30 * HOUR, 25, Basis.KIND)


def test_the_narrowest_circle_with_enough_answers_counts() -> None:
    morning = part_of_day(MONDAY, LONDON)
    known = expectations(
        [
            *answers("complaint", morning, 20, hours=2),
            *answers("complaint", morning + 1, 15, hours=5),
            *answers("enquiry", morning, 12, hours=1),
        ]
    )

    def of(kind: str, at: datetime) -> Expectation:
        return expected(kind, pace=Pace.PLAIN, at=at, hours=LONDON, known=known, target=8 * HOUR)

    assert of("complaint", MONDAY) == Expectation(2 * HOUR, 20, Basis.KIND_AND_HOUR, Pace.PLAIN)
    assert of("complaint", MONDAY + 2 * HOUR) == Expectation(5 * HOUR, 35, Basis.KIND, Pace.PLAIN)
    assert of("enquiry", MONDAY) == Expectation(5 * HOUR, 47, Basis.ALL)
    assert expected("enquiry", pace=Pace.PLAIN, at=MONDAY, hours=LONDON, known={}, target=8 * HOUR) == Expectation(
        8 * HOUR, 0, Basis.TARGET
    )


def test_what_is_urgent_or_public_is_told_the_time_of_its_like_where_enough_was_measured() -> None:
    morning = part_of_day(MONDAY, LONDON)
    known = expectations(
        [
            *answers("enquiry", morning, 40, hours=6),
            *answers("enquiry", morning, 12, hours=1, pace=Pace.URGENT),
            *answers("complaint", morning, 12, hours=1, pace=Pace.URGENT),
            *answers("enquiry", morning, 5, hours=2, pace=Pace.PUBLIC),
        ]
    )

    def of(pace: Pace) -> Expectation:
        return expected("enquiry", pace=pace, at=MONDAY, hours=LONDON, known=known, target=8 * HOUR)

    assert of(Pace.PLAIN) == Expectation(6 * HOUR, 40, Basis.KIND_AND_HOUR, Pace.PLAIN)
    assert of(Pace.URGENT) == Expectation(1 * HOUR, 24, Basis.ALL, Pace.URGENT)
    assert of(Pace.PUBLIC) == Expectation(6 * HOUR, 57, Basis.KIND_AND_HOUR)  # too few of its own


@pytest.mark.parametrize(
    ("urgency", "is_public", "pace"),
    [
        ("", False, "plain"),
        ("low", False, "plain"),
        ("critical", False, "urgent"),
        ("", True, "public"),
        ("high", True, "urgent_public"),
    ],
)
def test_the_pace_is_that_of_the_targets_ready_to_choose(urgency: str, is_public: bool, pace: str) -> None:
    assert pace_of(urgency=urgency, is_public=is_public) == pace


def test_a_time_is_told_as_people_say_times() -> None:
    at = MONDAY + timedelta(minutes=3)  # a span of 100 minutes ends at 12:43

    assert told(at, Expectation(timedelta(minutes=100), 30, Basis.KIND), hours=LONDON) == MONDAY + timedelta(
        hours=1, minutes=45
    )


def test_nothing_shorter_than_a_quarter_of_an_hour_is_told() -> None:
    assert told(MONDAY, Expectation(timedelta(seconds=20), 30, Basis.KIND), hours=LONDON) == MONDAY + HOUR / 4


@given(
    minute=st.integers(0, 365 * 24 * 60),
    minutes=st.integers(1, 3000),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_what_is_told_is_never_earlier_than_expected_and_somebody_is_there(
    minute: int, minutes: int, zone: str
) -> None:
    hours, at = office(zone), MONDAY + timedelta(minutes=minute)
    span = timedelta(minutes=minutes)

    when = told(at, Expectation(span, 30, Basis.KIND), hours=hours)

    assert hours.working_time_between(at, when) >= span
    assert hours.is_open(when - timedelta(microseconds=1))
    assert when - hours.add_working_time(at, max(span, timedelta(minutes=15))) < timedelta(minutes=15)


def test_every_hour_is_in_one_part_of_the_day() -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)

    parts = [part_of_day(midnight + n * HOUR, LONDON) for n in range(24)]

    assert parts == sorted(parts)
    assert set(parts) == set(range(6))

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from troth.people.rules.pace import Pace, take, wait

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def taken(pace: Pace, moments: list[datetime]) -> list[bool]:
    """What was granted at each of these moments."""
    whole_at, answers = None, []
    for now in moments:
        granted, whole_at = take(whole_at, pace, now=now)
        answers.append(granted)
    return answers


def test_so_many_at_once_and_then_one_after_another() -> None:
    pace = Pace(3, 3 * MINUTE)

    assert taken(pace, [NOW] * 5) == [True, True, True, False, False]
    assert taken(pace, [NOW] * 3 + [NOW + MINUTE] * 2) == [True, True, True, True, False]
    assert taken(pace, [NOW] * 3 + [NOW + 3 * MINUTE] * 4) == [True, True, True, True, True, True, False]


@pytest.mark.parametrize(("used", "left"), [(0, 0), (1, 0), (2, 0), (3, 60), (4, 60)])
def test_how_long_to_wait(used: int, left: int) -> None:
    pace, whole_at = Pace(3, 3 * MINUTE), None
    for _time in range(used):
        _granted, whole_at = take(whole_at, pace, now=NOW)

    assert wait(whole_at, pace, now=NOW) == timedelta(seconds=left)


@given(
    most=some.integers(1, 20),
    seconds=some.integers(1, 3600),
    gaps=some.lists(some.floats(0, 400), max_size=80),
)
def test_no_window_grants_more_than_twice_the_most_and_waiting_always_helps(
    most: int, seconds: int, gaps: list[float]
) -> None:
    pace, now, whole_at = Pace(most, timedelta(seconds=seconds)), NOW, None
    granted: list[datetime] = []
    for gap in gaps:
        now += timedelta(seconds=gap)
        left = wait(whole_at, pace, now=now)
        yes, whole_at = take(whole_at, pace, now=now)
        assert yes == (not left)
        assert take(whole_at, pace, now=now + wait(whole_at, pace, now=now))[0]
        granted += [now] if yes else []

    for moment in granted:
        assert sum(moment - pace.within < one <= moment for one in granted) <= 2 * most
        assert sum(moment == one for one in granted) <= most

"""How things stand is worked out from what was told: tables and one property."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.status.rules.standing import (
    DAYS,
    Span,
    Standing,
    acknowledged,
    runs,
    share_well,
    standing_at,
    strip,
    worst,
)

NOW = datetime(2026, 11, 11, 10, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = NOW - 400 * DAY


def test_the_worst_of_what_holds_counts_and_an_end_is_an_end() -> None:
    spans = [Span(Standing.MINOR, NOW - DAY, None), Span(Standing.CRITICAL, NOW - DAY, NOW)]

    assert standing_at(spans, NOW - HOUR) is Standing.CRITICAL
    assert standing_at(spans, NOW) is Standing.MINOR
    assert standing_at([], NOW) is Standing.WELL
    assert worst([Standing.WORK, Standing.WELL]) is Standing.WORK


def test_a_day_is_one_of_the_company_s_zone() -> None:
    # 23:30 in London on the 9th is the 10th in Berlin.
    spans = [Span(Standing.MAJOR, datetime(2026, 11, 9, 23, 30, tzinfo=UTC), datetime(2026, 11, 9, 23, 40, tzinfo=UTC))]

    london = strip(spans, since=LONG_AGO, now=NOW, zone="Europe/London")
    berlin = strip(spans, since=LONG_AGO, now=NOW, zone="Europe/Berlin")

    assert len(london) == len(berlin) == DAYS
    assert [day.on for day in london if day.worst is Standing.MAJOR] == [date(2026, 11, 9)]
    assert [day.on for day in berlin if day.worst is Standing.MAJOR] == [date(2026, 11, 10)]


def test_what_is_planned_for_tonight_does_not_stand_in_the_strip_yet() -> None:
    (*_before, today) = strip([Span(Standing.WORK, NOW + HOUR, NOW + 2 * HOUR)], since=LONG_AGO, now=NOW, zone="UTC")

    assert today.worst is Standing.WELL


def test_days_before_anybody_looked_are_not_called_good() -> None:
    days = strip([], since=NOW - 3 * DAY, now=NOW, zone="UTC")

    assert [day.worst for day in days] == [None] * (DAYS - 4) + [Standing.WELL] * 4
    assert share_well([], since=NOW - 3 * HOUR, now=NOW) is None


@pytest.mark.parametrize(
    ("spans", "hours_lost", "count"),
    [
        ([], 0, 0),
        ([(10, 5)], 5, 1),
        ([(10, 5), (8, 6)], 5, 2),  # one within the other
        ([(10, 5), (6, 2)], 8, 2),  # overlapping
        ([(3, None)], 2.5, 1),  # still going on: up to the full hour
        ([(100 * 24, 89 * 24)], 24.5, 1),  # begun before the window
    ],
)
def test_share_is_of_hours_not_of_incidents(spans: list[tuple[int, int | None]], hours_lost: float, count: int) -> None:
    given = [Span(Standing.MINOR, NOW - a * HOUR, NOW - b * HOUR if b is not None else None) for a, b in spans]

    share = share_well(given, since=LONG_AGO, now=NOW)

    assert share is not None
    assert share.incidents == count
    assert (1 - share.share) * DAYS * 24 == pytest.approx(hours_lost)


def test_planned_work_does_not_count_against_the_share() -> None:
    share = share_well([Span(Standing.WORK, NOW - DAY, NOW)], since=LONG_AGO, now=NOW)

    assert share is not None
    assert (share.share, share.incidents) == (1.0, 0)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), max_size=12))
def test_share_is_what_counting_hours_gives(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(Standing.MAJOR, NOW - max(pair) * HOUR, NOW - min(pair) * HOUR) for pair in pairs]
    until = NOW.replace(minute=0)

    share = share_well(spans, since=LONG_AGO, now=NOW)

    halves = [until - n * timedelta(minutes=30) for n in range(1, DAYS * 48 + 1)]
    lost = sum(
        any(s.from_at <= half and half + timedelta(minutes=30) <= (s.until or NOW) for s in spans) for half in halves
    )
    assert share is not None
    assert (1 - share.share) * DAYS * 48 == pytest.approx(lost)


def test_how_soon_we_speak_says_of_how_many() -> None:
    pairs = [
        (NOW, NOW + HOUR),
        (NOW, NOW + 4 * HOUR),
        (NOW, None),  # not said yet
        (None, NOW),  # nobody complained
        (NOW + HOUR, NOW),  # we spoke before
    ]

    found = acknowledged(pairs)

    assert (found.count, found.spoke_first, found.median, found.longest) == (2, 2, 2.5 * HOUR, 4 * HOUR)
    assert acknowledged([]).median is None


def test_days_that_follow_each_other_are_one_run() -> None:
    days = [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 5)]

    assert runs(days) == [(days[0], days[1]), (days[2], days[2])]
    assert runs([]) == []

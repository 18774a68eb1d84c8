from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from troth.site import times

NOW = datetime(2026, 11, 26, 16, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (datetime(2026, 11, 26, 17, 0, tzinfo=UTC), "Europe/London", "Thu 26 Nov, 17:00 GMT"),
        (datetime(2026, 7, 1, 8, 5, tzinfo=UTC), "Europe/London", "Wed 1 Jul, 09:05 BST"),
        (datetime(2026, 11, 26, 17, 0, tzinfo=UTC), "Europe/Berlin", "Thu 26 Nov, 18:00 CET"),
        (datetime(2026, 11, 26, 23, 30, tzinfo=UTC), "Asia/Kolkata", "Fri 27 Nov, 05:00 IST"),
        (datetime(2026, 11, 26, 17, 0, tzinfo=UTC), "America/Sao_Paulo", "Thu 26 Nov, 14:00 UTC-3"),
        (datetime(2026, 11, 26, 17, 0, tzinfo=UTC), "Asia/Kathmandu", "Thu 26 Nov, 22:45 UTC+5:45"),
        (datetime(2027, 1, 4, 9, 0, tzinfo=UTC), "UTC", "Mon 4 Jan 2027, 09:00 UTC"),
    ],
)
def test_a_moment_is_shown_with_its_zone(moment: datetime, zone: str, words: str) -> None:
    assert times.absolute(moment, zone=zone, now=NOW) == words


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=40), "in 40 min"),
        (timedelta(minutes=-40), "40 min ago"),
        (timedelta(minutes=59, seconds=59), "in 59 min"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(hours=23, minutes=20), "in 23 h"),
        (timedelta(days=1), "in 24 h"),
        (timedelta(hours=47, minutes=10), "in 47 h"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=-9), "9 days ago"),
    ],
)
def test_distance_is_told_in_the_one_unit_that_matters(away: timedelta, words: str) -> None:
    assert times.relative(NOW + away, now=NOW) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=3), "under a minute"),
        (timedelta(minutes=40), "40 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(days=1, hours=2), "1 day"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_a_span_is_told_shortly(length: timedelta, words: str) -> None:
    assert times.span(length) == words


def test_a_day_of_another_year_says_so() -> None:
    assert times.day(date(2027, 1, 4), today=NOW.date()) == "Mon 4 Jan 2027"
    assert times.day(date(2026, 12, 31), today=NOW.date()) == "Thu 31 Dec"

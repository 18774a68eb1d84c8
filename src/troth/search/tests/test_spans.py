from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.search.rules.spans import spans

MOMENTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it asks for such


@given(now=MOMENTS, age=st.timedeltas(min_value=timedelta(days=-360), max_value=timedelta(days=12000)))
def test_every_moment_lies_in_one_span_and_bears_one_of_its_marks(now: datetime, age: timedelta) -> None:
    at = now - age

    around = [span for span in spans(now=now) if span.since <= at < span.until]

    assert len(around) == 1
    own = {f"{at:%Y%m%d}", f"{at:%Y%m}", f"{at:%Y}"}
    assert len(own & set(around[0].marks)) == 1


@given(now=MOMENTS)
def test_they_follow_each_other_without_a_gap(now: datetime) -> None:
    found = spans(now=now)

    assert [span.since for span in found[:-1]] == [span.until for span in found[1:]]


@pytest.mark.parametrize("days", [0, 1, 40, 4000])
def test_dates_cut_them(days: int) -> None:
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    since = now - timedelta(days=days)

    found = spans(now=now, since=since, until=now)

    assert found == [] if not days else (found[0].until, found[-1].since) == (now, since)

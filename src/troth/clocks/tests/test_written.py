"""Targets as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.clocks.rules.length import SECONDS_MAX, Length, NotALength, calendar, working_days, working_time
from troth.clocks.rules.written import read_length, write_length
from troth.words.clocks import Measure


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", None),
        ("  ", None),
        ("4 hours", working_time(hours=4)),
        ("4h", working_time(hours=4)),
        ("1.5 hours", working_time(minutes=90)),
        ("90 Min", working_time(minutes=90)),
        ("4 hours round the clock", calendar(hours=4)),
        ("2 days", working_days(2)),
        ("15 business days", working_days(15)),
        ("1 working day", working_days(1)),
        ("3 calendar days", calendar(days=3)),
        ("8 weeks", calendar(weeks=8)),
        ("0 working days", working_days(0)),
    ],
)
def test_a_length_is_read(text: str, length: Length | None) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize("text", ["soon", "4", "hours", "1.5 days", "0 hours", "2 working weeks", "9999 weeks", "-1 h"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(NotALength):
        read_length(text)


lengths = st.one_of(
    st.integers(0, 1_000).map(working_days),
    st.builds(
        Length,
        st.sampled_from([Measure.WORKING_TIME, Measure.CALENDAR]),
        st.integers(1, SECONDS_MAX // 3600).map(lambda n: n * 36),
    ).filter(lambda length: length.amount / 60 < 99_999),
)


@given(lengths)
def test_what_is_written_reads_the_same(length: Length) -> None:
    assert read_length(write_length(length)) == length

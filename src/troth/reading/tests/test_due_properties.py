"""What holds of every deadline read, whatever is written, wherever and whenever; and how the work grows."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.reading.due import find_dues
from troth.reading.english_dates import ANCHORS
from troth.reading.english_words import FUNCTION
from troth.words.hours import MIDNIGHT, Hours, Span, office, round_the_clock

NIGHTS = ((Span(time(0), time(2)), Span(time(22), MIDNIGHT)),) * 6 + ((),)
ZONES = (
    "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia",
    "Africa/Casablanca", "Pacific/Chatham",
)  # fmt: skip
CALENDARS = (
    *(office(zone) for zone in ZONES),
    *(Hours(zone, NIGHTS) for zone in ZONES),
    *(round_the_clock(zone) for zone in ZONES[:3]),
    office("Europe/London", "GB", "ENG"),
    office("America/New_York", "US"),
    Hours("Europe/Berlin", ((),) * 7),
)
OTHER_WORDS = """
    by before after until within in over the next last this coming of and or - – , . ( ) / ' % £ 1 2 3 5 7 10 12 13 17
    24 31 99 100 999 2026 2027 0900 1830 5pm 9a 10:30 2.30 3.4. 12/05 12/05/2026 30/2 29/2 2028-02-29 2026-02-30 3rd
    31st half past o'clock working commencing end early late mid- first thing play daily from now earlier later today's
    EST CET PT (BST) (-0330) ½ ² ١٢
""".split()  # noqa: SIM905 easier to read and to edit than a list
TEXTS = st.lists(st.sampled_from((*ANCHORS, *FUNCTION, *OTHER_WORDS)), max_size=12).map(" ".join)
CHANGES = [datetime.fromisoformat(at) for at in ("2026-03-28T22", "2026-10-24T22", "2026-03-08T04", "2026-11-01T03")]
"""Hours before the clocks change somewhere."""
INSTANTS = st.one_of(
    st.datetimes(datetime(2023, 1, 1), datetime(2031, 12, 31)),  # noqa: DTZ001 hypothesis wants it bare
    st.builds(lambda at, seconds: at + timedelta(seconds=seconds), st.sampled_from(CHANGES), st.integers(0, 36_000)),
)


@settings(max_examples=600, deadline=None)
@given(TEXTS, INSTANTS, st.sampled_from(CALENDARS))
def test_every_deadline_lies_ahead_and_its_window_before_it(text: str, naive: datetime, hours: Hours) -> None:
    at = naive.replace(tzinfo=UTC)
    end = 0

    for found in find_dues(text, at=at, hours=hours):
        due = found.due
        assert due.at >= at
        assert due.at.tzinfo is UTC
        assert due.window_start is None or due.window_start <= due.at
        assert due.other_at is None or (due.ambiguous and due.other_at >= at and due.other_at != due.at)
        assert end <= found.start < found.end <= len(text)
        assert due.words
        assert due.words in text[found.start : found.end]
        end = found.end


@settings(max_examples=200, deadline=None)
@given(TEXTS, INSTANTS, st.sampled_from(CALENDARS))
def test_the_same_words_give_the_same_deadlines(text: str, naive: datetime, hours: Hours) -> None:
    at = naive.replace(tzinfo=UTC)

    assert find_dues(text, at=at, hours=hours) == find_dues(text, at=at, hours=hours)


@pytest.mark.parametrize(
    "text", ["within 3 working days", "by Friday", "next year", "in 999 years", "by 5pm", "by Easter"]
)
@pytest.mark.parametrize("year", [1, 1900, 8000, 9999])
def test_the_ends_of_the_calendar_are_no_trouble(text: str, year: int) -> None:
    at = datetime(year, 12, 30, 12, tzinfo=UTC)

    for found in find_dues(text, at=at, hours=office("Pacific/Auckland")):
        assert found.due.at >= at


@pytest.mark.parametrize(
    "unit",
    [
        "1", "1 ", "1.", "1/", "3-", "a ", "the ", "next ", "by ", "within ", "in the next ", "tomorrow ", "tomorrow or ",
        "Monday to ", "half ", "one ", "last ", "week ", "end of the ", "(", "2026-", "5pm-", "mid-", "from 3 ", "May ",
        "twenty-", "and a half ", "'s ",
    ],
)  # fmt: skip
def test_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    """Counted in calls, not in seconds: each word looks at no more than a few of its neighbours."""
    hours, at = office("Europe/London"), datetime(2026, 3, 4, 10, tzinfo=UTC)
    find_dues(unit * 3_000, at=at, hours=hours)  # fills the caches

    short, long = (_calls(unit * times, hours, at) for times in (1_500, 3_000))

    assert long <= 2.2 * short + 100


def _calls(text: str, hours: Hours, at: datetime) -> int:
    """How many functions are called in reading *text*."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        find_dues(text, at=at, hours=hours)
    finally:
        sys.setprofile(before)
    return calls

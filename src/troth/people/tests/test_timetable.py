"""Opening hours as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.people.rules.timetable import (
    NotDays,
    NotHours,
    closed_next,
    read_closed,
    read_day,
    timetable,
    write_closed,
    write_day,
)
from troth.words.hours import MIDNIGHT, NotACalendar, Span


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        ("", ()),
        ("9-17", (Span(time(9), time(17)),)),
        ("13:30 – 17:00; 9:00-12:30", (Span(time(9), time(12, 30)), Span(time(13, 30), time(17)))),
        ("0-24", (Span(time(0), MIDNIGHT),)),
        ("8 to 9,9 to 10", (Span(time(8), time(9)), Span(time(9), time(10)))),
    ],
)
def test_a_day_is_read(line: str, spans: tuple[Span, ...]) -> None:
    assert read_day(line) == spans


@pytest.mark.parametrize(
    "line", ["nine to five", "17-9", "9-9", "9-25", "24-24", "9-17, 12-13", "9:60-10", "9-17 10-18", "-", "24:30-25"]
)
def test_what_is_no_day_is_refused(line: str) -> None:
    with pytest.raises(NotHours):
        read_day(line)


minutes = st.integers(0, 24 * 60)


@given(st.lists(minutes, unique=True, min_size=0, max_size=8).map(sorted))
def test_what_is_written_reads_the_same(edges: list[int]) -> None:
    def clock(minute: int) -> time:
        return MIDNIGHT if minute == 24 * 60 else time(minute // 60, minute % 60)

    pairs = zip(edges[::2], edges[1::2], strict=False)
    spans = tuple(Span(clock(start), clock(end)) for start, end in pairs)

    assert read_day(write_day(spans)) == spans


@given(st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40))
def test_closed_days_written_read_the_same(days: frozenset[date]) -> None:
    assert read_closed(write_closed(days)) == days


def test_days_in_a_row_stand_on_one_line() -> None:
    days = read_closed("2026-12-24 to 2026-12-26\n\n 2027-01-02 \n")

    assert len(days) == 4
    assert write_closed(days) == "2026-12-24 to 2026-12-26\n2027-01-02"


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "2026-12-26 to 2026-12-24", "1900-01-01 to 2100-01-01"])
def test_what_are_no_days_is_refused(text: str) -> None:
    with pytest.raises(NotDays):
        read_closed(text)


def test_never_open_is_no_timetable() -> None:
    with pytest.raises(NotACalendar):
        timetable(zone="Europe/London", week=[""] * 7)


def test_the_next_closed_days_are_named() -> None:
    hours = timetable(
        zone="Europe/London",
        week=["9-17"] * 5 + ["", ""],
        country="GB",
        subdivision="ENG",
        closed="2026-12-29",
    )

    found = closed_next(hours, after=datetime(2026, 12, 1, tzinfo=UTC), most=4)

    assert [day for day, _name in found] == [
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2026, 12, 29),
        date(2027, 1, 1),
    ]
    assert [bool(name) for _day, name in found] == [True, True, False, True]

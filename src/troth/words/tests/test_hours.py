from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.words.hours import MIDNIGHT, Hours, NaiveTime, NeverOpen, NotACalendar, Span, office, round_the_clock

LONDON = office("Europe/London")
ENGLAND = office("Europe/London", country="GB", subdivision="ENG")
LATE = (Span(time(22), MIDNIGHT),)
NIGHT = Hours(zone="Europe/London", week=((Span(time(0), time(6)), *LATE),) * 7)
SPLIT = Hours(
    zone="Australia/Lord_Howe",
    week=((Span(time(8), time(12)), Span(time(13, 30), time(18))),) * 5 + ((Span(time(1, 45), time(3)),), ()),
)
NEVER = Hours(zone="UTC", week=((),) * 7)
CALENDARS = [LONDON, ENGLAND, NIGHT, SPLIT, office("America/New_York", country="US"), round_the_clock("Europe/London")]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


calendars = st.sampled_from(CALENDARS)
instants = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2027, 12, 31)).map(  # noqa: DTZ001 made aware
    lambda naive: naive.replace(tzinfo=UTC)
)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=120))


@pytest.mark.parametrize(
    ("hours", "start", "span", "end"),
    [
        (LONDON, "2026-03-11T10:00Z", timedelta(hours=4), "2026-03-11T14:00Z"),
        (LONDON, "2026-03-11T15:00Z", timedelta(hours=4), "2026-03-12T11:00Z"),
        (LONDON, "2026-03-11T15:00Z", timedelta(hours=2), "2026-03-11T17:00Z"),
        (LONDON, "2026-03-13T20:00Z", timedelta(hours=1), "2026-03-16T10:00Z"),
        (LONDON, "2026-03-27T16:00Z", timedelta(hours=2), "2026-03-30T09:00Z"),  # the clocks go forward on the Sunday
        (LONDON, "2026-10-23T15:00Z", timedelta(hours=2), "2026-10-26T10:00Z"),  # 16:00 BST, then 10:00 GMT
        (ENGLAND, "2026-04-02T15:00Z", timedelta(hours=2), "2026-04-07T09:00Z"),  # Easter lies between
        (NIGHT, "2026-03-29T00:00Z", timedelta(hours=5), "2026-03-29T05:00Z"),  # six hours, one of them skipped
        (NIGHT, "2026-10-24T23:00Z", timedelta(hours=7), "2026-10-25T06:00Z"),  # six hours, one of them twice
        (SPLIT, "2026-06-01T11:00+10:30", timedelta(hours=2), "2026-06-01T14:30+10:30"),
        (LONDON, "2026-03-12T11:00Z", timedelta(hours=-4), "2026-03-11T15:00Z"),
        (LONDON, "2026-03-16T10:00Z", timedelta(hours=-1), "2026-03-16T09:00Z"),
        (LONDON, "2026-03-14T12:00Z", timedelta(hours=-8), "2026-03-13T09:00Z"),
        (LONDON, "2026-03-14T12:00Z", timedelta(0), "2026-03-14T12:00Z"),
    ],
)
def test_only_open_time_is_counted(hours: Hours, start: str, span: timedelta, end: str) -> None:
    assert hours.add_working_time(at(start), span) == at(end)


@pytest.mark.parametrize(
    ("hours", "day", "n", "expected"),
    [
        (LONDON, date(2026, 4, 2), 5, date(2026, 4, 9)),
        (ENGLAND, date(2026, 4, 2), 5, date(2026, 4, 13)),
        (LONDON, date(2026, 4, 4), 1, date(2026, 4, 6)),
        (LONDON, date(2026, 4, 4), 0, date(2026, 4, 6)),
        (LONDON, date(2026, 4, 2), 0, date(2026, 4, 2)),
        (LONDON, date(2026, 4, 6), -1, date(2026, 4, 3)),
        (ENGLAND, date(2026, 4, 7), -1, date(2026, 4, 2)),
    ],
)
def test_working_days_are_counted_from_the_next_one(hours: Hours, day: date, n: int, expected: date) -> None:
    assert hours.add_working_days(day, n) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-11T10:00Z", "2026-03-11T10:00Z"),
        ("2026-03-11T17:00Z", "2026-03-12T09:00Z"),
        ("2026-03-13T17:30Z", "2026-03-16T09:00Z"),
        ("2026-03-27T17:30Z", "2026-03-30T08:00Z"),
    ],
)
def test_next_open(start: str, expected: str) -> None:
    assert LONDON.next_open(at(start)) == at(expected)


def test_a_day_closes_at_closing_time_or_with_its_last_second() -> None:
    assert LONDON.end_of_day(date(2026, 6, 1)) == at("2026-06-01T17:00+01:00")
    assert LONDON.end_of_day(date(2026, 6, 6)) == at("2026-06-06T23:59:59+01:00")
    assert NIGHT.end_of_day(date(2026, 6, 1)) == at("2026-06-01T23:59:59+01:00")
    assert LONDON.start_of_day(date(2026, 6, 1)) == at("2026-06-01T09:00+01:00")
    assert LONDON.start_of_day(date(2026, 6, 6)) == at("2026-06-06T00:00+01:00")


def test_an_hour_that_is_skipped_or_comes_twice() -> None:
    half_past_one = time(1, 30)

    assert LONDON.instant(date(2026, 3, 29), half_past_one) == at("2026-03-29T01:00Z")
    assert LONDON.instant(date(2026, 10, 25), half_past_one) == at("2026-10-25T00:30Z")
    assert SPLIT.instant(date(2026, 10, 4), time(2, 15)) == at("2026-10-03T15:30Z")  # Lord Howe skips half an hour


def test_a_span_wholly_in_the_skipped_hour_is_no_opening_time() -> None:
    hours = Hours(zone="Europe/London", week=((Span(time(1, 15), time(1, 45)),),) * 7)

    assert hours.next_open(at("2026-03-28T12:00Z")) == at("2026-03-30T00:15Z")


def test_spans_that_touch_do_not_count_the_doubled_hour_twice() -> None:
    hours = Hours(zone="Europe/London", week=((Span(time(0), time(1, 30)), Span(time(1, 30), time(6))),) * 7)

    assert hours.working_time_between(at("2026-10-24T22:00Z"), at("2026-10-25T12:00Z")) == timedelta(hours=7)


def test_a_calendar_that_never_opens_says_so() -> None:
    always_closed = Hours(zone="UTC", week=LONDON.week, closed=frozenset(_days(date(2026, 1, 1), 1_400)))

    for hours in (NEVER, always_closed):
        with pytest.raises(NeverOpen):
            hours.next_open(at("2026-02-01T00:00Z"))
        with pytest.raises(NeverOpen):
            hours.add_working_days(date(2026, 2, 1), 1)
    with pytest.raises(NeverOpen):
        NEVER.add_working_time(at("2026-02-01T00:00Z"), -timedelta(hours=1))
    with pytest.raises(NeverOpen):
        NEVER.day_span()
    assert NEVER.working_time_between(at("2026-02-01T00:00Z"), at("2026-03-01T00:00Z")) == timedelta(0)


def test_a_typical_day() -> None:
    assert LONDON.day_span() == timedelta(hours=8)
    assert SPLIT.day_span() == timedelta(hours=8, minutes=30)
    assert round_the_clock("UTC").day_span() == timedelta(hours=24)


@pytest.mark.parametrize("hours", CALENDARS)
def test_written_down_and_read_back(hours: Hours) -> None:
    assert Hours.from_plain(json.loads(json.dumps(hours.to_plain()))) == hours


def test_extra_closed_days_are_written_down_too() -> None:
    hours = Hours(zone="UTC", week=LONDON.week, closed=frozenset({date(2026, 12, 24)}))

    assert not hours.is_working_day(date(2026, 12, 24))
    assert hours.to_plain()["closed"] == ["2026-12-24"]
    assert Hours.from_plain(hours.to_plain()) == hours


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"zone": "Mars/Base", "week": [[]] * 7},
        {"zone": "localtime", "week": [[]] * 7},
        {"zone": "UTC", "week": [[]] * 6},
        {"zone": "UTC", "week": [[["17:00", "09:00"]]] + [[]] * 6},
        {"zone": "UTC", "week": [[["09:00", "13:00"], ["12:00", "17:00"]]] + [[]] * 6},
        {"zone": "UTC", "week": [[["nine", "17:00"]]] + [[]] * 6},
        {"zone": "UTC", "week": [[]] * 7, "country": "XX"},
        {"zone": "UTC", "week": [[]] * 7, "country": "GB", "subdivision": "MOON"},
        {"zone": "UTC", "week": [[]] * 7, "subdivision": "ENG"},
    ],
)
def test_what_is_no_calendar_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(NotACalendar):
        Hours.from_plain(plain)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        LONDON.is_open(datetime(2026, 3, 11, 10))  # noqa: DTZ001 the point of the test


@settings(max_examples=150, deadline=None)
@given(calendars, instants, spans)
def test_what_is_added_is_what_lies_between(hours: Hours, start: datetime, span: timedelta) -> None:
    end = hours.add_working_time(start, span)

    assert end.tzinfo is UTC
    assert hours.working_time_between(start, end) == span
    assert hours.working_time_between(hours.add_working_time(start, -span), start) == span


@settings(max_examples=100, deadline=None)
@given(calendars, instants, instants, spans, spans)
def test_later_starts_and_longer_spans_end_no_earlier(
    hours: Hours, one: datetime, other: datetime, short: timedelta, long: timedelta
) -> None:
    (one, other), (short, long) = sorted((one, other)), sorted((short, long))

    assert hours.add_working_time(one, short) <= hours.add_working_time(other, short)
    assert hours.add_working_time(one, short) <= hours.add_working_time(one, long)


@settings(max_examples=100, deadline=None)
@given(calendars, instants)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, start: datetime) -> None:
    opening = hours.next_open(start)

    assert opening >= start
    assert hours.is_open(opening)
    assert hours.working_time_between(start, opening) == timedelta(0)


@settings(max_examples=100, deadline=None)
@given(calendars, st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 30))
def test_working_days_there_and_back(hours: Hours, day: date, n: int) -> None:
    day = hours.add_working_days(day, 0)

    assert hours.add_working_days(hours.add_working_days(day, n), -n) == day
    assert hours.end_of_day(day).astimezone(ZoneInfo(hours.zone)).date() == day
    assert hours.start_of_day(day) < hours.end_of_day(day)


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from troth.reading.days import easter
from troth.reading.due import find_dues
from troth.words.hours import Hours, office

ENGLAND = office("Europe/London", country="GB", subdivision="ENG")
LONDON = office("Europe/London")
CHICAGO = office("America/Chicago")
WEDNESDAY = "2026-03-11T10:00"


def dues(text: str, now: str = WEDNESDAY, hours: Hours = LONDON) -> list[tuple[str, str]]:
    """The words and the wall-clock time of each deadline."""
    at = hours.local(datetime.fromisoformat(now).replace(tzinfo=UTC)).replace(tzinfo=None)
    written = hours.instant(at.date(), datetime.fromisoformat(now).time())
    found = find_dues(text, at=written, hours=hours)
    return [(one.due.words, f"{hours.local(one.due.at):%Y-%m-%d %H:%M}") for one in found]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        # days, and parts of them
        ("It goes out today.", "2026-03-11 17:00"),
        ("You will have it later today.", "2026-03-11 17:00"),
        ("We ring tonight.", "2026-03-11 23:59"),
        ("Back to you tomorrow!", "2026-03-12 17:00"),
        ("Back to you the day after tomorrow", "2026-03-13 17:00"),
        ("by tomorrow morning", "2026-03-12 12:00"),
        ("tomorrow afternoon", "2026-03-12 17:00"),
        ("this evening", "2026-03-11 22:00"),
        ("first thing", "2026-03-12 10:00"),
        ("first thing tomorrow", "2026-03-12 10:00"),
        ("first thing on Monday morning", "2026-03-16 10:00"),
        ("by end of play", "2026-03-11 17:00"),
        ("by the end of the day", "2026-03-11 17:00"),
        ("by close of business on Friday", "2026-03-13 17:00"),
        ("by EOD tomorrow", "2026-03-12 17:00"),
        ("by lunchtime", "2026-03-11 13:00"),
        ("by noon tomorrow", "2026-03-12 12:00"),
        ("before midnight", "2026-03-11 23:59"),
        ("in the morning", "2026-03-12 12:00"),
        # clock times
        ("by 5pm", "2026-03-11 17:00"),
        ("before 5 p.m. tomorrow", "2026-03-12 17:00"),
        ("at 14:30", "2026-03-11 14:30"),
        ("tomorrow at 9.15am", "2026-03-12 09:15"),
        ("by 3 on Friday", "2026-03-13 15:00"),
        ("by 9", "2026-03-12 09:00"),
        ("on Friday at 10am", "2026-03-13 10:00"),
        ("on Friday between 8am and 1pm", "2026-03-13 13:00"),
        ("by 1830", "2026-03-11 18:30"),
        ("on Friday, 10:30", "2026-03-13 10:30"),
        ("by 17:00 on Friday", "2026-03-13 17:00"),
        # as our own letters write it, and with the clocks of other places
        ("by Friday 13 March, 05:17 (GMT)", "2026-03-13 05:17"),
        ("by Thursday 26 November, 17:00 (CET)", "2026-11-26 16:00"),
        ("by Thursday 26 November, 17:00 (-0330)", "2026-11-26 20:30"),
        ("by Thursday 26 November, 17:00 (BST)", "2026-11-26 16:00"),
        ("by Friday 27 November at 17:00", "2026-11-27 17:00"),
        ("on 27 Nov, 5 pm", "2026-11-27 17:00"),
        ("by 5pm EST tomorrow", "2026-03-12 22:00"),
        ("by 5pm BST tomorrow", "2026-03-12 17:00"),  # said all year, and meant by the clock on the wall
        ("between 9am and 11am PST tomorrow", "2026-03-12 19:00"),
        ("by 5pm tomorrow (FYI)", "2026-03-12 17:00"),
        # weekdays
        ("by Thursday", "2026-03-12 17:00"),
        ("on Wednesday", "2026-03-18 17:00"),
        ("next Monday", "2026-03-16 17:00"),
        ("next Friday", "2026-03-20 17:00"),
        ("this Friday", "2026-03-13 17:00"),
        ("on Tuesday next week", "2026-03-17 17:00"),
        ("a week from Friday", "2026-03-20 17:00"),
        ("Friday week", "2026-03-20 17:00"),
        ("on Thursday or Friday", "2026-03-13 17:00"),
        ("by Tues.", "2026-03-17 17:00"),
        # spans
        ("within the hour", "2026-03-11 11:00"),
        ("within 4 hours", "2026-03-11 14:00"),
        ("in half an hour", "2026-03-11 10:30"),
        ("within 10 working hours", "2026-03-12 12:00"),
        ("in the next 24 hours", "2026-03-12 10:00"),
        ("within 24-48 hours", "2026-03-13 10:00"),
        ("within 5 days", "2026-03-16 17:00"),
        ("within five working days", "2026-03-18 17:00"),
        ("allow 3-5 working days", "2026-03-18 17:00"),
        ("takes up to 10 business days", "2026-03-25 17:00"),
        ("within two weeks", "2026-03-25 17:00"),
        ("in a fortnight", "2026-03-25 17:00"),
        ("two weeks from now", "2026-03-25 17:00"),
        ("within a month", "2026-04-11 23:59"),
        ("in a day or two", "2026-03-13 17:00"),
        ("on the next working day", "2026-03-12 17:00"),
        # dates
        ("by 12 May", "2026-05-12 17:00"),
        ("by May 12th", "2026-05-12 17:00"),
        ("on the 8th of May 2026", "2026-05-08 17:00"),
        ("on 2026-04-10 at 14:30", "2026-04-10 14:30"),
        ("on 17/03/2026", "2026-03-17 17:00"),
        ("on Tuesday 17 March before 6pm", "2026-03-17 18:00"),
        ("by 5 January", "2027-01-05 17:00"),
        ("on the 20th", "2026-03-20 17:00"),
        ("between 8 and 10 April", "2026-04-10 17:00"),
        # periods
        ("this week", "2026-03-13 17:00"),
        ("by the end of the week", "2026-03-13 17:00"),
        ("by the end of next week", "2026-03-20 17:00"),
        ("early next week", "2026-03-17 17:00"),
        ("over the weekend", "2026-03-15 23:59"),
        ("by the weekend", "2026-03-13 17:00"),
        ("by the end of the month", "2026-03-31 17:00"),
        ("next month", "2026-04-30 17:00"),
        ("in the first half of June", "2026-06-15 17:00"),
        ("mid-April", "2026-04-15 17:00"),
        ("in Q3 2026", "2026-09-30 17:00"),
        ("before Easter", "2026-04-05 23:59"),
    ],
)
def test_what_is_written_on_a_wednesday_at_ten(text: str, due: str) -> None:
    assert [at for _, at in dues(text)] == [due]


@pytest.mark.parametrize(
    "text",
    [
        "Good morning, thank you for your call.",
        "You reported it 3 days ago.",
        "Trains are delayed by up to 30 minutes.",
        "Hold the button for 10 seconds.",
        "It is open 24/7 (2/2).",
        "There is more to come, turn to 1/2.",
        "Please install version 11.1.",
        "She may be right.",
        "We sat in the sun.",
        "Your order 4711 costs £20.50.",
        "We had a call last Friday.",
        "The second time this week's offer failed",
        "It was sent on 3 March 2024.",
        "We come every Monday.",
        "soon, shortly, as soon as possible",
    ],
)
def test_what_is_no_deadline(text: str) -> None:
    assert dues(text) == []


def test_working_days_know_the_holidays() -> None:
    thursday_before_easter = "2026-04-02T10:00"

    assert dues("within 5 working days", thursday_before_easter, LONDON) == [
        ("within 5 working days", "2026-04-09 17:00")
    ]
    assert dues("within 5 working days", thursday_before_easter, ENGLAND) == [
        ("within 5 working days", "2026-04-13 17:00")
    ]


def test_a_day_on_which_we_are_closed_lasts_until_its_last_second() -> None:
    assert dues("on Saturday") == [("on Saturday", "2026-03-14 23:59")]
    assert dues("today", "2026-03-11T18:00") == [("today", "2026-03-11 23:59")]


def test_which_number_is_the_month_depends_on_the_country_and_is_said_to_be_unsure() -> None:
    (british,) = find_dues("on 12/05/2026", at=datetime(2026, 3, 11, tzinfo=UTC), hours=ENGLAND)
    (american,) = find_dues("on 12/05/2026", at=datetime(2026, 3, 11, tzinfo=UTC), hours=CHICAGO)
    (plain,) = find_dues("on 17/03/2026", at=datetime(2026, 3, 11, tzinfo=UTC), hours=ENGLAND)

    assert (british.due.at, british.due.ambiguous) == (datetime(2026, 5, 12, 16, tzinfo=UTC), True)
    assert (american.due.at, american.due.ambiguous) == (
        datetime(2026, 12, 5, 23, 59, 59, tzinfo=UTC).replace(day=6, hour=5),
        True,
    )
    assert not plain.due.ambiguous


def test_a_weekday_tells_which_date_is_meant() -> None:
    (found,) = find_dues("on Friday, 01/05/2026", at=datetime(2026, 3, 11, tzinfo=UTC), hours=CHICAGO)

    assert CHICAGO.day_of(found.due.at).isoformat() == "2026-05-01"
    assert not found.due.ambiguous


@pytest.mark.parametrize("text", ["next Friday", "in a few days", "within the coming days", "by 12/05/2026"])
def test_what_can_be_read_in_two_ways_says_so(text: str) -> None:
    (found,) = find_dues(text, at=datetime(2026, 3, 11, 10, tzinfo=UTC), hours=LONDON)

    assert found.due.ambiguous


def test_a_range_keeps_its_window() -> None:
    (days,) = find_dues("3-5 working days", at=datetime(2026, 3, 11, 10, tzinfo=UTC), hours=LONDON)
    (clock,) = find_dues("Friday between 8am and 1pm", at=datetime(2026, 3, 11, 10, tzinfo=UTC), hours=LONDON)

    assert days.due.window_start == datetime(2026, 3, 16, 9, tzinfo=UTC)
    assert days.due.date_only
    assert clock.due.window_start == datetime(2026, 3, 13, 8, tzinfo=UTC)
    assert not clock.due.date_only


def test_a_clock_time_keeps_its_place_when_the_clocks_change() -> None:
    assert dues("on Sunday at 14:30", "2026-03-27T10:00") == [("on Sunday at 14:30", "2026-03-29 14:30")]


def test_the_place_of_the_words_is_kept() -> None:
    text = "We will ring you by Thursday at 5pm, promised."

    (found,) = find_dues(text, at=datetime(2026, 3, 11, 10, tzinfo=UTC), hours=LONDON)

    assert text[found.start : found.end] == "by Thursday at 5pm"


def test_easter() -> None:
    assert [easter(year).isoformat() for year in (2024, 2025, 2026, 2038)] == [
        "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "due"), [("BST", "2026-10-25T00:30"), ("GMT", "2026-10-25T01:30")])
def test_hour_that_comes_twice_is_told_apart_by_its_name(name: str, due: str) -> None:
    written = datetime(2026, 10, 20, 12, tzinfo=UTC)

    (found,) = find_dues(f"by Sunday 25 October, 01:30 ({name})", at=written, hours=LONDON)

    assert found.due.at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert found.due.words == f"by Sunday 25 October, 01:30 ({name})"


@pytest.mark.parametrize("text", ["The score was 3:10.", "It says 17:00 there.", "Version 12:30", "17:00 (CET)"])
def test_clock_time_that_nothing_leads_to_is_no_deadline(text: str) -> None:
    assert dues(text) == []

"""What we write about dates, we read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.promises.letters import spoken
from troth.reading import read
from troth.words.hours import office
from troth.words.messages import Direction

ZONES = (
    *("UTC", "Europe/London", "Europe/Dublin", "Europe/Berlin", "Europe/Kyiv", "Atlantic/Azores", "Africa/Casablanca"),
    *("America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "Pacific/Honolulu"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Sydney"),
    *("Pacific/Auckland", "Pacific/Apia", "Pacific/Chatham", "Pacific/Guam", "Etc/GMT+3"),
)


@settings(max_examples=400, deadline=None)
@given(
    seconds=st.integers(0, 11 * 365 * 24 * 3600),
    minutes=st.integers(1, 360 * 24 * 60),
    zone=st.sampled_from(ZONES),
)
def test_date_as_we_write_it_is_read_as_that_instant(seconds: int, minutes: int, zone: str) -> None:
    written_at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    at = (written_at + timedelta(minutes=minutes)).replace(second=0, microsecond=0)

    reading = read(
        f"We will send it by {spoken(at, zone)}.", at=written_at, calendar=office(zone), direction=Direction.OUTBOUND
    )

    (promise,) = reading.promises
    assert promise.due is not None
    assert (promise.due.at, promise.due.date_only, promise.due.ambiguous) == (at, False, False)
    assert promise.due.words == f"by {spoken(at, zone)}"
    assert promise.what == "send it"


@pytest.mark.parametrize("minutes", range(0, 6 * 60, 30))
@pytest.mark.parametrize(
    ("zone", "night"),
    [("Europe/London", "2026-10-25"), ("Europe/London", "2027-03-28"), ("Australia/Lord_Howe", "2027-04-03")],
)
def test_nights_on_which_the_clocks_change_are_read_too(zone: str, night: str, minutes: int) -> None:
    at = datetime.fromisoformat(f"{night}T00:00").replace(tzinfo=UTC) - timedelta(hours=1) + timedelta(minutes=minutes)
    written_at = at - timedelta(days=3)

    reading = read(
        f"You will hear from us by {spoken(at, zone)}.",
        at=written_at,
        calendar=office(zone),
        direction=Direction.OUTBOUND,
    )

    assert [promise.due and promise.due.at for promise in reading.promises] == [at]

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.reading.offer import three_dates
from troth.words.hours import Hours, NeverOpen, office, round_the_clock

ENGLAND = office("Europe/London", country="GB", subdivision="ENG")
LONDON = office("Europe/London")


@pytest.mark.parametrize(
    ("at", "labels"),
    [
        ("2026-03-11T10:00Z", ["today by 17:00", "tomorrow by 17:00", "Wednesday 18 March by 17:00"]),
        ("2026-03-11T15:30Z", ["tomorrow by 17:00", "Friday 13 March by 17:00", "Wednesday 18 March by 17:00"]),
        ("2026-03-14T12:00Z", ["Monday 16 March by 17:00", "Tuesday 17 March by 17:00", "Friday 20 March by 17:00"]),
        ("2026-04-02T10:00Z", ["today by 17:00", "Tuesday 7 April by 17:00", "Monday 13 April by 17:00"]),
    ],
)
def test_a_near_a_usual_and_a_safe_date(at: str, labels: list[str]) -> None:
    assert [offer.label for offer in three_dates(datetime.fromisoformat(at), ENGLAND)] == labels


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 made aware
    st.sampled_from([ENGLAND, LONDON, office("America/New_York", country="US"), round_the_clock("Europe/London")]),
)
def test_offers_can_be_kept_and_come_in_order(naive: datetime, hours: Hours) -> None:
    at = naive.replace(tzinfo=UTC)

    near, usual, safe = (offer.at for offer in three_dates(at, hours))

    assert at < near < usual < safe
    assert hours.working_time_between(at, near) >= timedelta(hours=2) - timedelta(seconds=1)
    for due in (near, usual, safe):
        assert hours.is_open(due - timedelta(seconds=1))


def test_a_company_that_never_opens_can_offer_nothing() -> None:
    with pytest.raises(NeverOpen):
        three_dates(datetime(2026, 3, 11, tzinfo=UTC), Hours(zone="UTC", week=((),) * 7))

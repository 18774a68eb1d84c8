from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from troth.desk.rules.near import Nearness, nearness

NOW = datetime(2026, 11, 26, 16, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "part"),
    [
        (NOW, "UTC", Nearness.OVERDUE),
        (NOW + timedelta(minutes=1), "UTC", Nearness.NEXT_HOUR),
        (NOW + timedelta(hours=1), "UTC", Nearness.NEXT_HOUR),
        (NOW + timedelta(hours=7), "UTC", Nearness.TODAY),
        (NOW + timedelta(hours=8), "UTC", Nearness.LATER),
        (NOW + timedelta(hours=7), "Asia/Tokyo", Nearness.TODAY),
        (NOW + timedelta(hours=7), "Europe/Helsinki", Nearness.LATER),
    ],
)
def test_the_day_ends_where_the_readers_day_ends(moment: datetime, zone: str, part: Nearness) -> None:
    assert nearness(moment, zone=zone, now=NOW) is part

"""The product while its database dies and its disk is full; the laboratory does it more often and for longer."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from faults import disk
from faults.database import strike_often
from faults.traffic import busy_product

pytestmark = [pytest.mark.mail, pytest.mark.slow]


@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_when_the_database_dies_and_the_disk_is_full() -> None:
    with contextlib.ExitStack() as stack:
        place: Path | None = stack.enter_context(disk.small_disk()) if disk.may_mount() else None
        traffic = stack.enter_context(busy_product(place=place))
        outcome = strike_often(traffic, strikes=2, longest_wait=1.5)
        if place:
            outcome += disk.full_for(traffic, seconds=4, log_too=True)
        outcome += traffic.outcome(seconds=90)

    assert outcome.is_clean, outcome

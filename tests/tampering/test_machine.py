"""Short lives of a log; `make faults` has it live ten thousand steps."""

from __future__ import annotations

import pytest

from tests.tampering import machine

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_however_a_log_lives_it_keeps_its_word() -> None:
    machine.live(examples=3, steps=30, seed=7)

    assert machine.Log.steps > 30

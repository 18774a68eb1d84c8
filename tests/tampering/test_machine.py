"""Short lives of a log; `make faults` has it live ten thousand steps."""

from __future__ import annotations

import pytest

from tests.tampering import machine
from tests.tampering.strikes import STRIKES

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_however_a_log_lives_it_keeps_its_word() -> None:
    before = machine.Log.taken.total()

    machine.live(examples=4, steps=30, seed=7)

    assert machine.Log.taken.total() > before + 40


def test_every_act_and_every_kind_of_tampering_is_one_that_is_really_taken() -> None:
    before, log = machine.Log.taken.copy(), machine.Log()
    log.begin()
    for name in (*machine.WEIGHTS, *STRIKES):
        log.step(name, 7)
    log.teardown()

    assert set(machine.Log.taken - before) == {*machine.WEIGHTS, *STRIKES}

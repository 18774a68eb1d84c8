from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people_and_things import DAY, NOW

from troth.promises.models import Promise
from troth.promises.queries import Window, tally
from troth.promises.rules.rates import Tally, tallied
from troth.words.promises import State, Strength

counts = st.integers(0, 10_000)


@given(counts, counts, counts, counts)
def test_what_is_decided_shares_out_to_one(kept: int, moved: int, late: int, broken: int) -> None:
    tally = Tally(kept=kept, moved=moved, late=late, broken=broken, owed=7)

    assert tally.decided == kept + moved + late + broken
    if tally.decided:
        assert sum(tally.share(part) or 0 for part in (kept, moved, late, broken)) == pytest.approx(1)


def test_nothing_decided_is_unknown_and_not_good() -> None:
    tally = Tally(owed=3)

    assert tally.share(0) is None
    assert tally.surprise_rate is None


def test_surprises_are_counted_among_all_that_is_decided() -> None:
    assert Tally(kept=6, moved=2, late=1, broken=1, surprises=1).surprise_rate == 0.1


@pytest.mark.django_db
def test_promises_at_hand_are_counted_as_rows_are() -> None:
    """Of every kind of promise one: counted in Python and by the database."""
    dates = [None, NOW - DAY, NOW, NOW + DAY]
    Promise.objects.bulk_create(
        Promise(
            what="ring you", state=state, strength=strength, made_at=NOW - 9 * DAY, said_at=NOW - 9 * DAY,
            first_due=first_due, due=first_due and first_due + moved, done_at=done_at, told_at=told_at,
        )
        for state, strength, first_due, moved, done_at, told_at in product(
            State, (Strength.AIM, Strength.PROMISE), dates, (0 * DAY, 2 * DAY), (None, NOW - DAY), (None, NOW - DAY)
        )
        if first_due or state not in {State.OPEN, State.MOVED, State.LATE}
    )  # fmt: skip

    counted = tallied(Promise.objects.all(), now=NOW)

    assert counted == tally(Window(since=None, until=NOW), now=NOW)
    assert min(counted.kept, counted.moved, counted.late, counted.broken, counted.surprises, counted.owed) > 0

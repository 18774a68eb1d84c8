from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.promises.rules.rates import Tally

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

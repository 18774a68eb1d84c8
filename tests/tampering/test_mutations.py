"""R11: changes of evidence at random; `make faults` makes ten thousand."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.tampering import many_mutations

from tests.tampering.story import Held, Outside
from tests.tampering.test_tampering import told  # noqa: F401 -- the story, told once

pytestmark = pytest.mark.django_db


def test_no_change_of_evidence_goes_unseen(told: tuple[Held, Outside], tmp_path: Path) -> None:  # noqa: F811 -- the fixture
    score = many_mutations(*told, count=200, seed=11, place=tmp_path)

    assert score.undetected == []
    assert (score.made, score.false_alarms) == (200, 0)

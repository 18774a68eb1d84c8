"""Every input that ever broke a reader is read again (`make fuzz` writes what it finds to fuzz/found)."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.targets import TARGETS

FUZZ = Path(__file__).parents[2] / "fuzz"
INPUTS = sorted(path for folder in ("found", "seeds") for path in (FUZZ / folder).glob("*/*"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name[:24]}")
def test_what_was_found_once_is_read_now(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_something_to_begin_with() -> None:
    assert {path.parent.name for path in INPUTS} == set(TARGETS)

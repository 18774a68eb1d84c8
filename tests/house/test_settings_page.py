"""Every setting is described where the host will look, and nothing is described that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = r"(?:TROTH_[A-Z_]+|DATABASE_URL|PORT)"


def read() -> set[str]:
    """The names that the product asks its environment for."""
    asked = re.compile(rf'(?:env|truth|whole|environ\.get)\(\s*"({NAME})"')
    return {name for path in (ROOT / "src/troth/site").glob("*.py") for name in asked.findall(path.read_text())}


def test_settings_page_has_a_row_for_every_setting_and_no_other() -> None:
    page = (ROOT / "docs/run/settings.md").read_text()

    assert set(re.findall(rf"^\| `({NAME})` \|", page, re.MULTILINE)) == {
        name for name in read() if not name.endswith("_FILE")
    }

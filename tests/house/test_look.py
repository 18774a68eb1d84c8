"""Every page says what it was given, under a policy that allows nothing inline."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house import pages, privacy_pages, reading_pages, record_pages, status_pages, stylebook

PAGES = [*pages.ours(), *reading_pages.pages(), *record_pages.pages(), *privacy_pages.pages(), *status_pages.pages()]
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


@pytest.mark.parametrize(("template", "values"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_a_page_stands_on_the_values_it_names(template: str, values: dict[str, Any]) -> None:
    text = stylebook.jinja().get_template(template).render(**values)

    assert text.count("<h1") == 1
    assert INLINE.findall(text) == []


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
# Each size and each set of colours is looked at once; all four together take as long as everything else.
@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("phone", "light")])
def test_every_page_is_fit_for_everyone(size: str, scheme: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.stylebook", str(tmp_path), "--axe", "--size", size, "--scheme", scheme],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.faces import Shop, page, signed_in
from tests.people_and_things import NOW

from troth import __version__
from troth.site import vitals
from troth.site.rules.interpreter import faults_of
from troth.site.rules.vitals import Heard, Seen, Sign, judge
from troth.site.system import sign_words


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    boxes = [Heard("Support", NOW - timedelta(minutes=38), "It did not let us in.")]
    vitals.keep(judge(Seen(worker_at=NOW, mailboxes=boxes, disk_free_mb=2048, disk_low_mb=512), now=NOW))
    yield
    vitals.keep(None)


def test_every_sign_is_shown_as_it_stands(shop: Shop) -> None:
    text = page(signed_in(shop.aud), "/system/")

    rows = re.findall(r"<tr data-row>(.*?)</tr>", text, re.DOTALL)
    assert len(rows) == len(Sign)
    [failing] = [row for row in rows if "Fails" in row]
    assert sign_words()[Sign.MAILBOXES] in failing
    assert "Support since" in failing
    assert "It did not let us in." in failing
    assert any("2.0 GB free" in row for row in rows)


def test_what_runs_on_what_is_told_under_the_heading(shop: Shop) -> None:
    text = page(signed_in(shop.aud), "/system/")

    assert f"<h1>System</h1><p>Troth {__version__} · Python {platform.python_version()}</p>" in text


def test_what_is_known_against_this_python_is_shown(shop: Shop) -> None:
    text = page(signed_in(shop.aud), "/system/")

    named = set(re.findall(r"CVE-\d+-\d+", text))
    assert named == {fault.name for fault in faults_of(sys.version_info[:3])}


def test_there_are_words_for_every_sign() -> None:
    assert set(sign_words()) == set(Sign)

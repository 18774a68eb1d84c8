"""What strangers see of the record, and what a customer keeps of it when nothing else of them is left."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint

from tests import people_and_things as things
from tests.faces import Shop
from tests.walks.browser import Watched, faults, may_sign_in, photograph, served
from troth.ledger.actions import seal
from troth.ledger.rules.proof import Proof
from troth.ledger.rules.tree import leaf_hash
from troth.people.queries import link_token
from troth.promises import actions as promises
from troth.record.actions import count

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]


def test_a_receipt_outlives_the_customer_and_the_server(
    transactional_db: None, browser: Browser, tmp_path: Path
) -> None:
    shop, now = Shop(), timezone.now()
    kim = things.staff("kim@parcel.example", role="admin")
    may_sign_in(kim)
    due = now + timedelta(days=4)
    promise = shop.promise(due=due, said_at=now, now=now, what="ring you", quote="I will ring you on Friday.")
    promises.move(promise, to=due + timedelta(days=3), words="The lines are down.", reason="", by=shop.sam, now=now)
    shop.promise(shop.bob, due=due, said_at=now, now=now, what="call Bob")
    seal(now=now)
    count()

    with served() as home:
        strangers_look_at_the_record(Watched(browser, home, wide=False, dark=True))
        ann = Watched(browser, home)
        kept = ann_keeps_her_receipts(ann.page, f"/p/{link_token(shop.link(now=now))}/", tmp_path)
        key = tmp_path / "keys"
        key.write_bytes(ann.context.request.get("/record/keys").body())
        kim_forgets_ann(Watched(browser, home), kim, shop.ann.customer_id)
        ann.page.goto("/my/")
        expect(ann.page.get_by_role("heading", level=1)).to_contain_text("run out")

    assert sorted(path.name.split("-")[3] for path in kept) == ["made", "moved", "word"]
    holds = troth_verify(*kept, key=key)
    assert (holds.returncode, holds.stdout.count(": holds\n")) == (0, 3), holds.stdout + holds.stderr
    made = next(path for path in kept if "-made-" in path.name)
    bent = tmp_path / "bent.txt"
    bent.write_text(made.read_text().replace("I will ring you on Friday.", "I will ring you on Monday."))
    refused = troth_verify(bent, key=key)
    assert refused.returncode == 1
    assert "says “In the words: I will ring you on Monday.”, but the record says" in refused.stdout


def strangers_look_at_the_record(watched: Watched) -> None:
    """Head, list, one entry and its proof; nothing of it names anybody, and nothing is remembered of who looks."""
    page = watched.page
    for path, name in (("/record/", "record"), ("/record/entries/?kind=PromiseMade", "record-entries")):
        page.goto(path)
        assert faults(page) == []
        photograph(page, name)
    page.get_by_role("link", name="Promise made").first.click()
    assert faults(page) == []
    photograph(page, "record-entry")
    assert not re.search(r"Ann|Bob|ring|promise:\d|customer:", page.inner_text("main"))
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the proof").click()
    envelope = page.inner_text("pre").encode()
    proof = Proof.from_text(Path(saved.value.path()).read_text())
    head = proof.check(leaf_hash(envelope))
    key = Vkey.from_string(page.request.get("/record/keys").text().split()[0])
    Checkpoint.from_text(page.request.get(f"/record/checkpoint/{head.size}").text()).verify(key)
    assert watched.context.cookies() == []
    assert watched.complaints == []


def ann_keeps_her_receipts(page: Page, link: str, folder: Path) -> list[Path]:
    """One by one is the same as all at once."""
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Every receipt of it").click()
    assert faults(page) == []
    photograph(page, "portal-receipts")
    with page.expect_download() as one:
        page.get_by_role("link", name="Receipt", exact=True).click()
    with page.expect_download() as all_of_them:
        page.get_by_role("link", name="Save every receipt").click()
    zipfile.ZipFile(all_of_them.value.path()).extractall(folder / "receipts")
    kept = sorted((folder / "receipts").iterdir())
    assert (folder / "receipts" / one.value.suggested_filename).read_bytes() == Path(one.value.path()).read_bytes()
    assert not any("Bob" in path.read_text() for path in kept)
    return kept


def kim_forgets_ann(watched: Watched, kim: things.Staff, customer: int) -> None:
    watched.sign_in(kim)
    page = watched.page
    page.goto(f"/customers/{customer}/held/")
    page.get_by_label("Type the customer’s number, if you mean it").fill(str(customer))
    page.get_by_role("button", name="Erase for good").click()
    page.wait_for_url("**/privacy/erasures/*/")


def troth_verify(*files: Path, key: Path) -> subprocess.CompletedProcess[str]:
    """The real command, with no database, no data folder and nobody to ask."""
    nowhere = {
        name: value for name, value in os.environ.items() if not name.startswith(("TROTH_", "DATABASE_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "troth.site.cli", "verify", "--key", str(key), *map(str, files)],
        env=nowhere | {"DATABASE_URL": "postgresql://127.0.0.1:1/gone", "http_proxy": "http://127.0.0.1:1"},
        cwd=key.parent,
        capture_output=True,
        text=True,
        check=False,
    )

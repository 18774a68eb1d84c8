"""The line at the top of every staff page when the system itself is in trouble."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from tests import people_and_things as things
from tests.faces import Shop, page, signed_in, statements, with_link
from tests.people_and_things import NOW

from troth.people.rules.sight import Sight
from troth.site import beats, vitals
from troth.site.events import VITALS, Fan
from troth.site.rules.vitals import Doubt, Heard, Seen, Sign, Verdict, judge

SINCE = NOW - timedelta(minutes=38)
WAITS = ("unread_since", "unlooked_since", "held_since", "untried_since", "away_since", "unsealed_since")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    vitals.keep(None)
    yield
    vitals.keep(None)


def know(**seen: Any) -> Verdict:
    verdict = judge(Seen(**{"worker_at": NOW, **seen}), now=NOW)
    vitals.keep(verdict)
    return verdict


def told(text: str) -> list[str]:
    """The words of each line, without their marks."""
    [place] = re.findall(r'<div class="troubles" role="status"[^>]*>(.*?)</div>', text, re.DOTALL)
    lines = re.findall(r'<p class="stopped">(.*?)</p>', place, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", "", line).split()) for line in lines]


def test_a_witness_that_contradicts_us_is_told_at_once_with_what_to_do(shop: Shop) -> None:
    kim = things.staff("kim@parcel.example", role="admin")
    know(doubts=[Doubt("witness.example/w1", NOW, "It cosigned 5 entries, and our log has 3.", contradicts=True)])

    [line] = told(page(signed_in(shop.sam), "/today/"))
    assert "witness.example/w1 says that our record is not the one it knew" in line
    assert line.endswith("Tell whoever runs this installation at once, and change nothing meanwhile.")
    [line] = told(page(signed_in(kim), "/today/"))
    assert "It cosigned 5 entries, and our log has 3. Either somebody changed the tables" in line


def test_a_witness_that_is_silent_is_told_after_an_hour(shop: Shop) -> None:
    know(doubts=[Doubt("witness.example/w1", NOW - timedelta(minutes=59), "Nothing answers.")])
    assert "witness.example/w1" not in page(signed_in(shop.sam), "/today/")

    know(doubts=[Doubt("witness.example/w1", NOW - timedelta(minutes=61), "Nothing answers.")])
    assert "witness.example/w1 has not witnessed our record since" in told(page(signed_in(shop.sam), "/today/"))[0]


def test_staff_are_told_what_is_so_and_what_they_can_do(shop: Shop) -> None:
    kim = things.staff("kim@parcel.example", role="admin")
    know(mailboxes=[Heard("Support", SINCE, "It did not let us in.")])
    what = "Mail has not been fetched from Support since Wed 11 Nov, 09:22 GMT 38 min ago. Promises may be missed."

    assert told(page(signed_in(shop.sam), "/cases/")) == [
        f"{what} Customers may have written: look into the mailbox itself. Tell whoever runs this installation."
    ]
    assert told(page(signed_in(kim), "/cases/")) == [
        f"{what} It did not let us in. `troth mailbox check` says what to do."
    ]


@pytest.mark.parametrize("path", ["/today/", "/cases/", "/promises/", "/customers/", "/letters/"])
def test_every_staff_page_tells_of_it_at_no_statement_more(shop: Shop, path: str) -> None:
    sam = signed_in(shop.sam)
    well = statements(sam, path)
    know(unlooked_since=SINCE)

    assert statements(sam, path) == well
    [line] = told(page(sam, path))
    assert line.startswith("Promises have not been watched since Wed 11 Nov, 09:22 GMT")


def test_a_system_that_is_well_says_nothing(shop: Shop) -> None:
    assert told(page(signed_in(shop.sam), "/today/")) == []
    know()
    assert told(page(signed_in(shop.sam), "/today/")) == []


def test_customers_are_not_told(shop: Shop) -> None:
    know(unlooked_since=SINCE)

    assert "have not been watched" not in page(with_link(shop.link()), reverse("portal:mine"))


def test_a_name_is_shown_as_it_is(shop: Shop) -> None:
    know(mailboxes=[Heard("<b>%(since)s</b>", None)])

    assert "from &lt;b&gt;%(since)s&lt;/b&gt;." in page(signed_in(shop.sam), "/cases/")


@pytest.mark.parametrize("role", ["agent", "admin"])
def test_there_are_words_for_every_sign(shop: Shop, role: str) -> None:
    browser = signed_in(things.staff("kim@parcel.example", role=role))
    said = set()
    for seen in (
        {"database_answers": False},
        {"migrations_missing": 2},
        {"worker_at": None},
        {"worker_at": SINCE},
        {"mailboxes": [Heard("Support", SINCE)]},
        {"mailboxes": [Heard("Support", None)]},
        {"disk_free_mb": 3, "disk_low_mb": 5},
        {"unsealed_because": "The key of the log is gone."},
        {"doubts": [Doubt("witness.example/w1", SINCE, contradicts=True)]},
        {"doubts": [Doubt("witness.example/w1", SINCE - timedelta(hours=1))]},
        *({name: SINCE} for name in WAITS),
    ):
        verdict = know(**seen)
        [line] = told(page(browser, "/cases/"))
        said.add(line)
        assert "%(" not in line, verdict

    assert len(said) == len(Sign) + 3


def test_whoever_runs_it_reads_why_nothing_is_sealed(shop: Shop) -> None:
    why = "The key of the log is gone: put the file back."
    know(unsealed_because=why)

    assert told(page(signed_in(things.staff("kim@parcel.example", role="admin")), "/cases/")) == [
        f"What is put on record is not sealed any more. {why}"
    ]
    assert told(page(signed_in(shop.sam), "/cases/")) == [
        "What is put on record is not sealed any more. Tell whoever runs this installation."
    ]


def test_where_no_worker_works_nothing_else_is_told_but_the_disk(shop: Shop) -> None:
    know(worker_at=None, disk_free_mb=3, disk_low_mb=5, **dict.fromkeys(WAITS, SINCE))

    assert [line.partition(".")[0] for line in told(page(signed_in(shop.sam), "/cases/"))] == [
        "Nothing is being done in the background",
        "Only 3 MB are free on the disk",
    ]


@pytest.mark.django_db(transaction=True)
def test_whoever_looks_on_tells_when_a_sign_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "FRESH_SECONDS", 0.05)
    things.company()
    turned, looked = threading.Event(), threading.Event()
    look = vitals.look
    monkeypatch.setattr(vitals, "look", lambda: (look(), looked.set())[0])
    stop = vitals.keep_looking(turned.set)
    try:
        assert looked.wait(60)
        assert not turned.is_set()  # it begins with what it finds
        beats.note([SimpleNamespace(name="watcher", still_seconds=0.0)])

        assert turned.wait(60)
        verdict = vitals.known()
        assert verdict
        assert Sign.WORKER not in {finding.sign for finding in verdict.failing}
    finally:
        stop.set()
        for thread in threading.enumerate():
            if thread.name == "vitals":
                thread.join(10)


def test_pages_hear_of_it_from_whichever_thread_saw_it() -> None:
    async def heard() -> str:
        fan = Fan()
        fan.listen = lambda: asyncio.sleep(60)  # type: ignore[method-assign]
        queue = fan.join(Sight(role="agent", team_id=None))
        threading.Thread(target=fan.tell_soon, args=(VITALS,)).start()
        try:
            return await asyncio.wait_for(queue.get(), 10)
        finally:
            fan.leave(queue)

    assert asyncio.run(heard()) == "data: vitals\n\n"

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from typing import Any
from zipfile import ZipFile

import pytest
from tests import people_and_things as things
from tests.faces import Shop
from tests.people_and_things import NOW
from tests.planted import MARKS, Life

from troth.cases.actions import File, write_note
from troth.inbox.models import Arrival
from troth.ledger.actions import seal
from troth.people.queries import family
from troth.post.models import Letter
from troth.privacy import actions
from troth.privacy.handing import export, left_out
from troth.privacy.rules.bundle import bundled
from troth.privacy.rules.sheets import line

pytestmark = pytest.mark.django_db


def opened(ids: list[int], *, whole: bool = True) -> tuple[ZipFile, bytes]:
    raw = b"".join(export(ids, whole=whole))
    archive = ZipFile(io.BytesIO(raw))
    assert archive.testzip() is None
    return archive, raw


def told(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def test_everything_is_in_it_and_as_it_was(life: Life) -> None:
    ids = family(life.customer.pk)
    archive, raw = opened(ids)
    whole = b"\n".join(archive.read(name) for name in archive.namelist()).decode()

    # What servers answered is about letters; a link's nonce, a draft and a key open or become something, and are no data of theirs.
    missing = {name for name, mark in MARKS.items() if mark not in whole}
    assert missing == {
        "mail server said",
        "came back because",
        "webhook said",
        "draft",
        "held",
        "unread",
        "program's name for it",
    }
    source = bytes(Arrival.objects.get(outside_id="9:1:1").source)
    assert source in [archive.read(name) for name in archive.namelist() if name.startswith("received/")]
    letter = Letter.objects.filter(customer_id__in=ids).order_by("pk")[0]
    assert archive.read(f"sent/{letter.pk}.eml") == bytes(letter.raw)
    about = told(archive, "about.json")
    assert [one["customer"] for one in about["customers"]] == ids
    assert about["left_out"] == {"notes": 0, "messages": 0}
    assert {one["reference"] for one in told(archive, "promises.json")} >= {f"promise:{life.owed.pk}"}
    assert len(list(csv.DictReader(io.StringIO(archive.read("messages.csv").decode())))) == len(
        told(archive, "messages.json")
    )
    kinds = {fact["kind"] for fact in told(archive, "facts.json")}
    assert kinds >= {"CustomerMet", "PromiseMade", "ErasureAsked"}
    # The same state, the same bytes.
    assert opened(ids)[1] == raw


def test_their_own_copy_holds_what_is_theirs_to_see(shop: Shop) -> None:
    shown = shop.message(shop.ann, "Where is my parcel?", verified=True)
    write_note(shown.case, staff=shop.sam, text="A difficult one", now=NOW)
    shop.message(shop.ann, "I am Ann, believe me", subject="Spoofed", unverified=True)
    shop.message(shop.ann, "Your code is 123456", subject="Code", for_staff_only=True)
    ids = [shop.ann.customer_id]

    archive, _raw = opened(ids, whole=False)

    assert [one["text"] for one in told(archive, "messages.json")] == ["Where is my parcel?"]
    assert [one["case"] for one in told(archive, "cases.json")] == [shown.case_id]
    assert left_out(ids) == told(archive, "about.json")["left_out"] == {"notes": 1, "messages": 2}
    assert "Not in here" in archive.read("README.txt").decode()
    assert len(told(opened(ids)[0], "messages.json")) == 4


def test_nobody_elses_is_in_it(shop: Shop) -> None:
    shop.message(
        shop.bob, "Bob's own words", files=[File(name="b.txt", content_type="text/plain", content=b"Bobsworth")]
    )
    shop.promise(shop.bob, what="bring Bobsworth")
    while seal(now=NOW):
        pass

    archive, _raw = opened([shop.ann.customer_id])

    assert not any(b"Bob" in archive.read(name) for name in archive.namelist())
    assert told(archive, "messages.json") == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *[("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"), ("＝1", "'＝1")],
        *[('say "x"', 'say "x"'), (None, "")],
    ],
)
def test_no_spreadsheet_finds_a_formula_in_what_somebody_wrote(text: str | None, written: str) -> None:
    [row] = csv.reader(io.StringIO(line([text, "a\nb"]), newline=""))

    assert row == [written, "a\nb"]


def test_no_more_than_a_piece_is_held_at_a_time() -> None:
    piece = bytes(range(256)) * 4096  # a megabyte
    tracemalloc.start()

    size = sum(len(part) for part in bundled((f"{number}.bin", [piece]) for number in range(24)))

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 0
    assert most < 8 * len(piece)


def test_who_was_forgotten_has_nothing_to_hand_out(shop: Shop) -> None:
    shop.message(shop.ann)
    things.promise(customer=shop.ann.customer)
    actions.erase(shop.ann.customer, by=None, now=NOW)
    archive, _raw = opened([shop.ann.customer_id])

    assert [one["text"] for one in told(archive, "messages.json")] == [""]
    assert not any(b"ann@example.net" in archive.read(name) for name in archive.namelist())

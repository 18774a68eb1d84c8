"""Each kind of tampering is told of by whom the table in docs/reliability.md says, and by nobody where there was none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests import owner
from tests.owner import execute
from tests.receipts import FOR_LETTER
from tests.tampering import acts, table
from tests.tampering.acts import KINDS, Kind
from tests.tampering.story import END, Held, Outside, lived, seen_by
from troth.ledger import fsck as ledger_fsck
from troth.ledger import keys as customer_keys
from troth.ledger import outside
from troth.ledger.models import Entry, Seal
from troth.ledger.tree_checks import Outside as Known
from troth.people.models import Customer
from troth.site import fsck, fsck_command

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Held, Outside]]:
    """The story told once, what others hold, and what then lay outside the database: the last head, the customers' keys."""
    receipts = override_settings(TROTH_ENCLOSURES=FOR_LETTER)
    with django_db_blocker.unblock(), transaction.atomic(), receipts:  # type: ignore[attr-defined]
        last = Path(settings.TROTH_LAST_CHECKPOINT)
        last.unlink(missing_ok=True)  # of a log that another test left
        held = lived()
        yield held, Outside.kept()
        last.unlink(missing_ok=True)
        transaction.set_rollback(True)


@pytest.fixture
def held(told: tuple[Held, Outside]) -> Held:
    held, outside = told
    outside.put_back()
    return held


def test_nobody_tells_of_anything_where_nothing_was_done(held: Held, tmp_path: Path) -> None:
    report = fsck.look()

    assert report.divergences == []
    assert seen_by(held, place=tmp_path) == ""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_each_kind_is_told_of(held: Held, kind: Kind, tmp_path: Path) -> None:
    with transaction.atomic():
        changed = kind.act()

        assert seen_by(changed or held, place=tmp_path) == kind.seen_by
        transaction.set_rollback(True)


def run(*words: str) -> tuple[int, str]:
    return owner.run(fsck_command.fsck, *words)


def test_the_command_says_how_much_it_looked_at(held: Held) -> None:
    code, said = run()

    assert code == 0
    assert said.startswith("Nothing diverges.\n")
    assert json.loads(run("--json")[1])["entries"] == Entry.objects.count()


def test_the_command_names_the_lowest_place_first(held: Held) -> None:
    with transaction.atomic():
        execute(
            "UPDATE ledger_entry SET recorded_at = recorded_at - interval '1 day' WHERE id IN"
            " (SELECT entry_id FROM ledger_seal WHERE position IN (7, 40))",
            "UPDATE promises_promise SET moves = 0 WHERE moves = 1",
        )
        code, said = run()
        later = json.loads(run("--json", "--from", "8")[1])
        transaction.set_rollback(True)

    assert code == 1
    assert said.startswith("The first divergence: place 7, entry:")
    assert "     → Somebody changed the tables" in said
    assert "moves is 0 in its row, and 1 by its facts" in said
    assert "things diverge." in said
    assert [one["position"] for one in later["divergences"]][:1] == [40]


def test_what_lies_before_the_place_is_believed(held: Held) -> None:
    place = Seal.objects.count() // 2

    report = fsck.look(after=place)

    assert (report.count, report.entries) == (0, Entry.objects.count() - place)


def test_a_place_that_is_not_there_is_said_so(held: Held) -> None:
    assert run("--from", "100000")[0] == 2


def test_what_happens_beside_it_is_no_divergence(held: Held) -> None:
    """A system at work signs heads and forgets people while fsck looks; it had read before what lies outside."""
    known = Known.now()
    outside.keep_head(acts.signed(10_000, bytes(32)))
    customer_keys.destroy([Customer.objects.order_by("pk")[0].pk], now=END)

    assert list(ledger_fsck.divergences(known)) == []


def test_the_table_is_the_one_that_was_tried() -> None:
    assert table.in_page() == table.rendered(KINDS)

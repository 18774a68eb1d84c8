from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.people_and_things import NOW

from troth.ledger import actions as ledger
from troth.ledger import queries, tasks, tree_checks
from troth.ledger.models import Entry, Seal, Unsealed
from troth.ledger.payloads import open_all
from troth.ledger.rules import canonical, tree
from troth.words.facts import CustomerMet, LetterRefused, VerdictGiven


def met(number: int = 1) -> CustomerMet:
    return CustomerMet(about=f"customer:{number}", customer=f"customer:{number}", channel="email")


def order_holds() -> list[int]:
    """The positions, once every hash was computed anew from the rows."""
    positions = []
    for seal in Seal.objects.select_related("entry").order_by("position"):
        entry = seal.entry
        (opened,) = open_all([(entry.customer, bytes(entry.payload))])
        assert opened
        assert bytes(entry.commit) == canonical.commitment(opened.salt, opened.body)
        envelope = canonical.envelope_bytes(
            kind=entry.kind,
            happened_at=entry.happened_at,
            recorded_at=entry.recorded_at,
            commit=bytes(entry.commit),
        )
        assert bytes(entry.leaf_hash) == tree.leaf_hash(envelope)
        plain = json.loads(opened.body)
        assert (plain["kind"], plain["about"], plain["customer"]) == (entry.kind, entry.about, entry.customer)
        positions.append(seal.position)
    assert list(tree_checks.findings(tree_checks.Outside.now(), now=NOW)) == []
    return positions


@pytest.mark.django_db
def test_fact_is_appended_in_its_canonical_bytes() -> None:
    ledger.append(met(), now=NOW, happened_at=NOW - timedelta(days=1))

    row = Entry.objects.get()
    assert (row.kind, row.about, row.customer) == ("CustomerMet", "customer:1", "customer:1")
    assert (row.happened_at, row.recorded_at) == (NOW - timedelta(days=1), NOW)
    (opened,) = open_all([(row.customer, bytes(row.payload))])
    assert opened
    assert opened.body == canonical.fact_bytes(met())
    assert len(opened.salt) == 32
    assert canonical.fact_bytes(met()) not in bytes(row.payload)
    assert Unsealed.objects.get().entry_id == row.pk


@pytest.mark.django_db
def test_same_fact_twice_gives_two_leaves_that_tell_nothing_of_each_other() -> None:
    ledger.append_all([met(), met()], now=NOW)

    one, other = Entry.objects.order_by("pk")
    assert bytes(one.leaf_hash) != bytes(other.leaf_hash)
    assert bytes(one.payload) != bytes(other.payload)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("facts", [[met()], []])
def test_fact_outside_a_transaction_is_refused(facts: list[CustomerMet]) -> None:
    with pytest.raises(ledger.NotInATransaction):
        ledger.append_all(facts, now=NOW)

    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_fact_goes_with_the_transaction_that_failed() -> None:
    with transaction.atomic():
        ledger.append(met(), now=NOW)
        transaction.set_rollback(True)

    assert Entry.objects.count() == Unsealed.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET about = 'customer:2'",
        "UPDATE ledger_entry SET payload = ''",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_seal SET position = position + 1",
        "DELETE FROM ledger_seal",
        "TRUNCATE ledger_seal",
        "INSERT INTO ledger_seal SELECT position + 1, sealed_at, entry_id FROM ledger_seal",
    ],
)
def test_database_refuses_every_change(statement: str) -> None:
    ledger.append(met(), now=NOW)
    ledger.seal(now=NOW)
    before = list(Entry.objects.values()), list(Seal.objects.values())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert (list(Entry.objects.values()), list(Seal.objects.values())) == before


@pytest.mark.django_db
def test_sealing_is_gapless_and_goes_on_where_it_stopped() -> None:
    ledger.append_all([met(number) for number in range(5)], now=NOW)

    assert [ledger.seal(now=NOW, most=2) for _ in range(4)] == [2, 2, 1, 0]
    ledger.append(VerdictGiven(about="promise:1", kept=True), now=NOW)
    assert queries.unsealed_since() == NOW
    assert tasks.seal() == 1
    assert order_holds() == [1, 2, 3, 4, 5, 6]
    assert queries.unsealed_since() is None


@pytest.mark.django_db
def test_cursor_reads_sealed_entries_only_and_in_order() -> None:
    ledger.append_all([met(1), met(2), met(3)], now=NOW)
    ledger.seal(now=NOW, most=2)

    assert [(place, kind, values["about"]) for place, kind, values in queries.after(0)] == [
        (1, "CustomerMet", "customer:1"),
        (2, "CustomerMet", "customer:2"),
    ]
    assert list(queries.after(2)) == []
    assert queries.kinds_about("customer:3") == ["CustomerMet"]
    assert queries.count() == 3


@pytest.mark.django_db
def test_history_of_a_thing_tells_its_values() -> None:
    ledger.append(LetterRefused(about="letter:9", because="case:1", code=550), now=NOW)

    assert queries.facts_about("letter:9") == [
        (
            "LetterRefused",
            {"about": "letter:9", "because": "case:1", "code": 550, "customer": "", "kind": "LetterRefused", "v": 1},
            NOW,
        )
    ]


def side_by_side(*acts: Callable[[], None]) -> None:
    """Run each in a thread with a connection of its own; what any raises is raised."""
    failed: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as why:
            failed.append(why)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_while_four_append_leave_one_order() -> None:
    done = threading.Event()
    sealed: list[int] = []

    def write() -> None:
        for number in range(40):
            with transaction.atomic():
                ledger.append_all([met(number), met(number)], now=datetime.now(UTC))

    def seal() -> None:
        while not done.is_set():
            sealed.append(ledger.seal(now=datetime.now(UTC), most=7))

    def write_all() -> None:
        try:
            side_by_side(write, write, write, write)
        finally:
            done.set()

    side_by_side(seal, seal, write_all)
    sealed.append(tasks.seal())

    assert order_holds() == list(range(1, 321))
    assert sum(sealed) == 320
    assert Unsealed.objects.count() == 0

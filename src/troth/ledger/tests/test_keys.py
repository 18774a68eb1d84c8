"""What is said of a customer opens with their key, and with it gone the ledger stands as before and says no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from tests.people_and_things import NOW

from troth.ledger import actions, checks, keys, queries
from troth.ledger.models import Entry
from troth.ledger.payloads import DoesNotFit
from troth.words.facts import CaseJoined, MailboxStarted
from troth.words.findings import Finding

pytestmark = pytest.mark.django_db


def joined(customer: int, *, case: int = 1) -> CaseJoined:
    return CaseJoined(about=f"case:{case}", customer=f"customer:{customer}", message="message:5")


def wrong() -> list[Finding]:
    return list(checks.changed_bodies())


def test_what_is_said_of_a_customer_stands_nowhere_in_the_clear() -> None:
    actions.append_all([joined(7), MailboxStarted(about="mailbox:1")], now=NOW)

    of_customer, of_nobody = (bytes(row) for row in Entry.objects.order_by("pk").values_list("payload", flat=True))
    assert (of_customer[0], b"message" in of_customer) == (1, False)
    assert (of_nobody[0], b'"about":"mailbox:1"' in of_nobody) == (0, True)


def test_erased_facts_are_told_as_such_and_the_others_as_before() -> None:
    actions.append_all([joined(7), joined(8), joined(7, case=2)], now=NOW)
    actions.seal(now=NOW)
    entries = list(Entry.objects.values())

    keys.destroy([7], now=NOW)

    assert list(Entry.objects.values()) == entries
    values = [values for _kind, values, _at in queries.facts_about("case:1")]
    assert [queries.is_erased(one) for one in values] == [True, False]
    assert values[0] == {"kind": "CaseJoined", "about": "case:1", "customer": "customer:7"}
    assert [queries.is_erased(values) for _place, _kind, values in queries.after(0)] == [True, False, True]
    events = queries.events(0, most=10)
    assert [(event.about, event.customer, event.erased) for event in events] == [
        ("case:1", "customer:7", True),
        ("case:1", "customer:8", False),
        ("case:2", "customer:7", True),
    ]
    plain = events[0].to_plain()
    assert (plain["fields"], plain["version"], plain["erased"]) == ({}, 0, True)
    assert events[1].to_plain()["fields"] == {"message": "message:5"}
    assert queries.events_at([1])[1].erased
    assert wrong() == []


def test_what_is_still_said_of_the_erased_is_born_erased() -> None:
    keys.of([7])
    keys.destroy([7], now=NOW)

    actions.append_all([joined(7)], now=NOW)
    actions.seal(now=NOW)

    assert queries.events(0, most=10)[0].erased
    assert keys.of([7]) == {7: None}
    assert wrong() == []


def test_many_facts_are_opened_with_one_look(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actions.append_all([joined(number, case=number) for number in range(1, 40)], now=NOW)
    actions.seal(now=NOW)
    asked: list[str] = []
    store = keys._store()
    store._remembered.clear()  # type: ignore[attr-defined]
    store._line.set_trace_callback(asked.append)  # type: ignore[attr-defined]

    with django_assert_num_queries(1):
        assert len(queries.events(0, most=100)) == 39

    store._line.set_trace_callback(None)  # type: ignore[attr-defined]
    assert [line.split()[0] for line in asked] == ["PRAGMA", "SELECT"]


def test_a_store_that_was_lost_is_no_erasure(settings: Settings, tmp_path: Path) -> None:
    actions.append_all([joined(7)], now=NOW)
    actions.seal(now=NOW)
    settings.TROTH_CUSTOMER_KEYS = str(tmp_path / "gone.sqlite3")

    with pytest.raises(keys.KeysLost, match="no store of the customers' keys at"):
        queries.facts_about("case:1")
    with pytest.raises(keys.KeysLost), transaction.atomic():
        actions.append(joined(8), now=NOW)

    assert list(tmp_path.iterdir()) == []
    assert Entry.objects.count() == 1


def test_the_store_of_another_ledger_opens_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.TROTH_CUSTOMER_KEYS = str(tmp_path / "another.sqlite3")
    keys.of([7])
    settings.TROTH_CUSTOMER_KEYS = str(tmp_path / "ours.sqlite3")
    actions.append_all([joined(7), joined(1_000, case=2)], now=NOW)
    assert wrong() == []

    settings.TROTH_CUSTOMER_KEYS = str(tmp_path / "another.sqlite3")

    with pytest.raises(DoesNotFit, match="customer:7 does not open"):
        queries.facts_about("case:1")
    with pytest.raises(keys.KeysLost, match="customer:1000"):
        queries.facts_about("case:2")
    assert [(found.count, "missing" in found.wrong) for found in wrong()] == [(1, False), (1, True)]


def test_fact_carried_to_another_customer_does_not_open() -> None:
    actions.append_all([joined(7), joined(8)], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET customer = 'customer:8' WHERE customer = 'customer:7'")
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")

    with pytest.raises(DoesNotFit):
        queries.facts_about("case:1")
    assert [found.count for found in wrong()] == [1]


@pytest.mark.parametrize("customer", ["nobody", "customer:x", "customer:99999999999999999999999"])
def test_nonsense_in_the_table_is_found_and_breaks_nothing(customer: str) -> None:
    actions.append_all([joined(7)], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET customer = %s", [customer])
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")

    assert [found.count for found in wrong()] == [1]

"""The public pages about the log, and the sums they show."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.faces import page, statements
from tests.people_and_things import NOW
from tlog_scales.signing import Vkey

from troth.ledger import actions as ledger
from troth.ledger.models import Cosignature, Entry
from troth.ledger.queries import head
from troth.ledger.rules.note import COSIGNATURE, Signer
from troth.ledger.rules.proof import Proof
from troth.ledger.rules.tree import leaf_hash
from troth.promises.models import Promise
from troth.record import actions, checks, queries
from troth.record.models import KindOfDay
from troth.site import verify
from troth.words.facts import CustomerMet, LinkRevoked

pytestmark = pytest.mark.django_db

YESTERDAY, TODAY = NOW - timedelta(days=1), NOW


def happens(count: int, *, links: int = 0, now: Any = NOW) -> None:
    met = [CustomerMet(about=f"customer:{one}", channel="email") for one in range(count)]
    revoked = [LinkRevoked(about=f"link:{one}", by="") for one in range(links)]
    with transaction.atomic():
        ledger.append_all([*met, *revoked], now=now)
    assert ledger.seal(now=now) == count + links


def shown(path: str) -> str:
    return page(Client(), f"/record/{path}")


def positions(text: str) -> list[int]:
    return [int(part.split("/")[0]) for part in text.split("/record/entries/")[1:] if part[:1].isdigit()]


def test_kinds_and_days_are_counted_once_each() -> None:
    happens(3, links=1, now=YESTERDAY)
    assert actions.count() == 4
    happens(2, now=YESTERDAY)
    happens(1, links=2, now=TODAY)

    assert [actions.count(most=2), actions.count(most=2), actions.count(), actions.count()] == [2, 2, 1, 0]

    rows = KindOfDay.objects.order_by("day", "kind").values_list("day", "kind", "entries", "first", "last")
    assert list(rows) == [
        (YESTERDAY.date(), "CustomerMet", 5, 1, 6),
        (YESTERDAY.date(), "LinkRevoked", 1, 4, 4),
        (TODAY.date(), "CustomerMet", 1, 7, 7),
        (TODAY.date(), "LinkRevoked", 2, 8, 9),
    ]
    assert queries.kinds() == [("CustomerMet", 6), ("LinkRevoked", 3)]
    assert queries.days(most=5) == [(TODAY.date(), 3), (YESTERDAY.date(), 6)]


def test_the_checker_counts_anew() -> None:
    happens(3, links=1)
    actions.count()
    happens(1)
    [check] = checks.checks()
    assert list(verify.answer(check, now=NOW)) == []

    KindOfDay.objects.filter(kind="LinkRevoked").update(entries=2)

    [found] = verify.answer(check, now=NOW)
    assert found.refs == (f"day:{NOW.date()}",)


def test_the_overview_tells_head_kinds_days_and_how_to_check() -> None:
    happens(3, links=1, now=YESTERDAY)
    happens(2)
    actions.count()

    text = shown("")

    assert "Customer met" in text
    assert "/record/entries/?kind=CustomerMet" in text
    assert f"/record/entries/?day={YESTERDAY.date()}" in text
    assert "None has signed this head yet." in text
    assert text.count("<li>") == 5
    assert Vkey.from_string(page(Client(), "/record/keys").split()[0]).name in text


def test_who_witnessed_the_head_is_told() -> None:
    happens(2)
    witness = Signer("witness.example/w", COSIGNATURE, bytes(32))
    text = "".join(f"{line}\n" for line in shown("checkpoint").split("\n\n")[0].split("\n"))
    signed = witness.sign(text, at=int(NOW.timestamp()))
    Cosignature.objects.create(checkpoint_id=2, witness=witness.verifier.to_text(), line=signed.to_line(), at=NOW)

    found = queries.head()

    assert found is not None
    assert found.witnesses == (("witness.example/w", NOW),)
    assert "witness.example/w" in shown("")
    assert signed.to_line() in shown("checkpoint")


def test_entries_are_paged_without_a_gap_and_by_kind_and_day() -> None:
    happens(60, links=7, now=YESTERDAY)
    happens(5, now=TODAY)
    actions.count()

    first = shown("entries/")
    assert positions(first) == [*range(72, 22, -1)]
    assert positions(shown("entries/?older=23")) == [*range(22, 0, -1)]
    assert positions(shown("entries/?kind=LinkRevoked")) == [*range(67, 60, -1)]
    assert positions(shown("entries/?kind=CustomerMet")) == [*range(72, 67, -1), *range(60, 15, -1)]
    assert "/record/entries/?kind=CustomerMet&amp;older=16" in shown("entries/?kind=CustomerMet")
    assert positions(shown("entries/?kind=CustomerMet&older=16")) == [*range(15, 0, -1)]
    assert positions(shown(f"entries/?day={TODAY.date()}")) == [*range(72, 67, -1)]
    assert positions(shown(f"entries/?day={YESTERDAY.date()}&kind=LinkRevoked&older=63")) == [62, 61]
    for day in ("2001-01-01", "0001-01-01", "9999-12-31"):
        assert "There is no such entry." in shown(f"entries/?day={day}")


@pytest.mark.parametrize(
    "query",
    ["older=x", "older=-1", "older=99999999999999999999999", "day=2026-13-45", "day=0", "kind=%00", "older=%D9%A2"],
)
def test_a_bent_question_is_answered_as_if_it_was_not_asked(query: str) -> None:
    happens(2)
    actions.count()

    assert positions(shown(f"entries/?{query}")) == [2, 1]


def test_nothing_is_remembered_of_who_looks() -> None:
    happens(2)
    browser = Client()

    for path in ("", "entries/", "entries/1/", "entries/1/entry.json", "entries/1/entry.tlog-proof", "verify", "keys"):
        assert browser.get(f"/record/{path}").status_code == 200

    assert dict(browser.cookies) == {}


def test_an_entry_is_shown_and_proven_without_a_word_of_anybodys(shop: Any) -> None:
    promise: Promise = shop.promise(what="ring you on Friday", quote="I will ring you on Friday.")
    assert ledger.seal(now=NOW)
    made = Entry.objects.get(about=f"promise:{promise.pk}", kind="PromiseMade")
    path = f"entries/{made.seal.position}/"

    text, written = shown(path), shown(path + "entry.tlog-proof")

    assert "Promise made" in text
    assert bytes(made.commit).hex() in text
    for word in (f"promise:{promise.pk}", "customer:", "Friday", "Ann", "ann@example.net"):
        assert word not in text
    envelope = Client().get(f"/record/{path}entry.json").content
    assert json.loads(envelope)["commit"] == bytes(made.commit).hex()
    proof = Proof.from_text(written)
    assert proof.check(leaf_hash(envelope)).size == head()
    assert proof.index == made.seal.position - 1


def test_pages_take_the_same_number_of_statements_whatever_they_show() -> None:
    happens(1)
    actions.count()
    few = {path: statements(Client(), f"/record/{path}") for path in ("", "entries/", "entries/1/")}

    happens(30, links=30, now=NOW + timedelta(days=1))
    actions.count()

    assert {path: statements(Client(), f"/record/{path}") for path in few} == few
    assert max(few.values()) <= 6

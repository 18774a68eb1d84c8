from __future__ import annotations

from datetime import timedelta

import pytest
from tests import people_and_things as things
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import NOW

from troth.people.actions import note_security
from troth.people.rules.security import SecurityKind
from troth.people.security import PAGE, kind_words


def rows(text: str) -> int:
    return text.count("<tr data-row>")


def test_whoever_runs_or_audits_reads_what_happened(shop: Shop) -> None:
    note_security(kind=SecurityKind.SIGN_IN_FAILED, origin="203.0.113.77", now=NOW)
    note_security(
        kind=SecurityKind.ROLE_CHANGED, staff=shop.lea, about=f"staff:{shop.sam.pk}", how="agent to lead", now=NOW
    )
    note_security(kind=SecurityKind.LINKS_REVOKED, staff=shop.lea, about=f"customer:{shop.ann.customer_id}", now=NOW)

    for reader in (shop.aud, things.staff("kim@parcel.example", role="admin")):
        text = page(signed_in(reader), "/security/")

        assert rows(text) == 3
        table = text[text.index("<tbody>") :]
        assert table.index("Customer’s links taken back") < table.index("Role changed") < table.index("203.0.113.0/24")
        assert "agent to lead" in text
        assert "Nobody known" in text
        assert f'<a href="/customers/{shop.ann.customer_id}/">' in text
    for other in (shop.sam, shop.lea):
        page(signed_in(other), "/security/", 403)


def test_it_is_offered_to_those_who_may(shop: Shop) -> None:
    aud = signed_in(shop.aud)

    assert 'href="/system/"' in page(aud, "/today/")
    assert 'href="/security/"' in page(aud, "/system/")
    assert 'href="/system/"' not in page(signed_in(shop.lea), "/today/")


def test_one_kind_or_one_person_is_shown_where_asked(shop: Shop) -> None:
    for staff in (shop.sam, shop.lea):
        for kind in (SecurityKind.SIGNED_IN, SecurityKind.SIGNED_OUT):
            note_security(kind=kind, staff=staff, now=NOW)
    aud = signed_in(shop.aud)

    shown = [
        rows(page(aud, f"/security/?{asked}"))
        for asked in ("", "kind=signed_in", f"who={shop.sam.pk}", f"kind=signed_in&who={shop.sam.pk}", "kind=no&who=x")
    ]

    assert shown == [4, 2, 2, 1, 4]


def test_pages_follow_each_other_without_a_gap(shop: Shop) -> None:
    for number in range(PAGE + 3):
        note_security(
            kind=SecurityKind.SIGNED_IN, staff=shop.sam, how=f"no{number}.", now=NOW + timedelta(seconds=number)
        )
    aud = signed_in(shop.aud)

    first = page(aud, "/security/?kind=signed_in")
    [href] = [part.partition('"')[0] for part in first.split('href="') if "older=" in part.partition('"')[0]]
    second = page(aud, href.replace("&amp;", "&"))

    assert (rows(first), rows(second)) == (PAGE, 3)
    assert "no3." in first
    assert "no2." in second
    assert "no3." not in second


@pytest.mark.parametrize("asked", ["", "?kind=exported"])
def test_the_page_stands_empty(shop: Shop, asked: str) -> None:
    assert "<h2" in page(signed_in(shop.aud), f"/security/{asked}")


def test_statements_do_not_grow_with_the_list(shop: Shop) -> None:
    aud = signed_in(shop.aud)
    note_security(kind=SecurityKind.SIGNED_IN, staff=shop.sam, now=NOW)
    one = statements(aud, "/security/")
    for who in (shop.lea, shop.aud):
        note_security(kind=SecurityKind.SIGNED_IN, staff=who, about=f"customer:{shop.ann.customer_id}", now=NOW)

    assert statements(aud, "/security/") == one <= 6


def test_there_are_words_for_every_kind() -> None:
    assert set(kind_words()) == set(SecurityKind)

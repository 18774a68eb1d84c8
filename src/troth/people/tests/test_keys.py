"""Keys: made once, known by their digest, opened until they end, and every act through them told as theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import Shop
from tests.people_and_things import DAY, HOUR, NOW, new_facts

from troth.people import keys
from troth.people.models import Key, SecurityEvent, Staff
from troth.people.rules.cursor import NotACursor, from_cursor, to_cursor
from troth.people.rules.keys import Scope, digest_of
from troth.people.rules.roles import May

READS = [Scope.CASES_READ, Scope.PROMISES_READ]


def made(shop: Shop, **values: object) -> tuple[Key, str]:
    said = {"name": "Shop system", "staff": shop.sam, "scopes": READS, "by": shop.lea, "now": NOW, **values}
    return keys.make(**said)  # type: ignore[arg-type]


def test_the_secret_is_told_once_and_kept_nowhere(shop: Shop) -> None:
    key, secret = made(shop)

    row = Key.objects.values().get(pk=key.pk)
    assert secret.startswith(f"troth_{key.prefix}_")
    assert len(secret.rpartition("_")[2]) * 4 == 256
    assert row["digest"] == digest_of(secret)
    assert secret.rpartition("_")[2] not in str(row)


def test_making_and_revoking_are_on_record(shop: Shop) -> None:
    key, _secret = made(shop, expires_at=NOW + DAY)

    assert keys.revoke(key, by=shop.lea, now=NOW + HOUR)
    assert not keys.revoke(key, by=shop.lea, now=NOW + HOUR)
    assert new_facts(key.reference) == [
        (
            "KeyMade",
            {
                "staff": f"staff:{shop.sam.pk}",
                "scopes": "cases:read promises:read",
                "expires_at": "2026-11-12T10:00:00.000000Z",
                "by": f"staff:{shop.lea.pk}",
            },
        ),
        ("KeyRevoked", {"by": f"staff:{shop.lea.pk}"}),
    ]
    assert list(SecurityEvent.objects.values_list("kind", "staff", "about")) == [
        ("key_made", shop.lea.pk, key.reference),
        ("key_revoked", shop.lea.pk, key.reference),
    ]


def test_what_is_done_through_a_key_is_told_as_its_act(shop: Shop) -> None:
    key, secret = made(shop)

    assert keys.opened(secret, now=NOW).staff.reference == key.reference
    assert Staff.objects.get(pk=shop.sam.pk).reference == f"staff:{shop.sam.pk}"


@pytest.mark.parametrize("name", ["", " ​ "])
def test_a_key_needs_a_name(shop: Shop, name: str) -> None:
    with pytest.raises(keys.KeyNotSound):
        made(shop, name=name)


def test_a_key_needs_a_scope_and_an_end_ahead(shop: Shop) -> None:
    with pytest.raises(keys.KeyNotSound):
        made(shop, scopes=[])
    with pytest.raises(keys.KeyNotSound):
        made(shop, expires_at=NOW)


def test_a_key_opens_until_it_ends(shop: Shop) -> None:
    _key, secret = made(shop, expires_at=NOW + DAY)

    assert keys.opened(secret, now=NOW + DAY - timedelta(seconds=1))
    with pytest.raises(keys.NoSuchKey):
        keys.opened(secret, now=NOW + DAY)


def test_a_key_of_somebody_who_left_opens_nothing(shop: Shop) -> None:
    _key, secret = made(shop)
    Staff.objects.filter(pk=shop.sam.pk).update(is_active=False)

    with pytest.raises(keys.NoSuchKey):
        keys.opened(secret, now=NOW)


@pytest.mark.parametrize("secret", ["", "troth_", "None", "0", "troth_00000000_" + "0" * 64, "x" * 10_000, "troth_é"])
def test_nothing_else_opens(shop: Shop, secret: str) -> None:
    made(shop)

    with pytest.raises(keys.NoSuchKey):
        keys.opened(secret, now=NOW)


def test_a_refused_key_is_noted_once_in_an_hour(shop: Shop) -> None:
    key, secret = made(shop)
    keys.revoke(key, by=None, now=NOW)

    for minutes in (1, 2, 59, 62):
        with pytest.raises(keys.NoSuchKey):
            keys.opened(secret, origin="192.0.2.9", now=NOW + timedelta(minutes=minutes))

    refused = SecurityEvent.objects.filter(kind="key_refused").order_by("pk")
    assert list(refused.values_list("about", "origin", "at")) == [
        (key.reference, "192.0.2.0/24", NOW + timedelta(minutes=1)),
        (key.reference, "192.0.2.0/24", NOW + timedelta(minutes=62)),
    ]


def test_its_last_use_is_known_to_the_minute(shop: Shop) -> None:
    key, secret = made(shop)

    for seconds in (0, 30, 59, 61):
        keys.opened(secret, now=NOW + timedelta(seconds=seconds))
        key.refresh_from_db()
        assert key.used_at == NOW + timedelta(seconds=61 if seconds == 61 else 0)


def test_a_scope_asks_of_its_person_what_they_may_themselves() -> None:
    of_leads = {Scope.BREACHES_READ: May.BREACHES, Scope.BREACHES_WRITE: May.LEAD, Scope.STATUS_WRITE: May.LEAD}
    for scope in Scope:
        asks = of_leads.get(scope, May.READ if scope.value.endswith(":read") else May.ANSWER)
        assert scope.may == asks


moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(NOW.tzinfo))  # noqa: DTZ001


@given(moments, st.integers(1, 2**63 - 1))
def test_a_cursor_comes_back_as_it_went(at: datetime, number: int) -> None:
    assert from_cursor(to_cursor(at, number)) == (at, number)


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda some: some.hex()))
def test_nothing_else_is_a_cursor(text: str) -> None:
    try:
        place = from_cursor(text)
    except NotACursor:
        return
    assert to_cursor(*place) == text

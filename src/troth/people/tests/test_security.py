from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone
from tests.people_and_things import NOW, staff

from troth.people import actions as people
from troth.people.models import SecurityEvent
from troth.people.rules.security import SecurityKind, coarse_origin
from troth.people.shell import origin_of


def noted() -> list[tuple[Any, ...]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("at", "kind", "staff", "about", "how", "origin"))


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        (" 127.0.0.1 ", "127.0.0.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("[2001:db8::1]", "2001:db8::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("ann@example.net", ""),
        ("203.0.113.77\nset-cookie: x", ""),
    ],
)
def test_only_the_neighbourhood_of_an_address_is_kept(address: str, kept: str) -> None:
    assert coarse_origin(address) == kept


@pytest.mark.django_db
def test_an_event_says_who_what_and_roughly_where_from() -> None:
    sam = staff()

    people.note_security(
        kind=SecurityKind.FACTOR_ADDED,
        staff=sam,
        about=f"staff:{sam.pk}",
        how="passkey",
        origin="203.0.113.77",
        now=NOW,
    )
    people.note_security(kind=SecurityKind.SIGN_IN_FAILED, now=NOW)

    assert noted() == [
        (NOW, "factor_added", sam.pk, f"staff:{sam.pk}", "passkey", "203.0.113.0/24"),
        (NOW, "sign_in_failed", None, "", "", ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"about": "ann@example.net"}, {"how": "one\ntwo"}, {"how": "x" * 121}])
def test_no_text_of_anybody_gets_in(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        people.note_security(kind=SecurityKind.EXPORTED, **values, now=NOW)

    assert noted() == []


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE {} SET how = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_noted_never_changes(change: str) -> None:
    people.note_security(kind=SecurityKind.SIGNED_OUT, now=timezone.now() - timedelta(days=399))
    before = noted()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses TRUNCATE for another reason
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format("people_securityevent"))

    assert noted() == before


@pytest.mark.django_db
def test_events_are_let_go_after_four_hundred_days_and_no_sooner() -> None:
    now = timezone.now()
    people.note_security(kind=SecurityKind.SIGNED_IN, now=now - people.SECURITY_KEPT - timedelta(minutes=1))
    people.note_security(kind=SecurityKind.SIGNED_OUT, now=now - people.SECURITY_KEPT + timedelta(minutes=1))

    assert people.forget_security(now=now) == 1
    assert [row[1] for row in noted()] == ["signed_out"]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        people.forget_security(now=now + timedelta(days=1))  # whatever clock asks: the database's own decides


def test_a_request_comes_from_its_peer_or_from_whom_the_proxy_saw(settings: Any) -> None:
    asked = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"})

    assert origin_of(asked) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert origin_of(asked) == "203.0.113.7"
    assert origin_of(RequestFactory().get("/", headers={"X-Forwarded-For": "nobody"}, REMOTE_ADDR="")) == ""

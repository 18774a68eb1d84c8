"""The page on which keys are made and revoked."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.faces import Shop, page, signed_in
from tests.people_and_things import HOUR, NOW, staff
from tests.programs import Program

from troth.people.models import Key, Staff

FORM = {"name": "Shop system", "life": "90", "scopes": ["cases:read", "promises:write"]}


@pytest.fixture
def ada(shop: Shop) -> Staff:
    return staff("ada@parcel.example", role="admin", password="a good long one")


@pytest.fixture
def browser(ada: Staff) -> Client:
    return signed_in(ada, shown_at=NOW)


def test_a_key_is_made_and_its_secret_shown_once(shop: Shop, browser: Client) -> None:
    answer = browser.post("/keys/make/", {**FORM, "staff": shop.sam.pk})

    (secret,) = re.findall(r"troth_[0-9a-f]{8}_[0-9a-f]{64}", answer.content.decode())
    assert answer.headers["Cache-Control"] == "no-store"
    asked = Client().get("/api/key", headers={"authorization": f"Bearer {secret}"}).json()
    assert (asked["name"], asked["scopes"], asked["staff"]) == ("Shop system", FORM["scopes"], shop.sam.pk)
    assert asked["expires_at"] == "2027-02-09T10:00:00.000000Z"
    shown = page(browser, "/keys/")
    assert secret not in shown
    assert secret.rpartition("_")[0] in shown


def test_a_key_is_revoked(shop: Shop, browser: Client) -> None:
    program = Program(shop.sam)

    assert browser.post(f"/keys/{program.key.pk}/revoke/").status_code == 302
    assert browser.post(f"/keys/{program.key.pk}/revoke/").status_code == 302
    assert program.get("/key")[0] == 401
    assert "revoked" in page(browser, "/keys/")
    assert browser.post("/keys/999999/revoke/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"name": " "}, "id_name"), ({"staff": "999999"}, "id_staff"), ({"scopes": ["everything"]}, "id_scopes")],
)
def test_a_form_that_lacks_something_says_what(
    shop: Shop, browser: Client, wrong: dict[str, object], where: str
) -> None:
    answer = browser.post("/keys/make/", {**FORM, "staff": shop.sam.pk, **wrong})

    assert answer.status_code == 422
    assert f'href="#{where}"' in answer.content.decode()
    assert not Key.objects.exists()


def test_only_who_runs_the_installation_makes_keys_and_only_having_shown_who_they_are(shop: Shop, ada: Staff) -> None:
    for person in (shop.sam, shop.lea, shop.aud):
        assert signed_in(person).get("/keys/").status_code == 403
        assert signed_in(person).post("/keys/make/", FORM).status_code == 403
    stale = signed_in(ada, shown_at=NOW - HOUR).post("/keys/make/", {**FORM, "staff": shop.sam.pk})

    assert stale.headers["Location"].startswith("/account/reauthenticate/")
    assert not Key.objects.exists()

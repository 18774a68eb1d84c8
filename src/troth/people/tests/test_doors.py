"""Who comes in, and who is asked once more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from tests.faces import Shop, signed_in
from tests.people_and_things import NOW, staff

from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May

OLD = NOW - timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
KNOWN = "a-long-known-word"


@staff_door(May.RUN)
def change(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.POST.get('name')} {request.POST.get('new_secret')}")


@staff_door(May.RUN, fresh=True)
def export(request: HttpRequest) -> HttpResponse:
    return HttpResponse("everything")


urlpatterns = [path("change/", change), path("export/", export), path("", include("troth.site.urls"))]


@pytest.fixture(autouse=True)
def _these_doors(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def ada(shop: Shop) -> Staff:
    return staff("ada@parcel.example", role="admin", password=KNOWN)


def test_who_just_signed_in_is_not_asked_again(ada: Staff) -> None:
    browser = signed_in(ada)

    assert browser.post("/change/", {"name": "Care"}).content == b"POST Care None"
    assert browser.get("/export/").content == b"everything"


def test_who_signed_in_long_ago_may_look_but_not_change(ada: Staff) -> None:
    browser = signed_in(ada, shown_at=OLD)

    assert browser.get("/change/").status_code == 200
    assert browser.post("/change/").headers["Location"] == "/account/reauthenticate/?next=%2Fchange%2F"
    assert browser.get("/export/").headers["Location"] == "/account/reauthenticate/?next=%2Fexport%2F"


def test_a_session_that_showed_nothing_is_not_fresh(ada: Staff) -> None:
    browser = Client()
    browser.force_login(ada)

    assert browser.post("/change/").status_code == 302


def test_what_was_wanted_is_done_once_it_is_shown_but_what_is_secret_was_not_kept(ada: Staff) -> None:
    browser = signed_in(ada, shown_at=OLD)
    browser.post("/change/", {"name": "Care", "new_secret": "planted-secret"})
    kept = str(dict(browser.session))

    wrong = browser.post("/account/reauthenticate/?next=/change/", {"password": "not-it"})
    done = browser.post("/account/reauthenticate/?next=/change/", {"password": KNOWN})

    assert "planted-secret" not in kept
    assert "Care" in kept
    assert wrong.status_code == 200
    assert done.content == b"POST Care None"
    assert browser.get("/export/").content == b"everything"


def test_who_may_not_is_told_so_without_being_asked(shop: Shop) -> None:
    browser = signed_in(shop.lea, shown_at=OLD)

    assert browser.post("/change/").status_code == 403
    assert browser.get("/export/").status_code == 403


@pytest.mark.parametrize(
    "where",
    ["2fa/totp/activate/", "2fa/webauthn/add/", "2fa/recovery-codes/", "2fa/recovery-codes/download/", "password/set/"],
)
def test_whatever_opens_an_account_is_behind_the_same_door(ada: Staff, where: str) -> None:
    stale, fresh = signed_in(ada, shown_at=OLD).get(f"/account/{where}"), signed_in(ada).get(f"/account/{where}")

    assert stale.headers["Location"].startswith("/account/reauthenticate/?next=")
    assert not fresh.headers.get("Location", "").startswith("/account/reauthenticate/")

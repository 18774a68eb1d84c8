"""Second factors and what is put on record at the door, through the real pages."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.test import Client
from tests import people_and_things as things
from tests.faces import Shop, page, signed_in
from tests.people_and_things import NOW, letters

from troth.people import seal, staffing
from troth.people.models import SecurityEvent, Staff
from troth.people.rules.roles import Factors
from troth.site.settings import EMAIL_BACKEND as OUR_BACKEND  # pytest-django puts its own in the place of it

GOOD = "three words in a row"


@pytest.fixture(autouse=True)
def _as_it_runs(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do: do())  # a test's own transaction never commits
    settings.EMAIL_BACKEND = OUR_BACKEND
    cache.clear()


@pytest.fixture
def ada(shop: Shop) -> Staff:
    return things.staff("ada@parcel.example", role="admin", password=GOOD)


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def with_app(browser: Client) -> tuple[str, list[str]]:
    """Set up an app as its owner does; its secret, and the recovery codes that come along."""
    [secret] = re.findall(r'id="authenticator_secret" value="(\w+)"', page(browser, "/account/2fa/totp/activate/"))
    done = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/account/2fa/recovery-codes/"
    codes = re.findall(r"<li>(\d{8})</li>", page(browser, "/account/2fa/recovery-codes/"))
    return secret, codes


def password_typed(email: str) -> Client:
    browser = Client()
    answer = browser.post("/account/login/", {"login": email, "password": GOOD})
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/today/").status_code == 200


def events() -> list[tuple[str, str]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "how"))


def test_an_app_is_asked_after_the_password_and_each_recovery_code_lets_in_once(ada: Staff) -> None:
    secret, codes = with_app(signed_in(ada))
    browser = password_typed(ada.email)

    assert not is_in(browser)
    assert browser.post("/account/2fa/authenticate/", {"code": code_of(secret)}).headers["Location"] == "/today/"
    assert is_in(browser)
    assert len(codes) == 10
    with_code = password_typed(ada.email)
    with_code.post("/account/2fa/authenticate/", {"code": codes[3]})
    again = password_typed(ada.email)
    again.post("/account/2fa/authenticate/", {"code": codes[3]})
    assert (is_in(with_code), is_in(again)) == (True, False)
    assert letters() == [(ada.email, "Codes from an app protect your account")]


def test_a_code_lets_in_once_and_soon(ada: Staff) -> None:
    secret, _codes = with_app(signed_in(ada))
    code = code_of(secret)
    first, second = password_typed(ada.email), password_typed(ada.email)

    first.post("/account/2fa/authenticate/", {"code": code})
    second.post("/account/2fa/authenticate/", {"code": code})
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        late = password_typed(ada.email)
        late.post("/account/2fa/authenticate/", {"code": code})

    assert (is_in(first), is_in(second), is_in(late)) == (True, False, False)


def test_codes_cannot_be_tried_out(ada: Staff) -> None:
    secret, _codes = with_app(signed_in(ada))
    thief = password_typed(ada.email)

    for number in range(5):
        answer = thief.post("/account/2fa/authenticate/", {"code": f"{number:06}"})
        assert "That is not it." in answer.content.decode()
    shut = thief.post("/account/2fa/authenticate/", {"code": code_of(secret)})

    assert "Too many failed login attempts" not in shut.content.decode()
    assert "Too many tries" in shut.content.decode()
    assert not is_in(thief)
    assert events().count(("factor_failed", "")) == 5


def test_no_secret_of_a_second_factor_stands_in_the_database_in_plain(ada: Staff) -> None:
    secret, codes = with_app(signed_in(ada))

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        [kept] = cursor.fetchone()
    assert secret not in kept
    assert not any(code in kept for code in codes)
    assert len(re.findall(r'"sealed:', kept)) == 2
    held, closed = seal.check()
    assert (sum(held.values()), closed) == (2, [])
    seal.make_newest()
    assert seal.reseal() == 2
    browser = password_typed(ada.email)
    browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(browser)


def test_set_up_and_switched_off_it_settles_what_is_owed(ada: Staff, shop: Shop) -> None:
    staffing.require_factors(Factors.ADMINS, by=ada, now=NOW)
    browser = signed_in(ada)
    assert browser.get("/today/").headers["Location"] == "/me/"

    with_app(browser)

    assert is_in(browser)
    browser.post("/account/2fa/totp/deactivate/")
    assert not is_in(browser)
    assert not Authenticator.objects.filter(user=ada).exists()  # no recovery codes for nothing


def test_what_happens_at_the_door_is_on_record_and_nothing_that_was_typed(ada: Staff) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": ada.email, "password": "typed-by-mistake"})
    browser.post("/account/login/", {"login": "typed@elsewhere.example", "password": "typed-by-mistake"})
    browser.post("/account/login/", {"login": ada.email, "password": GOOD})
    secret, _codes = with_app(browser)
    browser.post("/account/2fa/recovery-codes/generate/")
    browser.post("/account/logout/")
    again = password_typed(ada.email)
    again.post("/account/2fa/authenticate/", {"code": "000000"})
    again.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    again.post("/account/reauthenticate/", {"password": "typed-by-mistake"})
    again.post("/account/reauthenticate/", {"password": GOOD})
    again.post("/account/2fa/totp/deactivate/")

    assert events() == [
        ("sign_in_failed", ""),
        ("sign_in_failed", ""),
        ("signed_in", "password"),
        ("factor_added", "totp"),
        ("codes_made", ""),
        ("codes_made", ""),
        ("signed_out", ""),
        ("factor_failed", ""),
        ("signed_in", "password mfa:totp"),
        ("confirm_failed", ""),
        ("confirmed_again", "password"),
        ("factor_removed", "totp"),
    ]
    who = list(SecurityEvent.objects.order_by("pk").values_list("staff__name", flat=True))
    assert who == ["Ada", None, *["Ada"] * 10]
    assert set(SecurityEvent.objects.values_list("origin", flat=True)) == {"127.0.0.0/24"}


def test_a_shut_door_is_told_of_once_in_a_while(ada: Staff) -> None:
    for _number in range(12):
        Client().post("/account/login/", {"login": ada.email, "password": "wrong"})

    kinds = [kind for kind, _how in events()]
    assert (kinds.count("sign_in_failed"), kinds.count("sign_in_stopped")) == (5, 1)


def test_a_new_password_by_the_link_ends_every_session(ada: Staff) -> None:
    lost = Client()
    lost.post("/account/login/", {"login": ada.email, "password": GOOD})
    assert is_in(lost)
    browser = Client()
    browser.post("/account/password/reset/", {"email": ada.email})
    letter = things.text_of(things.Letter.objects.get())
    link = re.findall(r"/account/password/reset/key/\S+", letter)[0]
    form = browser.get(link, follow=True).redirect_chain[-1][0]

    browser.post(form, {"password1": "four words in one row", "password2": "four words in one row"})

    assert not is_in(lost)
    kinds = [kind for kind, _how in events()]
    assert kinds == ["signed_in", "reset_asked", "password_reset"]
    assert browser.get(link, follow=True).content.decode().count("This link has run out") == 1


@pytest.mark.parametrize("age", [timedelta(hours=4, seconds=1), timedelta(days=30)])
def test_an_old_link_for_a_new_password_opens_nothing(ada: Staff, age: timedelta) -> None:
    Client().post("/account/password/reset/", {"email": ada.email})
    link = re.findall(r"/account/password/reset/key/\S+", things.text_of(things.Letter.objects.get()))[0]

    with time_machine.travel(NOW + age, tick=False):
        assert "This link has run out" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("key", ["1-", "0-0", "None-None", "1-x-y", "-", "zzzz-aaaaaa-0"])
def test_a_made_up_link_for_a_new_password_opens_nothing(ada: Staff, key: str) -> None:
    answer = Client().get(f"/account/password/reset/key/{key}/", follow=True)

    assert answer.status_code == 404 or "This link has run out" in answer.content.decode()


def test_time_stands_still_in_these_tests(ada: Staff) -> None:
    assert time.time() == NOW.timestamp()

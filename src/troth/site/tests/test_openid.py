"""The company's own sign-in, against a real provider: who comes in, and every lie that must be noticed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from tests import people_and_things as things
from tests.faces import Shop, signed_in
from tests.lab.openid import CLIENT, SECRET, Provider, openid_provider, single
from tests.people_and_things import DAY

from troth.people import staffing
from troth.people.models import SecurityEvent, Staff
from troth.people.rules.roles import Role
from troth.site.tests import openid_urls

LOGIN = "/account/oidc/login/"


@pytest.fixture(scope="module")
def one_provider() -> Iterator[Provider]:
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def provider(one_provider: Provider, db: None, settings: Any) -> Provider:
    one_provider.begin_anew()
    app = {
        "provider_id": "company", "name": "Parcel’s own", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": one_provider.home},
    }  # fmt: skip
    settings.TROTH_OIDC_URL, settings.TROTH_OIDC_NAME = one_provider.home, "Parcel’s own"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [app]}
    }
    settings.ROOT_URLCONF = openid_urls.__name__
    cache.clear()
    return one_provider


@pytest.fixture
def people(provider: Provider) -> Shop:
    shop = Shop()
    things.staff("ada@parcel.example", role="admin", password="three words in a row")
    return shop


def sent_on(browser: Client, where: str = LOGIN) -> str:
    """Where our page sends the browser."""
    answer = browser.post(where)
    assert answer.status_code == 200, answer.content.decode()
    [there] = re.findall(r'http-equiv="refresh" content="0;url=([^"]*)"', answer.content.decode())
    return html.unescape(there)


def come_back(provider: Provider, browser: Client, there: str) -> Any:
    """Through the provider and back to us, as the browser does it."""
    back = provider.authorize(single(urlsplit(there).query))
    return browser.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def enter(provider: Provider, browser: Client | None = None) -> Any:
    browser = browser or Client()
    return come_back(provider, browser, sent_on(browser))


def is_in(browser: Client) -> bool:
    return browser.get("/today/").status_code == 200


def test_staff_come_in_by_the_address_the_provider_vouches_for(provider: Provider, people: Shop) -> None:
    browser = Client()

    answer = enter(provider, browser)

    assert answer.headers["Location"] == "/today/"
    assert is_in(browser)
    assert list(SocialAccount.objects.values_list("user_id", "uid")) == [(people.sam.pk, "1")]
    kinds = list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["identity_linked", "signed_in"]
    [asked] = provider.asked
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16


def test_the_password_of_who_comes_that_way_stays(provider: Provider, people: Shop) -> None:
    provider.person |= {"email": "ADA@parcel.example", "sub": "2"}

    enter(provider)

    assert Staff.objects.get(email="ada@parcel.example").check_password("three words in a row")


def test_afterwards_it_is_the_identity_that_counts_not_the_address(provider: Provider, people: Shop) -> None:
    enter(provider)
    provider.person["email"] = "lea@parcel.example"

    browser = Client()
    enter(provider, browser)

    assert b"sam@parcel.example" in browser.get("/me/").content


def test_an_invited_person_gets_the_account_they_were_invited_to(provider: Provider, people: Shop) -> None:
    ada = Staff.objects.get(email="ada@parcel.example")
    now = things.NOW
    with time_machine.travel(now):
        staffing.invite(address="nia@parcel.example", role=Role.LEAD, team=people.team, by=ada, now=now)
        provider.person |= {"email": "nia@parcel.example", "name": "Nia New", "sub": "3"}
        browser = Client()

        enter(provider, browser)

        nia = Staff.objects.get(email="nia@parcel.example")
        assert (nia.name, nia.role, nia.team, nia.has_usable_password(), nia.owes_factor) == (
            "Nia New", "lead", people.team, False, False,
        )  # fmt: skip
        assert is_in(browser)


@pytest.mark.parametrize(
    "person",
    [
        {"email": "stranger@parcel.example"},
        {"email": "sam@parcel.example", "email_verified": False},
        {"email": "sam@parcel.example", "email_verified": "false"},
        {"email": "sam@parcel.example", "email_verified": None},
        {"email": "sam@parcel.example\r\nX: y"},
        {"email": ""},
    ],
)
def test_nobody_is_made_by_coming(provider: Provider, people: Shop, person: dict[str, Any]) -> None:
    provider.person |= person
    before = Staff.objects.count()
    browser = Client()

    answer = enter(provider, browser)

    assert "Nobody signs up here" in answer.content.decode()
    assert (is_in(browser), Staff.objects.count(), SocialAccount.objects.count()) == (False, before, 0)


def test_an_old_invitation_makes_nobody(provider: Provider, people: Shop) -> None:
    ada = Staff.objects.get(email="ada@parcel.example")
    staffing.invite(address="nia@parcel.example", role=Role.LEAD, team=None, by=ada, now=things.NOW - 30 * DAY)
    provider.person |= {"email": "nia@parcel.example"}

    enter(provider)

    assert not Staff.objects.filter(email="nia@parcel.example").exists()


def test_whose_account_is_closed_stays_out(provider: Provider, people: Shop) -> None:
    Staff.objects.filter(pk=people.sam.pk).update(is_active=False)
    browser = Client()

    assert enter(provider, browser).headers["Location"] == "/account/inactive/"
    assert not is_in(browser)
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": ""},
        {"aud": "another-client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sub": "99"},
    ],
    ids=lambda lies: "-".join(lies),
)
def test_an_id_token_that_lies_lets_nobody_in(provider: Provider, people: Shop, lies: dict[str, Any]) -> None:
    provider.lies = lies
    browser = Client()

    answer = enter(provider, browser)

    assert answer.status_code == 401
    assert "That did not work" in answer.content.decode()
    assert (is_in(browser), SocialAccount.objects.count()) == (False, 0)


def test_a_token_signed_by_another_key_lets_nobody_in(provider: Provider, people: Shop) -> None:
    provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert enter(provider).status_code == 401


def test_two_answers_about_two_people_let_nobody_in(provider: Provider, people: Shop) -> None:
    provider.userinfo_lies = {"sub": "2", "email": "ada@parcel.example"}

    assert enter(provider).status_code == 401


def test_an_answer_is_good_in_the_browser_that_asked_and_once(provider: Provider, people: Shop) -> None:
    asking, other = Client(), Client()
    there = sent_on(asking)

    assert come_back(provider, other, there).status_code == 401  # no such state here
    assert come_back(provider, asking, there).status_code == 302
    assert come_back(provider, Client(), there).status_code == 401
    assert not is_in(other)


def test_a_changed_state_lets_nobody_in(provider: Provider, people: Shop) -> None:
    browser = Client()
    there = sent_on(browser)
    changed = re.sub(r"state=[^&]*", "state=guessed", there)

    assert come_back(provider, browser, changed).status_code == 401
    assert not is_in(browser)


def test_a_code_caught_on_the_way_is_worth_nothing_without_the_verifier(provider: Provider, people: Shop) -> None:
    victim, thief = Client(), Client()
    caught = provider.authorize(single(urlsplit(sent_on(victim)).query))
    own = provider.authorize(single(urlsplit(sent_on(thief)).query))
    code, state = single(urlsplit(caught).query)["code"], single(urlsplit(own).query)["state"]

    answer = thief.get(f"{urlsplit(own).path}?{urlencode({'code': code, 'state': state})}")

    assert answer.status_code == 401
    assert provider.refused == ["pkce"]
    assert not is_in(thief)


def test_looking_sends_nobody_on_and_a_link_cannot_change_what_is_asked(provider: Provider, people: Shop) -> None:
    assert "http-equiv" not in Client().get(LOGIN).content.decode()
    there = sent_on(Client(), LOGIN + "?auth_params=prompt%3Dnone&scope=everything&process=connect")

    asked = parse_qs(urlsplit(there).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked


def test_nobody_ties_a_second_identity_to_an_open_session(provider: Provider, people: Shop) -> None:
    browser = signed_in(Staff.objects.get(email="ada@parcel.example"))

    answer = come_back(provider, browser, sent_on(browser, LOGIN + "?process=connect"))

    assert answer.status_code == 401
    assert SocialAccount.objects.count() == 0


def test_a_provider_that_is_away_is_a_page_not_a_fault(provider: Provider, people: Shop, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"

    assert Client().post(LOGIN).status_code == 401


def test_who_has_nothing_else_shows_it_anew_there(provider: Provider, people: Shop) -> None:
    browser = Client()
    Staff.objects.filter(pk=people.sam.pk).update(role="admin")
    enter(provider, browser)
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= timedelta(hours=1).total_seconds()
    session.save()

    asked = browser.post(
        f"/staff/{people.lea.pk}/close/", headers={"referer": f"http://testserver/staff/{people.lea.pk}/"}
    )
    where = asked.headers["Location"]
    back = come_back(provider, browser, sent_on(browser, where))

    assert where == f"{LOGIN}?next=%2Fstaff%2F{people.lea.pk}%2F"
    assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
    assert back.headers["Location"] == f"/staff/{people.lea.pk}/"
    assert browser.post(f"/staff/{people.lea.pk}/close/").headers["Location"] == "/staff/"

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.faces import Shop, page
from tests.people_and_things import NOW

from troth.cases.models import Case
from troth.channels.webform.portal import PACE
from troth.inbox.models import Arrival

TYPED = {
    "name": "Dora Drake", "email": "Dora@Example.NET", "order": "FB-22817", "subject": "A bell", "body": "It does not ring.",
}  # fmt: skip


def fresh(browser: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page(browser, "/write/"))
    assert found is not None
    return found[1]


def test_what_is_written_opens_a_case_and_says_by_when_it_is_answered(shop: Shop) -> None:
    browser = Client()

    answer = browser.post("/write/", {**TYPED, "token": fresh(browser)}, follow=True)

    case = Case.objects.get()
    message = case.messages.get()
    assert (case.subject, case.channel, message.text) == ("A bell", "webform", "It does not ring.\n\nFB-22817")
    assert message.handle is not None
    assert message.handle.address == "dora@example.net"
    text = answer.content.decode()
    assert answer.redirect_chain == [("/write/sent/", 302)]
    assert "You will have an answer from a person by" in text
    assert f'<span class="reference">{case.pk}</span>' in text


def test_pressed_twice_it_is_one_case(shop: Shop) -> None:
    browser = Client()
    token = fresh(browser)

    for _press in range(2):
        assert browser.post("/write/", {**TYPED, "token": token}).status_code == 302

    assert (Arrival.objects.count(), Case.objects.count()) == (1, 1)


def test_one_visitor_cannot_flood_us_and_stops_nobody_else(shop: Shop) -> None:
    flood, ann = Client(), Client(REMOTE_ADDR="192.0.2.7")

    answers = [
        flood.post("/write/", {**TYPED, "email": f"x{n}@example.net", "token": fresh(flood)})
        for n in range(PACE.most + 2)
    ]
    other = ann.post("/write/", {**TYPED, "token": fresh(ann)})
    with time_machine.travel(NOW + PACE.step, tick=False):
        later = flood.post("/write/", {**TYPED, "token": fresh(flood)})

    assert [answer.status_code for answer in answers] == [302] * PACE.most + [429] * 2
    assert "It does not ring." in answers[-1].content.decode()
    assert answers[-1].headers["Retry-After"] == "20"
    assert (other.status_code, later.status_code) == (302, 302)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Tell us your name."),
        ("email", "ann@", "Give an address such as"),
        ("email", "ann@example.net\r\nBcc: bob@example.net", "Give an address such as"),
        ("subject", "\x00", "Say in a few words what it is about."),
        ("body", " ", "Tell us what happened."),
        ("name", "x" * 121, "At most 120 characters, please."),
        ("order", "x" * 81, "At most 80 characters, please."),
        ("token", "forged:sig", "This page has been open for too long."),
        ("token", "", "This page has been open for too long."),
    ],
)
def test_what_lacks_something_is_asked_for_and_nothing_is_lost(shop: Shop, field: str, typed: str, words: str) -> None:
    browser = Client()

    answer = browser.post("/write/", {**TYPED, "token": fresh(browser), field: typed})
    text = answer.content.decode()

    assert answer.status_code == 422
    assert words in text
    assert all(value in text for name, value in TYPED.items() if name != field)
    assert (Arrival.objects.count(), Case.objects.count()) == (0, 0)


def test_a_form_is_good_for_a_day(shop: Shop) -> None:
    browser = Client()
    token = fresh(browser)

    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        answer = browser.post("/write/", {**TYPED, "token": token})

    assert answer.status_code == 422
    assert "Please send it once more." in answer.content.decode()


def test_what_falls_into_the_trap_is_let_go_without_a_word(shop: Shop) -> None:
    browser = Client()

    answer = browser.post("/write/", {**TYPED, "token": fresh(browser), "website": "https://spam.example"})

    assert answer.headers["Location"] == "/write/sent/"
    assert Arrival.objects.count() == 0


def test_nobody_is_told_about_a_case_of_others(shop: Shop) -> None:
    shop.case()

    text = page(Client(), "/write/sent/")

    assert "Your number" not in text
    assert "We answer to" not in text


def test_a_typed_address_makes_nobody_that_customer(shop: Shop) -> None:
    first = shop.case()
    browser = Client()

    browser.post(
        "/write/", {**TYPED, "email": "ann@example.net", "subject": f"Re: [#{first.pk}]", "token": fresh(browser)}
    )

    assert first.messages.count() == 1, "what claims to be Ann joins no case of hers"
    assert not Case.objects.latest("pk").messages.get().verified


def test_what_cannot_be_read_at_once_is_read_later(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from troth.channels.webform import portal

    monkeypatch.setattr(portal, "read", lambda arrival: 1 / 0)
    browser = Client()
    monkeypatch.setattr(portal.log, "exception", lambda *words: None)

    answer = browser.post("/write/", {**TYPED, "token": fresh(browser)}, follow=True)

    assert "Thank you. It has arrived." in answer.content.decode()
    assert (Arrival.objects.count(), Case.objects.count()) == (1, 0)

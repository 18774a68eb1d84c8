"""The doors of visitors: exactly the listed sites, exactly their own talk, and not more than a person says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.faces import Shop
from tests.people_and_things import NOW

from troth.cases.models import Case, Message
from troth.channels.chat import actions, visitor
from troth.channels.chat.models import Site, Talk
from troth.people.limits import Pace
from troth.post.models import Letter

SHOP, OURS = "https://shop.example", "http://testserver"


class Page:
    """A page of the shop's, and the frame on it."""

    def __init__(self, site: Site, **values: Any) -> None:
        self.site, self.browser, self.token = site, Client(enforce_csrf_checks=True, **values), ""

    def hello(self, origin: str | None = SHOP) -> Any:
        return self.browser.get(f"/chat/to/{self.site.key}/hello/", **({"HTTP_ORIGIN": origin} if origin else {}))

    def ask(self, path: str, *, origin: str = OURS, **values: Any) -> Any:
        return self.browser.post(
            f"/chat/to/{self.site.key}/{path}/",
            json.dumps(values),
            content_type="application/json",
            HTTP_ORIGIN=origin,
            HTTP_AUTHORIZATION=f"Bearer {self.token}",
        )

    def begin(self) -> Any:
        answer = self.ask("begin", **{"pass": self.hello().json()["pass"]})
        self.token = answer.json().get("token", "")
        return answer

    def say(self, text: str, once: str, **values: Any) -> Any:
        return self.ask("say", text=text, once=once, **values)


@pytest.fixture
def page(shop: Shop) -> Page:
    return Page(actions.make_site(name="Shop", lines=[SHOP], team=shop.team, by=shop.lea, now=NOW))


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://shop.example", "https://shop.example:444", "https://shop.example.evil.example", "null", None],
)  # fmt: skip
def test_only_the_listed_site_may_show_it(page: Page, origin: str | None) -> None:
    answer = page.hello(origin)

    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "pass" not in answer.json()


def test_the_listed_site_gets_a_pass_and_alone_may_frame_the_talk(page: Page) -> None:
    hello = page.hello()
    frame = page.browser.get(f"/chat/to/{page.site.key}/", {"pass": hello.json()["pass"]})

    assert hello.headers["Access-Control-Allow-Origin"] == SHOP
    policy = frame.headers["Content-Security-Policy"]
    assert policy.endswith(f"; frame-ancestors {SHOP}")
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in frame.headers
    assert not page.browser.cookies


def test_one_address_opens_so_many_chats(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "FRAME", Pace(2, timedelta(minutes=10)))
    own = {"pass": page.hello().json()["pass"]}

    def opened(address: str) -> Any:
        return page.browser.get(f"/chat/to/{page.site.key}/", own, REMOTE_ADDR=address)

    assert [opened("198.51.100.1").status_code for _time in range(3)] == [200, 200, 429]
    assert opened("198.51.100.1").headers["Retry-After"] == "300"
    assert opened("198.51.100.2").status_code == 200


def test_without_its_pass_the_frame_is_nobodys(page: Page) -> None:
    other = actions.make_site(name="Other", lines=["https://other.example"], team=None, by=None, now=NOW)
    elsewhere = Page(other).hello("https://other.example").json()["pass"]
    own = page.hello().json()["pass"]
    with time_machine.travel(NOW + timedelta(hours=13), tick=False):
        assert page.browser.get(f"/chat/to/{page.site.key}/", {"pass": own}).status_code == 403
    for forged in ("", "x", elsewhere):
        answer = page.browser.get(f"/chat/to/{page.site.key}/", {"pass": forged})
        assert answer.status_code == 403
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert page.ask("begin", **{"pass": forged}).status_code == 403


def test_what_is_said_is_told_back_and_stands_in_a_case_of_the_sites_team(page: Page, shop: Shop) -> None:
    page.begin()

    told = page.say("Where is my parcel?", "first-word", email="dora@example.net", name="Dora").json()

    case = Case.objects.get()
    assert (case.team, case.customer.name) == (shop.team, "Dora")
    assert [(one["text"], one["once"], one["ours"]) for one in told["said"]] == [
        ("Where is my parcel?", "first-word", False)
    ]
    assert told["told_by"] == case.answer_by.isoformat() if case.answer_by else None
    assert page.say("And?", "second-word", after=told["newest"]).json()["said"][0]["text"] == "And?"
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("path", ["say", "told", "address", "seen", "writing", "transcript"])
def test_nobody_comes_in_by_a_guess_or_from_elsewhere(page: Page, path: str) -> None:
    page.begin()
    page.say("My secret", "first-word")
    token, talk = page.token, Talk.objects.get()
    other = Page(page.site)
    other.begin()

    page.token = ""
    assert page.ask(path, text="x", once="guessed-1").status_code == 401
    page.token = f"{talk.pk}.{talk.nonce}:x"
    assert page.ask(path, text="x", once="guessed-2").status_code == 401
    page.token = f"{talk.pk}." + other.token.partition(".")[2]
    assert page.ask(path, text="x", once="guessed-3").status_code == 401
    page.token = token
    assert page.ask(path, origin=SHOP, text="x", once="guessed-4").status_code == 403
    assert b"My secret" not in other.ask("told").content
    assert Message.objects.count() == 1


def test_a_flood_is_stopped_and_says_when_to_come_back(page: Page) -> None:
    page.begin()
    answers = [page.say("Hello?", f"message-{number}") for number in range(visitor.SAY.most + 1)]

    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1

    begun = [page.begin().status_code for _time in range(visitor.BEGIN.most)]
    assert begun[-1] == 429
    assert Page(page.site, REMOTE_ADDR="192.0.2.7").begin().status_code == 200


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"text": " \n", "once": "12345678"}, 422),
        ({"text": "x" * 4001, "once": "12345678"}, 422),
        ({"text": "x", "once": "short"}, 400),
        ({"text": "x", "once": "12345678", "email": "ann@"}, 422),
        ({"text": "x" * 70_000, "once": "12345678"}, 413),
    ],
)
def test_what_is_not_a_message_is_refused_with_a_reason(page: Page, said: dict[str, str], status: int) -> None:
    page.begin()

    answer = page.ask("say", **said)

    assert (answer.status_code, bool(answer.json()["problem"])) == (status, True)
    assert Message.objects.count() == 0


def test_whoever_fills_in_what_nobody_sees_begins_nothing(page: Page) -> None:
    assert page.ask("begin", **{"pass": page.hello().json()["pass"], "website": "https://x"}).status_code == 400
    assert Talk.objects.count() == 0


def test_the_talk_by_mail_is_asked_for_with_an_address_and_not_often(page: Page) -> None:
    page.begin()
    page.say("Hello?", "first-word")
    assert page.ask("transcript").json()["code"] == "address"

    assert page.ask("address", email="dora@example.net").json()["by_mail"] is True
    answers = [page.ask("transcript").status_code for _time in range(visitor.TRANSCRIPT.most + 1)]

    assert answers == [200] * visitor.TRANSCRIPT.most + [429]
    assert Letter.objects.count() == 1


def test_a_site_switched_off_is_gone(page: Page) -> None:
    page.begin()
    actions.change_site(page.site, name="Shop", lines=[SHOP], team=None, is_on=False)

    assert page.hello().status_code == 404
    assert page.ask("told").status_code == 404


def test_the_widget_is_small_and_the_same_for_everybody(page: Page) -> None:
    answer = page.browser.get("/chat/widget.js")

    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = page.browser.get("/chat/widget.js", HTTP_IF_NONE_MATCH=answer.headers["ETag"])
    assert again.status_code == 304

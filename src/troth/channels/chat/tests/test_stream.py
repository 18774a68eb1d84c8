"""What a visitor's open page hears: everything of its own talk, once, also after the line broke."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.faces import Shop

from troth.cases import actions as cases
from troth.channels.chat import actions, stream
from troth.channels.chat.models import Site, Talk
from troth.channels.chat.stream import Page, Pages
from troth.channels.chat.tokens import make_token
from troth.people.limits import Pace

pytestmark = pytest.mark.django_db(transaction=True)


class Begun:
    """A talk of which one thing was said."""

    def __init__(self) -> None:
        self.shop, self.now = Shop(), timezone.now()
        self.site = actions.make_site(name="Shop", lines=["https://shop.example"], team=None, by=None, now=self.now)
        self.talk = actions.begin(self.site, origin="https://shop.example", now=self.now)
        self.say("Hello?")

    def say(self, text: str) -> None:
        actions.say(self.talk, text=text, once=f"said-{len(text)}-{text[0]}-abc", now=timezone.now())
        self.talk.refresh_from_db()

    def answer(self, text: str) -> None:
        assert self.talk.case is not None
        cases.send_reply(self.talk.case, staff=self.shop.sam, text=text, now=timezone.now())
        cases.leave(now=timezone.now() + timedelta(seconds=11))


@pytest.fixture
def begun(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begun]:
    monkeypatch.setattr(stream, "ASKING", 1)  # whose connection is closed at the end
    pages = Pages()
    monkeypatch.setattr(stream, "pages", pages)
    yield Begun()
    pages.threads.submit(_close).result()
    pages.threads.shutdown()


def _close() -> None:
    from django.db import connection

    connection.close()


def headers(talk: Talk, **more: str) -> dict[str, str]:
    return {"host": "testserver", "authorization": f"Bearer {make_token(talk)}", **more}


def scope(site: Site, named: dict[str, str]) -> dict[str, Any]:
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    path = f"/chat/events/{site.key}"
    return {
        "type": "http", "method": "GET", "scheme": "http", "path": path, "headers": raw, "client": ("203.0.113.9", 5000),
    }  # fmt: skip


def heard(
    begun: Begun, named: dict[str, str], *, meanwhile: Any = None, events: int = 1
) -> list[tuple[str, dict[str, Any]]]:
    """The first events of a stream, with their ids; *meanwhile* happens once the first was heard."""

    async def listen() -> list[tuple[str, dict[str, Any]]]:
        sent: asyncio.Queue[Any] = asyncio.Queue()
        away = asyncio.Event()

        async def receive() -> dict[str, str]:
            await away.wait()
            return {"type": "http.disconnect"}

        running = asyncio.ensure_future(stream.application(scope(begun.site, named), receive, sent.put))
        found: list[tuple[str, dict[str, Any]]] = []
        done = False
        async with asyncio.timeout(20):
            assert (await sent.get())["status"] == 200
            while len(found) < events:
                text = (await sent.get())["body"].decode()
                if "event: talk" in text:
                    fields = dict(line.split(": ", 1) for line in text.strip().split("\n"))
                    found.append((fields["id"], json.loads(fields["data"])))
                    if meanwhile and not done:
                        done = True
                        await asyncio.to_thread(_alone, meanwhile)
            away.set()
            await running
        return found

    return asyncio.run(listen())


def _alone(work: Any) -> None:
    work()
    _close()


def words(event: tuple[str, dict[str, Any]]) -> list[str]:
    return [one["text"] for one in event[1]["said"]]


def test_an_answer_is_heard_at_once(begun: Begun) -> None:
    first, second = heard(begun, headers(begun.talk), meanwhile=lambda: begun.answer("Good day."), events=2)

    assert (words(first), words(second)) == (["Hello?"], ["Good day."])
    assert Talk.objects.get().is_here


def test_after_a_line_that_broke_only_what_came_since_is_told(begun: Begun) -> None:
    [(last, _told)] = heard(begun, headers(begun.talk))
    begun.answer("One.")
    begun.say("Two.")

    [again] = heard(begun, headers(begun.talk, **{"last-event-id": last}))

    assert words(again) == ["One.", "Two."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"authorization": "Bearer 1.x:y"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_nobody_else_hears_it(begun: Begun, wrong: dict[str, str]) -> None:
    with pytest.raises(stream.NoSuchTalk):
        stream.enter(begun.site.key, headers(begun.talk, **wrong), secure=False)


def test_a_crowd_is_bounded_and_one_visitor_has_a_few(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crowd() -> tuple[list[bool], int]:
        pages = Pages()
        monkeypatch.setattr(pages, "listen", asyncio.Event().wait)
        monkeypatch.setattr(pages, "keep_saying_here", asyncio.Event().wait)
        mine = [Page(talk=1, case=1, newest=0) for _number in range(stream.OF_ONE_MOST + 1)]
        for page in mine:
            assert not any(other.is_over for other in mine)  # as many as one may have go on
            pages.join(page)
        pages.rest()
        monkeypatch.setattr(stream, "pages", pages)
        monkeypatch.setattr(stream, "PAGES_MOST", len(pages.open))
        sent: list[Any] = []

        async def send(said: Any) -> None:
            sent.append(said)

        await stream.application(scope(begun.site, headers(begun.talk)), asyncio.Event().wait, send)
        assert b"retry-after" in dict(sent[0]["headers"])
        pages.threads.shutdown()
        return [page.is_over for page in mine], sent[0]["status"]

    assert asyncio.run(crowd()) == ([True] + [False] * stream.OF_ONE_MOST, 503)


def status(begun: Begun, **named: str) -> int:
    """Of a stream that is let go of as soon as it began."""

    async def begin() -> int:
        sent: list[Any] = []

        async def send(said: Any) -> None:
            sent.append(said)

        async def gone() -> dict[str, str]:
            return {"type": "http.disconnect"}

        await stream.application(scope(begun.site, headers(begun.talk, **named)), gone, send)
        assert sent[0]["status"] == 200 or b"retry-after" in dict(sent[0]["headers"])
        return int(sent[0]["status"])

    return asyncio.run(begin())


def test_one_address_holds_and_opens_so_many_and_no_other_pays_for_it(
    begun: Begun, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(stream, "OF_ADDRESS_MOST", 2)
    with stream.pages.held("198.51.100.1"), stream.pages.held("198.51.100.1"):
        # Whatever a visitor writes into the header, what the proxy added counts.
        assert status(begun, **{"x-forwarded-for": "192.0.2.77, 198.51.100.1"}) == 429
        assert status(begun, **{"x-forwarded-for": "198.51.100.2"}) == 200
    assert status(begun, **{"x-forwarded-for": "198.51.100.1"}) == 200
    assert not stream.pages.of

    monkeypatch.setattr(stream, "OPENED", Pace(2, timedelta(minutes=10)))
    assert [status(begun, **{"x-forwarded-for": "198.51.100.3"}) for _time in range(3)] == [200, 200, 429]
    assert status(begun, **{"x-forwarded-for": "198.51.100.4"}) == 200


def test_without_a_proxy_the_header_says_nothing(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "OPENED", Pace(1, timedelta(minutes=10)))

    found = [status(begun, **{"x-forwarded-for": f"198.51.100.{number}"}) for number in (1, 2)]

    assert found == [200, 429]


def test_a_page_wakes_for_its_own_talk_alone() -> None:
    async def woken(payload: str) -> list[bool]:
        pages = Pages()
        pages.open = [Page(talk=1, case=5, newest=0), Page(talk=2, case=6, newest=0), Page(talk=3, case=None, newest=0)]
        pages.heard(payload)
        pages.threads.shutdown()
        return [page.look.is_set() for page in pages.open]

    assert asyncio.run(woken("case:5 customer:9")) == [True, False, True]
    assert asyncio.run(woken("answering:6")) == [False, True, False]
    assert asyncio.run(woken("promise:5")) == [False, False, False]
    assert asyncio.run(woken("*")) == [True, True, True]

"""A visitor of another site talks with Sam in a real browser, and gets by mail what they did not stay to see."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.faces import Shop
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.cases import tasks as cases
from troth.cases.models import Case, Reply
from troth.channels.chat import actions as chat
from troth.channels.chat.models import Line, Site, Talk
from troth.ledger import tasks as ledger
from troth.people.models import Calendar, Company
from troth.post import tasks as post
from troth.post.models import Letter
from troth.promises.models import Promise
from troth.site.verify import findings
from troth.words.hours import round_the_clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def elsewhere(page: str) -> Iterator[str]:
    """The origin of a site of somebody's, whose every page is *page*.

    Another origin of the same site as the desk's: a browser for tests is in private, and lets frames of other sites keep nothing.
    """

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def shop_page(home: str, site: Site) -> str:
    return (
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Bells</title>"
        f"<main><h1>Bells</h1><p>We make bells.</p></main><script src='{home}/chat/widget.js' data-chat='{site.key}' async></script>"
    )


@pytest.fixture
def day(transactional_db: None) -> Shop:
    shop = Shop()
    may_sign_in(shop.sam)
    Company.objects.update(
        calendar=Calendar.objects.create(name="Always", plain=round_the_clock("Europe/London").to_plain())
    )
    return shop


def opened(page: Page) -> FrameLocator:
    page.get_by_role("button", name="Chat with us").click()
    return page.frame_locator("troth-chat iframe")


def leaves() -> None:
    """The seconds in which it can be taken back are over, and the worker's lane does its part."""
    until = time.monotonic() + 30  # what the page says of the reply before looks the same
    while not Reply.objects.filter(state="held").exists():
        assert time.monotonic() < until, "nothing was sent"
        time.sleep(0.05)
    Reply.objects.filter(state="held").update(leaves_at=timezone.now())
    assert cases.leave() == 1


def test_a_visitor_of_another_site_is_answered_there_and_then_by_mail(day: Shop, browser: Browser) -> None:
    site = chat.make_site(name="Bells", lines=["https://bells.example"], team=None, by=None, now=timezone.now())
    with served(TROTH_CHAT_GONE_SECONDS="15") as home, elsewhere(shop_page(home, site)) as shop:
        # A site that is not on the list shows nothing, and says why to whoever builds it.
        stranger = Watched(browser, shop, wide=False)
        stranger.page.goto("/")
        stranger.page.wait_for_event("console", lambda said: "may not show the chat" in said.text)
        assert stranger.page.locator("troth-chat").count() == 0
        chat.change_site(site, name="Bells", lines=[shop], team=None, is_on=True)

        # One that is shows a button, and behind it the talk.
        ann = Watched(browser, shop, wide=False)
        ann.page.goto("/")
        frame = opened(ann.page)
        expect(frame.get_by_label("Your name")).to_be_focused()
        frame.get_by_label("Your name").fill("Dora")
        frame.get_by_label("Your email address").fill("dora@example.net")
        frame.get_by_label("Your message").fill("My bell does not ring. I am furious.")
        ann.page.keyboard.press("Enter")
        expect(frame.locator("#standing")).to_contain_text("A person answers you by")
        photograph(ann.page, "chat-visitor")
        assert faults(ann.page) == []
        assert faults(ann.page.frames[-1]) == []  # type: ignore[arg-type] # axe asks a frame as it asks a page
        assert small_targets(frame) == []
        ann.complaints.clear()  # the first axe spoke to a frame that listens to nobody but its own page
        assert ann.page.context.cookies() == []
        case = Case.objects.get()

        # Sam sees it within a moment, and that somebody writes.
        sam = Watched(browser, home)
        sam.sign_in(day.sam)
        page = sam.page
        page.goto(f"/cases/{case.pk}/")
        ready(page)
        expect(page.locator(".talk-way")).to_contain_text("They are here")
        page.wait_for_timeout(300)
        frame.get_by_label("Your message").press_sequentially("And", delay=20)
        expect(page.get_by_text("They are writing…")).to_be_visible()
        ann.page.keyboard.press("Enter")
        expect(page.locator("#thread")).to_contain_text("And")

        # The answer and its promise are there at once, and Sam sees that they were seen.
        page.keyboard.press("r")
        day_after = timezone.now() + timedelta(days=10)
        page.keyboard.type(f"I am sorry. We will send you a new one by {day_after.day} {day_after:%B} at 5 pm.")
        expect(frame.get_by_text("An answer is being written…")).to_be_visible()
        expect(page.locator("[data-promise]")).to_have_count(1)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
        leaves()
        expect(frame.locator("#thread")).to_contain_text("I am sorry.")
        expect(frame.locator(".word")).to_contain_text("by")
        expect(page.locator("#thread")).to_contain_text("Seen in the chat")
        photograph(page, "chat-staff")
        promise = Promise.objects.get(sort="deed")
        assert promise.due is not None
        assert (promise.due.day, promise.owner) == (day_after.day, day.sam)
        assert Letter.objects.count() == 0

        # Nobody else comes in: not with a token that is guessed, not from elsewhere, not in another's frame.
        talk = Talk.objects.get()
        for path, headers in (
            ("told/", {"Authorization": f"Bearer {talk.pk}.{talk.nonce}:guessed", "Origin": home}),
            ("told/", {"Authorization": f"Bearer {chat_token(talk)}", "Origin": "https://evil.example"}),
            ("begin/", {"Origin": home}),
        ):
            with pytest.raises(HTTPError) as refused:
                urlopen(Request(f"{home}/chat/to/{site.key}/{path}", data=b"{}", headers=headers))
            assert refused.value.code in {401, 403}
        with urlopen(Request(f"{home}/chat/to/{site.key}/hello/", headers={"Origin": shop})) as hello:
            assert hello.headers["Access-Control-Allow-Origin"] == shop
            passed = re.search(r'"pass": "([^"]+)"', hello.read().decode())
        assert passed is not None
        with urlopen(f"{home}/chat/to/{site.key}/?pass={passed[1]}") as framed:
            policy_said = framed.headers["Content-Security-Policy"]
            assert policy_said.endswith(f"frame-ancestors {shop}")
            assert framed.headers["Set-Cookie"] is None

        # Escape closes it. Back on another page the talk is whole, as is the place where one writes.
        frame.get_by_label("Your message").press("Escape")
        expect(ann.page.get_by_role("button", name="Chat with us")).to_be_focused()
        ann.page.goto("/other")
        expect(ann.page.locator("troth-chat iframe")).to_have_count(1)
        frame = opened(ann.page)
        expect(frame.locator(".said")).to_have_count(3)
        expect(frame.get_by_label("Your message")).to_be_focused()
        photograph(ann.page, "chat-back")

        # Dora leaves. What Sam says now is in no window any more: it comes by mail, once.
        ann.context.close()
        Talk.objects.update(here_at=timezone.now() - timedelta(minutes=1))
        chat.look(now=timezone.now())
        expect(page.locator(".talk-way")).to_contain_text("by mail to dora@example.net")
        ready(page)
        page.keyboard.press("r")
        page.keyboard.type("It has left us today.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
        leaves()
        for _time in range(2):
            chat.look(now=timezone.now() + timedelta(minutes=1))
            post.deliver()
        letter = Letter.objects.get()
        assert (letter.to_address, letter.state) == ("dora@example.net", "sent")
        said = message_from_bytes(bytes(letter.raw), policy=policy.default).get_body(("plain",))
        assert said is not None
        assert "It has left us today." in said.get_content()
        assert "I am sorry." not in said.get_content()
        assert Line.objects.filter(letter=letter).count() == 1
        expect(page.locator("#thread")).to_contain_text("By mail: Delivered")
        ledger.seal()
        assert findings(now=timezone.now()) == []
        assert [one for one in sam.complaints + ann.complaints if "favicon" not in one] == []


def chat_token(talk: Talk) -> str:
    from troth.channels.chat.tokens import make_token

    return make_token(talk)


def small_targets(frame: FrameLocator) -> list[str]:
    """What a finger would miss."""
    return frame.locator("button:visible, input:visible, textarea:visible").evaluate_all(
        "all => all.filter(one => !one.closest('.trap') && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )

"""HTML of strangers in the product's own page and a real browser (reliability T6, T7): nothing runs, nothing is fetched.

Twice: as it is kept, cleaned; and as it came, put past the cleaner, for the frame must hold by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.faces import Shop
from tests.hostile.doors import letter
from tests.hostile.html_mail import FAMILIES, OUT, PAYLOADS, RUN
from tests.walks.browser import FLAGS, Watched, may_sign_in, served
from troth.cases.models import Case, Message
from troth.channels.email.html import ATTRIBUTES, TAGS, clean, too_much
from troth.channels.email.parse import parse

ALL_AT_ONCE = 120
CONNECTED = "a connection"


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_cleaning_leaves_words_and_comes_to_rest(payload: str) -> None:
    cleaned = clean(f"<p>before</p>{payload}<p>after</p>")

    assert clean(cleaned) == cleaned
    for tag, attributes in elements(cleaned):
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel", "title", "lang"}
        assert attributes.get("src", "cid:").startswith("cid:")
        assert attributes.get("href", "https://").lower().startswith(("http://", "https://", "mailto:", "tel:"))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element that begins in it, with its attributes."""
    found: list[tuple[str, dict[str, str]]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found.append((tag, {name: value or "" for name, value in attributes}))

    Parser().feed(html)
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_together_comes_to_rest_too(family: str) -> None:
    whole = "".join(FAMILIES[family])

    assert too_much(whole) == ""
    assert clean(clean(whole)) == clean(whole)


class Outside:
    """Everything outside of the installation: whatever the browser asks for ends here and is remembered."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(f"{RUN}".encode())

            do_POST = do_HEAD = do_GET

            def log_message(self, *_: object) -> None: ...

        class Server(ThreadingHTTPServer):
            def process_request(self, *connected: Any) -> None:
                asked.append(CONNECTED)
                super().process_request(*connected)

            def handle_error(self, *_: object) -> None:
                """Chromium hangs up on what it did not want after all."""

        self.server = Server(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


@contextmanager
def outside() -> Iterator[Outside]:
    there = Outside()
    yield there
    there.server.shutdown()
    there.server.server_close()


class Seen:
    """What a browser did that it should not: scripts that ran, and addresses it asked for beside *home*."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.ran: list[str] = []
        self.asked: list[str] = []
        self.got: list[str] = []
        inside = (home, "data:", "blob:", "about:", "chrome-error:", "cid:")
        context.on("console", lambda said: self.ran.append(said.text) if said.text == "RAN" else None)
        context.on("dialog", lambda dialog: (self.ran.append("dialog"), dialog.dismiss()))
        context.on("request", lambda asks: None if asks.url.startswith(inside) else self.asked.append(asks.url))
        context.on("response", lambda got: None if got.url.startswith(inside) else self.got.append(got.url))
        context.on("page", lambda page: self.asked.append(f"a window: {page.url}"))


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_nothing_runs_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop running in this thread
    shop = Shop()
    may_sign_in(shop.sam)
    kept = [html for payload in PAYLOADS if (html := as_read(payload))]
    as_kept = written(shop, kept)
    as_it_came = written(shop, [payload.replace("\x00", "") for payload in PAYLOADS])
    with outside() as there, sync_playwright() as playwright, served() as home:
        rules = f"MAP outside.example 127.0.0.1:{there.port}, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*FLAGS, f"--host-resolver-rules={rules}"]
        )
        the_detector_works(browser.new_context(), there)
        watched = Watched(browser, home)
        watched.sign_in(shop.sam)
        seen = Seen(watched.context, home)
        for case in as_kept:
            open_every_letter(watched.page, case)
        wanted = [*seen.asked, *there.asked]
        for case in as_it_came:
            open_every_letter(watched.page, case)
        connection.close()  # beside a running loop Django opens one of its own, which nobody else would close
        browser.close()

    assert len(PAYLOADS) >= 200
    assert len(kept) > 0.9 * len(PAYLOADS)
    assert seen.ran == []
    assert wanted == [], "of what is kept, the browser does not even want anything"
    assert seen.got == [], "what it wanted of the rest, the frame refused"
    # To connect ahead of asking is under no policy of the browser's: that, the cleaner alone keeps out.
    assert [asked for asked in there.asked if asked != CONNECTED] == []


def as_read(payload: str) -> str:
    """What is kept of the payload when it comes as a letter."""
    return parse(
        letter(more="Content-Type: text/html; charset=utf-8\r\n", body=f"<p>before</p>{payload}<p>after</p>")
    ).html


def written(shop: Shop, htmls: list[str]) -> list[Case]:
    """Cases whose messages hold this HTML as it is."""
    now = timezone.now()
    cases = []
    for place in range(0, len(htmls), ALL_AT_ONCE):
        case = shop.case(at=now, now=now)
        Message.objects.bulk_create(
            Message(case=case, direction="inbound", at=now, handle=shop.ann, text="x", html=html)
            for html in htmls[place : place + ALL_AT_ONCE]
        )
        cases.append(case)
    return cases


def open_every_letter(page: Page, case: Case) -> None:
    """“Show as it was written” for each message of the case."""
    page.goto(f"/cases/{case.pk}/")
    page.evaluate(
        """async () => {
            const frames = [...document.querySelectorAll("iframe.message-html")];
            await Promise.all(frames.map((frame) => new Promise((done) => {
                frame.addEventListener("load", done, { once: true });
                frame.loading = "eager";
                frame.closest("details").open = true;
            })));
        }"""
    )
    page.wait_for_timeout(300)  # what runs late, or asks late
    assert page.locator("iframe.message-html").count() == case.messages.exclude(html="").count()


def the_detector_works(context: BrowserContext, there: Outside) -> None:
    """The same payloads in a page that protects nobody run and ask, or this test would prove nothing."""
    seen = Seen(context, "http://localhost")
    page = context.new_page()
    page.goto(OUT)
    for family, most in FAMILIES.items():
        before = len(seen.ran), len(seen.asked)
        page.set_content("<!DOCTYPE html>" + (most[0] if family != "mutating" else "".join(most[4:5])))
        page.wait_for_timeout(200)
        if family == "urls":
            page.evaluate("document.querySelector('a').click()")
            page.wait_for_timeout(200)
        assert (len(seen.ran), len(seen.asked)) > before, family
    assert there.asked
    there.asked.clear()
    context.close()

"""A real browser in front of the real server, which serves the database of the tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from psycopg.conninfo import make_conninfo

from troth.people.models import Staff

PASSWORD = "a long way to Tipperary"
#: A page may take its time on a busy machine; what is expected of it ends the wait at once.
expect.set_options(timeout=30_000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """The address of `troth web` over the tests' own database, with these settings in its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = f"http://localhost:{port}"
    kept = {
        name: connection.get_connection_params().get(name) for name in ("dbname", "user", "password", "host", "port")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "troth.site.cli", "web"],
        env=os.environ
        | {
            "DATABASE_URL": make_conninfo(**{name: value for name, value in kept.items() if value}),
            "PORT": str(port),
            "TROTH_URL": home,
            **settings,
        },
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                assert process.poll() is None, "the server did not start"
                time.sleep(0.1)
        yield home
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page, and whatever it complained of: errors in scripts, things refused by the policy, answers that failed."""

    def __init__(self, browser: Browser, home: str, *, wide: bool = True, dark: bool = False) -> None:
        size = {"width": 1440, "height": 900} if wide else {"width": 390, "height": 844}
        self.context = browser.new_context(
            viewport=size, color_scheme="dark" if dark else "light", reduced_motion="reduce", base_url=home
        )  # type: ignore[arg-type]
        self.context.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda m: self.complaints.append(said(m)) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", lambda r: self.complaints.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        return page

    def sign_in(self, staff: Staff) -> None:
        self.page.goto("/account/login/")
        self.page.get_by_label("Email").fill(staff.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/today/")


def said(message: ConsoleMessage) -> str:
    """What the browser complained of, and of which address."""
    return f"{message.text} {message.location['url']}"


def may_sign_in(staff: Staff) -> None:
    """A password the server can check: the tests themselves hash more cheaply than it does."""
    Staff.objects.filter(pk=staff.pk).update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000))


def ready(page: Page) -> None:
    """The page's scripts are at work."""
    page.wait_for_selector("html[data-ready]")


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    found = [
        f"{fault['id']}: {json.dumps([[node['target'], node['failureSummary'][:200]] for node in fault['nodes'][:3]])}"
        for fault in Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, f"{wide} px wider than the screen"] if wide > 0 else found


def photograph(page: Page, name: str) -> None:
    """With SHOTS=folder the tests leave a picture of every page there."""
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")
        page.screenshot(path=Path(folder) / f"{name}.full.png", full_page=True)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps a loop running in this thread
    with chromium() as found:
        yield found
        connection.close()  # beside a running loop Django opens one of its own, which nobody else would close

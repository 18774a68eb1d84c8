"""A walk through everything with the most detailed logs, and nothing of what people said, are called, or hold secret in them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from tests import people_and_things as things
from troth.cases.models import Case
from troth.channels.email import actions as email
from troth.inbox import actions as inbox
from troth.inbox.models import Arrival
from troth.people.actions import issue_link
from troth.people.models import Staff
from troth.people.queries import link_token
from troth.post.models import Letter

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]

#: Each stands in one place of the walk, and nowhere else.
MARKS = {
    "address": "quendrith@marker.example",
    "name": "Wulfhere Nameling",
    "subject": "Subjectum Brindlecourt",
    "body": "bodymark-oxlips",
    "mail address": "mailer.thistledown@marker.example",
    "mail name": "Headline Fromming",
    "mail subject": "Betreffung Kestrelmoor",
    "mail body": "mailmark-larkspur",
    "wrong password": "wrongword-bittersweet",
    "password": "rightword-saxifrage-9",
    "search": "searchmark-pimpernel",
    "guessed link": "linkmark-toadflax",
    "answer": "answermark-campion",
    "note": "notemark-bryony",
    "forged header": "headermark-henbane",
    "forged host": "hostmark-foxglove.example",
    "mailbox password": "imapmark-nightshade",
    "path": "pathmark-hellebore",
    "failing row": "rowmark-mandrake",
}

#: Both programs under one supervisor, as `troth run` has them, on the database of the tests.
PROGRAM = """
import sys
from troth.site.supervise import Child, Supervisor
Supervisor([Child(name, [sys.executable, "-m", "troth.site.cli", name]) for name in ("web", "worker")]).run()
"""
MAIL = f"""From: {MARKS["mail name"]} <{MARKS["mail address"]}>\r
To: support@troth.example\r
Message-ID: <markmark@marker.example>\r
Subject: {MARKS["mail subject"]}\r
\r
{MARKS["mail body"]}\r
""".encode()


def eventually(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


class Walk:
    """One browser without scripts, and what the programs write meanwhile."""

    def __init__(self, home: str, log: Path) -> None:
        self.home, self.log = home, log
        self.cookies = CookieJar()
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        try:
            with self.browser.open(Request(self.home + path, headers=headers), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def send(self, path: str, _at: str = "", **form: str) -> int:
        """Send the form, with whatever the page it stands on hides in it."""
        _status, page = self.get(_at or path)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        asked = Request(self.home + path, urlencode({**hidden, **form}).encode(), {"Referer": self.home + path})
        try:
            with self.browser.open(asked, timeout=30) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    def written(self) -> str:
        return self.log.read_text()


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]),
        "PORT": str(port),
        "TROTH_URL": f"http://localhost:{port}",
        "TROTH_UNDO_SECONDS": "0",
        "TROTH_LOG_LEVEL": "DEBUG",
        "TROTH_ACCESS_LOG": "yes",
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, stdout=log, stderr=log)
    found = Walk(f"http://localhost:{port}", tmp_path / "log")

    def answers() -> bool:
        try:
            return found.get("/healthz")[0] == 200
        except OSError:
            return False

    try:
        eventually(answers)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def forbid_rows_with_a_mark() -> None:
    """What a message says may not be kept: the error of the database then tells the whole row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE cases_message ADD CONSTRAINT unlucky CHECK (text NOT LIKE %s)", [f"%{MARKS['failing row']}%"]
        )


def allow_them_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_message DROP CONSTRAINT unlucky")


def test_no_line_holds_what_people_said_or_hold_secret(walk: Walk) -> None:
    things.company()
    sam = things.staff("sam@parcel.example")
    Staff.objects.update(password=PBKDF2PasswordHasher().encode(MARKS["password"], "salt", iterations=1))
    email.add_mailbox(
        name="Support", address="s@x.example", host="127.0.0.1", port=1, tls="none", user="s", folder="INBOX",
        password=MARKS["mailbox password"], is_archive=False, trusted_authserv_id="", now=timezone.now(),
    )  # fmt: skip

    form = {"email": MARKS["address"], "name": MARKS["name"], "subject": MARKS["subject"], "body": MARKS["body"]}
    assert walk.send("/write/", **form) == 200
    forbid_rows_with_a_mark()
    try:
        walk.send("/write/", **{**form, "body": MARKS["failing row"]})
        eventually(lambda: "unlucky" in walk.written())
    finally:
        allow_them_again()
    mail = inbox.capture(channel="email", outside_id="1:1:1", source=MAIL, now=timezone.now())
    walk.send("/account/login/", login=sam.email, password=MARKS["wrong password"])
    assert walk.send("/account/login/", login=sam.email, password=MARKS["password"]) == 200
    walk.get(f"/customers/?search={MARKS['search']}")
    assert walk.get(f"/p/{MARKS['guessed link']}/")[0] == 403
    walk.get(f"/{MARKS['path']}%0A2026-01-01%20CRITICAL%20forged")
    walk.get("/today/", **{"User-Agent": MARKS["forged header"], "X-Request-Id": MARKS["forged header"]})
    assert walk.get("/today/", Host=MARKS["forged host"])[0] == 400
    eventually(lambda: Arrival.objects.get(pk=mail.pk).state != Arrival.State.WAITING)
    case = Case.objects.get(subject=MARKS["mail subject"])
    at = f"/cases/{case.pk}/"
    assert walk.send(f"{at}note/", at, body=MARKS["note"]) == 200
    assert walk.send(f"{at}reply/", at, body=MARKS["answer"], seen=str(case.messages.latest("pk").pk)) == 200
    eventually(lambda: Letter.objects.filter(because=f"case:{case.pk}", delivered_at__isnull=False).exists())
    token = link_token(issue_link(customer_id=case.customer_id, now=timezone.now()))
    assert walk.get(f"/p/{token}/")[0] == 200
    session = next(cookie.value for cookie in walk.cookies if cookie.name == "sessionid")
    eventually(lambda: "mailboxes" in walk.written())

    secrets = {**MARKS, "link": token, "session": session or "", "key": os.environ["TROTH_SECRET_KEY"]}
    lines = walk.written()
    assert {name for name, mark in secrets.items() if mark.casefold() in lines.casefold()} == set()
    assert {name for name, mark in secrets.items() if mark in database_log()} == set()
    # And yet much was told: every line of it to machines, and none begun by a visitor.
    told = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    assert {one["event"].partition(" in ")[0] for one in told} >= {
        "POST /write/ 302",
        "GET /p/<str:token>/ 403",
        "GET nowhere 404",
        "400 Bad Request",
    }
    assert any("23514 cases_message unlucky" in one.get("exception", "") for one in told)
    assert all(re.fullmatch("[0-9a-f]{16}", one["request_id"]) for one in told if "request_id" in one)
    assert not any(line.startswith("2026-01-01") for line in lines.splitlines())


def database_log() -> str:
    """What the embedded PostgreSQL of the tests wrote; nothing where they use another."""
    log = settings.TROTH_DATA.parent / "postgres" / "server.log"
    return str(log.read_text(errors="replace")) if log.exists() else ""

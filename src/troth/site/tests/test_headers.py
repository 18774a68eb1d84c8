"""Every answer there is carries the policy, also a refusal, a fault and a file; and the deployment check finds nothing (S10)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from tests.faces import Shop, signed_in

from troth.site import events, server


def burst(request: object) -> None:
    raise RuntimeError("a fault of ours")


urlpatterns: list[Any] = []


@pytest.fixture
def browser(shop: Shop, settings: Any) -> Client:
    from troth.site import urls

    urlpatterns[:] = [path("burst/", burst), *urls.urlpatterns]
    settings.ROOT_URLCONF = __name__
    made = signed_in(shop.sam, enforce_csrf_checks=True)
    made.raise_request_exception = False
    return made


@pytest.mark.parametrize(
    ("method", "where", "status", "more"),
    [
        ("get", "/today/", 200, {}),
        ("get", "/account/login/", 302, {}),
        ("get", "/nowhere/", 404, {}),
        ("get", "/staff/", 403, {}),
        ("post", "/me/sessions/end/", 403, {}),
        ("get", "/me/sessions/end/", 405, {}),
        ("get", "/today/", 400, {"headers": {"host": "evil.example"}}),
        ("get", "/burst/", 500, {}),
        ("get", "/static/site/favicon.svg", 200, {}),
        ("get", "/static/nothing.css", 404, {}),
        ("get", "/healthz", 200, {}),
        ("get", "/api/nowhere", 404, {}),
        ("get", "/invite/x/", 403, {}),
        ("get", "/p/x/", 403, {}),
    ],
)
def test_every_answer_carries_the_policy(
    browser: Client, method: str, where: str, status: int, more: dict[str, Any]
) -> None:
    answer = getattr(browser, method)(where, **more)
    answer.close()

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == status
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def answered(application: Any, scope: dict[str, Any]) -> dict[bytes, bytes]:
    """The headers that an application outside of Django answers with."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application({"type": "http", "headers": [], "query_string": b"", **scope}, receive, send))
    return dict(sent[0]["headers"])


@pytest.mark.parametrize(
    ("application", "scope"),
    [
        (events.application, {"method": "POST", "path": "/events"}),
        (server.not_here, {"method": "GET", "path": "/events"}),
        (
            server.one_door(lambda *_: [], server.not_here),
            {"method": "POST", "path": "/", "headers": [(b"content-length", b"999999999")]},
        ),
        (
            server.one_door(lambda *_: [], server.not_here),
            {"method": "POST", "path": "/", "headers": [(b"content-length", b"9")]},
        ),
    ],
    ids=["events", "no live channel", "too large", "cut off"],
)
def test_so_does_what_django_never_sees(application: Any, scope: dict[str, Any]) -> None:
    headers = answered(application, scope)

    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_the_deployment_check_finds_nothing_behind_https(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith("TROTH_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=Path(__file__).parents[4],
        env=env
        | {
            "TROTH_DATA": str(tmp_path),
            "TROTH_URL": "https://care.harbourpine.example",
            "TROTH_BEHIND_PROXY": "yes",
            "TROTH_OIDC_URL": "https://id.harbourpine.example",
            "TROTH_OIDC_CLIENT_ID": "troth",
            "TROTH_OIDC_CLIENT_SECRET": "shared",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout + done.stderr == "System check identified no issues (2 silenced).\n"
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"TROTH_OIDC_URL": "https://id.example"}, "also needs TROTH_OIDC_CLIENT_ID and TROTH_OIDC_CLIENT_SECRET"),
        (
            {"TROTH_OIDC_URL": "http://id.example", "TROTH_OIDC_CLIENT_ID": "a", "TROTH_OIDC_CLIENT_SECRET": "b"},
            "write an address that begins with https://",
        ),
    ],
)
def test_a_sign_in_that_is_half_set_stops_the_start(wrong: dict[str, str], words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import troth.site.settings"],
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert words in done.stderr

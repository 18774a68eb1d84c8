"""Every address of ours has a door, and every form is refused without the token of its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.faces import Shop, signed_in
from troth.people.rules.roles import May

STANDINS = {"int": "1", "str": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def ours(patterns: list[URLPattern | URLResolver] | None = None, path: str = "/") -> Iterator[tuple[str, object]]:
    """Path and door of every view of ours."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        here = path
        for part in str(entry.pattern).replace("<", "\0<").replace(">", ">\0").split("\0"):
            here += STANDINS.get(part[1:].split(":")[0], "x") if part.startswith("<") else part
        if isinstance(entry, URLResolver):
            if "allauth" not in str(entry.urlconf_name):
                yield from ours(entry.url_patterns, here)
        elif entry.callback.__module__.startswith("troth.") or hasattr(entry.callback, "door"):
            yield here, getattr(entry.callback, "door", None)


DOORS = dict(ours())
STAFF = [path for path, door in DOORS.items() if isinstance(door, May)]
CUSTOMER = [path for path, door in DOORS.items() if door == "customer"]


def test_every_view_has_a_door() -> None:
    assert [path for path, door in DOORS.items() if door is None] == ["/healthz", "/readyz", "/metrics"]
    assert len(STAFF) > 25
    assert len(CUSTOMER) > 5


@pytest.mark.parametrize("path", STAFF)
def test_nobody_comes_in_without_signing_in(shop: Shop, path: str) -> None:
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code in {302, 405}
        assert answer.status_code == 405 or answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("path", [path for path in STAFF if DOORS[path] not in {May.READ, May.AUDIT, May.BREACHES}])
def test_an_auditor_changes_nothing(shop: Shop, path: str) -> None:
    aud = signed_in(shop.aud)
    answers = {aud.post(path).status_code, aud.get(path).status_code}

    assert 403 in answers
    assert answers <= {403, 405}  # 405: it is only asked, or only posted to


@pytest.mark.parametrize("path", [path for path in STAFF if DOORS[path] == May.LEAD])
def test_what_a_lead_does_an_agent_does_not(shop: Shop, path: str) -> None:
    sam = signed_in(shop.sam)
    answers = {sam.post(path).status_code, sam.get(path).status_code}

    assert 403 in answers
    assert answers <= {403, 405}


# A visitor of a chat shows a token in a header and sends no cookie, so there is no form to forge; and who unsubscribes by one
# click of a mail program shows the token of the letter alone (RFC 8058).
@pytest.mark.parametrize(
    "path",
    [path for path, door in DOORS.items() if not path.startswith("/api") and door not in {"visitor", "one click"}],
)
def test_every_form_needs_the_token_of_its_page(shop: Shop, path: str) -> None:
    answer = signed_in(shop.lea, enforce_csrf_checks=True).post(path, {"body": "Hello"})

    assert answer.status_code == 403
    assert "This form had grown too old" in answer.content.decode()


@pytest.mark.parametrize("path", CUSTOMER)
def test_without_a_link_there_is_nothing_to_see(shop: Shop, path: str) -> None:
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code in {403, 405}


@pytest.mark.parametrize("path", [*DOORS])
def test_every_answer_carries_the_policy(shop: Shop, path: str) -> None:
    answer = signed_in(shop.lea).get(path)

    assert answer.status_code < 500 or path == "/readyz"  # it tells that no worker runs here
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from troth.site import vitals
from troth.site.rules.vitals import Heard, Seen, judge

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    """Mail has been silent for 38 minutes; nobody asks the tables."""
    boxes = [Heard("Ann Archer’s mailbox", NOW - timedelta(minutes=38), "ann@example.net was not let in.")]
    vitals.keep(judge(Seen(worker_at=NOW, mailboxes=boxes, disk_free_mb=2000, disk_low_mb=512), now=NOW))
    yield
    vitals.keep(None)


def ready(**values: Any) -> Any:
    return Client().get("/readyz", **values)


def test_what_is_not_ready_says_so_and_why() -> None:
    answer = ready()

    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.json()
    assert said["ready"] is False
    assert said["signs"]["mailboxes"] == {
        "state": "failing",
        "figure": 2280.0,
        "bound": 600.0,
        "since": "2026-11-11T09:22:00+00:00",
    }
    assert said["signs"]["disk"] == {"state": "well", "figure": 2000, "bound": 512}
    assert "Ann" not in answer.content.decode()
    assert "ann@" not in answer.content.decode()


def test_what_is_ready_says_so() -> None:
    vitals.keep(judge(Seen(worker_at=NOW), now=NOW))

    answer = ready()

    assert answer.status_code == 200
    assert answer.json()["ready"] is True


@pytest.mark.parametrize(
    ("values", "token", "figures"),
    [
        ({}, "", True),
        ({"REMOTE_ADDR": "::1"}, "", True),
        ({"REMOTE_ADDR": "203.0.113.7"}, "", False),
        ({"REMOTE_ADDR": ""}, "", False),
        # Through a proxy on this machine anybody would seem to be here.
        ({"headers": {"X-Forwarded-For": "127.0.0.1"}}, "", False),
        ({"headers": {"X-Real-IP": "127.0.0.1"}}, "", False),
        ({"headers": {"Forwarded": "for=127.0.0.1"}}, "", False),
        ({}, "secret", False),
        ({"headers": {"Authorization": "Bearer wrong"}}, "secret", False),
        ({"headers": {"Authorization": "Bearer "}}, "", True),
        ({"headers": {"Authorization": "Bearer secret"}, "REMOTE_ADDR": "203.0.113.7"}, "secret", True),
    ],
)
def test_figures_are_for_whoever_may_see_them(settings: Any, values: dict[str, Any], token: str, figures: bool) -> None:
    settings.TROTH_METRICS_TOKEN = token

    mailboxes = ready(**values).json()["signs"]["mailboxes"]

    assert isinstance(mailboxes, dict) == figures
    assert figures or mailboxes == "failing"


def test_a_stranger_hears_of_a_silent_database(monkeypatch: pytest.MonkeyPatch) -> None:
    vitals.keep(judge(Seen(database_answers=False), now=NOW))

    answer = ready(REMOTE_ADDR="203.0.113.7")

    assert (answer.status_code, answer.json()) == (503, {"ready": False, "signs": {"database": "failing"}})


@pytest.mark.django_db
def test_who_lives_says_so() -> None:
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"database": "answers"})


@pytest.mark.django_db(transaction=True)
def test_who_finds_no_database_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    vitals.keep(None)

    alive, answer = Client().get("/healthz"), ready()

    connection.close()
    assert (alive.status_code, alive.json()) == (503, {"database": "silent"})
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert answer.json()["signs"] == {"database": {"state": "failing"}}

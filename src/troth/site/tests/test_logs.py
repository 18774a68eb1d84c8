"""What becomes of one line, whoever wrote it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import resolve
from tests import people_and_things as things

from troth.people.models import Handle
from troth.site import logs

ADDRESS = "ann.archer@example.net"


def written(write: Callable[[logging.Logger], None], *, form: str = "json", frank: bool = False) -> str:
    """What a handler with our formatter writes of it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(form=form, frank=frank))
    log = logging.Logger("troth.test")
    log.addHandler(handler)
    write(log)
    return stream.getvalue()


def line(write: Callable[[logging.Logger], None], **values: Any) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(written(write, **values))
    return said


def test_a_line_says_when_who_and_what() -> None:
    with structlog.contextvars.bound_contextvars(lane="post"):
        said = line(lambda log: log.info("Letter %s: %s.", 5, "sent"))

    assert said.pop("timestamp").endswith("Z")
    assert said == {"event": "Letter 5: sent.", "level": "info", "logger": "troth.test", "lane": "post"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Mailbox of {ADDRESS} failed", "Mailbox of … failed"),
        (f"<{ADDRESS}>: no such user", "<…>: no such user"),
        ("/p/37.ywQv7UGZQxZIsudg14bX_A~5sNYqD4U1J/ opened", "/p/…/ opened"),
        ("one\r\n2026 CRITICAL forged\x00\x1b[31m", "one 2026 CRITICAL forged [31m"),
        ("two\u2028halves", "two halves"),
        ("test_a_killed_and_a_paused_worker lives", "test_a_killed_and_a_paused_worker lives"),
        ("Letter 160: sent (250).", "Letter 160: sent (250)."),
    ],
)
@pytest.mark.parametrize("form", ["json", "text"])
def test_what_looks_like_an_address_or_a_token_or_another_line_is_covered(said: str, kept: str, form: str) -> None:
    wrote = written(lambda log: log.warning("%s", said), form=form)

    assert wrote.count("\n") == 1
    assert kept in wrote


def fail() -> None:
    try:
        raise ValueError(f"{ADDRESS} wrote: Where is my parcel?")
    except ValueError as error:
        raise KeyError("Ann Archer") from error


def told_of(failing: Callable[[], object], **values: Any) -> str:
    def write(log: logging.Logger) -> None:
        try:
            failing()
        except Exception:
            log.exception("It failed.")

    return str(line(write, **values)["exception"])


def test_of_an_error_its_kind_and_its_way_are_told_and_not_its_words() -> None:
    told = told_of(fail)

    assert "Ann" not in told.replace('raise KeyError("Ann Archer") from error', "")
    assert "parcel" not in told.replace("wrote: Where is my parcel?", "", 1)
    assert "builtins.ValueError\nThis led to:\n" in told
    assert told.endswith("builtins.KeyError")
    assert "in fail" in told


def test_the_words_are_told_to_whoever_asked_for_them() -> None:
    assert "KeyError: 'Ann Archer'" in told_of(fail, frank=True)


@pytest.mark.django_db
def test_of_an_error_of_the_database_the_constraint_is_told_and_not_the_row() -> None:
    ann = things.handle(ADDRESS)

    def again() -> None:
        with transaction.atomic():
            Handle.objects.create(kind="email", address=ann.address, customer=ann.customer)

    with pytest.raises(IntegrityError, match=ADDRESS):
        again()
    told = told_of(again)

    assert "archer" not in told
    assert told.endswith("django.db.utils.IntegrityError 23505 people_handle handle_belongs_to_one_customer")


def test_of_an_error_of_the_system_its_name_is_told() -> None:
    assert told_of(lambda: open("/no/such/ann")).endswith("builtins.FileNotFoundError ENOENT")  # noqa: SIM115


def test_errors_in_a_group_are_each_told() -> None:
    def together() -> None:
        raise ExceptionGroup(ADDRESS, [ValueError(ADDRESS), OSError(111, ADDRESS)])

    told = told_of(together)

    assert "example" not in told
    assert [one for one in told.splitlines() if not one.startswith(" ")] == [
        "builtins.ExceptionGroup",
        "Among them:",
        "builtins.ValueError",
        "Among them:",
        "builtins.ConnectionRefusedError ECONNREFUSED",
    ]


def test_of_a_request_the_pattern_is_told_and_not_the_path() -> None:
    request = RequestFactory().get(f"/p/token-of-ann/?search={ADDRESS}")
    request.resolver_match = resolve("/p/token-of-ann/")
    extra = {"request": request, "status_code": 403}

    said = line(lambda log: log.warning("Forbidden: %s", request.get_full_path(), extra=extra))

    assert (said["event"], said["method"], said["route"]) == ("403 Forbidden", "GET", "/p/<str:token>/")
    assert "ann" not in json.dumps(said)


@pytest.mark.django_db
def test_every_answer_carries_the_name_of_its_request_and_never_the_visitors_own() -> None:
    first, second = (Client().get("/readyz", headers={"X-Request-Id": "forged"}) for _ in range(2))

    assert first["X-Request-Id"] != second["X-Request-Id"] != "forged"
    assert len(first["X-Request-Id"]) == 16
    assert structlog.contextvars.get_contextvars() == {}

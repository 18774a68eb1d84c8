from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from tests import people_and_things as things
from tests.faces import Shop, page, signed_in
from tests.people_and_things import NOW

from troth.channels.email.models import Mailbox
from troth.inbox import actions as inbox
from troth.post.models import Letter, LetterState
from troth.promises.models import Promise
from troth.promises.queries import lateness_of_warnings
from troth.promises.watcher import look_ahead
from troth.site import vitals


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    vitals.keep(None)
    yield
    vitals.keep(None)


def scraped(**values: Any) -> dict[tuple[str, ...], float]:
    """Each figure, under its name and the values of its labels."""
    answer = Client().get("/metrics", **values)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_figures_are_those_of_the_tables(shop: Shop) -> None:
    late = shop.promise(shop.ann)
    shop.promise(shop.bob)
    Promise.objects.filter(pk=late.pk).update(
        warn_at=NOW - timedelta(minutes=3), look_again_at=NOW - timedelta(minutes=3)
    )
    inbox.capture(channel="email", outside_id="1", source=b"x", now=NOW)
    Mailbox.objects.create(name="Support", address="a@x.example", host="x", heartbeat_at=NOW - timedelta(minutes=38))

    figures = scraped()

    assert figures["troth_ready",] == 0
    assert figures["troth_sign_failing", "mailboxes"] == 1
    assert figures["troth_sign_seconds", "mailboxes"] == 38 * 60
    assert figures["troth_sign_failing", "watcher"] == 1
    assert figures["troth_sign_seconds", "watcher"] == 180
    assert figures["troth_sign_bound_seconds", "watcher"] == 60
    assert figures["troth_sign_failing", "disk"] == 0
    assert figures["troth_disk_free_bytes",] > 0
    assert figures["troth_arrivals_waiting",] == 1
    assert {key[1]: value for key, value in figures.items() if key[0] == "troth_promises" and value} == {"open": 2}
    assert ("troth_warning_lateness_seconds", "0.5") not in figures


def test_letters_are_counted_by_what_they_need(shop: Shop) -> None:
    for number, state in enumerate(LetterState.values):
        sent = {"delivered_at": NOW} if state == LetterState.SENT else {"left_at": NOW}
        Letter.objects.create(
            key=state, to_address="ann@example.net", message_id=f"<{number}@x>", raw=b"", because="case:1", state=state,
            created_at=NOW, leaves_at=NOW, next_try_at=NOW, **sent,
        )  # fmt: skip
    Letter.objects.filter(state=LetterState.SENT).update(bounced_at=NOW)

    figures = scraped()

    assert {key[1]: value for key, value in figures.items() if key[0] == "troth_letters"} == dict.fromkeys(
        ("queued", "sending", "data", "refused", "unclear", "bounced"), 1.0
    )


@pytest.mark.django_db
def test_lateness_is_from_the_moment_a_warning_was_due_to_the_warning() -> None:
    things.company()
    sam, ann = things.staff(), things.handle().customer
    for minutes in (1, 3, 2):
        row = things.promise(customer=ann, owner=sam)
        moment = NOW - timedelta(minutes=minutes)
        Promise.objects.filter(pk=row.pk).update(warn_at=moment, look_again_at=moment)
    assert lateness_of_warnings(now=NOW) == {}

    look_ahead(now=NOW)

    assert lateness_of_warnings(now=NOW) == {"0.5": 120.0, "0.99": pytest.approx(178.8)}
    assert lateness_of_warnings(now=NOW + timedelta(hours=1)) == {}


def test_requests_are_counted_by_pattern_and_no_address_is_a_label(shop: Shop) -> None:
    case = shop.case()
    before = scraped().get(("troth_http_requests_total", "GET", "/cases/<int:number>/", "200"), 0)
    page(signed_in(shop.sam), f"/cases/{case.pk}/")
    Client().get("/p/a-token-that-nobody-may-read/")
    Client().get("/no-such-page/ann@example.net")
    Client().generic("BREW", "/today/")

    figures = scraped()

    assert figures["troth_http_requests_total", "GET", "/cases/<int:number>/", "200"] == before + 1
    assert figures["troth_http_requests_total", "GET", "nowhere", "404"] >= 1
    assert ("troth_http_requests_total", "other", "/today/", "302") in figures
    labels = {value for key in figures for value in key[1:]}
    assert not any("a-token" in value or "ann@" in value or value == "BREW" for value in labels)


def test_there_is_nothing_here_for_a_stranger(shop: Shop, settings: Any) -> None:
    assert Client().get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    settings.TROTH_METRICS_TOKEN = "a token of sixteen letters"
    assert Client().get("/metrics").status_code == 404

    assert scraped(headers={"Authorization": "Bearer a token of sixteen letters"}, REMOTE_ADDR="203.0.113.7")


def test_a_silent_database_is_a_figure_too() -> None:
    vitals.keep(vitals.judge(vitals.Seen(database_answers=False), now=NOW))

    figures = scraped()

    assert (figures["troth_ready",], figures["troth_sign_failing", "database"]) == (0, 1)
    assert ("troth_promises", "open") not in figures

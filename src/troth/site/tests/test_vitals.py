"""What is seen of the tables, sign by sign, each brought about as it comes about in life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import people_and_things as things

from troth.cases import actions as cases
from troth.channels.email.models import Mailbox
from troth.inbox import actions as inbox
from troth.ledger import actions as ledger
from troth.ledger import outside, queries
from troth.post import actions as post
from troth.post.models import Letter, LetterState
from troth.post.rules.carrier import server_is_away
from troth.promises.models import Promise
from troth.site import beats, vitals
from troth.site.rules.vitals import Sign

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """A company at work, all sealed and well; nothing is remembered from test to test."""
    things.company()
    beats.note([SimpleNamespace(name="watcher", still_seconds=0.0)])
    vitals.keep(None)
    yield timezone.now()
    vitals.keep(None)


def failing() -> list[str]:
    return [finding.sign.value for finding in vitals.look().failing]


def test_a_system_with_nothing_to_do_is_well() -> None:
    assert failing() == []


def test_no_worker_is_told(now: datetime) -> None:
    beats.Beat.objects.update(moved_at=now - 61 * SECOND)
    assert failing() == ["worker"]

    beats.Beat.objects.all().delete()
    assert failing() == ["worker"]


def test_a_silent_mailbox_is_told_and_an_archive_or_one_put_away_is_not(now: datetime) -> None:
    said: dict[str, Any] = {"address": "a@x.example", "host": "x.example", "heartbeat_at": now - 11 * MINUTE}
    Mailbox.objects.create(name="Archive", user="1", is_archive=True, **said)
    Mailbox.objects.create(name="Put away", user="2", enabled=False, **said)
    assert failing() == []

    Mailbox.objects.create(name="Support", user="3", last_problem="It did not let us in.", **said)
    Mailbox.objects.create(name="Just begun", user="4", started_at=now - MINUTE, **{**said, "heartbeat_at": None})

    [finding] = vitals.look().failing
    assert (finding.names, finding.problem) == (("Support",), "It did not let us in.")


def test_what_arrived_and_is_not_read_is_told(now: datetime) -> None:
    arrival = inbox.capture(channel="email", outside_id="1", source=b"x", now=now - 3 * MINUTE)
    ledger.seal(now=now)
    assert failing() == ["inbox"]

    inbox.quarantine(arrival, reason="x", problem="x", now=now)
    ledger.seal(now=now)
    assert failing() == []


def test_a_promise_nobody_looked_at_is_told(now: datetime) -> None:
    row = things.promise(customer=things.handle().customer)
    ledger.seal(now=now)
    Promise.objects.filter(pk=row.pk).update(look_again_at=now - 61 * SECOND)

    assert failing() == ["watcher"]


def test_a_reply_held_too_long_is_told(now: datetime) -> None:
    case = cases.open_or_join(handle=things.handle(), text="Hi", subject="Hi", at=now, now=now).case
    cases.send_reply(case, staff=things.staff(), text="It is at the depot.", now=now - 2 * MINUTE)
    ledger.seal(now=now)

    assert failing() == ["replies"]


def letter(key: str, *, now: datetime) -> Letter:
    said = {"to_address": "ann@example.net", "subject": "Hello", "text": "Hello.", "because": "case:1"}
    return post.hand_over(key=key, **said, customer_id=None, automatic=False, now=now)


def test_a_letter_nobody_tries_is_told(now: datetime) -> None:
    letter("one", now=now - 6 * MINUTE)
    ledger.seal(now=now)

    assert failing() == ["outbox"]


def test_a_mail_server_that_is_away_is_told_until_a_letter_leaves(now: datetime) -> None:
    for minutes in (11, 5):
        at = now - minutes * MINUTE
        one = letter("one", now=now - 11 * MINUTE)
        Letter.objects.filter(pk=one.pk).update(next_try_at=at, leaves_at=at)
        attempt = post.begin(letter_id=one.pk, now=at)
        assert attempt
        post.record(letter_id=one.pk, attempt_id=attempt, outcome=server_is_away(0, "Nobody answers."), now=at)
    Letter.objects.update(next_try_at=now + MINUTE)
    ledger.seal(now=now)
    assert failing() == ["carrier"]

    Letter.objects.update(state=LetterState.TAKEN_BACK)
    assert failing() == []


def test_what_is_not_sealed_is_told(now: datetime) -> None:
    things.handle()
    assert failing() == ["seal"]


def test_a_log_that_cannot_go_on_is_told_before_anything_waits(now: datetime) -> None:
    things.handle()
    ledger.seal(now=now)
    note = queries.checkpoint()
    assert note
    assert failing() == []
    outside.last_head_file().write_text(note.replace("testserver/record", "other.example/record"))

    [finding] = vitals.look().failing

    assert finding.sign is Sign.SEAL
    assert "the head of another log, other.example/record" in finding.problem


def test_a_disk_that_fills_is_told(settings: Any) -> None:
    settings.TROTH_DISK_LOW_MB = 2**40

    assert failing() == ["disk"]


def test_a_migration_the_database_has_not_seen_is_told_and_one_of_a_newer_version_is_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_newer', now())")
        assert failing() == []
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people' AND name = '0001_people_and_links'")

    assert failing() == ["migrations"]


def test_a_look_is_a_handful_of_questions_and_its_answer_is_kept_for_a_while() -> None:
    vitals.migrations_missing()  # reads the files of the migrations once
    with CaptureQueriesContext(connection) as asked:
        first = vitals.recent()
    with CaptureQueriesContext(connection) as again:
        assert vitals.recent() is first is vitals.known()

    assert len(asked) <= 10
    assert len(again) == 0

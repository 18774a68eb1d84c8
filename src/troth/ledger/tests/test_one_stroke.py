"""Facts that are told in many places of one act, and written together at its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction
from tests.people_and_things import NOW, kinds

from troth.ledger.actions import append, append_past, one_stroke
from troth.ledger.models import Entry
from troth.words import facts

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each time that something is copied into a table."""
    made: list[object] = []
    copy: Callable[..., object] = psycopg.Cursor.copy

    def counted(cursor: object, *args: object, **values: object) -> object:
        made.append(args)
        return copy(cursor, *args, **values)

    monkeypatch.setattr(psycopg.Cursor, "copy", counted)
    return made


def tell() -> None:
    append(facts.MailboxStarted(about="mailbox:1"), now=NOW)
    with one_stroke():  # an act within another
        append_past([(NOW, facts.MailboxChanged(about="mailbox:1", changed="port"))], now=LATER)
    append(facts.MailboxStopped(about="mailbox:1"), now=LATER, happened_at=NOW)


def test_in_the_order_and_at_the_times_they_were_told(copies: list[object]) -> None:
    tell()
    apart = list(Entry.objects.order_by("pk").values_list("kind", "about", "happened_at", "recorded_at"))
    assert len(copies) == 3

    with one_stroke():
        tell()
        assert Entry.objects.count() == 3

    together = list(Entry.objects.order_by("pk").values_list("kind", "about", "happened_at", "recorded_at"))
    assert together == [*apart, *apart]
    assert len(copies) == 4


def test_of_what_failed_nothing_is_told_then_or_later() -> None:
    def fail() -> None:
        with transaction.atomic(), one_stroke():
            tell()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with one_stroke():
        append(facts.MailboxStopped(about="mailbox:2"), now=NOW)

    assert kinds() == ["MailboxStopped"]

"""What the log says of itself, changed: by these facts its own keys are known, and who looks reads them before it comes to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.owner import execute
from tests.people_and_things import DAY, NOW, company, handle
from tests.tampering.acts import rewritten, signed
from troth.ledger import outside, queries, rotation, sealing
from troth.ledger.models import Entry, Seal
from troth.ledger.rules.payload import SALT_BYTES
from troth.site import fsck, verify

pytestmark = pytest.mark.django_db

#: Where the body of a fact in the clear begins in its payload, as SQL counts.
BODY = 1 + SALT_BYTES + 1


def _payload(expression: str) -> Callable[[Entry], None]:
    return lambda fact: execute(
        f"UPDATE ledger_entry SET payload = {expression} WHERE id = %(pk)s",  # noqa: S608 -- our own words
        pk=fact.pk,
    )


def _column(name: str, value: str) -> Callable[[Entry], None]:
    return lambda fact: execute(
        f"UPDATE ledger_entry SET {name} = %(value)s WHERE id = %(pk)s",  # noqa: S608 -- our own columns
        value=value,
        pk=fact.pk,
    )


def _key(written: str) -> Callable[[Entry], None]:
    """With commitment to match, so that the fact opens and is read; its leaf is the old one."""
    return lambda fact: rewritten(fact, key=written)


CHANGES = {
    "no JSON any more": _payload(f"overlay(payload PLACING '[' FROM {BODY} FOR 1)"),
    "no text any more": _payload(f"overlay(payload PLACING '\\xff' FROM {BODY} FOR 1)"),
    "another JSON": _payload(f"substring(payload FROM 1 FOR {BODY - 1}) || '[]'"),
    "nothing but its salt": _payload(f"substring(payload FROM 1 FOR {BODY - 1})"),
    "nothing": _payload("''"),
    "of no known form": _payload("set_byte(payload, 0, 7)"),
    "sealed with nobody's key": _payload("set_byte(payload, 0, 1)"),
    "one letter of its key": _payload(f"set_byte(payload, {BODY + 30}, get_byte(payload, {BODY + 30}) # 1)"),
    "its commitment": _payload("payload, commit = sha256('x')"),
    "of a customer there is none of": _column("customer", "customer:77"),
    "of something that is no customer": _column("customer", "nobody"),
    "of another kind": _column("kind", "LogReopened"),
    "a key that is none": _key("no key"),
    "a key with a wrong digest": _key("testserver/record+00000000+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"),
}


@pytest.fixture
def told(settings: Any, tmp_path: Path) -> Entry:
    """The fact of a new key, in a log that was signed with it since."""
    settings.TROTH_LOG_KEY, settings.TROTH_LOG_KEY_FILE = "", str(tmp_path / "log-key")
    settings.TROTH_LAST_CHECKPOINT = str(tmp_path / "last-checkpoint")
    company()
    handle("ann@example.net")
    assert sealing.seal(now=NOW)
    rotation.rotate(now=NOW, overlap=DAY)
    assert sealing.seal(now=NOW)
    outside.keep_head(queries.checkpoint() or "")  # as after the commit
    assert (fsck.look().divergences, _verified()) == ([], [])
    return Entry.objects.get(about=queries.LOG)


def _verified() -> list[str]:
    """What `troth verify-state` names."""
    return [reference for found in verify.findings(now=NOW) for reference in found.refs]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_fact_about_the_log_that_was_changed_is_named_and_ends_no_look(
    told: Entry, change: Callable[[Entry], None]
) -> None:
    place = Seal.objects.get(entry=told).position

    change(told)

    found = fsck.look().divergences
    assert (found[0].position, found[0].reference) == (place, f"entry:{told.pk}")
    assert f"entry:{told.pk}" in _verified()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_is_named_also_where_the_log_would_be_asked_whether_it_was_left(
    told: Entry, change: Callable[[Entry], None]
) -> None:
    """The head outside contradicts the database, so the facts about the log are asked for the reason."""
    change(told)
    outside.keep_head(signed(queries.head(), bytes(32)))

    assert f"entry:{told.pk}" in {one.reference for one in fsck.look().divergences}
    assert f"entry:{told.pk}" in _verified()


def test_while_two_keys_sign_no_sign_of_either_line_may_be_changed(told: Entry) -> None:
    text, _empty, lines = (queries.checkpoint() or "").rpartition("\n\n")
    assert lines.count("\n") == 2

    unseen = []
    for at in range(0, len(lines), 7):
        changed = lines[:at] + ("A" if lines[at] != "A" else "B") + lines[at + 1 :]
        with undone():
            execute("UPDATE ledger_checkpoint SET note = %(note)s WHERE size = %(size)s",
                note=f"{text}\n\n{changed}", size=queries.head())  # fmt: skip
            if f"head:{queries.head()}" not in {one.reference for one in fsck.look().divergences}:
                unseen.append(changed)

    assert unseen == []


@contextmanager
def undone() -> Iterator[None]:
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)

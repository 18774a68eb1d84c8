"""What somebody can do who owns the database, or the whole machine: each kind of tampering there is a name for.

The triggers are off, the keys of the log and of the customers at hand. What is done is undone with the test's transaction.
"""

# ruff: noqa: S608 -- statements of our own, on a database of our own

from __future__ import annotations

import json
import secrets
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from tests.owner import execute
from tests.people_and_things import DAY, handle, promise
from tests.tampering.story import END, Held, held_now
from troth.ledger import actions as ledger
from troth.ledger import keys as customer_keys
from troth.ledger import outside, queries
from troth.ledger.models import Checkpoint, Entry, Seal
from troth.ledger.payloads import open_all
from troth.ledger.rules import canonical, payload, tree
from troth.ledger.rules.checkpoint import Checkpoint as Head
from troth.ledger.rules.note import ED25519, Note, Signer
from troth.promises.models import Promise
from troth.words.refs import number_of

# What the tree is made of, made anew


def made_anew(order: Sequence[int] = ()) -> None:
    """Compute every leaf, place, tile and head anew as the rows are now, and sign with the real key: a whole other history.

    *order*: the entries in their places; as they stand when none are given. The head outside the database is written anew as well.
    """
    entries = list(order or Seal.objects.order_by("position").values_list("entry_id", flat=True))
    sizes = [one for one in Checkpoint.objects.order_by("size").values_list("size", flat=True) if one < len(entries)]
    rows = Entry.objects.in_bulk(entries)
    leaves = [_leaf(rows[pk]) for pk in entries]
    execute("DELETE FROM ledger_seal", "DELETE FROM ledger_tile", "DELETE FROM ledger_checkpoint")
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE ledger_entry SET leaf_hash = %s WHERE id = %s", list(zip(leaves, entries, strict=True))
        )
        cursor.executemany(
            "INSERT INTO ledger_seal (position, entry_id, sealed_at) VALUES (%s, %s, now())",
            list(enumerate(entries, start=1)),
        )
        for name, hashes in tree.grown(0, {}, leaves).items():
            cursor.execute("INSERT INTO ledger_tile VALUES (%s, %s, %s)", [*name, hashes])
        before = 0
        for one in [*sizes, len(entries)]:
            note = signed(one, tree.root_of_leaves(leaves[:one]))
            cursor.execute(
                "INSERT INTO ledger_checkpoint (size, previous, root, note, signed_at) VALUES (%s, %s, %s, %s, now())",
                [one, before, tree.root_of_leaves(leaves[:one]), note],
            )
            before = one
    Path(settings.TROTH_LAST_CHECKPOINT).write_text(note)


def _leaf(entry: Entry) -> bytes:
    envelope = canonical.envelope_bytes(
        kind=entry.kind,
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        commit=bytes(entry.commit),
    )
    return tree.leaf_hash(envelope)


def signed(size: int, root: bytes) -> str:
    """A head, signed with the real key."""
    signer = outside.read_keys()[0].signer
    assert signer is not None
    text = Head(signer.name, size, root).to_text()
    return Note(text, (signer.sign(text),)).to_text()


def rewritten(entry: Entry, **fields: str) -> None:
    """Let a fact say something else, with salt, commitment and seal to match; its leaf is made anew by `made_anew`."""
    opened = open_all([(entry.customer, bytes(entry.payload))])[0]
    assert opened is not None
    body = json.dumps(json.loads(opened.body) | fields, sort_keys=True, separators=(",", ":")).encode()
    execute(
        "UPDATE ledger_entry SET payload = %(payload)s, commit = %(commit)s WHERE id = %(pk)s",
        payload=sealed(entry.customer, opened.salt, body),
        commit=canonical.commitment(opened.salt, body),
        pk=entry.pk,
    )


def sealed(customer: str, salt: bytes, body: bytes) -> bytes:
    if not customer:
        return payload.in_the_clear(salt, body)
    number = number_of(customer, "customer")
    key = customer_keys.of([number])[number]
    assert key
    return payload.sealed(salt, body, key=AESGCM(key), nonce=secrets.token_bytes(12), customer=customer)


# Kinds


@dataclass(frozen=True)
class Kind:
    """A kind of tampering."""

    #: As the table says it.
    title: str
    #: Who tells of it, as below.
    seen_by: str
    #: What others hold after it, where it is not what they held before.
    act: Callable[[], Held | None]


def _sql(*statements: str) -> Callable[[], None]:
    return lambda: execute(*statements)


def late() -> Promise:
    return Promise.objects.get(what="come late")


def made_late() -> Entry:
    return Entry.objects.get(about=f"promise:{late().pk}", kind="PromiseMade")


def _edited() -> None:
    """The date that was promised, a day later: in the row, in the fact, and in everything above it."""
    promise, entry = late(), made_late()
    assert promise.first_due
    execute(
        "UPDATE promises_promise SET first_due = first_due + interval '1 day', due = due + interval '1 day' WHERE id = %(pk)s",
        pk=promise.pk,
    )
    rewritten(entry, first_due=canonical.moment(promise.first_due + timedelta(days=1)))
    made_anew()


def _unmade() -> None:
    """A promise that was never made."""
    promise = Promise.objects.get(what="be far away")
    order = list(Seal.objects.order_by("position").values_list("entry_id", flat=True))
    gone = set(Entry.objects.filter(about=f"promise:{promise.pk}").values_list("pk", flat=True))
    execute("DELETE FROM ledger_seal", "DELETE FROM ledger_tile", "DELETE FROM ledger_unsealed")
    execute("DELETE FROM ledger_entry WHERE id = ANY (%(gone)s)", gone=list(gone))
    execute("DELETE FROM promises_promise WHERE id = %(pk)s", pk=promise.pk)
    made_anew([pk for pk in order if pk not in gone])


def _inserted() -> None:
    """A warning that nobody was given, put in among the facts of that day."""
    order = list(Seal.objects.order_by("position").values_list("entry_id", flat=True))
    made_anew([*order[:9], _copy_of(Entry.objects.get(pk=order[4])), *order[9:]])


def _copy_of(entry: Entry) -> int:
    """The same once more, about something that no table knows."""
    opened = open_all([(entry.customer, bytes(entry.payload))])[0]
    assert opened is not None
    body = json.dumps(
        json.loads(opened.body) | {"about": "thing:1"}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (kind, about, customer, happened_at, recorded_at, payload, commit, leaf_hash)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, '') RETURNING id",
            [
                *(entry.kind, "thing:1", entry.customer, entry.happened_at, entry.recorded_at),
                *(sealed(entry.customer, opened.salt, body), canonical.commitment(opened.salt, body)),
            ],
        )
        (pk,) = cursor.fetchone()
    execute("DELETE FROM ledger_unsealed WHERE entry_id = %(pk)s", pk=pk)
    return int(pk)


def put_in(like: Entry, *, at: int) -> None:
    """An entry put into the order, what comes after moved on by one place; tiles and heads as they were."""
    copy = _copy_of(like)
    execute(
        "UPDATE ledger_entry SET leaf_hash = %(leaf)s WHERE id = %(pk)s",
        leaf=_leaf(Entry.objects.get(pk=copy)),
        pk=copy,
    )
    move_places(at, by=1)
    execute("INSERT INTO ledger_seal (position, entry_id, sealed_at) VALUES (%(at)s, %(pk)s, now())", at=at, pk=copy)


def move_places(first: int, *, by: int) -> None:
    """The places from *first* on, past others that stand there."""
    execute(
        "UPDATE ledger_seal SET position = -position WHERE position >= %(first)s",
        "UPDATE ledger_seal SET position = %(by)s - position WHERE position < 0",
        first=first,
        by=by,
    )


def _signed_by_a_stranger() -> None:
    """The newest head, with a key that has the log's name and is none of its keys."""
    head = Checkpoint.objects.order_by("-size")[0]
    signer = Signer(outside.read_keys()[0].verifier.name, ED25519, bytes(32))
    text = Head(signer.name, head.size, bytes(head.root)).to_text()
    execute(
        "UPDATE ledger_checkpoint SET note = %(note)s WHERE size = %(size)s",
        note=Note(text, (signer.sign(text),)).to_text(),
        size=head.size,
    )


def copy_of_row(row: Model, **changed: Any) -> None:
    """The same row once more, under a number of its own."""
    for name, value in {"pk": None, "id": None, **changed}.items():
        setattr(row, name, value)
    row._state.adding = True
    row.save(force_insert=True)


def _swapped_salt() -> None:
    entry = Entry.objects.filter(customer="").order_by("pk")[0]
    execute(
        "UPDATE ledger_entry SET payload = overlay(payload PLACING sha256('x') FROM 2) WHERE id = %(pk)s", pk=entry.pk
    )


def _put_back(*, head_too: bool) -> Callable[[], Held]:
    """More happens, is sealed and handed out; then a backup from before it is put back, and with *head_too* the head outside."""

    def act() -> Held:
        file = Path(settings.TROTH_LAST_CHECKPOINT)
        before, then = file.read_text(), transaction.savepoint()
        fresh = promise(customer=handle().customer, due=END + 9 * DAY, said_at=END, now=END, what="be forgotten soon")
        ledger.seal(now=END)
        held = held_now(fresh)
        outside.keep_head(queries.checkpoint() or "")
        transaction.savepoint_rollback(then)
        if head_too:
            file.write_text(before)
        return held

    return act


def _key_destroyed() -> None:
    """Of somebody who never asked for it, so that nobody can read any more what was promised to them."""
    customer_keys.destroy([late().customer_id or 0], now=END)


def _store_lost() -> None:
    with closing(sqlite3.connect(settings.TROTH_CUSTOMER_KEYS)) as store, store:
        store.execute("DELETE FROM customer_key")


_LATE = "(SELECT id FROM promises_promise WHERE what = 'come late')"
_MADE = f"(SELECT id FROM ledger_entry WHERE kind = 'PromiseMade' AND about = 'promise:' || {_LATE})"
_LAST = "(SELECT max(position) FROM ledger_seal)"
_FIRST_HEAD = "(SELECT min(size) FROM ledger_checkpoint)"

#: Seen by whom: f, fsck; a, an audit from an older head; r, a receipt somebody holds.
KINDS = (
    Kind("a row of the ledger changed", "f", _sql(
        f"UPDATE ledger_entry SET happened_at = happened_at - interval '1 hour' WHERE id = {_MADE}")),
    Kind("what a fact says changed, its leaf left", "f", lambda: rewritten(made_late(), owner="staff:9")),
    Kind("the salt of a fact swapped", "f", _swapped_salt),
    Kind("a row of the ledger deleted", "f", _sql(
        f"DELETE FROM ledger_seal WHERE entry_id = {_MADE}", f"DELETE FROM ledger_entry WHERE id = {_MADE}")),
    Kind("a row put into the ledger", "f", lambda: put_in(made_late(), at=9)),
    Kind("two rows of the ledger exchanged", "f", _sql(
        "UPDATE ledger_seal SET position = -1 - position WHERE position IN (5, 6)",
        "UPDATE ledger_seal SET position = 12 + position WHERE position < 0")),
    Kind("the last rows of the ledger cut off", "f", _sql(
        f"CREATE TEMP TABLE cut ON COMMIT DROP AS SELECT entry_id FROM ledger_seal WHERE position > {_LAST} - 3",
        f"DELETE FROM ledger_seal WHERE position > {_LAST} - 3",
        "DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM cut)", "DROP TABLE cut")),
    Kind("a place taken from a fact, as if it were new", "f", _sql(
        f"INSERT INTO ledger_unsealed SELECT entry_id FROM ledger_seal WHERE position = {_LAST}",
        f"DELETE FROM ledger_seal WHERE position = {_LAST}")),
    Kind("a tile changed", "far", _sql(
        "UPDATE ledger_tile SET hashes = sha256('x') || substring(hashes FROM 33) WHERE level = 0 AND number = 0")),
    Kind("a signed head changed", "f", _sql(
        f"UPDATE ledger_checkpoint SET root = sha256('x') WHERE size = {_FIRST_HEAD}")),
    Kind("a signed head deleted", "f", _sql(f"DELETE FROM ledger_checkpoint WHERE size = {_FIRST_HEAD}")),
    Kind("a head signed by somebody else", "far", _signed_by_a_stranger),
    Kind("a table that disagrees with its facts", "f", _sql(
        f"UPDATE promises_promise SET state = 'kept', done_at = due, settled_at = due WHERE id = {_LATE}")),
    Kind("the words of a promise changed", "f", _sql(
        f"UPDATE promises_promise SET what = 'come some day' WHERE id = {_LATE}")),
    Kind("a row of a table deleted", "f", _sql(
        f"DELETE FROM promises_telling WHERE promise_id = {_LATE}",
        f"UPDATE promises_promise SET because_id = NULL WHERE because_id = {_LATE}",
        f"DELETE FROM promises_promise WHERE id = {_LATE}")),
    Kind("a row put into a table", "f", lambda: copy_of_row(late(), public_id=uuid.uuid4())),
    Kind("the bytes of a letter changed", "f", _sql(
        "UPDATE post_letter SET raw = raw || 'x' WHERE id = (SELECT min(id) FROM post_letter)")),
    Kind("the source of a message emptied", "f", _sql(
        "UPDATE inbox_arrival SET source = '' WHERE id = (SELECT min(id) FROM inbox_arrival)")),
    Kind("a customer put under another", "f", _sql(
        "UPDATE people_customer SET root_id = (SELECT min(id) FROM people_customer)"
        " WHERE id = (SELECT max(id) FROM people_customer)")),
    Kind("a key of a customer destroyed who was not forgotten", "f", _key_destroyed),
    Kind("the store of the customers' keys lost", "f", _store_lost),
    Kind("an older backup put back", "far", _put_back(head_too=False)),
    Kind("an older backup put back, with the head outside", "ar", _put_back(head_too=True)),
    Kind("a fact changed, and all made anew and signed with the real key", "ar", _edited),
    Kind("a fact deleted, and all made anew and signed with the real key", "ar", _unmade),
    Kind("a fact put in, and all made anew and signed with the real key", "ar", _inserted),
)  # fmt: skip

"""A house in which everything has happened, and what others hold of it: the head an auditor saw, the receipt a customer was given."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.people_and_things import DAY, handle, promise
from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.cases.rules.corrections import Field
from troth.ledger import actions as ledger
from troth.ledger import keys as customer_keys
from troth.ledger import outside, queries
from troth.ledger.models import Entry
from troth.ledger.payloads import open_all
from troth.ledger.rules import receipt, tree
from troth.ledger.rules.checkpoint import NotACheckpoint
from troth.ledger.rules.note import NotANote, Verifier
from troth.ledger.rules.receipt import Opening
from troth.ledger.rules.receipt_verify import LaterHead, verify
from troth.people import actions as people
from troth.people import keys
from troth.people.models import Staff
from troth.people.rules.keys import Scope
from troth.privacy import actions as privacy
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.site import fsck
from troth.site.tests.test_verify import END, arrive, live, work
from troth.witness import audit
from troth.witness.fetch import FetchFailed, NotThere
from troth.witness.log import Head, Log
from troth.witness.state import State
from troth.words.refs import ref


@dataclass(frozen=True)
class Held:
    """What is out of the house."""

    #: A head that an auditor saw some time ago.
    head: Head
    #: The receipt of the promise "come late", as its customer was given it.
    receipt: bytes
    keys: tuple[Verifier, ...]


@dataclass(frozen=True)
class Outside:
    """What lies outside the database, which no rollback brings back: the head signed last, and the customers' keys."""

    head: str
    keys: tuple[tuple[int, bytes], ...]
    destroyed: tuple[tuple[int, str], ...]

    @classmethod
    def kept(cls) -> Outside:
        with closing(sqlite3.connect(settings.TROTH_CUSTOMER_KEYS)) as store:
            found = store.execute("SELECT customer, key FROM customer_key").fetchall()
            gone = store.execute("SELECT customer, at FROM destroyed").fetchall()
        return cls(Path(settings.TROTH_LAST_CHECKPOINT).read_text(), tuple(found), tuple(gone))

    def put_back(self) -> None:
        Path(settings.TROTH_LAST_CHECKPOINT).write_text(self.head)
        with closing(sqlite3.connect(settings.TROTH_CUSTOMER_KEYS)) as store, store:
            store.execute("DELETE FROM destroyed")
            store.execute("DELETE FROM customer_key")
            store.executemany("INSERT INTO customer_key VALUES (?, ?)", self.keys)
            store.executemany("INSERT INTO destroyed VALUES (?, ?)", self.destroyed)
        Path(settings.TROTH_CUSTOMER_KEYS).with_name("keys-destroyed.txt").write_text(
            "".join(f"{number} {at}\n" for number, at in self.destroyed)
        )


def lived() -> Held:
    """Tell the story; what others hold by its end is from its middle, and the last head stands outside the database."""
    live()
    sam = Staff.objects.get(email="sam@parcel.example")
    ann, zoe, old = (handle(f"{name}@example.net") for name in ("ann", "zoe", "zoe.old"))
    people.confirm_handle(zoe, how="answered", now=END)
    people.handle_bounced(address="zoe.old@example.net", letter="letter:1", now=END)
    people.merge(front=zoe.customer, merged=old.customer, by=sam, now=END)
    people.unmerge(people.merge(front=ann.customer, merged=zoe.customer, by=sam, now=END), by=sam, now=END)
    people.issue_link(customer_id=ann.customer_id, now=END)
    people.issue_link(customer_id=zoe.customer_id, now=END)
    people.revoke_links(customer_ids=[zoe.customer_id], by=sam, now=END)
    key, _secret = keys.make(name="Shop", staff=sam, scopes=[Scope.CASES_READ], by=sam, now=END)
    keys.make(name="Till", staff=sam, scopes=[Scope.CASES_READ], by=sam, now=END)
    keys.revoke(key, by=sam, now=END)
    message = Message.objects.filter(direction="inbound").order_by("pk")[0]
    cases.correct(message.pk, said={Field.KIND: ["complaint"], Field.CAUSES: ["late"]}, by=sam, now=END)
    cases.correct(message.pk, said={Field.CAUSES: ["other"]}, by=sam, now=END + DAY)
    cases.set_status(Case.objects.order_by("pk")[0], status="resolved", by=sam, now=END)
    arrive(9, at=END, message_id="<m9@example.net>", from_address="eve@example.net")
    promise(customer=handle("eve@example.net").customer, due=END + 2 * DAY, said_at=END, now=END, what="call Eve")
    work(END + 2 * DAY)
    eve = handle("eve@example.net").customer
    privacy.erase(eve, by=sam, now=END + 3 * DAY)
    assert customer_keys.find([eve.pk]) == {eve.pk: None}
    ledger.seal(now=END)
    held = held_now(Promise.objects.get(what="come late"))
    promises.give_verdict(Promise.objects.get(what="come late"), kept=False, now=END)
    promise(customer=zoe.customer, due=END + 9 * DAY, said_at=END, now=END, what="ring Zoe")
    ledger.seal(now=END)
    outside.keep_head(queries.checkpoint() or "")
    return held


def held_now(promise: Promise) -> Held:
    """The head as an auditor sees it at this moment, and the receipt of *promise*."""
    signed = tuple(one.verifier for one in outside.read_keys())
    return Held(Head.from_text(queries.checkpoint() or ""), receipt_of(promise), signed)


def receipt_of(promise: Promise) -> bytes:
    """What its customer is given: that it was made."""
    entry = Entry.objects.get(about=ref("promise", promise.pk), kind="PromiseMade")
    opened = open_all([(entry.customer, bytes(entry.payload))])[0]
    assert opened is not None
    index = queries.index_of(entry.pk)
    assert index is not None
    proof = queries.proof(index)
    assert proof is not None
    opening = Opening(body=opened.body, salt=opened.salt, happened_at=entry.happened_at, recorded_at=entry.recorded_at)
    signed = tuple(one.verifier for one in outside.read_keys())
    return receipt.write(opening, index=index, path=proof.path, note=proof.note, keys=signed).encode()


class Shown(Log):
    """The log as its public pages show it, taken from where they take it."""

    def __init__(self) -> None:
        self._kept = {}

    class site:
        url = "https://parcel.example/record"

    def head(self) -> Head:
        try:
            return Head.from_text(queries.checkpoint() or "")
        except (NotANote, NotACheckpoint) as why:
            raise FetchFailed(str(why)) from why

    def keys(self) -> list[Verifier]:
        return [one.verifier for one in outside.read_keys()]

    def tiles(self, wanted: Iterable[tree.Tile], *, size: int) -> dict[tree.Tile, bytes]:
        names: Collection[tree.Tile] = set(wanted)
        found = queries.tiles(names, size=size)
        for name in names:
            if len(found.get(name, b"")) != tree.width(name, size) * tree.HASH_BYTES:
                raise NotThere(f"There is no tile {name} of {size}.")
        return found

    def consistency(self, old: int, new: int) -> list[bytes] | None:
        try:
            return queries.consistency(old, new)
        except tree.ProofWrong:
            return None


def audit_sees(held: Held, *, place: Path) -> bool:
    """Whether an auditor who saw the older head finds that what is shown now takes something back."""
    known = State("https://parcel.example/record", held.head, held.keys, END)
    try:
        return not audit.look(Shown(), known, evidence=place, now=END, wait=lambda seconds: None).is_well
    except FetchFailed:
        return True


def receipt_sees(held: Held) -> bool:
    """Whether the receipt, held against the head that is shown now, tells that something was taken back.

    By itself it holds whatever was done: that is what it is for.
    """
    assert verify(held.receipt, keys=held.keys).holds
    now, then = queries.checkpoint(), verify(held.receipt, keys=held.keys).checkpoint
    assert then is not None
    if now is None:
        return True
    try:
        size = Head.from_text(now).size
        path = queries.consistency(*sorted((then.size, size)))
    except (NotANote, NotACheckpoint, tree.ProofWrong):
        return True
    return not verify(held.receipt, keys=held.keys, later=LaterHead(now, path, live=True)).holds


def is_seen(held: Held, *, place: Path) -> bool:
    """Whether any of them tells that something is wrong."""
    return fsck.look(most=1).count > 0 or audit_sees(held, place=place) or receipt_sees(held)


def seen_by(held: Held, *, place: Path) -> str:
    """Who tells that something is wrong: f, fsck; a, an auditor who saw the older head; r, the receipt that somebody holds."""
    seen = {"f": bool(fsck.look().count), "a": audit_sees(held, place=place), "r": receipt_sees(held)}
    return "".join(who for who, sees in seen.items() if sees)

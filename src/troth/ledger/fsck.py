"""The whole ledger recomputed, in a stream: every fact against its commitment, every leaf, the tree, its tiles, every signed head.

It only reads, and is called inside one picture of the tables (`site/fsck.py`). Memory does not grow with the ledger: entries come
through a cursor on the server, and the tree is grown at its edge. What was kept outside the database was read before the picture
was taken, so that a system at work beside it looks whole: see `Outside`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from django.utils.translation import gettext as _

from troth.ledger import queries
from troth.ledger.checks import KEYS_LOST, UNPLACED, fits
from troth.ledger.payloads import look_into
from troth.ledger.rules import canonical, tree
from troth.ledger.rules.payload import DoesNotOpen, NoKey, Opened
from troth.ledger.tree_checks import Held, Outside, stands_still
from troth.words.findings import SHOWN_MOST, TAMPERED, Divergence
from troth.words.refs import ref

#: So many entries are looked at together, with one look for the keys of their customers.
BATCH = 5_000


class Entry(NamedTuple):
    """An entry at its place; all of it None where there is no such entry, the place None where it still waits for one."""

    position: int | None
    id: int | None
    kind: str
    about: str
    customer: str
    happened_at: datetime
    recorded_at: datetime
    payload: bytes
    commit: bytes
    leaf_hash: bytes


#: Hears of every batch of entries that was looked at.
Heard = Callable[[Sequence[Entry]], object]


def divergences(known: Outside, *, after: int = 0, heard: Heard = lambda entries: None) -> Iterator[Divergence]:
    """Everything that diverges behind the place *after*, places in their order, then what waits for its place.

    What follows from what was said already is not said again.
    """
    looking = _Looking(known, after=after)
    yield from looking.begin()
    for entries in _streamed(_SEALED, [after]):
        yield from looking.at(entries)
        heard(entries)
    yield from looking.end()
    for entries in _streamed(_WAITING, []):
        for entry, opened in zip(entries, _opened(entries), strict=True):
            if diverged := looking.entry(entry, opened):
                yield diverged
        heard(entries)
    for (reference,) in _rows(_UNPLACED):
        yield Divergence(
            kind="place",
            wrong=_("%(entry)s has no place in the order and waits for none, or has one and waits for another.")
            % {"entry": reference},
            mend=_(TAMPERED),
            reference=reference,
        )


def forgotten() -> frozenset[str]:
    """The customers of whom a fact says that they were erased."""
    return frozenset(customer for (customer,) in _rows(_FORGOTTEN))


def count(*, after: int = 0) -> int:
    """About how many entries there are to look at, for whoever shows how far it is."""
    return max(0, queries.head() - after)


_COLUMNS = (
    "entry.id, entry.kind, entry.about, entry.customer, entry.happened_at, entry.recorded_at, entry.payload, entry.commit,"
    " entry.leaf_hash"
)
_SEALED = f"""
    SELECT seal.position, {_COLUMNS} FROM ledger_seal AS seal LEFT JOIN ledger_entry AS entry ON entry.id = seal.entry_id
    WHERE seal.position > %s ORDER BY seal.position
"""  # noqa: S608 -- our own columns
_WAITING = f"""
    SELECT NULL::bigint, {_COLUMNS} FROM ledger_unsealed AS waiting JOIN ledger_entry AS entry ON entry.id = waiting.entry_id
    ORDER BY entry.id
"""  # noqa: S608 -- our own columns
_UNPLACED = f"SELECT * FROM ({UNPLACED}) AS wrong LIMIT {SHOWN_MOST}"  # noqa: S608 -- our own words
_FORGOTTEN = "SELECT DISTINCT about FROM ledger_entry WHERE kind = 'CustomerErased'"


class _Looking:
    """How far a look has come."""

    def __init__(self, known: Outside, *, after: int) -> None:
        self.known = known
        self.place = after
        self.forgotten = forgotten()
        #: None where it cannot be grown any further.
        self.held: Held | None = None
        #: Of tiles, heads and signatures the first is said; the others follow from it.
        self.said: set[str] = set()

    def begin(self) -> Iterator[Divergence]:
        try:
            self.held = Held(self.known, after=self.place)
        except tree.ProofWrong:
            yield Divergence(
                kind="tile",
                wrong=_("The tiles of the log do not give the tree of %(size)s.") % {"size": self.place},
                mend=_(TAMPERED),
                reference=f"seal:{self.place}",
                position=self.place,
            )

    def at(self, entries: Sequence[Entry]) -> Iterator[Divergence]:
        """These entries, in their places."""
        for entry, opened in zip(entries, _opened(entries), strict=True):
            position = entry.position or 0
            if position != self.place + 1:
                yield from self._gap(self.place + 1, position - 1)
            self.place = position
            if entry.id is None:
                yield self._missing("gone", _("The entry at place %(first)s is gone."), first=position, last=position)
                yield from self._grow(self._in_tile(position))
                continue
            diverged = self.entry(entry, opened)
            if diverged:
                yield diverged
            yield from self._grow((diverged and self._in_tile(position)) or entry.leaf_hash)

    def _gap(self, first: int, last: int) -> Iterator[Divergence]:
        """Places that are missing. The tree knows what stood there; it goes on with that, unless much is missing."""
        yield self._missing("gap", _("Places %(first)s to %(last)s of the order are missing."), first=first, last=last)
        for place in range(first, last + 1):
            if place - first > tree.WIDTH:
                self.held = None
            yield from self._grow(self._in_tile(place))

    def _missing(self, kind: str, wrong: str, *, first: int, last: int) -> Divergence:
        wrong = wrong % {"first": first, "last": last}
        return Divergence(kind=kind, wrong=wrong, mend=_(TAMPERED), reference=f"seal:{first}", position=first)

    def _in_tile(self, place: int) -> bytes | None:
        return self.held.leaf_in_tile(place) if self.held else None

    def _grow(self, leaf: bytes | None) -> Iterator[Divergence]:
        if self.held is None or leaf is None:
            self.held = None
            return
        if found := self.held.push(leaf):
            yield from self._first_of(found)

    def _first_of(self, found: Iterable[Divergence]) -> Iterator[Divergence]:
        for one in found:
            if not self.said:
                yield one
            self.said.add(one.kind)

    def entry(self, entry: Entry, opened: Opened | DoesNotOpen | None) -> Divergence | None:
        """What is wrong with one entry by itself: with what it says, its commitment, its leaf."""
        kind, wrong, mend = self._fact(entry, opened)
        if not kind:
            envelope = canonical.envelope_bytes(
                kind=entry.kind, happened_at=entry.happened_at, recorded_at=entry.recorded_at, commit=entry.commit
            )
            if tree.leaf_hash(envelope) == entry.leaf_hash:
                return None
            kind, wrong, mend = (
                "leaf",
                _("%(entry)s was changed: its leaf is not what its kind, times and commitment give."),
                "",
            )
        reference = ref("entry", entry.id or 0)
        named = {"entry": reference, "customer": entry.customer}
        return Divergence(
            kind=kind, wrong=wrong % named, mend=mend or _(TAMPERED), reference=reference, position=entry.position
        )

    def _fact(self, entry: Entry, opened: Opened | DoesNotOpen | None) -> tuple[str, str, str]:
        """What is wrong with what an entry says, and what to do where that is not the usual."""
        if isinstance(opened, Opened):
            if fits(opened, kind=entry.kind, about=entry.about, customer=entry.customer, commit=entry.commit):
                return "", "", ""
            return (
                "fact",
                _("%(entry)s was changed: it does not open its commitment, or says something else than its row."),
                "",
            )
        if isinstance(opened, NoKey):
            return (
                "key",
                _("%(entry)s cannot be opened: the key of %(customer)s is missing, and nobody destroyed it."),
                _(KEYS_LOST),
            )
        if isinstance(opened, DoesNotOpen):
            return "fact", _("%(entry)s was changed: it does not open with the key of %(customer)s."), ""
        if entry.customer in self.forgotten or entry.customer not in self.known.destroyed:
            return "", "", ""  # the second: forgotten since the picture was taken
        return (
            "key",
            _("The key of %(customer)s was destroyed, and no fact tells that they were forgotten (%(entry)s)."),
            _(
                "Put the store of the customers' keys back from its backup, without that number in its register: docs/run/backup.md."
            ),
        )

    def end(self) -> Iterator[Divergence]:
        """What stands behind the last place and should not, or should and does not."""
        if self.held:
            yield from self._first_of(self.held.end())
        problem = stands_still(self.known, now=datetime.now(UTC), with_keys=False)
        if problem and not self.said:
            yield Divergence(
                kind="outside",
                wrong=_("What was signed last is not what the database holds."),
                mend=problem,
                reference=queries.LOG,
                position=self.place + 1,
            )


def _opened(entries: Sequence[Entry]) -> Iterator[Opened | DoesNotOpen | None]:
    return look_into([(entry.customer or "", entry.payload or b"") for entry in entries])


def _streamed(query: str, values: Sequence[Any]) -> Iterator[list[Entry]]:
    """The rows of *query*, a few thousand at a time, by a cursor of the server and in the binary format."""
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        psycopg.ServerCursor(connection.connection, f"fsck_{secrets.token_hex(4)}") as cursor,
    ):
        cursor.execute(query, values, binary=True)
        while rows := cursor.fetchmany(BATCH):
            yield [Entry(*row) for row in rows]


def _rows(query: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(reference,) for (reference,) in cursor.fetchall()]

"""Sealing: entries that wait get their places, the tree grows over them, and its new head is signed. Any number of workers may try.

One transaction does it all or nothing, under an advisory lock; the head it adds names the head before, and no two can name the
same. After it the head is also written down outside the database. Held against that, and against its own tiles, the log never
signs what contradicts anything it signed before (c2sp.org/tlog-checkpoint), also when a backup was put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from troth.ledger import outside, queries
from troth.ledger.models import Checkpoint
from troth.ledger.outside import SealingRefused
from troth.ledger.rules import checkpoint, tree
from troth.ledger.rules.log_keys import LogKey
from troth.ledger.rules.note import NotANote, Note, Signer

#: Advisory lock of the one who seals; any number of workers may try.
SEALING = 0x7207_5EA1


@dataclass(frozen=True)
class Head:
    """The head that was signed last, as the database has it."""

    size: int = 0
    root: bytes = tree.EMPTY
    origin: str = ""
    note: str = ""


def seal(*, now: datetime, most: int = 10_000) -> int:
    """Give up to *most* waiting entries their places and sign the new head; how many. Raises SealingRefused.

    Entries sealed before there was a tree are put into it first. With several workers one seals and the rest get 0.
    """
    size, sealed, waits = _standing()
    if not waits and sealed == size:
        _keep_up(size)
        return 0
    try:
        with transaction.atomic():
            return _seal(now=now, most=most) if _alone() else 0
    except IntegrityError as why:
        raise SealingRefused(
            _(
                "The places and heads of the log do not fit each other, and the database refuses more (%(problem)s): somebody"
                " changed the tables past the application."
            )
            % {"problem": str(why).splitlines()[0]}
            + _back_up()
        ) from why


def problem(*, now: datetime, with_keys: bool = True) -> str:
    """Why nothing would be sealed now, as a sentence; empty where all is well. Only looks.

    *with_keys*: the keys are looked for on this machine, too.
    """
    try:
        return why_not(outside.last_head(), now=now, with_keys=with_keys)
    except SealingRefused as why:
        return str(why)


def why_not(last: tuple[checkpoint.Checkpoint, Note] | None, *, now: datetime, with_keys: bool = True) -> str:
    """The same, where the head outside the database was looked at before: it must not be newer than the picture of the tables."""
    try:
        head = _head()
        _hold_against(head, last)
        if with_keys and head.size:
            _signing(outside.read_keys(), head, now=now)
    except SealingRefused as why:
        return str(why)
    return ""


def whole_size() -> int:
    """How large the tree in the database is, whose tiles give the head it was signed with; raises SealingRefused."""
    head = _head()
    if root_at(head.size) != head.root:
        raise _tiles_wrong(head.size)
    return head.size


# Looking


def _standing() -> tuple[int, int, bool]:
    """How far the tree and the places go, and whether entries wait; one statement, for it is asked all the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT max(size) FROM ledger_checkpoint), 0), coalesce((SELECT max(position) FROM ledger_seal), 0),"
            " EXISTS (SELECT FROM ledger_unsealed)"
        )
        size, sealed, waits = cursor.fetchone()
    return size, sealed, waits


#: The file and the size that this process knows to stand in it.
_kept: tuple[str, int] = ("", 0)


def _keep_up(size: int) -> None:
    """Where the last head was signed elsewhere, or by somebody killed before he wrote it down, write it down now."""
    if _kept == (str(outside.last_head_file()), size):
        return
    last = outside.last_head()  # before the tables: what stands in it was committed before it was written
    head = _head()
    _hold_against(head, last)
    if head.size:
        transaction.on_commit(partial(_keep, head.note, head.size))


def _keep(note: str, size: int) -> None:
    global _kept
    try:
        outside.keep_head(note)
        with suppress(SealingRefused):  # the head is signed, whatever became of the keys since
            outside.keep_public_halves()
    except outside.HeldByAnother:
        return  # it is as if we were killed here: the next look writes it down
    _kept = (str(outside.last_head_file()), size)


def hold_still() -> None:
    """Nobody seals until this transaction ends; waits for who does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALING])
        return bool(cursor.fetchone()[0])


def _head() -> Head:
    found = Checkpoint.objects.order_by("-size").first()
    if found is None:
        return Head()
    try:
        origin = checkpoint.Checkpoint.from_note(Note.from_text(found.note)).origin
    except (NotANote, checkpoint.NotACheckpoint) as why:
        raise SealingRefused(
            _("The head of the log at %(size)s cannot be read: somebody changed the tables past the application.")
            % {"size": found.size}
            + _back_up()
        ) from why
    return Head(found.size, bytes(found.root), origin, found.note)


# Refusing


def _hold_against(head: Head, last: tuple[checkpoint.Checkpoint, Note] | None) -> None:
    """Refuse where the head outside the database is of another log, ahead of the database, or contradicts it.

    Where the log was reopened, what was signed under its old name binds no more: the fact of it says so to everybody.
    """
    if last is None:
        return
    said, _note = last
    fits = said.size <= head.size and (not head.size or said.origin == head.origin)
    if fits and said.root == (head.root if said.size == head.size else root_at(said.size)):
        return
    if _was_left(said.origin):
        return
    values = {"file": outside.last_head_file(), "size": head.size, "signed": said.size, "origin": said.origin}
    if head.size and said.origin != head.origin:
        raise SealingRefused(
            _(
                "%(file)s is the head of another log, %(origin)s: put the right file back, or the database it belongs to."
            )
            % values
        )
    if said.size > head.size:
        raise SealingRefused(
            _(
                "The database is older than what was signed: its log ends at %(size)s, and the head in %(file)s at %(signed)s."
                " Put back a newer backup. If there is none, `troth log reopen` says so to everybody and goes on."
            )
            % values
        )
    raise SealingRefused(
        _(
            "The log in the database is not the one that was signed: at %(signed)s it contradicts the head in %(file)s. Somebody"
            " changed the tables past the application, or a backup of another database was put back. Put back the right one."
        )
        % values
    )


def _was_left(origin: str) -> bool:
    """Whether the log of this name was given up for another, by a fact in the ledger."""
    return any(said["before"] == origin for said in queries.reopenings())


def _signing(keys: Sequence[LogKey], head: Head, *, now: datetime) -> list[Signer]:
    """Those of *keys* that sign the next head; refuses where they are not the ones this log is signed with."""
    if not keys:
        raise SealingRefused(
            _("The key of the log %(origin)s is gone: put the file back from its backup.") % {"origin": head.origin}
            + _no_backup()
        )
    name = keys[0].verifier.name
    values = {"origin": head.origin, "name": name}
    if _was_left(name):
        raise SealingRefused(
            _(
                "The newest key is named %(name)s: that log was left for another, and whoever follows it would be told a second"
                " story. Put the key of the log that took its place in front."
            )
            % values
        )
    if head.size and name == head.origin:
        signed = {(one.name, one.key_id) for one in Note.from_text(head.note).signatures}
        if not any((key.verifier.name, key.verifier.key_id) in signed for key in keys):
            raise SealingRefused(
                _(
                    "The keys are others than the log %(origin)s was signed with: put the right file back from its backup."
                )
                % values
                + _no_backup()
            )
    elif head.size and all(said["key"] != keys[0].verifier.to_text() for said in queries.reopenings()):
        raise SealingRefused(
            _(
                "The newest key is named %(name)s, and the log is %(origin)s, which keeps its name: put the right key in front."
            )
            % values
        )
    found = [key.signer for key in keys if key.signer and key.signs(now) and key.verifier.name == name]
    if not found:
        raise SealingRefused(_("The time of every key of the log is over: `troth log rotate` makes a new one."))
    return found


def _no_backup() -> str:
    return " " + _(
        "If there is none, `troth log reopen` begins a new log under another name, and says so to everybody."
    )


def root_at(size: int) -> bytes:
    """The root the tiles give for the tree of *size*; raises SealingRefused where they do not suffice."""
    if not size:
        return tree.EMPTY
    ranges = [tree.Range(0, size)]
    try:
        return tree.root_of(size, queries.tiles(tree.tiles_of(ranges), size=size))
    except (KeyError, tree.ProofWrong) as why:
        raise _tiles_wrong(size) from why


def _tiles_wrong(size: int) -> SealingRefused:
    return SealingRefused(
        _(
            "The tiles of the log do not give the head that was signed at %(size)s: somebody changed the tables past the application."
        )
        % {"size": size}
        + _back_up()
    )


def _back_up() -> str:
    return " " + _("Put back a backup from before it.")


# Doing


def _seal(*, now: datetime, most: int) -> int:
    last = outside.last_head()  # before the tables: what stands in it was committed before it was written
    head = _head()
    _hold_against(head, last)
    keys = outside.read_keys()
    if not keys and not head.size:
        keys = outside.make_first_key(now=now)
    signers = _signing(keys, head, now=now)
    at_edge = queries.tiles(tree.edge(head.size), size=head.size)
    if _root(head.size, at_edge) != head.root:
        raise _tiles_wrong(head.size)
    leaves = _placed(head.size, most=most) or _place(head.size, now=now, most=most)
    if not leaves:
        return 0
    size = head.size + len(leaves)
    changed = tree.grown(head.size, at_edge, leaves)
    _write_tiles(changed)
    root = _root(size, {**at_edge, **changed})
    text = checkpoint.Checkpoint(signers[0].name, size, root).to_text()
    note = Note(text, tuple(signer.sign(text) for signer in signers)).to_text()
    Checkpoint.objects.create(size=size, previous=head.size, root=root, note=note, signed_at=now)
    transaction.on_commit(partial(_keep, note, size))
    return len(leaves)


def _root(size: int, at_edge: tree.Tiles) -> bytes:
    try:
        return tree.root_of(size, at_edge)
    except (KeyError, tree.ProofWrong) as why:
        raise _tiles_wrong(size) from why


def _placed(size: int, *, most: int) -> list[bytes]:
    """Leaf hashes beyond the tree of *size* that have their places already: from before there was a tree."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seal.position, entry.leaf_hash FROM ledger_seal AS seal JOIN ledger_entry AS entry ON entry.id = seal.entry_id"
            " WHERE seal.position > %s ORDER BY seal.position LIMIT %s",
            [size, most],
        )
        rows = cursor.fetchall()
    if rows and rows[-1][0] != size + len(rows):
        raise _tiles_wrong(size)
    return [bytes(leaf) for _position, leaf in rows]


def _place(size: int, *, now: datetime, most: int) -> list[bytes]:
    """Give waiting entries the places behind *size*; their leaf hashes in this order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH next AS (
                DELETE FROM ledger_unsealed
                WHERE entry_id IN (SELECT entry_id FROM ledger_unsealed ORDER BY entry_id LIMIT %(most)s)
                RETURNING entry_id
            ), placed AS (
                INSERT INTO ledger_seal (position, entry_id, sealed_at)
                SELECT %(size)s + row_number() OVER (ORDER BY entry_id), entry_id, %(now)s FROM next
                RETURNING position, entry_id
            )
            SELECT entry.leaf_hash FROM placed JOIN ledger_entry AS entry ON entry.id = placed.entry_id ORDER BY placed.position
            """,
            {"most": most, "size": size, "now": now},
        )
        return [bytes(leaf) for (leaf,) in cursor.fetchall()]


def _write_tiles(tiles: tree.Tiles) -> None:
    """Tiles that begin are put in; those at the edge grow, which is all that the database lets them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_tile (level, number, hashes) SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])"
            " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
            [[name.level for name in tiles], [name.number for name in tiles], list(tiles.values())],
        )

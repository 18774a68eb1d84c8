"""Reading the ledger: a thing's history, a cursor over everything, whether sealing has work, and the log with its proofs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from troth.ledger.models import Checkpoint, Cosignature, Entry, Seal, Unsealed
from troth.ledger.payloads import open_all
from troth.ledger.rules import canonical, tree
from troth.ledger.rules.event import Event, event_of
from troth.ledger.rules.note import Note
from troth.ledger.rules.payload import Opened
from troth.ledger.rules.proof import Proof

#: What facts about the log itself are about.
LOG = "log:1"
Told = tuple[str, dict[str, Any], datetime]


def facts_about(reference: str) -> list[Told]:
    """Kind, values and moment of every fact about *reference*, in the order they were written; see `is_erased`."""
    return facts_about_each([reference])[reference]


def facts_about_each(references: Sequence[str]) -> dict[str, list[Told]]:
    """The same for each of many references, in one statement."""
    found: dict[str, list[Told]] = {reference: [] for reference in references}
    rows = Entry.objects.filter(about__in=list(found)).order_by("id")
    wanted = list(rows.values_list("about", "kind", "customer", "payload", "happened_at"))
    said = open_all([(customer, bytes(payload)) for _, _, customer, payload, _ in wanted])
    for (about, kind, customer, _payload, happened_at), opened in zip(wanted, said, strict=True):
        found[about].append((kind, _values(opened, kind=kind, about=about, customer=customer), happened_at))
    return found


def is_erased(values: Mapping[str, Any]) -> bool:
    """Whether these values are those of an erased fact, of which no more is known than kind, about and customer."""
    return "v" not in values


def _values(opened: Opened | None, *, kind: str, about: str, customer: str) -> dict[str, Any]:
    if opened is None:
        return {"kind": kind, "about": about, "customer": customer}
    values: dict[str, Any] = json.loads(opened.body)
    return values


def kinds_about(reference: str) -> list[str]:
    """The kinds of facts about *reference*, oldest first."""
    return list(Entry.objects.filter(about=reference).order_by("id").values_list("kind", flat=True))


def after(position: int, *, most: int = 1000) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Sealed entries beyond *position*, in order: position, kind, values; see `is_erased`."""
    rows = Seal.objects.filter(position__gt=position).order_by("position")
    columns = ("position", "entry__kind", "entry__about", "entry__customer", "entry__payload")
    wanted = list(rows.values_list(*columns)[:most])
    said = open_all([(customer, bytes(payload)) for *_, customer, payload in wanted])
    for (place, kind, about, customer, _payload), opened in zip(wanted, said, strict=True):
        yield place, kind, _values(opened, kind=kind, about=about, customer=customer)


def events(after: int, *, most: int, kinds: Sequence[str] = (), about: str = "", customer: str = "") -> list[Event]:
    """Sealed entries beyond position *after*, in their order, as other programs are told of them; one statement."""
    rows = Seal.objects.filter(position__gt=after)
    if kinds:
        rows = rows.filter(entry__kind__in=list(kinds))
    if about:
        rows = rows.filter(entry__about=about)
    if customer:
        rows = rows.filter(entry__customer=customer)
    return _events(rows.order_by("position")[:most])


def _events(rows: QuerySet[Seal]) -> list[Event]:
    found = list(rows.select_related("entry").defer("entry__commit", "entry__leaf_hash"))
    said = open_all([(seal.entry.customer, bytes(seal.entry.payload)) for seal in found])
    return [
        event_of(
            position=seal.position,
            entry=seal.entry.pk,
            kind=seal.entry.kind,
            about=seal.entry.about,
            customer=seal.entry.customer,
            happened_at=seal.entry.happened_at,
            recorded_at=seal.entry.recorded_at,
            body=opened.body if opened else None,
        )
        for seal, opened in zip(found, said, strict=True)
    ]


@dataclass(frozen=True)
class Place:
    """A sealed entry, as far as must be known to choose it."""

    position: int
    kind: str
    leaf_hash: bytes
    #: It came with a conversation from before: it is nothing that happens now.
    is_past: bool = False
    about: str = ""


def places(after: int, *, most: int) -> list[Place]:
    """Sealed entries beyond position *after*, in their order, without what they say."""
    rows = Seal.objects.filter(position__gt=after).order_by("position")
    columns = ("position", "entry__kind", "entry__leaf_hash", "entry__about", "entry__recorded_at")
    found = list(rows.values_list(*columns)[:most])
    # An import writes all it brings at one moment of its own, and says there of each conversation that it was imported.
    imported = Entry.objects.filter(kind="ConversationImported", recorded_at__in={at for *_rest, at in found})
    moments = set(imported.values_list("recorded_at", flat=True))
    return [Place(position, kind, bytes(leaf), at in moments, about) for position, kind, leaf, about, at in found]


def head() -> int:
    """The last position there is; 0 before the first."""
    return Seal.objects.order_by("-position").values_list("position", flat=True).first() or 0


def head_before(moment: datetime) -> int:
    """The last position that was given before *moment*; found from the newest back."""
    rows = Seal.objects.filter(sealed_at__lt=moment).order_by("-position")
    return rows.values_list("position", flat=True).first() or 0


def events_at(positions: Sequence[int]) -> dict[int, Event]:
    """The sealed entries at these positions, as other programs are told of them; one statement."""
    return {event.position: event for event in _events(Seal.objects.filter(position__in=list(positions)))}


def count() -> int:
    return Entry.objects.count()


def unsealed_since() -> datetime | None:
    """Since when the oldest entry without a place waits for it."""
    return Unsealed.objects.order_by("entry_id").values_list("entry__recorded_at", flat=True).first()


# The log


def checkpoint(size: int | None = None) -> str | None:
    """The signed head of *size*, or the newest: the note with what witnesses wrote under it. None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT note, array(
                SELECT DISTINCT ON (witness) line FROM ledger_cosignature WHERE checkpoint_id = size ORDER BY witness, at DESC
            )
            FROM ledger_checkpoint WHERE size = %(size)s OR %(size)s IS NULL ORDER BY size DESC LIMIT 1
            """,
            {"size": size},
        )
        row = cursor.fetchone()
    return None if row is None else row[0] + "".join(row[1])


def cosignatures(size: int) -> list[tuple[str, str, datetime]]:
    """What witnesses wrote under the head of *size*: their keys, their lines, and when they looked; the oldest first."""
    rows = Cosignature.objects.filter(checkpoint_id=size).order_by("at", "pk")
    return list(rows.values_list("witness", "line", "at"))


def witnessed() -> int | None:
    """The size of the newest head that a witness signed."""
    rows = Cosignature.objects.order_by("-checkpoint_id").values_list("checkpoint_id", flat=True)
    return rows.first()


def heads(before: int | None = None, *, most: int) -> list[tuple[int, datetime]]:
    """Sizes of the signed heads, and when each was signed, the newest first; those smaller than *before*."""
    rows = Checkpoint.objects.order_by("-size")
    if before is not None:
        rows = rows.filter(size__lt=before)
    return list(rows.values_list("size", "signed_at")[:most])


def tiles(names: Collection[tree.Tile], *, size: int) -> dict[tree.Tile, bytes]:
    """These tiles as they are in the tree of *size*, in one statement; without those that have nothing in it, or are not there."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT level, number, substring(hashes FOR width * 32)
            FROM unnest(%s::smallint[], %s::bigint[], %s::int[]) AS wanted (level, number, width)
            JOIN ledger_tile USING (level, number) WHERE width > 0
            """,
            [
                [name.level for name in names],
                [name.number for name in names],
                [tree.width(name, size) for name in names],
            ],
        )
        return {tree.Tile(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}


def proof(index: int, size: int | None = None) -> Proof | None:
    """That the leaf *index* stands in the tree of *size*, or in the newest; None where no signed head of it holds the leaf.

    In two statements: the head, and at most a handful of tiles.
    """
    written = checkpoint(size)
    if written is None:
        return None
    found = Proof(index, (), Note.from_text(written))
    head = found.checkpoint
    if not 0 <= index < head.size:
        return None
    ranges = tree.inclusion_ranges(index, head.size)
    path = tree.hashes_of(ranges, tiles(tree.tiles_of(ranges), size=head.size))
    return Proof(index, tuple(path), found.note)


def proofs(indexes: Collection[int], size: int | None = None) -> dict[int, Proof]:
    """The same for many leaves, in two statements for all of them."""
    if not indexes:
        return {}
    written = checkpoint(size)
    if written is None:
        return {}
    note = Note.from_text(written)
    size = Proof(0, (), note).checkpoint.size
    ranges = {index: tree.inclusion_ranges(index, size) for index in indexes if 0 <= index < size}
    found = tiles(set().union(*map(tree.tiles_of, ranges.values())), size=size)
    return {index: Proof(index, tuple(tree.hashes_of(needed, found)), note) for index, needed in ranges.items()}


def consistency(old: int, new: int) -> list[bytes]:
    """That the tree of *new* begins with that of *old*, in one statement; raises ProofWrong where it cannot."""
    ranges = tree.consistency_ranges(old, new)
    found = tiles(tree.tiles_of(ranges), size=new)
    try:
        return tree.hashes_of(ranges, found)
    except KeyError as why:
        raise tree.ProofWrong(f"There is no tree of {new} yet.") from why


def bundle(number: int, *, size: int) -> bytes:
    """The entries under tile *number* of level 0 in the tree of *size*, each behind its length: their envelopes, which name nobody.

    As c2sp.org/tlog-tiles has its entry bundles; empty where there are none.
    """
    first = number * tree.WIDTH
    rows = Seal.objects.filter(position__gt=first, position__lte=first + tree.width(tree.Tile(0, number), size))
    names = ("entry__kind", "entry__happened_at", "entry__recorded_at", "entry__commit")
    found = b""
    for kind, happened_at, recorded_at, commit in rows.order_by("position").values_list(*names):
        envelope = canonical.envelope_bytes(
            kind=kind, happened_at=happened_at, recorded_at=recorded_at, commit=bytes(commit)
        )
        found += len(envelope).to_bytes(2, "big") + envelope
    return found


def index_of(entry: int) -> int | None:
    """Where in the tree the entry with this number stands; None while it waits for its place."""
    return indexes_of([entry]).get(entry)


def indexes_of(entries: Collection[int]) -> dict[int, int]:
    """The same for many, in one statement; without those that wait."""
    rows = Seal.objects.filter(entry_id__in=list(entries)).values_list("entry_id", "position")
    return {entry: position - 1 for entry, position in rows}


def reopenings() -> list[dict[str, Any]]:
    """What was said each time a new log took the place of the one before; the oldest first."""
    return [values for kind, values, _at in facts_about(LOG) if kind == "LogReopened"]

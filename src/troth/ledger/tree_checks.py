"""What must be true of the log: its tiles and signed heads are what the entries give, each in its place.

Everything is recomputed from leaf hashes in one stream, apart from the tiles that sealing and proofs are made with. `troth fsck`
pushes the leaves itself, as it looks at the entries; `troth verify-state` takes them as they stand in the table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from troth.ledger import keys, outside, queries, replay, sealing
from troth.ledger.payloads import DoesNotFit
from troth.ledger.rules.checkpoint import Checkpoint, NotACheckpoint
from troth.ledger.rules.growing import Growing, needed
from troth.ledger.rules.note import NotAKey, NotANote, Note, NotSigned, Verifier
from troth.ledger.rules.tree import HASH_BYTES, HEIGHT, WIDTH, ProofWrong, Tile
from troth.words.findings import TAMPERED, Divergence, Finding, Tally

ROWS = 5_000
TILES = 256


@dataclass(frozen=True)
class Outside:
    """What is kept outside the database, read before a picture of the tables is taken: what stands in it was committed by then,
    so that the picture of a system at work holds it."""

    #: The head that was signed last; and why it or the keys of the log cannot be read.
    last: tuple[Checkpoint, Note] | None = None
    verifiers: tuple[Verifier, ...] = ()
    problem: str = ""
    #: Whose keys were destroyed.
    destroyed: frozenset[str] = frozenset()

    @classmethod
    def now(cls) -> Outside:
        """Raises KeysAway."""
        destroyed = frozenset(f"customer:{number}" for number in keys.destroyed())
        try:
            return cls(outside.last_head(), tuple(key.verifier for key in outside.read_keys()), "", destroyed)
        except outside.SealingRefused as why:
            return cls(problem=str(why), destroyed=destroyed)


def findings(known: Outside, *, now: datetime) -> Iterator[Finding]:
    """Everything in the log that is not as it must be, in one pass over its leaves, however many there are."""
    mend = _(TAMPERED)
    tallies = {
        "tile": Tally(invariant="I8", wrong=_("Tiles of the log are not what the entries under them give."), mend=mend),
        "head": Tally(
            invariant="I8",
            wrong=_("Signed heads of the log are not what the entries under them give, or do not follow one another."),
            mend=mend,
        ),
        "signature": Tally(
            invariant="I8", wrong=_("Heads of the log bear no true signature of a key of ours."), mend=mend
        ),
    }
    for found in _held(Held(known)):
        tallies[found.kind].add(found.reference)
    for tally in tallies.values():
        yield from tally.findings()
    if problem := stands_still(known, now=now):
        yield Finding(invariant="I8", wrong=_("The log does not go on."), mend=problem, refs=(queries.LOG,), count=1)


def _held(held: Held) -> Iterator[Divergence]:
    for leaf in _leaves():
        yield from held.push(leaf)
    yield from held.end()


def stands_still(known: Outside, *, now: datetime, with_keys: bool = True) -> str:
    """Why nothing would be signed, as a sentence; empty where all is well, or a fact about the log cannot be read."""
    try:
        return known.problem or sealing.why_not(known.last, now=now, with_keys=with_keys)
    except (LookupError, ValueError, DoesNotFit):
        return ""  # it is found in its own place


class Head(NamedTuple):
    """A signed head, as its row has it."""

    size: int
    previous: int
    root: bytes
    note: str


class Held:
    """The log in the database, held against the leaves behind the place *after*, which are pushed one after the other."""

    def __init__(self, known: Outside, *, after: int = 0) -> None:
        """Raises ProofWrong where the tiles do not give the tree to begin with."""
        try:
            self.growing = Growing.from_tiles(after, queries.tiles(needed(after), size=after))
        except KeyError as why:
            raise ProofWrong(f"The tiles do not suffice for the tree of {after}.") from why
        self._known = known
        self._keys = _told_keys(known.verifiers)
        self._full: dict[Tile, bytes] = {}
        self.signed, self._before = _sizes(after)
        self._heads = _heads(after)
        self._next = next(self._heads, None)

    def push(self, leaf: bytes) -> list[Divergence]:
        """Put *leaf* behind the others; what diverges with it."""
        full = self.growing.push(leaf)
        size = self.growing.size
        if size <= self.signed:
            self._full.update(full)
        found: list[Divergence] = []
        while self._next and self._next.size <= size:
            found += self._hold_head(self._next)
            self._next = next(self._heads, None)
        if size == self.signed or (
            found and size < self.signed
        ):  # where a head is wrong, the tiles tell from which place on
            self._full.update(self.growing.edge())
            return [*self._hold_tiles(size), *found]
        if len(self._full) >= TILES:
            found += self._hold_tiles(size)
        return found

    def end(self) -> Iterator[Divergence]:
        """What diverges behind the last leaf: what should be there, or should not."""
        if self.growing.size < self.signed:
            self._full.update(self.growing.edge())
        yield from self._hold_tiles(self.signed)
        while self._next:
            yield _divergence(
                "head",
                _("The order ends at %(place)s, and a head was signed at %(size)s: what came after was cut off.")
                % {"place": self.growing.size, "size": self._next.size},
                f"head:{self._next.size}",
                self.growing.size + 1,
            )
            self._next = next(self._heads, None)
        for name in _too_long(self.signed):
            yield _divergence(
                "tile",
                _("Tile %(number)s of level %(level)s holds more than the last signed head.")
                % {"number": name.number, "level": name.level},
                _ref(name),
                self.signed + 1,
            )

    def leaf_in_tile(self, place: int) -> bytes | None:
        """What the tree holds at *place*, to go on with where the entry is not there or was changed."""
        name = Tile(0, (place - 1) // WIDTH)
        begin = (place - 1) % WIDTH * HASH_BYTES
        return queries.tiles([name], size=self.signed).get(name, b"")[begin : begin + HASH_BYTES] or None

    def _hold_tiles(self, size: int) -> Iterator[Divergence]:
        there = queries.tiles(self._full, size=size)
        for name, hashes in self._full.items():
            if there.get(name) != hashes:
                place = _first_different(name, hashes, there.get(name, b""))
                words = _("Tile %(number)s of level %(level)s is not what the leaves give, from place %(place)s on.")
                said = {"number": name.number, "level": name.level, "place": place}
                yield _divergence("tile", words % said, _ref(name), place)
        self._full = {}

    def _hold_head(self, head: Head) -> Iterator[Divergence]:
        before, self._before = self._before, head.size
        kind, wrong = "head", ""
        try:
            note = Note.from_text(head.note)
            said = Checkpoint.from_note(note)
            if (said.size, said.root) != (head.size, head.root):
                wrong = _("The head of %(size)s says something else in its note than in its row.")
            elif len(note.check(*(key for key in self._keys if key.name == said.origin))) != len(note.signatures):
                # While two keys sign, one true line must not hide that the other was changed: witnesses' lines stand elsewhere.
                kind, wrong = "signature", _("The head of %(size)s bears a signature of nobody we know.")
        except (NotANote, NotACheckpoint):
            wrong = _("The head of %(size)s is no signed head any more.")
        except NotSigned:
            kind, wrong = "signature", _("The head of %(size)s bears no true signature of a key of the log.")
        if not wrong and (head.size != self.growing.size or head.previous != before):
            wrong = _("The head of %(size)s does not follow the one before: a head was taken out, or put in.")
        elif not wrong and head.root != self.growing.root:
            wrong = _(
                "The head that was signed at %(size)s is not that of the ledger: something before it was changed."
            )
        if wrong:
            yield _divergence(kind, wrong % {"size": head.size}, f"head:{head.size}", head.size)


def _divergence(kind: str, wrong: str, reference: str, position: int) -> Divergence:
    return Divergence(kind=kind, wrong=wrong, mend=_(TAMPERED), reference=reference, position=position)


def _first_different(name: Tile, one: bytes, other: bytes) -> int:
    """The first place below the first hash of the tile that is not the same."""
    at = next((at for at in range(0, len(one), HASH_BYTES) if one[at:][:32] != other[at:][:32]), len(one))
    return ((name.number * WIDTH + at // HASH_BYTES) << HEIGHT * name.level) + 1


def _told_keys(kept: Collection[Verifier]) -> list[Verifier]:
    """Every key that was ever the log's: those that are kept, and those that the ledger was told of."""
    found = list(kept)
    for fact in replay.facts_of([queries.LOG])[queries.LOG] or ():
        for word in (fact.text("before"), fact.text("key")):
            with suppress(NotAKey):  # the name of a log that was left is none
                if (key := Verifier.from_text(word)) not in found:
                    found.append(key)
    return found


def _ref(name: Tile) -> str:
    return f"tile:{name.level}/{name.number}"


def _leaves() -> Iterator[bytes]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT entry.leaf_hash FROM ledger_seal AS seal JOIN ledger_entry AS entry ON entry.id = seal.entry_id"
            " ORDER BY seal.position"
        )
        while rows := cursor.fetchmany(ROWS):
            yield from (bytes(leaf) for (leaf,) in rows)


def _heads(after: int) -> Iterator[Head]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT size, previous, root, note FROM ledger_checkpoint WHERE size > %s ORDER BY size", [after]
        )
        while rows := cursor.fetchmany(ROWS):
            yield from (Head(size, previous, bytes(root), note) for size, previous, root, note in rows)


def _sizes(after: int) -> tuple[int, int]:
    """The size of the last signed head, and of the last up to *after*."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(size), 0), coalesce(max(size) FILTER (WHERE size <= %s), 0) FROM ledger_checkpoint",
            [after],
        )
        signed, before = cursor.fetchone()
    return signed, before


def _too_long(size: int) -> list[Tile]:
    """Tiles that are longer than they may be in the tree of *size*, or have no place in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, number FROM ledger_tile"
            " WHERE length(hashes) > 32 * least(256, greatest(0, (%s::bigint >> 8 * level) - number * 256))"
            " ORDER BY level, number",
            [size],
        )
        return [Tile(level, number) for level, number in cursor.fetchall()]

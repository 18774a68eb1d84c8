"""What must be true of the log: its tiles and signed heads are what the entries give, each in its place.

Everything is recomputed from the leaf hashes in one stream, apart from the tiles that sealing and proofs are made with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from troth.ledger import outside, queries, sealing
from troth.ledger.rules.checkpoint import Checkpoint, NotACheckpoint
from troth.ledger.rules.edge import Edge
from troth.ledger.rules.note import NotANote, Note, NotSigned, Verifier
from troth.ledger.rules.tree import Tile
from troth.words.findings import SHOWN_MOST, Finding

ROWS = 5_000
TILES = 256


@dataclass
class Wrong:
    """What is wrong in one way: the first few by name, all of them counted."""

    refs: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, ref: str) -> None:
        self.count += 1
        if len(self.refs) < SHOWN_MOST:
            self.refs.append(ref)


def findings(*, now: datetime) -> Iterator[Finding]:
    """Everything in the log that is not as it must be, in one pass over its leaves, however many there are."""
    found = Held()
    found.hold()
    said = {
        _("Tiles of the log are not what the entries under them give."): found.tiles,
        _(
            "Signed heads of the log are not what the entries under them give, or do not follow one another."
        ): found.heads,
        _("Heads of the log bear no true signature of a key of ours."): found.signatures,
    }
    for words, wrong in said.items():
        if wrong.count:
            mend = _(
                "Somebody changed the tables past the application. Find out who, and go back to a backup from before it."
            )
            yield Finding(invariant="I8", wrong=words, mend=mend, refs=tuple(wrong.refs), count=wrong.count)
    if problem := sealing.problem(now=now):
        yield Finding(invariant="I8", wrong=_("The log does not go on."), mend=problem, refs=(queries.LOG,), count=1)


class Held:
    """The log in the database, held against its entries."""

    def __init__(self) -> None:
        self.tiles, self.heads, self.signatures = Wrong(), Wrong(), Wrong()
        self._full: dict[Tile, bytes] = {}
        self._keys = _keys()

    def hold(self) -> None:
        edge, before = Edge(), 0
        leaves = _leaves()
        for size, previous, root, note in _heads():
            for leaf in leaves:
                self._full.update(edge.add(leaf))
                if len(self._full) >= TILES:
                    self._hold_tiles(size)
                if edge.size == size:
                    break
            if (edge.size, edge.root, previous) != (size, root, before) or not self._says(note, size, root):
                self.heads.add(f"head:{size}")
            before = size
        self._full.update(edge.unfinished())
        self._hold_tiles(edge.size)
        for name in _too_long(edge.size):
            self.tiles.add(_ref(name))

    def _hold_tiles(self, size: int) -> None:
        there = queries.tiles(self._full, size=size)
        for name, hashes in self._full.items():
            if there.get(name) != hashes:
                self.tiles.add(_ref(name))
        self._full = {}

    def _says(self, written: str, size: int, root: bytes) -> bool:
        """Whether the note says what its row says; who signed it is told by itself."""
        try:
            note = Note.from_text(written)
            head = Checkpoint.from_note(note)
        except (NotANote, NotACheckpoint):
            return False
        try:
            note.check(*(key for key in self._keys if key.name == head.origin))
        except NotSigned:
            self.signatures.add(f"head:{size}")
        return (head.size, head.root) == (size, root)


def _keys() -> list[Verifier]:
    """Every key that was ever the log's: those that are kept, and those that the ledger was told of."""
    try:
        kept = [key.verifier for key in outside.read_keys()]
    except outside.SealingRefused:  # told by the problem itself
        kept = []
    told = [values for _kind, values, _at in queries.facts_about(queries.LOG)]
    words = {values["key"] for values in told} | {values["before"] for values in told if "+" in values["before"]}
    return kept + [key for key in map(Verifier.from_text, sorted(words)) if key not in kept]


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


def _heads() -> Iterator[tuple[int, int, bytes, str]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT size, previous, root, note FROM ledger_checkpoint ORDER BY size")
        while rows := cursor.fetchmany(ROWS):
            yield from ((size, previous, bytes(root), note) for size, previous, root, note in rows)


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

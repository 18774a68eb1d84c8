"""The right edge of a tree that is built leaf by leaf: its root at every size on the way, and its tiles as they fill; pure.

What the tiles say can so be held against the leaves in one pass, however many there are: in memory are one hash for each bit of
the size, and one row of at most 256 hashes for each level of tiles.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.ledger.rules.tree import EMPTY, HEIGHT, WIDTH, Tile, node_hash


class Edge:
    """A tree so far; `size` leaves stand in it."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []
        self._rows: list[bytearray] = []

    def add(self, leaf: bytes) -> list[tuple[Tile, bytes]]:
        """Put the leaf hash *leaf* behind the others; the tiles that became full by it."""
        found, level, index = leaf, 0, self.size
        full: list[tuple[Tile, bytes]] = []
        self._whole.append(leaf)
        while True:
            if level % HEIGHT == 0:
                full += self._into_row(level // HEIGHT, index, found)
            if not index & 1:
                break
            right, left = self._whole.pop(), self._whole.pop()
            found = node_hash(left, right)
            self._whole.append(found)
            level, index = level + 1, index >> 1
        self.size += 1
        return full

    def _into_row(self, level: int, index: int, found: bytes) -> list[tuple[Tile, bytes]]:
        if level == len(self._rows):
            self._rows.append(bytearray())
        row = self._rows[level]
        row += found
        if (index + 1) % WIDTH:
            return []
        hashes = bytes(row)
        row.clear()
        return [(Tile(level, index // WIDTH), hashes)]

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self._whole:
            return EMPTY
        found = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            found = node_hash(left, found)
        return found

    def unfinished(self) -> Iterator[tuple[Tile, bytes]]:
        """The tiles at the edge that are not full."""
        for level, row in enumerate(self._rows):
            if row:
                yield Tile(level, self.size >> HEIGHT * (level + 1)), bytes(row)

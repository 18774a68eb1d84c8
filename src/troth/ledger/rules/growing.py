"""A Merkle tree grown leaf by leaf, with its tiles and its root at every size, in memory that grows with its height; pure.

Other than `tree.grown`, which is for whoever writes: here every full tile is given out once, and the root costs a few hashes at
every size, so that all heads that were ever signed are recomputed in one pass over the leaves.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.ledger.rules import tree
from troth.ledger.rules.tree import EMPTY, HASH_BYTES, HEIGHT, WIDTH, Range, Tile, node_hash


class Growing:
    """The tree of *size* leaves so far."""

    def __init__(self) -> None:
        self.size = 0
        #: The roots of the whole subtrees it is made of, the largest first.
        self._peaks: list[bytes] = []
        #: The hashes of the last tile of each level, while it is not full.
        self._edge: list[list[bytes]] = [[]]

    @classmethod
    def from_tiles(cls, size: int, tiles: Mapping[Tile, bytes]) -> Growing:
        """The tree of *size*, as its tiles say: those of `needed(size)`. Raises KeyError or ProofWrong if one lacks."""
        made = cls()
        made.size = size
        made._peaks = tree.hashes_of(_peaks(size), tiles)
        made._edge = [[] for _ in range(max(1, tree.levels(size)))]
        for tile in tree.edge(size):
            made._edge[tile.level] = tree.split(tiles[tile][: tree.width(tile, size) * HASH_BYTES])
        return made

    def push(self, leaf: bytes) -> list[tuple[Tile, bytes]]:
        """One more leaf (its hash); the tiles that became full by it."""
        full: list[tuple[Tile, bytes]] = []
        self._place(0, leaf, full)
        found, rest, level = leaf, self.size, 0
        while rest & 1:
            found = node_hash(self._peaks.pop(), found)
            rest >>= 1
            level += 1
            if level % HEIGHT == 0:
                self._place(level // HEIGHT, found, full)
        self._peaks.append(found)
        self.size += 1
        return full

    def _place(self, level: int, found: bytes, full: list[tuple[Tile, bytes]]) -> None:
        if level == len(self._edge):
            self._edge.append([])
        row = self._edge[level]
        row.append(found)
        if len(row) == WIDTH:
            full.append((Tile(level, self.size >> HEIGHT * (level + 1)), b"".join(row)))
            row.clear()

    @property
    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        *rest, found = self._peaks
        for left in reversed(rest):
            found = node_hash(left, found)
        return found

    def edge(self) -> list[tuple[Tile, bytes]]:
        """The tiles that have begun and are not full."""
        return [
            (Tile(level, self.size >> HEIGHT * (level + 1)), b"".join(row))
            for level, row in enumerate(self._edge)
            if row
        ]


def needed(size: int) -> set[Tile]:
    """The tiles from which the tree of *size* can be grown further."""
    return tree.tiles_of(_peaks(size)) | set(tree.edge(size))


def _peaks(size: int) -> list[Range]:
    found, start = [], 0
    while start < size:
        width = 1 << (size - start).bit_length() - 1
        found.append(Range(start, start + width))
        start += width
    return found

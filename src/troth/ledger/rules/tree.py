"""The Merkle tree over the leaves, its proofs, and the tiles it is kept in; pure.

Hashes and proofs are those of RFC 9162, 2.1; the tiles are those of c2sp.org/tlog-tiles. Positions in the tree (`index`) count
from 0. A proof is first worked out as *ranges* of leaves, and its hashes are then taken from the few tiles that hold them, so
that whoever keeps the tiles, here or far away, fetches them at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

#: A tile is a subtree of this height, and holds this many hashes when it is full.
HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32
#: The root of the tree without leaves.
EMPTY = hashlib.sha256(b"").digest()


class ProofWrong(ValueError):
    """A proof does not lead to the root it was given for, or has not the shape it must have."""


class Range(NamedTuple):
    """The leaves from *start* up to, without, *end*."""

    start: int
    end: int


class Tile(NamedTuple):
    """The name of a tile: *level* 0 holds leaf hashes, each further level the roots of full tiles of the one below."""

    level: int
    number: int


Tiles = Mapping[Tile, bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf), RFC 9162, 2.1.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 9162, 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


# What a proof is made of


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose hashes prove that the leaf *index* stands in the tree of *size*, leaf's sibling first (2.1.3.1)."""
    if not 0 <= index < size:
        raise ProofWrong(f"There is no leaf {index} in a tree of {size}.")
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append(Range(middle, end))
            end = middle
        else:
            found.append(Range(start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The subtrees whose hashes prove that the tree of *new* begins with the tree of *old* (2.1.4.1); none if either is trivial."""
    if not 0 <= old <= new:
        raise ProofWrong(f"A tree of {new} does not begin with one of {old}.")
    if old in {0, new}:
        return []
    found: list[Range] = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append(Range(middle, end))
            end = middle
        else:
            found.append(Range(start, middle))
            start = middle
    if start:  # the old root itself is known to whoever asks only where it is a whole subtree from the first leaf on
        found.append(Range(start, end))
    return found[::-1]


def _split(count: int) -> int:
    """The largest power of two smaller than *count*."""
    return 1 << (count - 1).bit_length() - 1


# From tiles to hashes


def tiles_of(ranges: Iterable[Range]) -> set[Tile]:
    """The tiles that hold what `hashes_of` needs."""
    return {_place(level, index)[0] for one in ranges for level, index in _whole(one)}


def hashes_of(ranges: Iterable[Range], tiles: Tiles) -> list[bytes]:
    """The Merkle tree hash of each of *ranges*, as the two functions above give them; KeyError or ProofWrong if a tile lacks."""
    return [_hash_of(one, tiles) for one in ranges]


def root_of(size: int, tiles: Tiles) -> bytes:
    """The root of the tree of *size*; its tiles are `tiles_of([Range(0, size)])`."""
    return _hash_of(Range(0, size), tiles) if size else EMPTY


def root_of_leaves(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes, all at once (2.1.1)."""
    if not hashes:
        return EMPTY
    row = list(hashes)
    while len(row) > 1:
        paired = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = paired + row[len(paired) * 2 :]
    return row[0]


def _hash_of(one: Range, tiles: Tiles) -> bytes:
    whole = [_node(level, index, tiles) for level, index in _whole(one)]
    found = whole.pop()
    while whole:
        found = node_hash(whole.pop(), found)
    return found


def _whole(one: Range) -> list[tuple[int, int]]:
    """The whole subtrees (level, index) that a range is made of, from left to right."""
    found = []
    start, count = one.start, one.end - one.start
    while count:
        level = count.bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
        count -= 1 << level
    return found


def _place(level: int, index: int) -> tuple[Tile, int, int]:
    """The tile that holds a whole subtree, and where in it: offset and count of hashes."""
    tile_level, below = divmod(level, HEIGHT)
    first = index << below
    return Tile(tile_level, first // WIDTH), first % WIDTH, 1 << below


def _node(level: int, index: int, tiles: Tiles) -> bytes:
    tile, offset, count = _place(level, index)
    part = tiles[tile][offset * HASH_BYTES : (offset + count) * HASH_BYTES]
    if len(part) != count * HASH_BYTES:
        raise ProofWrong(f"Tile {tile.number} of level {tile.level} is too short for its tree.")
    return part if count == 1 else _root_of(part)


@lru_cache(maxsize=1024)
def _root_of(part: bytes) -> bytes:
    """The upper tiles have a part in every proof: what was hashed once need not be again, and bytes are never out of date."""
    return root_of_leaves(split(part))


def split(hashes: bytes) -> list[bytes]:
    """The hashes that stand one after the other in a tile."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


# Growing


def edge(size: int) -> list[Tile]:
    """The tiles at the right edge of the tree of *size* that are not full: what must be at hand for it to grow."""
    return [
        Tile(level, size >> HEIGHT * (level + 1)) for level in range(levels(size)) if (size >> HEIGHT * level) % WIDTH
    ]


def levels(size: int) -> int:
    """How many levels of tiles the tree of *size* has."""
    return max(1, -(-size.bit_length() // HEIGHT)) if size else 0


def width(tile: Tile, size: int) -> int:
    """How many hashes this tile holds in the tree of *size*: 0 to 256."""
    return max(0, min(WIDTH, (size >> HEIGHT * tile.level) - tile.number * WIDTH))


def grown(size: int, at_edge: Tiles, leaves: Sequence[bytes]) -> dict[Tile, bytes]:
    """Every tile that changes or begins when *leaves* (leaf hashes) follow the tree of *size*, each as it is then."""
    changed: dict[Tile, bytes] = {}
    level, more = 0, list(leaves)
    while more:
        have = size >> HEIGHT * level
        tile = Tile(level, have // WIDTH)
        row = b"".join([at_edge[tile] if have % WIDTH else b"", *more])
        more = []
        for index, begin in enumerate(range(0, len(row), WIDTH * HASH_BYTES), tile.number):
            hashes = row[begin : begin + WIDTH * HASH_BYTES]
            changed[Tile(level, index)] = hashes
            if len(hashes) == WIDTH * HASH_BYTES:
                more.append(root_of_leaves(split(hashes)))
        level += 1
    return changed


# Verifying


def check_inclusion(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """RFC 9162, 2.1.3.2: the leaf hash *leaf* stands at *index* in the tree of *size* with this *root*; else ProofWrong."""
    if not 0 <= index < size:
        raise ProofWrong(f"There is no leaf {index} in a tree of {size}.")
    found, place, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            raise ProofWrong("The proof is longer than the tree is high.")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        place >>= 1
        last >>= 1
    if last:
        raise ProofWrong("The proof is shorter than the tree is high.")
    if found != root:
        raise ProofWrong("The proof does not lead to the root.")


def check_consistency(*, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """RFC 9162, 2.1.4.2: the tree of *new* begins with the tree of *old*; else ProofWrong."""
    if old > new:
        raise ProofWrong(f"A tree of {new} does not begin with one of {old}.")
    if old in {0, new}:
        if path:
            raise ProofWrong("The proof is longer than it can be.")
        if old_root != (EMPTY if old == 0 else new_root):
            raise ProofWrong("Two trees of one size have different roots.")
        return
    hashes = list(path)
    if old & (old - 1) == 0:  # the old tree is one whole subtree, and its root the first hash
        hashes.insert(0, old_root)
    if not hashes:
        raise ProofWrong("The proof is empty.")
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    before = after = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofWrong("The proof is longer than the tree is high.")
        if place & 1 or place == last:
            before = node_hash(sibling, before)
            after = node_hash(sibling, after)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            after = node_hash(after, sibling)
        place >>= 1
        last >>= 1
    if last:
        raise ProofWrong("The proof is shorter than the tree is high.")
    if before != old_root:
        raise ProofWrong("The proof does not lead to the old root.")
    if after != new_root:
        raise ProofWrong("The proof does not lead to the new root.")

from __future__ import annotations

import hashlib

import pytest

from troth.ledger.rules import tree
from troth.ledger.rules.growing import Growing, needed
from troth.ledger.rules.tree import Tile


def leaf(number: int) -> bytes:
    return hashlib.sha256(b"\x00%d" % number).digest()


def grown_to(size: int) -> tuple[Growing, dict[Tile, bytes]]:
    """The tree of *size*, and every tile of it."""
    growing, tiles = Growing(), {}
    for number in range(size):
        tiles |= dict(growing.push(leaf(number)))
    return growing, tiles | dict(growing.edge())


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 1000, 65_537])
def test_tiles_and_root_are_those_of_who_writes_them(size: int) -> None:
    growing, tiles = grown_to(size)

    assert growing.root == tree.root_of_leaves([leaf(number) for number in range(size)])
    assert tiles == tree.grown(0, {}, [leaf(number) for number in range(size)])


def test_root_is_right_at_every_size() -> None:
    growing, leaves = Growing(), []
    for number in range(600):
        growing.push(leaf(number))
        leaves.append(leaf(number))
        assert growing.root == tree.root_of_leaves(leaves)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 300, 65_536])
def test_it_goes_on_from_tiles_as_if_it_had_never_stopped(size: int) -> None:
    whole, tiles = grown_to(size + 300)

    growing = Growing.from_tiles(size, {tile: tiles[tile] for tile in needed(size)})
    later = [one for number in range(size, size + 300) for one in growing.push(leaf(number))]

    assert growing.root == whole.root
    assert growing.edge() == whole.edge()
    assert all(tiles[tile] == hashes for tile, hashes in later)

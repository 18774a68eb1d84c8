from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales.tiles import leaf_hash as foreign_leaf_hash
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from troth.ledger.rules import tree
from troth.ledger.rules.tree import ProofWrong, Range, Tile

#: The leaves that the implementations of certificate transparency share, and the root of the first n of them.
SHARED = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: A third level of tiles begins at 65,536.
MOST = 70_000
LEAVES = [tree.leaf_hash(number.to_bytes(3, "big")) for number in range(MOST)]
TILES = tree.grown(0, {}, LEAVES)

sizes = st.one_of(st.integers(1, 1_100), st.integers(65_300, 65_800), st.integers(1, MOST))


def root(size: int) -> bytes:
    """By the definition itself (2.1.1), and by nothing that the tiles are made with."""
    if size == 0:
        return tree.EMPTY
    return _mth(0, size)


def _mth(start: int, end: int) -> bytes:
    if end - start == 1:
        return LEAVES[start]
    middle = 1
    while middle * 2 < end - start:
        middle *= 2
    return tree.node_hash(_mth(start, start + middle), _mth(start + middle, end))


@pytest.mark.parametrize("size", range(9))
def test_the_shared_leaves_have_their_known_roots(size: int) -> None:
    leaves = [tree.leaf_hash(leaf) for leaf in SHARED[:size]]

    assert leaves == [foreign_leaf_hash(leaf) for leaf in SHARED[:size]]
    assert tree.root_of_leaves(leaves).hex() == ROOTS[size]
    assert tree.root_of(size, tree.grown(0, {}, leaves)).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 65_535, 65_536, 65_537])
def test_the_root_from_the_tiles_is_the_defined_one(size: int) -> None:
    assert tree.root_of(size, TILES) == root(size)


@given(st.data())
def test_every_leaf_is_proven_and_a_foreign_verifier_agrees(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    ranges = tree.inclusion_ranges(index, size)
    wanted = tree.tiles_of(ranges)
    path = tree.hashes_of(ranges, {tile: TILES[tile] for tile in wanted})
    head = tree.root_of(size, TILES)

    tree.check_inclusion(leaf=LEAVES[index], index=index, size=size, path=path, root=head)
    InclusionProof(index, size, path).check(LEAVES[index], head)
    assert len(wanted) <= 6


@given(st.data())
def test_every_older_tree_is_proven_and_a_foreign_verifier_agrees(data: st.DataObject) -> None:
    new = data.draw(sizes)
    old = data.draw(st.integers(1, new))
    path = tree.hashes_of(tree.consistency_ranges(old, new), TILES)
    before, after = tree.root_of(old, TILES), tree.root_of(new, TILES)

    tree.check_consistency(old=old, new=new, old_root=before, new_root=after, path=path)
    if old != new:
        ConsistencyProof(old, new, path).check(before, after)


@given(st.data())
def test_nothing_but_the_proof_passes(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    path = tree.hashes_of(tree.inclusion_ranges(index, size), TILES)
    said = {"leaf": LEAVES[index], "index": index, "size": size, "path": path, "root": tree.root_of(size, TILES)}
    other = data.draw(st.integers(0, MOST - 1).filter(lambda one: one != index))
    wrong = data.draw(
        st.sampled_from(
            [
                {"leaf": LEAVES[other]},
                {"index": other},
                {"path": [*path, LEAVES[0]]},
                {"path": path[:-1]} if path else {"path": [LEAVES[0]]},
                {"path": [*path[:-1], LEAVES[other]]} if path else {"path": [LEAVES[0]]},
                {"root": LEAVES[other] if size > 1 else tree.EMPTY},
            ]
        )
    )

    with pytest.raises(ProofWrong):
        tree.check_inclusion(**{**said, **wrong})


@given(st.data())
def test_no_rewritten_tree_is_consistent(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 1_100))
    old = data.draw(st.integers(1, new - 1))
    changed = list(LEAVES[:new])
    changed[data.draw(st.integers(0, old - 1))] = LEAVES[-1]
    tiles = tree.grown(0, {}, changed)
    path = tree.hashes_of(tree.consistency_ranges(old, new), tiles)

    with pytest.raises(ProofWrong):
        tree.check_consistency(
            old=old, new=new, old_root=tree.root_of(old, TILES), new_root=tree.root_of(new, tiles), path=path
        )


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_however_it_grew_the_tiles_are_the_same(steps: list[int]) -> None:
    size, tiles = 0, {}
    for more in steps:
        at_edge = {tile: tiles[tile] for tile in tree.edge(size)}
        tiles |= tree.grown(size, at_edge, LEAVES[size : size + more])
        size += more

    assert tiles == tree.grown(0, {}, LEAVES[:size])
    assert {tile: len(tiles[tile]) // tree.HASH_BYTES for tile in tiles} == {
        tile: tree.width(tile, size) for tile in tiles
    }
    assert all(tree.width(tile, size) < tree.WIDTH for tile in tree.edge(size))


def test_an_older_tile_is_the_beginning_of_the_newer() -> None:
    older, newer = tree.grown(0, {}, LEAVES[:300]), tree.grown(0, {}, LEAVES[:400])

    assert newer[Tile(0, 1)].startswith(older[Tile(0, 1)])
    assert tree.root_of(300, newer) == tree.root_of(300, older)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (5, 5)])
def test_what_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofWrong):
        tree.inclusion_ranges(index, size)
    with pytest.raises(ProofWrong):
        tree.check_inclusion(leaf=LEAVES[0], index=index, size=size, path=[], root=LEAVES[0])


def test_a_tree_does_not_begin_with_a_larger_one() -> None:
    with pytest.raises(ProofWrong):
        tree.consistency_ranges(5, 4)
    with pytest.raises(ProofWrong):
        tree.check_consistency(old=5, new=4, old_root=LEAVES[0], new_root=LEAVES[0], path=[])


def test_a_tile_that_is_too_short_is_told() -> None:
    with pytest.raises(ProofWrong):
        tree.hashes_of([Range(0, 2)], {Tile(0, 0): LEAVES[0]})

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from troth.people.rules.families import roots_after

people = st.integers(1, 6)


def test_chain_stands_under_its_first() -> None:
    assert roots_after([1, 2, 3, 4], merges=[(2, 3), (1, 2)]) == {1: 1, 2: 1, 3: 1, 4: 4}


@given(st.lists(st.tuples(people, people), max_size=10))
def test_every_root_is_its_own(merges: list[tuple[int, int]]) -> None:
    roots = roots_after(range(1, 7), merges=merges)

    assert all(roots[root] == root for root in roots.values())
    assert all(roots[front] == roots[merged] for front, merged in merges)

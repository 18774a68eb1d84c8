"""Who stands under whom once customers were merged; pure."""

from __future__ import annotations

from collections.abc import Iterable


def roots_after(members: Iterable[int], *, merges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each member's root after *merges*, pairs of front and merged in the order they were made; alone, one is one's own."""
    roots = {member: member for member in members}
    for front, merged in merges:
        before, after = roots[merged], roots[front]
        roots = {member: after if root == before else root for member, root in roots.items()}
    return roots

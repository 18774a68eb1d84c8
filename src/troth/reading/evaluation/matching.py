"""Which promise that was found is which one that was labelled.

A label may mark a clause where the reader quotes the sentence, and a sentence may hold several promises. So two belong
together if half of the shorter place lies in the other; each is used once; as many are paired as can be; and where
there is a choice, those are paired that agree best. So neither the order of promises in a sentence nor how much of it
was marked changes a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from troth.reading.found import Span

G = TypeVar("G")
F = TypeVar("F")

ENOUGH_IN_COMMON = 0.5


class Matched(NamedTuple):
    """Places in the two lists."""

    gold: int
    found: int


def common_share(a: Span, b: Span) -> float:
    """How much of the shorter place lies in the other."""
    common = min(a.end, b.end) - max(a.start, b.start)
    return max(common, 0) / max(min(a.end - a.start, b.end - b.start), 1)


def match(
    gold: Sequence[G],
    found: Sequence[F],
    *,
    gold_span: Callable[[G], Span],
    found_span: Callable[[F], Span],
    agreement: Callable[[G, F], float],
) -> list[Matched]:
    """Pairs of *gold* and *found*, one to one, as many as there can be; *agreement* decides where there is a choice."""
    wishes = [
        (agreement(one, other), common, i, j)
        for i, one in enumerate(gold)
        for j, other in enumerate(found)
        if (common := common_share(gold_span(one), found_span(other))) >= ENOUGH_IN_COMMON
    ]
    wishes.sort(key=lambda wish: (-wish[0], -wish[1], wish[2], wish[3]))
    liked: dict[int, list[int]] = {}
    gold_of: dict[int, int] = {}
    for _, _, i, j in wishes:
        liked.setdefault(i, []).append(j)
        if i not in gold_of.values() and j not in gold_of:
            gold_of[j] = i
    for i in liked:
        if i not in gold_of.values():
            _make_room(i, liked, gold_of, seen=set())
    return sorted(Matched(i, j) for j, i in gold_of.items())


def _make_room(i: int, liked: dict[int, list[int]], gold_of: dict[int, int], seen: set[int]) -> bool:
    """Pair *i* by moving others to another of theirs (Kuhn 1955); nobody who is paired is left alone for it."""
    for j in liked[i]:
        if j in seen:
            continue
        seen.add(j)
        if j not in gold_of or _make_room(gold_of[j], liked, gold_of, seen):
            gold_of[j] = i
            return True
    return False

"""Random conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from troth.notices.rules.conditions import (
    CLOSED,
    Between,
    Conditions,
    Every,
    Listed,
    Not,
    OfCases,
    OfCustomers,
    OfHandles,
    OfOrders,
    Some,
)


def between(first: datetime, days: int) -> st.SearchStrategy[Between]:
    """No end, one, or both, on whole days from *first* on."""
    day = st.integers(0, days).map(lambda number: first + timedelta(days=number))
    both = st.tuples(day, day).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Between(*pair))
    return st.one_of(st.just(Between()), day.map(Between), day.map(lambda at: Between(until=at)), both)


def trees(values: Mapping[str, Sequence[Any]], when: st.SearchStrategy[Between]) -> st.SearchStrategy[Conditions]:
    """Conditions over these *values*, in groups."""

    def some(of: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
        chosen = st.lists(st.sampled_from(sorted(of)), min_size=1, max_size=2, unique=True).map(tuple)
        return st.one_of(st.just(()), st.just(()), chosen)

    def of(kind: type[Any], names: Sequence[str], moments: Sequence[str] = ()) -> st.SearchStrategy[Any]:
        fields = {name: some(CLOSED.get((kind, name)) or values[name]) for name in names}
        return st.builds(kind, **fields, **{name: st.one_of(st.just(Between()), when) for name in moments})

    leaf: st.SearchStrategy[Conditions] = st.one_of(
        of(OfCustomers, ["groups", "languages", "zones"], ["met"]),
        of(OfCases, ["kinds", "causes", "channels", "words", "products", "incidents"], ["opened"]),
        of(OfOrders, ["references", "products", "variants", "places", "stands"], ["ordered", "promised", "delivered"]),
        of(OfHandles, ["kinds", "domains"]),
        st.sampled_from(values["lists"]).map(Listed),
    )

    def groups(parts: st.SearchStrategy[Conditions]) -> st.SearchStrategy[Conditions]:
        few = st.lists(parts, min_size=1, max_size=3).map(tuple)
        return st.one_of(few.map(Every), few.map(Some), parts.map(Not))

    return st.recursive(leaf, groups, max_leaves=6)

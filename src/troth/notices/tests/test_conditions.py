"""Conditions are read as they were written, and whatever else is handed in is told where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people_and_things import NOW

from troth.notices.rules.conditions import (
    CONDITIONS_MOST,
    DEPTH_MOST,
    Conditions,
    Every,
    Listed,
    NotConditions,
    OfOrders,
    Some,
    Stands,
    Wrong,
    from_plain,
    leaves,
    lists_of,
    to_plain,
)
from troth.notices.tests.trees import between, trees

TEXTS = ["Leeds", "20% off", "Köln", "a'b\"c;--", "漢字"]
NAMES = ("groups", "zones", "words", "products", "variants", "places", "references")
ANY = trees(
    dict.fromkeys(NAMES, TEXTS)
    | {"languages": ["en", "de"], "incidents": ["incident:3"], "domains": ["a.example"], "lists": [1, 2]},
    between(NOW, 20),
)


@given(ANY)
def test_what_is_written_is_read_again(conditions: Conditions) -> None:
    assert from_plain(to_plain(conditions)) == conditions


@pytest.mark.parametrize("conditions", [Every(), Some()])
def test_an_empty_group_at_the_top_is_nothing_chosen_yet(conditions: Conditions) -> None:
    assert from_plain(to_plain(conditions)) == conditions
    assert list(leaves(conditions)) == []


def test_values_are_put_in_order() -> None:
    plain = {
        "orders": {
            "places": ["  Leeds \n city ", "Leeds city"],
            "stands": ["late"],
            "ordered": {"from": "2026-11-02T10:00:00+01:00"},
        }
    }

    found = from_plain(plain)

    assert isinstance(found, OfOrders)
    assert (found.places, found.stands) == (("Leeds city",), (Stands.LATE,))
    assert to_plain(found)["orders"]["ordered"] == {"from": "2026-11-02T09:00:00Z"}
    assert lists_of(Every((Listed(2), Some((Listed(1), Listed(2)))))) == (2, 1)


def deep(levels: int) -> Any:
    plain: Any = {"customers": {}}
    for _nth in range(levels):
        plain = {"not": plain}
    return plain


BACKWARDS = {"from": "2026-11-03T00:00:00Z", "to": "2026-11-02T00:00:00Z"}
HOSTILE: list[tuple[Any, str, Wrong]] = [
    (None, "", Wrong.NOT_AN_OBJECT),
    ([], "", Wrong.NOT_AN_OBJECT),
    ({}, "", Wrong.NOT_ONE_NAME),
    ({"all": [], "any": []}, "", Wrong.NOT_ONE_NAME),
    ({"nobody": {}}, "", Wrong.NO_SUCH_CONDITION),
    ({"all": {}}, "all", Wrong.NOT_A_LIST),
    ({"all": [{"any": []}]}, "all[0].any", Wrong.EMPTY_GROUP),
    ({"all": [{"customers": {}}, {"orders": []}]}, "all[1].orders", Wrong.NOT_AN_OBJECT),
    ({"orders": {"plaices": ["Leeds"]}}, "orders.plaices", Wrong.NO_SUCH_FIELD),
    ({"orders": {"places": "Leeds"}}, "orders.places", Wrong.NOT_A_LIST),
    ({"orders": {"places": ["Leeds", 7]}}, "orders.places[1]", Wrong.NOT_A_TEXT),
    ({"orders": {"places": ["  "]}}, "orders.places[0]", Wrong.NOT_A_TEXT),
    ({"orders": {"places": ["a\x00b"]}}, "orders.places[0]", Wrong.NOT_A_TEXT),
    ({"orders": {"places": ["\ud800"]}}, "orders.places[0]", Wrong.NOT_A_TEXT),
    ({"orders": {"places": ["x" * 201]}}, "orders.places[0]", Wrong.NOT_A_TEXT),
    ({"orders": {"places": ["x"] * 501}}, "orders.places", Wrong.TOO_MANY_VALUES),
    ({"orders": {"stands": ["soon"]}}, "orders.stands[0]", Wrong.NOT_KNOWN),
    ({"cases": {"kinds": [["complaint"]]}}, "cases.kinds[0]", Wrong.NOT_KNOWN),
    ({"cases": {"incidents": ["incident:x"]}}, "cases.incidents[0]", Wrong.NOT_A_REFERENCE),
    ({"cases": {"opened": {"from": "yesterday"}}}, "cases.opened.from", Wrong.NOT_A_TIME),
    ({"cases": {"opened": {"from": "2026-11-02T10:00:00"}}}, "cases.opened.from", Wrong.NOT_A_TIME),
    ({"cases": {"opened": {"to": "0001-01-01T00:00:00Z"}}}, "cases.opened.to", Wrong.NOT_A_TIME),
    ({"cases": {"opened": {"until": "2026-11-02T10:00:00Z"}}}, "cases.opened.until", Wrong.NO_SUCH_FIELD),
    ({"cases": {"opened": BACKWARDS}}, "cases.opened", Wrong.ENDS_BEFORE_IT_BEGINS),
    ({"listed": {"list": True}}, "listed.list", Wrong.NOT_A_NUMBER),
    ({"listed": {"list": 10**30}}, "listed.list", Wrong.NOT_A_NUMBER),
    ({"listed": {}}, "listed", Wrong.NOT_A_NUMBER),
    ({"all": [{"customers": {}}] * 51}, "all", Wrong.TOO_MANY),
    ({"all": [{"any": [{"customers": {}}] * 26}] * 2}, "", Wrong.TOO_MANY),
    (deep(DEPTH_MOST + 2), ".".join(["not"] * (DEPTH_MOST + 1)), Wrong.TOO_DEEP),
    (deep(900), ".".join(["not"] * (DEPTH_MOST + 1)), Wrong.TOO_DEEP),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "where", "wrong"), HOSTILE)
def test_what_is_wrong_is_told_and_where(plain: Any, where: str, wrong: Wrong) -> None:
    with pytest.raises(NotConditions) as told:
        from_plain(plain)

    assert (told.value.where, told.value.wrong) == (where, wrong)
    assert str(told.value).startswith(where or "conditions")
    assert CONDITIONS_MOST == 50


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["all", "any", "not", "orders", "cases", "listed", "list", "places", "ordered", "from", "\udfff"]
            ),
            inner,
            max_size=2,
        )
    ),
    max_leaves=12,
)


@given(json)
def test_whatever_is_handed_in_is_read_or_refused(plain: Any) -> None:
    try:
        found = from_plain(plain)
    except NotConditions as refused:
        str(refused).encode()
    else:
        assert from_plain(to_plain(found)) == found

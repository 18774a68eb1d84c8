from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troth.cases.rules.filters import BUILT_IN, LISTS, NAMES, Filters, Order, filters_from

PLAIN = {
    "status": ["open", "waiting"], "cause": ["late"], "owner": ["me"], "team": ["7"], "unanswered": ["yes"],
    "promised": ["late"], "linked": ["12"], "public": ["no"], "group": ["VIP"],
    "opened_from": ["2026-11-01"], "search": ["bell"], "order": ["due"],
}  # fmt: skip


def test_what_an_address_says_is_read_and_said_again() -> None:
    filters = filters_from(PLAIN)

    assert filters.to_plain() == PLAIN
    assert (filters.opened_from, filters.order) == (date(2026, 11, 1), Order.DUE)


@pytest.mark.parametrize(
    "given_",
    [
        {"status": ["closed"]}, {"owner": ["sam"]}, {"team": ["-1"]}, {"team": ["²"]}, {"opened_to": ["2026-02-30"]},
        {"last_from": ["0001-01-01"]}, {"promised": ["soonish"]}, {"linked": ["9" * 19]}, {"order": ["random"]},
        {"unanswered": ["maybe"]}, {"public": ["perhaps"]}, {"group": [" \x00"]},
        {"search": [" \x00 "]}, {"colour": ["red"]}, {"status": []},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_left_out(given_: dict[str, list[str]]) -> None:
    assert filters_from(given_) == Filters()


def test_a_filter_is_taken_off_and_the_others_stay() -> None:
    filters = filters_from(PLAIN)

    assert filters.without("status", "open").status == ("waiting",)
    assert filters.without("owner").to_plain() == {name: kept for name, kept in PLAIN.items() if name != "owner"}


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(
    st.dictionaries(
        st.sampled_from(sorted(NAMES)),
        st.lists(st.text("0259-meé²\x00 ", max_size=12) | st.sampled_from(sum(LISTS.values(), ()))),
    )
)
def test_whatever_is_read_reads_the_same_again(given_: dict[str, list[str]]) -> None:
    once = filters_from(given_)

    assert filters_from(once.to_plain()) == once


def test_every_view_that_everybody_has_can_stand_in_an_address() -> None:
    assert all(filters_from(filters.to_plain()) == filters for filters in BUILT_IN.values())

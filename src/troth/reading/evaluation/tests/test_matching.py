from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from troth.reading.evaluation.matching import ENOUGH_IN_COMMON, Matched, common_share, match
from troth.reading.found import Span

Promise = tuple[Span, str]


def matched(gold: list[Promise], found: list[Promise]) -> list[Matched]:
    return match(
        gold,
        found,
        gold_span=lambda one: one[0],
        found_span=lambda one: one[0],
        agreement=lambda one, other: one[1] == other[1],
    )


def test_a_clause_belongs_to_the_sentence_that_holds_it() -> None:
    assert common_share(Span(10, 20), Span(0, 100)) == 1
    assert common_share(Span(0, 10), Span(5, 30)) == 0.5
    assert common_share(Span(0, 10), Span(10, 30)) == 0
    assert matched([(Span(10, 20), "")], [(Span(0, 100), "")]) == [(0, 0)]


def test_places_that_only_touch_do_not_belong_together() -> None:
    assert matched([(Span(0, 20), "")], [(Span(18, 40), "")]) == []


def test_two_promises_of_one_sentence_are_told_apart_by_what_they_say() -> None:
    gold = [(Span(0, 50), "friday"), (Span(0, 50), "monday")]
    found = [(Span(0, 50), "monday"), (Span(0, 50), "friday")]

    assert matched(gold, found) == [(0, 1), (1, 0)]


def test_one_found_for_two_counts_once_and_for_the_one_it_agrees_with() -> None:
    assert matched([(Span(0, 20), "a"), (Span(0, 20), "b")], [(Span(0, 20), "b")]) == [(1, 0)]


def test_as_many_are_paired_as_can_be() -> None:
    # The first agrees best with the sentence, and so would leave the clause without any.
    gold = [(Span(0, 60), "a"), (Span(0, 20), "b")]
    found = [(Span(0, 20), "a"), (Span(30, 60), "c")]

    assert matched(gold, found) == [(0, 1), (1, 0)]


spans = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda s: Span(s[0], s[0] + s[1]))
promises = st.lists(st.tuples(spans, st.sampled_from("ab")), max_size=5)


@given(gold=promises, found=promises)
def test_pairs_are_one_to_one_and_none_more_could_be_made(gold: list[Promise], found: list[Promise]) -> None:
    pairs = matched(gold, found)

    assert len({pair.gold for pair in pairs}) == len({pair.found for pair in pairs}) == len(pairs)
    assert all(common_share(gold[i][0], found[j][0]) >= ENOUGH_IN_COMMON for i, j in pairs)
    assert len(pairs) == most_pairs(gold, found)


def most_pairs(gold: list[Promise], found: list[Promise]) -> int:
    """By trying everything."""
    if not gold:
        return 0
    best = most_pairs(gold[1:], found)
    for j, other in enumerate(found):
        if common_share(gold[0][0], other[0]) >= ENOUGH_IN_COMMON:
            best = max(best, 1 + most_pairs(gold[1:], found[:j] + found[j + 1 :]))
    return best

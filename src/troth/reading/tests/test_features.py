from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.reading.features import BUCKETS, TOKENS_MAX, features, tokens, word_features


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t be sooooo late!!", ["don't", "be", "soo", "late", "!!"]),
        ("@Shop_Help see https://example.com/x #FAIL", ["@", "see", "://", "fail"]),
        ("£3.50, 10:30 and 1,000...", ["£", "0", "0", "and", "0"]),
        ("Grr 😡 :( …", ["grr", "😡", ":(", "…"]),
        ("", []),
    ],
)
def test_words_and_marks_are_told_apart(text: str, words: list[str]) -> None:
    assert [token.text for token in tokens(text)] == words


def test_the_buckets_of_a_text_are_the_same_everywhere() -> None:
    assert sorted(word_features("late")) == [8085]


def test_a_misspelt_word_shares_most_of_its_pieces() -> None:
    right, wrong, other = (set(features(tokens(word), word)) for word in ("delivery", "delivrey", "umbrella"))

    assert len(right & wrong) > 2 * len(right & other)


def test_what_is_negated_is_told_from_what_is_not() -> None:
    assert set(features(tokens("not happy"), "")) - set(features(tokens("happy"), ""))
    assert set(features(tokens("not at all happy"), "")) != set(features(tokens("at all not happy"), ""))


@given(st.text(max_size=300))
def test_every_place_lies_in_the_text(text: str) -> None:
    found = tokens(text)

    assert len(found) <= TOKENS_MAX
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    for bucket, (start, end) in features(found, text).items():
        assert 0 <= bucket < BUCKETS
        assert 0 <= start <= end <= len(text)

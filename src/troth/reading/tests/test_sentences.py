from __future__ import annotations

import pytest

from troth.reading.sentences import SENTENCE_CHARS_MAX, own_words, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("By 5 p.m. on Monday. Thanks", ["By 5 p.m. on Monday.", "Thanks"]),
        ("Dear Ann,\n\nI'll call.\n\nSam", ["Dear Ann,", "I'll call.", "Sam"]),
        ("We'll call you ^SM", ["We'll call you", "^SM"]),
        ("wrapped\nlines stay one", ["wrapped\nlines stay one"]),
        ("   ", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


def test_the_places_are_those_of_the_text() -> None:
    text = "  One.  Two \n\n Three. "

    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text


def test_a_text_without_full_stops_is_cut() -> None:
    assert max(len(sentence.text) for sentence in sentences("word " * 2_000)) <= SENTENCE_CHARS_MAX


def test_quoted_words_are_blanked_in_place() -> None:
    text = 'Yes.\n> no\nYou said "never".\n-----Original Message-----\nold'

    assert own_words(text) == 'Yes.\n    \nYou said "     ".\n' + " " * (len(text) - text.index("-----"))

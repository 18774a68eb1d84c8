from __future__ import annotations

import pytest

from troth.reading.wordlist import LINK, NUMBER, PERSON, SHOUTED, UNKNOWN, WordList, lowered, shipped_words

WORDS = [
    UNKNOWN,
    PERSON,
    LINK,
    NUMBER,
    SHOUTED,
    "so",
    "cool",
    "late",
    "un",
    "##help",
    "##ful",
    "don't",
    "cafe",
    "!!",
    "!",
]
WORDS += [".", "😡", "cat", "face", "parcel", ":)"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", []),
        ("Parcel late", ["parcel", "late"]),
        ("unhelpful", ["un", "##help", "##ful"]),
        ("sooooo coool", ["so", "cool"]),
        ("Don’t don't", ["don't", "don't"]),
        ("Café", ["cafe"]),
        ("the parcel's late", [UNKNOWN, "parcel", "late"]),
        ("@shop 12.50 https://a.example/b [NAME]", [PERSON, NUMBER, LINK, PERSON]),
        ("LATE!!!!", [SHOUTED, "late", "!!"]),
        ("_LATE_", [SHOUTED, "late"]),
        ("😡😾", ["😡", "cat", "face"]),
        ("late :-)))", ["late", ":)"]),
        ("x" * 100_000, [UNKNOWN]),
        ("私\x00\u202e", [UNKNOWN, UNKNOWN, UNKNOWN]),
    ],
)
def test_a_text_is_read_as_numbers(text: str, read: list[str]) -> None:
    words = WordList(WORDS)

    assert [WORDS[number] for number in words.numbers(text)] == read
    assert [WORDS[number] for number in words.placed(text)[0]] == read


def test_every_number_has_the_place_of_its_word() -> None:
    text = "Ünhelpful LATE İ 😡"

    numbers, places = shipped_words().placed(text)

    assert len(numbers) == len(places)
    assert {text[start:end] for start, end in places} == {"Ünhelpful", "LATE", "İ", "😡"}


def test_small_letters_keep_every_place() -> None:
    assert lowered("İSTANBUL Straße") == "İstanbul straße"


def test_no_word_is_listed_twice() -> None:
    assert len(shipped_words()) > 20_000

from __future__ import annotations

import math

import pytest

from troth.reading.embedding import embed, embed_many

TEXTS = [
    "Where is my parcel? It was due on Monday.",
    "",
    "My package has still not been delivered.",
    "I was charged twice for the same invoice.",
    "😡",
    "\x00 \n",
    "İstanbul 私の荷物",
]


def likeness(one: str, other: str) -> float:
    return sum(a * b for a, b in zip(embed(one), embed(other), strict=True))


@pytest.mark.parametrize(
    ("text", "same_matter", "other_matter"),
    [
        ("My parcel has not come.", "Where is my package? Still not delivered.", "The engineer was rude to me."),
        ("I was charged twice.", "You took the payment two times from my account.", "The kettle leaks."),
        ("I cannot log in.", "My password does not work.", "The soup was cold."),
        ("The router drops the connection.", "My internet keeps going off.", "My suitcase is lost."),
        ("Please cancel my subscription.", "I want to end my contract.", "The shirt is too small."),
        ("The flight was late.", "Our plane was delayed for hours.", "I forgot my pin."),
    ],
)
def test_what_is_about_the_same_lies_closer(text: str, same_matter: str, other_matter: str) -> None:
    assert likeness(text, same_matter) > likeness(text, other_matter) + 0.1


def test_a_vector_is_one_long_and_a_text_without_words_has_none() -> None:
    lengths = [math.hypot(*embed(text)) for text in TEXTS]

    assert lengths == pytest.approx([1, 0, 1, 1, 1, 0, 1], abs=1e-3)
    assert {len(embed(text)) for text in TEXTS} == {0, 64}


def test_many_are_embedded_as_one_by_one() -> None:
    assert embed_many(TEXTS) == [embed(text) for text in TEXTS]
    assert embed_many([]) == []

from __future__ import annotations

import pytest

from troth.search.rules.asked import Asked, asked


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Asked()),
        ("  ", Asked()),
        ("hinge", Asked(("hinge",), begins=True)),
        ("hinge ", Asked(("hinge",))),
        ("hi", Asked(("hi",))),
        ("broken hinge", Asked(("broken", "hinge"), begins=True)),
        ('"broken hinge" door', Asked(("broken hinge", "door"), begins=True)),
        ('"broken hinge', Asked(("broken hinge",))),
        ("hinge -door", Asked(("hinge",), ("door",))),
        ('hinge -"front door"', Asked(("hinge",), ("front door",))),
        ("#42", Asked(("42",), number=42)),
        ("refund 42", Asked(("refund", "42"), number=42)),
        ("-42 refund", Asked(("refund",), ("42",), begins=True)),
        ("ann@example.org", Asked(("ann@example.org",))),
        ("- & | ! :*", Asked()),
        ('""', Asked()),
    ],
)
def test_what_was_typed_is_taken_apart(typed: str, expected: Asked) -> None:
    assert asked(typed) == expected


def test_nobody_asks_for_a_thousand_words() -> None:
    assert len(asked("word " * 1000).wanted) == 12


def test_a_customer_is_asked_for_by_words_that_tell_somebody() -> None:
    assert asked('"Ann Archer" of Leeds').names == ("Ann", "Archer", "Leeds")

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


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 9 Mar 2026 at 10:00, Sam Somebody\n<sam@example.org> wrote:\n\nWe will refund you.",
        "On Mon, 9 Mar 2026 at 10:00, Sam Somebody <sam@example.org>\nwrote:\n\nWe will refund you.",
        "From: Sam Somebody\nSent: Monday\nTo: Ann\n\nWe will refund you.",
        "Von: Sam Somebody\nGesendet: Montag, 9. März 2026\n\nWir erstatten es Ihnen.",
        "De : Sam Somebody\nEnvoyé : lundi 9 mars 2026\n\nNous vous rembourserons.",
    ],
)
def test_the_mail_that_is_answered_is_left_out_however_it_is_headed(quoted: str) -> None:
    assert own_words(f"Yes.\n\n{quoted}").rstrip() == "Yes."


@pytest.mark.parametrize(
    "own",
    [
        "On Friday we'll ring you.\nSam wrote: it is late.",
        "On Friday, from: you.\nSent: it",
        "From: us all.\nWe'll ring.",
    ],
)
def test_what_only_looks_like_the_head_of_a_mail_is_read(own: str) -> None:
    assert own_words(own) == own


def test_quoted_words_are_blanked_in_place() -> None:
    text = 'Yes.\n> no\nYou said "never".\n-----Original Message-----\nold'

    assert own_words(text) == 'Yes.\n    \nYou said "     ".\n' + " " * (len(text) - text.index("-----"))

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.reading.language import LANGUAGES, UNKNOWN, language_of, words_of

SHORT = Path(__file__).parents[4] / "corpus/languages/short.jsonl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We'll call you back tomorrow.", "en"),
        ("pls refund me asap", "en"),
        ("Wir melden uns bis Freitag bei Ihnen.", "de"),
        ("wo bleibt meine bestellung", "de"),
        ("Ich kuemmere mich darum", "de"),
        ("Le llamaremos mañana por la tarde.", "es"),
        ("donde esta mi paquete", "es"),
        ("Nous vous rappelons demain matin.", "fr"),
        ("j'attends toujours mon colis", "fr"),
        ("We bellen u morgen terug.", UNKNOWN),
        ("La richiameremo domani.", UNKNOWN),
        ("Vamos ligar-lhe amanhã.", UNKNOWN),
        ("Oddzwonimy jutro.", UNKNOWN),
        ("Vi ringer dig i morgon.", UNKNOWN),
        ("Yarın sizi arayacağız.", UNKNOWN),
        ("明日お電話いたします", UNKNOWN),
        ("سنتصل بك غدا", UNKNOWN),
        ("", UNKNOWN),
        ("AB-48211/77", UNKNOWN),
        ("https://example.com/where-is-my-order", UNKNOWN),
        ("ann@example.com", UNKNOWN),
        ("<br><br>&nbsp;", UNKNOWN),
        ("Zxqk vbrt ppl", UNKNOWN),
    ],
)
def test_a_text_is_told_or_honestly_unknown(text: str, language: str) -> None:
    assert language_of(text) == language


def test_short_and_noisy_messages_are_told_as_well_as_published() -> None:
    rows = [json.loads(line) for line in SHORT.read_text("utf-8").splitlines()]

    told = [(row["language"], language_of(row["text"])) for row in rows]

    assert sum(language == said for language, said in told) / len(told) >= 0.95
    assert not [pair for pair in told if pair[0] in LANGUAGES and pair[1] not in {pair[0], UNKNOWN}]


def test_one_language_outweighs_a_name_or_a_phrase_of_another() -> None:
    assert language_of("Your parcel from Müller & Söhne in Straßburg will arrive on Monday") == "en"
    assert language_of("Ihr Paket von Best Buy Online kommt am Montag zu Ihnen, thank you") == "de"


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert language_of(text) in {*LANGUAGES, UNKNOWN}


def test_what_is_no_word_is_not_weighed() -> None:
    assert words_of("See https://example.com/wie-geht-es l’eau A1B2 #danke") == ["see", "l'", "eau"]
    assert len(max(words_of("x" * 100_000), key=len)) == 30

"""The texts of a draft as they are told: subject and words by language; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from troth.incidents.rules.writing import composed, next_sentence


def words_of(text: Mapping[str, str], *, guided: bool, next_word_at: datetime | None, zone: str) -> str:
    """What one language says: the five fields as a letter, or the text as it was written."""
    if not guided:
        return text.get("words", "").strip()
    language = text.get("language", "en")
    sentence = next_sentence(next_word_at, zone=zone, language=language) if next_word_at else ""
    written = composed(text)
    return composed(text, next_sentence=sentence) if written else ""


def spoken_texts(
    texts: Iterable[Mapping[str, str]], *, guided: bool, next_word_at: datetime | None, zone: str
) -> dict[str, tuple[str, str]]:
    """Subject and words by language, in the order in which they were written; without what is empty."""
    found: dict[str, tuple[str, str]] = {}
    for text in texts:
        words = words_of(text, guided=guided, next_word_at=next_word_at, zone=zone)
        if words:
            found[text.get("language", "en")] = (text.get("subject", "").strip(), words)
    return found

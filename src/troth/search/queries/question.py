"""What was typed, as a question that the index understands in every language at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import caches
from django.db import connection

from troth.search.rules.asked import Asked

TONGUES = ("english", "german", "spanish", "french", "simple")
#: Lexemes that begin like the last word, where many passages hold some.
BEGINNINGS_MOST = 16


@dataclass(frozen=True)
class Question:
    """What is asked of the index, as PostgreSQL writes a tsquery; empty where there is no word in it."""

    text: str
    #: In some tongue every word of it is too common to be kept.
    is_common: bool = False


def understood(words: Asked) -> Question:
    """The same question in every tongue at once: a passage is stemmed by its own, and finds itself in one of them.

    One statement. Words that a tongue does not keep ("the") ask nothing in it; what must not stand there may not in any.
    """
    if not words.wanted:
        return Question("")
    parts = [*words.wanted, *words.unwanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ARRAY(SELECT phraseto_tsquery(tongue::regconfig, part)::text"
            " FROM unnest(%(parts)s::text[]) WITH ORDINALITY AS p(part, place) ORDER BY place)"
            " FROM unnest(%(tongues)s::text[]) WITH ORDINALITY AS t(tongue, place) ORDER BY place",
            {"parts": parts, "tongues": list(TONGUES)},
        )
        said = [row[0] for row in cursor.fetchall()]
    count = len(words.wanted)
    wanted: list[str] = []
    for each in said:
        own = each[:count]
        if words.begins and own[-1]:
            own = [*own[:-1], _beginning(own[-1])]
        wanted.append(" & ".join(f"({part})" for part in own if part))
    unwanted = [part for each in said for part in each[count:] if part]
    either = _any_of(wanted)
    text = f"({either}) & !({_any_of(unwanted)})" if either and unwanted else either
    return Question(text, is_common=not all(wanted))


def _any_of(parts: Iterable[str]) -> str:
    return " | ".join(f"({part})" for part in dict.fromkeys(parts) if part)


def _beginning(lexeme: str) -> str:
    """*lexeme*, or what begins with it. Where common words do, those: to gather all would read half the index."""
    plain = lexeme.strip("'")
    if not plain.isalnum():
        return lexeme
    begun = [word for word in _common() if word.startswith(plain) and word.isalnum()]
    if not begun:
        return f"'{plain}':*"
    return _any_of(f"'{word}'" for word in [plain, *sorted(begun, key=len)][:BEGINNINGS_MOST])


def _common() -> list[str]:
    """The commonest lexemes as the last ANALYZE counted them; some minutes old at most."""
    found: list[str] | None = caches["process"].get("search.common")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_elems::text::text[] FROM pg_stats"
                " WHERE schemaname = current_schema() AND tablename = 'search_passage' AND attname = 'words'"
            )
            row = cursor.fetchone()
        found = list(row[0]) if row and row[0] else []
        caches["process"].set("search.common", found, 600)
    return found

"""A text as a set of numbers: its words, word pairs and pieces of words, each hashed into one of a fixed number of buckets.

The hashing trick (Weinberger et al. 2009) needs no dictionary, so a word never seen costs nothing and a misspelt one
still shares its pieces with the right one. The hash is CRC-32, which is the same on every machine and in every year, for
weights are stored by bucket. Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from troth.reading.found import Span

BUCKETS = 1 << 16
"""How many different features are told apart; a power of two, so that a mask does for a remainder."""

TOKENS_MAX = 1_200
"""Longer texts are weighed by their beginning: what a customer raises is said early."""

_MASK = BUCKETS - 1
_LETTERS_MAX = 24
"""Longer words give their pieces up to here."""
_TOKEN = re.compile(
    r"(?P<link>https?:\S+|www\.\S+)|(?P<name>@\w+)|(?P<word>#?[^\W\d_]+(?:['’][^\W\d_]{1,3}\b)?)|(?P<number>\d[\d.,:/]*)|"
    r"(?P<mark>[!?]+|\.\.+|…|[£$€%]|:-?[()/|DPp]|[^\w\s.,;:'\"’“”()\[\]/*_#@&+=<>~|^`\\{}-])|(?P<stop>[.,;:\n])"
)
_REPEATED = re.compile(r"(\w)\1{2,}")
_NEGATORS = frozenset(
    """
    not no never without nothing nobody none neither nor cannot cant dont didnt doesnt isnt wasnt wont hasnt havent
    couldnt wouldnt arent werent aint hardly barely
    """.split()  # noqa: SIM905 easier to read and to edit than a list
)
_NEGATED_WORDS = 3
"""How many words after a "not" it is taken to turn round (Das and Chen 2001), unless a full stop or comma ends it."""


class Token(NamedTuple):
    """A word or mark as it counts, and where it stands."""

    text: str
    """In small letters; a name is ``@``, a link ``://``, a number ``0``, and ``sooo`` is ``soo``."""
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words and marks of *text* in order, at most `TOKENS_MAX`. Commas and full stops are kept as ``.``."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        found.append(Token(_plain(kind, match[0]), *match.span()))
        if len(found) == TOKENS_MAX:
            break
    return found


def _plain(kind: str, written: str) -> str:
    if kind == "word":
        word = written.lstrip("#").lower().replace("’", "'")
        return _REPEATED.sub(r"\1\1", word)
    if kind == "mark":
        return "…" if written.startswith("..") else written if len(written) < 3 else written[:2]
    return {"link": "://", "name": "@", "number": "0", "stop": "."}[kind]


def features(found: list[Token], text: str) -> dict[int, Span]:
    """The buckets that *text*, of which *found* are the tokens, falls into, each with the first place that shows it."""
    buckets: dict[int, Span] = {}
    before, negated, place = _START, 0, Span(0, 0)
    for word, start, end in found:
        last, place = place, Span(start, end)
        if word == ".":
            before, negated = _START, 0
            continue
        whole, pieces = _hashes(word)
        buckets.setdefault(whole & _MASK, place)
        buckets.setdefault((before * 31 + whole) & _MASK, Span(last.start, end) if before != _START else place)
        for piece in pieces:
            buckets.setdefault(piece, place)
        if negated:
            buckets.setdefault((whole ^ _NOT) & _MASK, place)
            negated -= 1
        if word in _NEGATORS or word.endswith("n't"):
            negated = _NEGATED_WORDS
        before = whole
    for name in _shape(found, text):
        buckets.setdefault(crc32(name.encode()) & _MASK, Span(0, 0))
    return buckets


def word_features(text: str) -> dict[int, Span]:
    """Words and word pairs alone: few enough to learn from a handful of examples."""
    buckets: dict[int, Span] = {}
    before, last = _START, Span(0, 0)
    for word, start, end in tokens(text):
        if word == ".":
            before = _START
            continue
        whole = crc32(word.encode(errors="replace"))
        buckets.setdefault(whole & _MASK, Span(start, end))
        if before != _START:
            buckets.setdefault((before * 31 + whole) & _MASK, Span(last.start, end))
        before, last = whole, Span(start, end)
    return buckets


@lru_cache(maxsize=60_000)
def _hashes(word: str) -> tuple[int, array[int]]:
    """The hash of the word, and the buckets of its pieces of three to five letters, its beginning and end marked."""
    pieces: array[int] = array("l")
    if word[0].isalpha():
        marked = f"<{word[:_LETTERS_MAX]}>".encode(errors="replace")
        for size in (3, 4, 5):
            pieces.extend(crc32(marked[at : at + size], size) & _MASK for at in range(len(marked) - size + 1))
    return crc32(word.encode(errors="replace")), pieces


def _shape(found: list[Token], text: str) -> list[str]:
    """What the words do not tell: how long it is, how it is asked, whether it shouts."""
    count = len(found)
    shape = [f"length:{min(count.bit_length(), 9)}"]
    marks = {token.text for token in found}
    shape += [f"has:{mark}" for mark in ("?", "!", "!!", "??", "…", "@", "://") if mark in marks]
    if found and found[-1].text in {"?", "!", "…", "??", "!!"}:
        shape.append(f"ends:{found[-1].text}")
    shouted = sum(text[start:end].isupper() and end - start > 3 for _, start, end in found)
    if shouted:
        shape.append("shouts" if shouted < 3 else "shouts:much")
    return shape


_START = crc32(b"\n")
_NOT = crc32(b"\nnot")

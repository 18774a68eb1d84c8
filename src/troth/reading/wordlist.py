"""The words of a text as numbers: what the shipped models read.

One list serves them all. A word that is not in it is tried without its lengthened letters and its accents, and is
then cut into the longest pieces that are (Wu et al. 2016, arXiv:1609.08144); a piece that goes on a word starts with ``##``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from troth.reading.weights import load

WORD_CHARS_MAX = 40
"""A longer "word" is none: it is one unknown token, however long."""

UNKNOWN, PERSON, LINK, NUMBER, SHOUTED = "[unk]", "[person]", "[link]", "[number]", "[shouted]"

_TOKEN = re.compile(
    r"https?://\S*|www\.\S+|[^\W\d_]+(?:['’](?:[a-z]{1,2}\b))?|\[(?:name|religion)\]|@\w+|\d+(?:[.,:]\d+)*|"
    r"[:;=]['-]?[)(/\\|dp]+(?!\w)|\.{2,}|!+|\?+|[^\w\s]"
)
_SHOUT = re.compile(r"[A-Z]{3,}")
_LENGTHENED = re.compile(r"(.)\1{2,}")


class WordList:
    """Words and pieces with their numbers, in the order of the list."""

    def __init__(self, words: Sequence[str]) -> None:
        self._numbers = {word: number for number, word in enumerate(words)}
        self._unknown = self._numbers[UNKNOWN]
        self._shouted = self._numbers[SHOUTED]
        self._seen: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, text: str) -> list[int]:
        """The numbers of the words of *text*."""
        known = self._numbers
        out: list[int] = []
        if _SHOUT.search(text):
            for start, end in self.places(text):
                out += self._numbers_at(text, start, end)
            return out
        for word in _TOKEN.findall(lowered(text)):
            number = known.get(word)
            if number is None:
                out += self._pieces(word)
            else:
                out.append(number)
        return out

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand."""
        return [match.span() for match in _TOKEN.finditer(lowered(text))]

    def placed(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The numbers, and for each the place of the word it belongs to."""
        numbers: list[int] = []
        places: list[tuple[int, int]] = []
        for start, end in self.places(text):
            found = self._numbers_at(text, start, end)
            numbers += found
            places += [(start, end)] * len(found)
        return numbers, places

    def _numbers_at(self, text: str, start: int, end: int) -> tuple[int, ...]:
        word = text[start:end]
        low = lowered(word)
        number = self._numbers.get(low)
        found = self._pieces(low) if number is None else (number,)
        return (self._shouted, *found) if _SHOUT.fullmatch(word) else found

    def _pieces(self, word: str) -> tuple[int, ...]:
        found = self._seen.get(word)
        if found is None:
            found = self._cut(word)
            if len(self._seen) < _SEEN_MAX and len(word) <= WORD_CHARS_MAX:
                self._seen[word] = found
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        known = self._numbers
        first = word[0]
        if first.isdigit():
            return (known[NUMBER],)
        if first == "@" or first == "[":
            return (known[PERSON],) if len(word) > 1 else (self._unknown,)
        if word.startswith(("http", "www.")):
            return (known[LINK],) if "/" in word or "." in word else self._longest(word)
        if first in "!?." and len(word) > 1:
            return (known.get(first * 2, known[first]),)
        if not first.isalpha():
            return self._mark(word)
        word = word.replace("’", "'")
        if not word.isascii():
            plain = unicodedata.normalize("NFKD", word)
            word = "".join(char for char in plain if not unicodedata.combining(char)).lower()
        twice = _LENGTHENED.sub(r"\1\1", word)
        for candidate in (word, twice, _LENGTHENED.sub(r"\1", word), word.removesuffix("'s")):
            if (number := known.get(candidate)) is not None:
                return (number,)
        return self._longest(twice)

    def _mark(self, mark: str) -> tuple[int, ...]:
        """An emoji that is not in the list is told by its name: "😾" is "pouting cat face"."""
        if len(mark) == 1 and unicodedata.category(mark) == "So":
            words = re.findall(r"[a-z]+", unicodedata.name(mark, "").lower())[:8]
            return tuple(number for word in words if (number := self._numbers.get(word)) is not None)
        if len(mark) > 2 and (number := self._numbers.get(mark[0] + mark[-1])) is not None:  # ":-)" and ":)))"
            return (number,)
        return (self._unknown,)

    def _longest(self, word: str) -> tuple[int, ...]:
        if len(word) > WORD_CHARS_MAX:
            return (self._unknown,)
        out: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = word[start:end] if start == 0 else "##" + word[start:end]
                if (number := self._numbers.get(piece)) is not None:
                    out.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(out)


_SEEN_MAX = 20_000
"""So many cut words are remembered; a process that meets more cuts them again."""


def lowered(text: str) -> str:
    """Small letters, every one in its place (a few capitals of other scripts have two small letters: they stay)."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


@cache
def shipped_words() -> WordList:
    """The list that ships."""
    content = load("words").arrays["words"].tobytes()
    return WordList(content.decode().split("\n"))

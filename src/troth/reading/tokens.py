"""A text cut into words, numbers and signs, for readers that look at a word and its neighbours."""

from __future__ import annotations

import re
from typing import Any

from troth.reading.days import Now
from troth.reading.pieces import Piece, What

BEYOND = 12
"""So many empty words stand beyond either end of a text: no reader looks further without meeting one."""

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")


class Words:
    """The words of a text in lower case, with their places.

    Beyond either end stand empty words (before the start, because Python counts negative places from the end), so
    that a reader may look at the neighbours of any word.
    """

    __slots__ = ("count", "ends", "floor", "last", "now", "starts", "text", "words")

    def __init__(self, text: str, now: Now) -> None:
        places = [token.span() for token in _TOKEN.finditer(text)]
        self.text = text
        self.now = now
        self.count = len(places)
        self.words = [*(text[start:end].lower() for start, end in places), *[""] * BEYOND]
        self.starts, self.ends = zip(*places, *[(len(text), len(text))] * BEYOND, strict=True)
        self.floor = 0
        """Words before this place belong to a piece already."""
        self.last: Piece | None = None
        """The piece that ends there."""

    def touches(self, i: int) -> bool:
        """Does word *i* stand right behind the one before it, without a space?"""
        return 0 < i < self.count and self.ends[i - 1] == self.starts[i]

    def is_capital(self, i: int) -> bool:
        return i < self.count and self.text[self.starts[i]].isupper()

    def after(self, i: int, end: int) -> int:
        """The first word from *i* on that starts at or behind the character *end*."""
        while i < self.count and self.starts[i] < end:
            i += 1
        return i

    def piece(self, i: int, j: int, what: What, **details: Any) -> Piece:
        """The piece made of the words from *i* up to but not including *j*."""
        return Piece(self.starts[max(i, self.floor)], self.ends[j - 1], what, **details)


Found = tuple[Piece | None, int] | None
"""What a reader gives back: a piece, and the place of the first word behind it; no piece, where the words up to there
are surely none; None, where it has nothing to say."""

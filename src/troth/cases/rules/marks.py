"""A text cut where the words that show something begin and end, so that they can be marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Piece:
    """A piece of the text, and what its words show; nothing where they were not taken for a sign of anything."""

    words: str
    shows: tuple[str, ...] = ()


def marked(text: str, signs: Iterable[tuple[int, int, str]]) -> list[Piece]:
    """The whole text in pieces; each sign is where it starts, where it ends, and what it shows. They may overlap."""
    within = [(max(0, start), min(end, len(text)), shows) for start, end, shows in signs]
    given = [sign for sign in within if sign[0] < sign[1]]
    cuts = sorted({0, len(text), *(at for start, end, _shows in given for at in (start, end))})
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        shows = tuple(dict.fromkeys(what for first, last, what in given if first <= start and end <= last))
        if pieces and pieces[-1].shows == shows:
            pieces[-1] = Piece(pieces[-1].words + text[start:end], shows)
        else:
            pieces.append(Piece(text[start:end], shows))
    return pieces

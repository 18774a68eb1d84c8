"""What a text is about, as a point: texts about the same thing lie close, whatever words they use.

Each word has a vector, and a text is the sum of its words' vectors, made one long. The vectors were taught to agree with a
sentence model a hundred times their size (`training/embedding`). Sums are of whole numbers, so the same text has the same
point everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from troth.reading.weights import load, numpy
from troth.reading.wordlist import shipped_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = 4
"""So many digits of each part are given back."""


def embed(text: str) -> tuple[float, ...]:
    """The unit vector of *text*: the dot product of two is their similarity. Empty if no word of it is known."""
    return embed_many([text])[0]


def embed_many(texts: Sequence[str]) -> list[tuple[float, ...]]:
    """The unit vector of each text, the same as one by one."""
    words = shipped_words()
    return embed_numbers([words.numbers(text) for text in texts])


def embed_numbers(texts: Sequence[Sequence[int]]) -> list[tuple[float, ...]]:
    """The same of texts whose words are already numbers of the vocabulary."""
    np = numpy()
    written = [number for number, text in enumerate(texts) if text]
    found: list[tuple[float, ...]] = [()] * len(texts)
    if not written:
        return found
    flat = np.array([word for number in written for word in texts[number]])
    lengths = [len(texts[number]) for number in written]
    starts = np.cumsum([0, *lengths[:-1]])
    sums = np.add.reduceat(_table()[flat], starts, axis=0, dtype=np.int64)
    sizes = np.sqrt((sums * sums).sum(1, keepdims=True))
    units = np.round(sums / np.maximum(sizes, 1), DIGITS).tolist()
    for number, unit, size in zip(written, units, sizes[:, 0].tolist(), strict=True):
        if size:
            found[number] = tuple(unit)
    return found


@cache
def _table() -> NDArray[Any]:
    return load("embedding").arrays["table"]

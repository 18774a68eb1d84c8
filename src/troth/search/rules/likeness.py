"""How like two cases are: by the telling words they share, and by what was read in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, sqrt

#: So many of a case's words are looked for; two of them must stand together.
WORDS_MOST = 10
#: What the index of words has not counted is as rare as this share at most.
UNCOUNTED = 0.002
#: A word in more of all passages than this tells nothing.
COMMON = 0.25
#: What meaning, shared words and the same cause count for; chosen on public complaints (docs/benchmarks.md).
MEANING, SHARED, CAUSE = 1.0, 1.0, 0.15


def telling(counts: Mapping[str, int], shares: Mapping[str, float]) -> list[str]:
    """The words that say most of what this case is about; names and numbers, which stand in one case alone, last."""
    weights = {
        word: (1 + log(count)) * log(1 / max(shares.get(word, UNCOUNTED), UNCOUNTED))
        for word, count in counts.items()
        if word.isalpha() and len(word) > 2 and shares.get(word, 0.0) < COMMON
    }
    known_first = sorted(weights, key=lambda word: (word not in shares and bool(shares), -weights[word], word))
    return known_first[:WORDS_MOST]


def alike(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of two unit vectors; nothing where either is missing."""
    return sum(a * b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else 0.0


def weighed(counts: Mapping[str, int], shares: Mapping[str, float]) -> dict[str, float]:
    """The words of a text, each by how telling it is, together of length one (TF-IDF)."""
    weights = {
        word: (1 + log(count)) * log(1 / max(shares.get(word, UNCOUNTED), UNCOUNTED)) for word, count in counts.items()
    }
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def shared(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much two texts say in the same words: from 0 to 1."""
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def likeness(*, meaning: float, shared: float, same_cause: bool) -> float:
    """One figure to sort by."""
    return MEANING * meaning + SHARED * shared + CAUSE * same_cause

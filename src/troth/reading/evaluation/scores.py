"""The figures: precision, recall, F1, calibration. Each is None where it is not defined, never a flattering nought.

Precision and recall after van Rijsbergen (Information Retrieval, 1979); macro-F1 is the mean of the classes' F1, as
Opitz and Burst ("Macro F1 and Macro F1", 2019) recommend; expected calibration error after Guo et al. (2017); the
Brier score after Brier (1950).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

C = TypeVar("C", bound=Hashable)

BINS = 10


@dataclass(frozen=True)
class Counts:
    """How often a thing is there, was said to be there, and both."""

    right: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float | None:
        """How much of what was found is right; None if nothing was found."""
        return share(self.right, self.found)

    @property
    def recall(self) -> float | None:
        """How much of what is there was found; None if nothing is there."""
        return share(self.right, self.gold)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two; None if there was nothing to find and nothing was found."""
        return share(2 * self.right, self.found + self.gold)

    def to_plain(self) -> dict[str, Any]:
        return {
            "gold": self.gold,
            "found": self.found,
            "right": self.right,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


class Pair(NamedTuple):
    """How sure something was, and whether it was right."""

    confidence: float
    is_right: bool


@dataclass(frozen=True)
class Bin:
    """Findings of about the same confidence."""

    low: float
    high: float
    count: int
    confidence: float | None
    """The mean of what was said."""
    accuracy: float | None
    """The share that was right."""


@dataclass(frozen=True)
class Calibration:
    """Are eighty of a hundred findings at 0.8 right?"""

    findings: int
    bins: tuple[Bin, ...]
    ece: float | None
    """Expected calibration error: how far confidence and accuracy lie apart, weighted by the findings in each bin."""
    brier: float | None
    """The mean squared distance between confidence and truth."""


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def by_class(
    rows: Iterable[tuple[Collection[C], Collection[C]]], classes: Iterable[C] | None = None
) -> dict[C, Counts]:
    """For each class its counts over rows of (gold labels, found labels): one label each, or several, or none."""
    counts: dict[C, Counts] = {each: Counts() for each in classes or ()}
    for gold, found in rows:
        for label in {*gold, *found}:
            is_gold, is_found = label in gold, label in found
            counts[label] = counts.get(label, Counts()) + Counts(is_gold and is_found, is_found, is_gold)
    return counts


def macro_f1(counts: Iterable[Counts]) -> float | None:
    """The mean F1 of the classes that are there or were found; a class missed wholly counts as nought."""
    known = [each.f1 for each in counts if each.f1 is not None]
    return sum(known) / len(known) if known else None


def micro(counts: Iterable[Counts]) -> Counts:
    """All classes as if they were one."""
    return sum(counts, Counts())


def calibration(pairs: Sequence[Pair], bins: int = BINS) -> Calibration:
    """Confidence against truth, in *bins* of equal width; 1.0 lies in the last."""
    filled: list[list[Pair]] = [[] for _ in range(bins)]
    for pair in pairs:
        filled[min(int(pair.confidence * bins), bins - 1)].append(pair)
    made = tuple(_bin(pairs_in, number / bins, (number + 1) / bins) for number, pairs_in in enumerate(filled))
    gaps = (
        each.count * abs(each.confidence - each.accuracy)
        for each in made
        if each.confidence is not None and each.accuracy is not None
    )
    return Calibration(
        findings=len(pairs),
        bins=made,
        ece=sum(gaps) / len(pairs) if pairs else None,
        brier=_mean(pairs, lambda pair: (pair.confidence - pair.is_right) ** 2),
    )


def _bin(pairs: Sequence[Pair], low: float, high: float) -> Bin:
    return Bin(
        low=low,
        high=high,
        count=len(pairs),
        confidence=_mean(pairs, lambda pair: pair.confidence),
        accuracy=_mean(pairs, lambda pair: float(pair.is_right)),
    )


def _mean(pairs: Sequence[Pair], number: Callable[[Pair], float]) -> float | None:
    return sum(number(pair) for pair in pairs) / len(pairs) if pairs else None

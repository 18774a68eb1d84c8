"""How well words alone tell that it happened again: python -m bench.recurring FILE.csv TEXT CAUSE PRODUCT

FILE holds complaints, one a row; TEXT, CAUSE and PRODUCT name its columns. All complaints of one cause and product stand for one
failing: its first ten are those of an incident, later ones are the same thing once more, and those of the same cause about another
product, or of another cause about the same product, are not. So it is what words tell, as `found` asks them where neither product
nor place is known. Failings are put into one half or the other by their names: what is chosen in one is judged by the other.
Nothing of the file is kept; prints a table for docs/benchmarks.md.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from troth.incidents.rules.recurring import ALIKE, VERY_ALIKE
from troth.reading.embedding import embed_many

FIRST, LATER_LEAST = 10, 5
AT = sorted({*(round(0.5 + 0.05 * step, 2) for step in range(10)), ALIKE, VERY_ALIKE})


def main(path: str, text: str, cause: str, product: str) -> None:
    csv.field_size_limit(10_000_000)
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[text] and row[cause] and row[product]]
    points = embed_many([row[text] for row in rows])
    of: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if points[number]:
            of[row[cause], row[product]].append(number)
    halves: list[list[tuple[list[float], list[float]]]] = [[], []]
    for name, (again, other) in likenesses(of, points):
        halves[sha256("\t".join(name).encode()).digest()[0] % 2].append((again, other))
    for half, words in zip(halves, ("chosen on", "judged by"), strict=True):
        print(f"\n{words}: {len(half)} failings, {sum(len(a) for a, _ in half):,} again,", end=" ")
        print(f"{sum(len(o) for _, o in half):,} near to it and not the same\n")
        print(
            "| alike from | found of those that are | found of those that are not | right at even odds |\n|---|---|---|---|"
        )
        for at in AT:
            hit = float(np.mean([np.mean(np.array(again) >= at) for again, _ in half]))
            wrong = float(np.mean([np.mean(np.array(other) >= at) for _, other in half]))
            right = f"{hit / (hit + wrong):.0%}" if hit + wrong else "–"
            print(f"| {at:.2f} | {hit:.0%} | {wrong:.0%} | {right} |")


def likenesses(
    of: dict[tuple[str, str], list[int]], points: list[tuple[float, ...]]
) -> Iterator[tuple[tuple[str, str], tuple[list[float], list[float]]]]:
    """Of each failing, how alike later complaints are to its first: those that are the same, and those near to it."""
    for (cause, product), numbers in of.items():
        first, again = numbers[:FIRST], numbers[FIRST:]
        other = [n for (c, p), some in of.items() if (c == cause) != (p == product) for n in some]
        if len(again) < LATER_LEAST or len(other) < LATER_LEAST:
            continue
        known = np.array([points[number] for number in first])
        yield (cause, product), (nearest(again, known, points), nearest(other, known, points))


def nearest(numbers: list[int], known: NDArray[np.float64], points: list[tuple[float, ...]]) -> list[float]:
    return [float(one) for one in (np.array([points[number] for number in numbers]) @ known.T).max(1)]


if __name__ == "__main__":
    main(*sys.argv[1:])

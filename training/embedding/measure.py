"""Measures `troth.reading.embedding` against MiniLM, which taught it, and against TF-IDF.

    python -m training.embedding.measure --data DATA [--docs docs/reading]

Agreement with MiniLM is Spearman's, over pairs of texts nobody learnt from. "Same" is how often a text and the one nearest
to it belong to the same group. The airline's and the complaints' sets serve for measuring only.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer

from training.embedding.__main__ import encoded, minilm, split
from troth.reading.embedding import embed_many

PAIRS = 100_000
ROWS_MAX = 3_000


def similarities(texts: list[str]) -> dict[str, np.ndarray]:
    """The likeness of each text to each, by three ways."""
    words = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2)).fit_transform(texts)
    teacher = minilm(encoded(texts))
    ours = np.array([vector or (0.0,) * 64 for vector in embed_many(texts)], np.float32)
    return {"Troth": ours @ ours.T, "TF-IDF": (words @ words.T).toarray(), "MiniLM": teacher @ teacher.T}


def same(likeness: np.ndarray, groups: list[str]) -> float:
    likeness = likeness.copy()
    np.fill_diagonal(likeness, -9)
    named = np.array(groups)
    return float((named[likeness.argmax(1)] == named).mean())


def grouped(data: Path) -> dict[str, tuple[list[str], list[str]]]:
    found = {}
    for name, file, text, group in (
        ("airline tweets, by the reason of complaint", "airline/tweets_open.csv", "text", "negativereason"),
        ("complaints, by trade", "complaints/preotiuc_open.csv", "text", "domain"),
        ("bank complaints, by product", "cfpb/narratives_1000.csv", "narrative", "product"),
    ):
        with (data / file).open(encoding="utf-8", newline="") as lines:
            rows = [(row[text], row[group]) for row in csv.DictReader(lines) if row[group]]
        chosen = np.random.default_rng(0).permutation(len(rows))[:ROWS_MAX]
        found[name] = ([rows[row][0] for row in chosen], [rows[row][1] for row in chosen])
    return found


def told(data: Path) -> str:
    held = split(data)[1]
    likeness = similarities(held)
    rng = np.random.default_rng(0)
    one, other = (rng.integers(0, len(held), PAIRS) for _ in range(2))
    apart = one != other
    agreed = [
        spearmanr(each[one, other][apart], likeness["MiniLM"][one, other][apart])[0] for each in likeness.values()
    ]
    lines = [
        "| | " + " | ".join(likeness) + " |",
        "| --- | --- | --- | --- |",
        f"| agreement with MiniLM on {len(held):,} texts nobody learnt from (Spearman) | "
        + " | ".join(f"{value:.3f}" for value in agreed)
        + " |",
    ]
    for name, (texts, groups) in grouped(data).items():
        shares = [same(each, groups) for each in similarities(texts).values()]
        lines.append(f"| {name}: nearest is the same | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--docs", type=Path)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    text = told(chosen.data)
    print(text)
    if chosen.docs:
        page = chosen.docs / "embedding.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(_START)
        page.write_text(f"{before}{_START}\n{text}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")


_START, _END = "<!-- embedding: written by python -m training.embedding.measure -->", "<!-- embedding: end -->"

if __name__ == "__main__":
    main()

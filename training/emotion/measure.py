"""Measures `troth.reading.emotion` as it ships, through its public functions, on a file in GoEmotions' form.

    python -m training.emotion.measure --file original_dev.tsv [--docs docs/reading]

Prints F1 for each emotion, the calibration and the speed; with --docs it writes them between the marks of
`emotion.md` there and draws `emotion-reliability.svg`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from training.emotion.texts import CLASSES, Labelled, labelled
from troth.reading.emotion import emotions_in, emotions_in_many
from troth.reading.found import Finding
from troth.words.emotions import Emotion

Found = list[tuple[Finding[Emotion], ...]]
BINS = 10


@dataclass(frozen=True)
class Score:
    name: str
    precision: float
    recall: float
    count: int

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def scores(found: Found, gold: Labelled) -> list[Score]:
    """For each class; neutral is what is left where no emotion is found."""
    said = [{finding.value.value for finding in each} or {"neutral"} for each in found]
    rows = []
    for column, name in enumerate(CLASSES):
        wanted = [bool(row[column]) for row in gold.ekman]
        hits = sum(name in names and want for names, want in zip(said, wanted, strict=True))
        claimed = sum(name in names for names in said)
        rows.append(Score(name, hits / max(claimed, 1), hits / max(sum(wanted), 1), sum(wanted)))
    return rows


def reliability(found: Found, gold: Labelled) -> list[tuple[float, float, int]]:
    """For each tenth of confidence: the mean confidence, the part that was right, and how many findings."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for each, row in zip(found, gold.ekman, strict=True):
        for finding in each:
            right = bool(row[CLASSES.index(finding.value.value)])
            bins[min(int(finding.confidence * BINS), BINS - 1)].append((finding.confidence, right))
    return [
        (sum(sure for sure, _ in each) / len(each), sum(right for _, right in each) / len(each), len(each))
        for each in bins
        if each
    ]


def expected_error(bins: list[tuple[float, float, int]]) -> float:
    """How far confidence and truth lie apart, on average (Naeini et al. 2015)."""
    whole = sum(count for _, _, count in bins)
    return sum(count * abs(sure - right) for sure, right, count in bins) / whole


def speed(texts: list[str]) -> tuple[float, float]:
    """Texts a second of processor time read many at once, and milliseconds for one alone; best of three."""
    many = one = float("inf")
    for _ in range(3):
        started = time.process_time()
        for start in range(0, len(texts), 256):
            emotions_in_many(texts[start : start + 256])
        many = min(many, (time.process_time() - started) / len(texts))
        started = time.process_time()
        for text in texts[:500]:
            emotions_in(text)
        one = min(one, (time.process_time() - started) / 500)
    return 1 / many, one * 1_000


def memory() -> float:
    """Megabytes that a process grows by when it reads its first message."""
    code = (
        "from pathlib import Path; import troth.reading; from troth.reading.emotion import emotions_in;"
        "pages = lambda: int(Path('/proc/self/statm').read_text().split()[1]);"
        "a = pages(); emotions_in('Thank you'); print(pages() - a)"
    )
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout) * 4 / 1024  # noqa: S603 our own code


def drawing(bins: list[tuple[float, float, int]]) -> str:
    """The reliability diagram: on the line, confidence is the truth; a dot's size is its share of the findings."""
    whole = sum(count for _, _, count in bins)
    dots = "".join(
        f'<circle cx="{40 + 240 * sure:.1f}" cy="{260 - 240 * right:.1f}" r="{3 + 14 * (count / whole) ** 0.5:.1f}"/>'
        for sure, right, count in bins
    )
    ticks = "".join(
        f'<text x="{40 + 240 * tenth / 10:.0f}" y="278">{tenth / 10}</text>'
        f'<text x="22" y="{264 - 240 * tenth / 10:.0f}">{tenth / 10}</text>'
        for tenth in (0, 2, 4, 6, 8, 10)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 310" role="img" font-family="sans-serif" font-size="11" '
        'text-anchor="middle"><title>Reliability of emotions: confidence against the part that was right</title>'
        '<rect width="300" height="310" fill="#fff"/><path d="M40 20V260H280M40 260L280 20" fill="none" stroke="#777"/>'
        f'<g fill="#1d5fa8" fill-opacity=".8">{dots}</g><g fill="#222">{ticks}'
        '<text x="160" y="300">confidence</text><text transform="translate(9 140) rotate(-90)">right</text></g></svg>\n'
    )


def told(found: Found, gold: Labelled, name: str) -> str:
    rows = scores(found, gold)
    bins = reliability(found, gold)
    many, one = speed(gold.texts)
    lines = [
        f"On {len(gold.texts):,} texts of `{name}`:",
        "",
        "| emotion | precision | recall | F1 | texts with it |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {row.name} | {row.precision:.3f} | {row.recall:.3f} | {row.f1:.3f} | {row.count:,} |" for row in rows),
        f"| **macro** | | | **{sum(row.f1 for row in rows) / len(rows):.3f}** | |",
        "",
        "| confidence | right | findings |",
        "| --- | --- | --- |",
        *(f"| {sure:.2f} | {right:.2f} | {count:,} |" for sure, right, count in bins),
        "",
        f"Expected calibration error {expected_error(bins):.3f}. "
        f"{many:,.0f} texts a second of processor time, {one:.2f} ms for one alone; "
        f"the first message read makes the process {memory():.0f} MB larger.",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--docs", type=Path)
    chosen = parser.parse_args()
    gold = labelled(chosen.file)
    found = emotions_in_many(gold.texts)
    text = told(found, gold, chosen.file.name)
    print(text)
    if chosen.docs:
        page = chosen.docs / "emotion.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(_START)
        after = rest.partition(_END)[2]
        page.write_text(f"{before}{_START}\n{text}\n{_END}{after}", encoding="utf-8")
        (chosen.docs / "emotion-reliability.svg").write_text(drawing(reliability(found, gold)), encoding="utf-8")


_START, _END = "<!-- emotion: written by python -m training.emotion.measure -->", "<!-- emotion: end -->"

if __name__ == "__main__":
    main()

"""How well what customers raise is read, on texts that taught nothing.

    uv run python -m training.raised.measure FOLDER_OF_DATA

Prints precision, recall and F1, and how often the surest half of the causes is right; writes a reliability diagram to
``docs/pictures/reliability.svg``. The sentences of ``sentences/held.jsonl`` were written for this project and held back.
The other sets are only ever judges: their licences or their lack of one forbid more. Of Preotiuc's tweets half, chosen by a
hash of their number, was looked at while features were chosen; the other half was not.
"""

from __future__ import annotations

import csv
import hashlib
import html
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from training.raised import material
from troth.reading.causes import causes_of
from troth.reading.customer import read_customer
from troth.reading.linear import Evidence

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "reliability.svg"
AIRLINE_CAUSES = {
    "Late Flight": {"late"},
    "Cancelled Flight": {"late"},
    "longlines": {"late"},
    "Lost Luggage": {"never_delivered"},
    "Damaged Luggage": {"poor_quality"},
    "Bad Flight": {"poor_quality"},
    "Flight Attendant Complaints": {"treated_poorly"},
    "Customer Service Issue": {"treated_poorly", "no_acknowledgement"},
}
"""Which of our causes each reason of the airline set can honestly mean; the others are left out."""

Pairs = list[tuple[bool, float]]
"""For each text: is it so, and how likely it was said to be."""


def main(folder: Path) -> None:
    held = material.sentences("held")
    calibrated = {}
    pairs = [(said.is_complaint, _likely(said.text)) for said in held]
    _tell("complaint, own held-back sentences", pairs)
    for half, name in enumerate(("looked at", "never looked at")):
        rows = [row for row in _rows(folder / "complaints" / "preotiuc_open.csv") if _half(row["id"]) == half]
        pairs = [(row["complaint"] == "1", _likely(row["text"])) for row in rows]
        _tell(f"complaint, Preotiuc, half {name}", pairs)
        to_firms = [pair for row, pair in zip(rows, pairs, strict=True) if not row["domain"].startswith("random")]
        _tell(f"complaint, Preotiuc, half {name}, of these to firms", to_firms)
        calibrated[f"Complaint: tweets to firms, half {name}"] = to_firms
    rows = [row for row in _rows(folder / "airline" / "tweets_open.csv") if _half(row["tweet_id"]) == 1]
    pairs = [(row["airline_sentiment"] == "negative", _likely(row["text"])) for row in rows]
    _tell("complaint, airline tweets, negative or not", pairs)
    calibrated["Complaint: airline tweets"] = pairs
    told = [read_customer(row["narrative"]).is_complaint for row in _rows(folder / "cfpb" / "narratives_1000.csv")]
    print(f"{'complaint, CFPB narratives, all of them are one':62} recall {sum(told) / len(told):.3f}")
    _tell_causes("cause, own held-back sentences", [(said.text, {said.cause}) for said in held if said.cause])
    reasons = [
        (row["text"], AIRLINE_CAUSES[row["negativereason"]]) for row in rows if row["negativereason"] in AIRLINE_CAUSES
    ]
    sure = _tell_causes("cause, airline tweets with a reason that is one of ours", reasons)
    calibrated["Cause: airline tweets"] = sure
    PICTURE.write_text(diagram(calibrated), encoding="utf-8")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [{name: html.unescape(value or "") for name, value in row.items()} for row in csv.DictReader(lines)]


def _half(key: str) -> int:
    return hashlib.blake2b(key.encode(), digest_size=2).digest()[0] & 1


def _likely(text: str) -> float:
    found = read_customer(text).complaint
    if not found:
        return 0.0
    return found.confidence if found.value else 1 - found.confidence


def _tell(name: str, pairs: Pairs) -> None:
    hits = sum(gold for gold, likely in pairs if likely >= 0.5)
    said = sum(likely >= 0.5 for _, likely in pairs)
    wanted = sum(gold for gold, _ in pairs)
    precision, recall, f1 = hits / max(said, 1), hits / max(wanted, 1), 2 * hits / max(said + wanted, 1)
    quiet = sum(not gold for gold, likely in pairs if likely < 0.5)
    macro = (f1 + 2 * quiet / max(2 * len(pairs) - said - wanted, 1)) / 2
    print(
        f"{name:62} n {len(pairs):5}  precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  "
        f"macro-F1 {macro:.3f}  ECE {_ece(pairs):.3f}"
    )


def _tell_causes(name: str, rows: Sequence[tuple[str, set[str]]]) -> Pairs:
    read = sorted(((gold, causes_of(Evidence(text))) for text, gold in rows), key=lambda row: -_sure(row[1]))
    first = [bool(found) and found[0].value in gold for gold, found in read]
    of_two = [any(each.value in gold for each in found) for gold, found in read]
    filled = [right for right, (_, found) in zip(first, read, strict=True) if found and found[0].is_confident]
    half = first[: (len(first) + 1) // 2]
    print(
        f"{name:62} n {len(read):5}  first {_share(first):.3f}  of two {_share(of_two):.3f}  surest half {_share(half):.3f}  "
        f"filled in {_share(filled):.3f} of {len(filled) / len(read):.2f}"
    )
    return [(right, found[0].confidence) for right, (_, found) in zip(first, read, strict=True) if found]


def _sure(found: Sequence[object]) -> float:
    return found[0].confidence if found else 0.0  # type: ignore[attr-defined]


def _share(rights: Sequence[bool]) -> float:
    return sum(rights) / max(len(rights), 1)


BINS = 10


def _binned(pairs: Pairs) -> list[tuple[float, float, int]]:
    """For each tenth that holds any: how likely it was said to be, how often it was so, and of how many."""
    bins: list[Pairs] = [[] for _ in range(BINS)]
    for pair in pairs:
        bins[min(int(pair[1] * BINS), BINS - 1)].append(pair)
    return [
        (sum(likely for _, likely in each) / len(each), sum(gold for gold, _ in each) / len(each), len(each))
        for each in bins
        if each
    ]


def _ece(pairs: Pairs) -> float:
    """Expected calibration error (Naeini et al. 2015): how far said and so lie apart, over all texts."""
    return sum(abs(said - so) * n for said, so, n in _binned(pairs)) / max(len(pairs), 1)


def diagram(series: dict[str, Pairs]) -> str:
    """One small square for each series: on the dashed line, what is said is so."""
    side, gap = 150, 40
    parts = []
    for at, (name, pairs) in enumerate(series.items()):
        left = gap + at * (side + gap)
        points = [(left + said * side, 20 + (1 - so) * side, n) for said, so, n in _binned(pairs)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts += [
            f'<rect x="{left}" y="20" width="{side}" height="{side}" fill="none" stroke="currentColor" opacity=".3"/>',
            f'<path d="M{left} {20 + side}L{left + side} 20" stroke="currentColor" stroke-dasharray="4" opacity=".5"/>',
            f'<polyline points="{line}" fill="none" stroke="#2b6cb0" stroke-width="2"/>',
            *(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 5 * (n / len(pairs)) ** 0.5:.1f}" fill="#2b6cb0"/>'
                for x, y, n in points
            ),
            *_labels(left, side, name, f"n = {len(pairs)}, error {_ece(pairs):.2f}"),
        ]
    width = gap + len(series) * (side + gap)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 235" font-family="sans-serif" font-size="10" '
        f'fill="currentColor" role="img" aria-label="How often what is said with a confidence is so">\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _labels(left: int, side: int, name: str, below: str) -> Iterable[str]:
    start, _, rest = name.partition(": ")
    yield f'<text x="{left}" y="12" font-weight="bold">{start}</text>'
    yield f'<text x="{left}" y="{side + 34}">0 · how sure · 1</text>'
    yield f'<text x="{left}" y="{side + 48}">{rest}</text>'
    yield f'<text x="{left}" y="{side + 62}">{below}</text>'


if __name__ == "__main__":
    main(Path(sys.argv[1]))

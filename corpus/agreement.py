"""How well two annotators agree who labelled the same sentences apart from one another.

    python corpus/agreement.py --strip corpus/service-replies-en/open.jsonl ... > items.jsonl
    python corpus/agreement.py FIRST.jsonl ... --second SECOND.jsonl

The first prints the items without their labels, in an order that tells nothing, for the second annotator. The
second compares the two: Cohen's kappa (1960) of the kind of each item, F1 of the promises and of the near promises found, and,
among the promises that both found, how often their labels are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

Item = dict[str, Any]
KINDS = ("dated", "vague", "unconditional", "conditional", "offer", "implied", "none")
GIVEN = ("id", "text", "at", "tz", "country")
"""What the second annotator is shown."""


@dataclass(frozen=True)
class Agreement:
    """What two annotators have in common; a share of nothing is None."""

    items: int
    kind_same: float
    kind_kappa: float
    promises: tuple[int, int]
    """How many each of the two found."""
    promise_f1: float | None
    near_f1: float | None
    strength: float | None
    strength_kappa: float | None
    bond: float | None
    time: float | None
    who: float | None
    due: float | None
    """Among the promises that at least one of the two dated: the same due, or both none."""


def kind_of(item: Item) -> str:
    """The first kind, in the guide's order, that the item's labels hold."""
    held = {_kind_of_promise(promise) for promise in item["promises"]} | {near["kind"] for near in item["near"]}
    return next((kind for kind in KINDS if kind in held), "none")


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa: the agreement beyond that of two people who guess, each with their own frequencies."""
    same = sum(a == b for a, b in pairs) / len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[label] * second[label] for label in first) / len(pairs) ** 2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def matches(first: Sequence[Item], second: Sequence[Item]) -> list[tuple[Item, Item]]:
    """The spans that both marked: overlapping by at least half of the shorter one, each used once, best first."""
    overlaps = [
        (shared, -i, -j)
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if 2 * (shared := _shared(a["span"], b["span"])) >= min(_length(a["span"]), _length(b["span"])) > 0
    ]
    pairs: list[tuple[int, int]] = []
    for _, i, j in sorted(overlaps, reverse=True):
        if all(i != taken and j != other for taken, other in pairs):
            pairs.append((i, j))
    return [(first[-i], second[-j]) for i, j in sorted(pairs, reverse=True)]


def compare(first: Iterable[Item], second: Iterable[Item]) -> Agreement:
    """Compare the items that both have, by their id.

    Of an item that stands more than once the first counts: what was corrected since can so be read as it was.
    """
    here: dict[str, Item] = {}
    for item in first:
        here.setdefault(item["id"], item)
    there = {item["id"]: item for item in second}
    pairs = [(item, placed(there[name], text=item["text"])) for name, item in here.items() if name in there]
    if not pairs:
        raise SystemExit("The two have no item in common.")
    kinds = [(kind_of(a), kind_of(b)) for a, b in pairs]
    promises = [pair for a, b in pairs for pair in matches(a["promises"], b["promises"])]
    near = sum(len(matches(a["near"], b["near"])) for a, b in pairs)
    dated = [(a, b) for a, b in promises if "dated" in (a["time"], b["time"])]
    found = (sum(len(a["promises"]) for a, _ in pairs), sum(len(b["promises"]) for _, b in pairs))
    strengths = [(a["strength"], b["strength"]) for a, b in promises]
    return Agreement(
        items=len(pairs),
        kind_same=sum(a == b for a, b in kinds) / len(kinds),
        kind_kappa=kappa(kinds),
        promises=found,
        promise_f1=_share(2 * len(promises), sum(found)),
        near_f1=_share(2 * near, sum(len(a["near"]) + len(b["near"]) for a, b in pairs)),
        strength=_same("strength", promises),
        strength_kappa=kappa(strengths) if strengths else None,
        bond=_same("bond", promises),
        time=_same("time", promises),
        who=_same("who", promises),
        due=_share(sum(_moment(a["due"]) == _moment(b["due"]) for a, b in dated), len(dated)),
    )


def placed(item: Item, *, text: str) -> Item:
    """The item with a span for each label: who labels by hand writes the ``quote``, for nobody counts characters well."""
    return item | {field: [_placed(label, item, text) for label in item[field]] for field in ("promises", "near")}


def stripped(items: Iterable[Item]) -> list[Item]:
    """The items without their labels, in an order that depends on nothing but their ids."""
    bare = [{field: item[field] for field in GIVEN} for item in items]
    return sorted(bare, key=lambda item: hashlib.sha256(b"blind" + item["id"].encode()).digest())


def read(paths: Iterable[Path]) -> list[Item]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]


def _placed(label: Item, item: Item, text: str) -> Item:
    if "span" in label:
        return label
    start = text.find(label["quote"])
    if start < 0:
        raise SystemExit(f"{item['id']} does not say: {label['quote']}")
    return label | {"span": [start, start + len(label["quote"])]}


def _kind_of_promise(promise: Item) -> str:
    return str(promise["bond"] if promise["time"] == "none" else promise["time"])


def _length(span: Sequence[int]) -> int:
    return span[1] - span[0]


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _same(field: str, pairs: Sequence[tuple[Item, Item]]) -> float | None:
    return _share(sum(a[field] == b[field] for a, b in pairs), len(pairs))


def _moment(due: str | None) -> date | datetime | None:
    """So that the same instant, written with another offset, is the same."""
    if due is None:
        return None
    return datetime.fromisoformat(due) if "T" in due else date.fromisoformat(due)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("first", nargs="+", type=Path, help="labelled items, JSON lines")
    job = arguments.add_mutually_exclusive_group(required=True)
    job.add_argument("--strip", action="store_true", help="print the items without their labels")
    job.add_argument("--second", type=Path, help="the same items as the second annotator labelled them")
    asked = arguments.parse_args()
    if asked.strip:
        for item in stripped(read(asked.first)):
            sys.stdout.write(json.dumps(item, ensure_ascii=False) + "\n")
        return
    for name, value in vars(compare(read(asked.first), read([asked.second]))).items():
        sys.stdout.write(f"{name:15} {value:.3f}\n" if isinstance(value, float) else f"{name:15} {value}\n")


if __name__ == "__main__":
    main()

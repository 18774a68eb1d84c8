"""How well and how fast promises and due times are read, on labelled files given by path.

    python bench/reading.py --replies replies.jsonl --dates dates.json

``--replies``: one JSON object a line, with ``text``, ``at`` (RFC 3339, or as Twitter writes it) and ``label``: D dated
promise, V promise with a vague time, U without a time, C conditional on the customer; any other letter is no promise.
``--dates``: a JSON list of objects with ``text``, ``ref`` (wall clock), ``lo`` and ``hi`` (the first and the last day
that would be right), ``time`` (``HH:MM`` or null), ``kind`` and, optionally, ``src``: "enron" is read in Chicago,
anything else in London. Prints tables; writes nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from troth import reading
from troth.words.hours import Hours, office
from troth.words.messages import Direction

PROMISE_LABELS = frozenset("DVUC")
LONDON, CHICAGO = office("Europe/London"), office("America/Chicago")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--replies", type=Path)
    arguments.add_argument("--dates", type=Path)
    arguments.add_argument("--errors", action="store_true", help="print each row that is read wrongly")
    chosen = arguments.parse_args()
    if chosen.replies:
        lines = chosen.replies.read_text(encoding="utf-8").splitlines()
        detection([json.loads(line) for line in lines if line.strip()], show=chosen.errors)
    if chosen.dates:
        deadlines(json.loads(chosen.dates.read_text(encoding="utf-8")), show=chosen.errors)


def detection(rows: list[dict[str, Any]], *, show: bool) -> None:
    """Precision, recall and F1 of "does this reply hold a promise", and recall by label."""
    found_by_label: defaultdict[str, list[bool]] = defaultdict(list)
    conditional = dated = false_dates = 0
    for row in rows:
        promises = _promises(row)
        found_by_label[row["label"]].append(bool(promises))
        conditional += row["label"] == "C" and any(promise.condition for promise in promises)
        has_date = any(promise.due for promise in promises)
        dated += row["label"] == "D" and has_date
        false_dates += row["label"] != "D" and has_date
        if show and bool(promises) != (row["label"] in PROMISE_LABELS):
            print(f"  {'false' if promises else 'missed'} [{row['label']}] {row['text']}")
    hits = sum(sum(found) for label, found in found_by_label.items() if label in PROMISE_LABELS)
    wanted = sum(len(found) for label, found in found_by_label.items() if label in PROMISE_LABELS)
    said = sum(sum(found) for found in found_by_label.values())
    precision, recall = hits / max(said, 1), hits / max(wanted, 1)
    print(f"Promises in {len(rows)} replies, {wanted} of them with one")
    print(f"  precision {precision:.3f}   recall {recall:.3f}   F1 {2 * hits / max(said + wanted, 1):.3f}")
    for label, found in sorted(found_by_label.items()):
        print(f"  {label}: found in {sum(found)} of {len(found)}")
    print(f"  conditional and read so: {conditional} of {len(found_by_label['C'])}")
    print(f"  dated and read so: {dated} of {len(found_by_label['D'])};  dated without being so: {false_dates}")
    print(f"  speed: {_speed(lambda: [_promises(row) for row in rows], len(rows)):,.0f} replies a CPU-second\n")


def deadlines(rows: list[dict[str, Any]], *, show: bool) -> None:
    """How often the deadline read lies on the right day and, where a time is known, at that time."""
    right_by_kind: defaultdict[str, list[bool]] = defaultdict(list)
    for row in rows:
        due_at = _deadline(row)
        right = due_at is not None and _is_right(row, due_at)
        right_by_kind[row["kind"]].append(right)
        if show and not right:
            print(f"  {row['lo']}..{row['hi']} {row['time'] or ''}, read {due_at}: {row['text']}")
    exact = sum(sum(rights) for rights in right_by_kind.values())
    print(f"Deadlines in {len(rows)} sentences: {exact} exact, {exact / max(len(rows), 1):.3f}")
    for kind, rights in sorted(right_by_kind.items()):
        print(f"  {kind:14} {sum(rights):3} of {len(rights):3}")
    print(f"  speed: {_speed(lambda: [_deadline(row) for row in rows], len(rows)):,.0f} sentences a CPU-second")


def _promises(row: dict[str, Any]) -> tuple[reading.FoundPromise, ...]:
    return reading.read(row["text"], at=_moment(row["at"]), calendar=LONDON, direction=Direction.OUTBOUND).promises


def _deadline(row: dict[str, Any]) -> datetime | None:
    """The deadline of the last dated promise; of the text's last date, where no promise is found."""
    hours = _hours(row)
    at = datetime.fromisoformat(row["ref"]).replace(tzinfo=ZoneInfo(hours.zone))
    promises = reading.find_promises(row["text"], at=at, hours=hours)
    dues = [promise.due for promise in promises if promise.due]
    dues = dues or [found.due for found in reading.find_dues(row["text"], at=at, hours=hours)]
    return dues[-1].at if dues else None


def _is_right(row: dict[str, Any], due_at: datetime) -> bool:
    local = _hours(row).local(due_at)
    on_the_day = row["lo"] <= local.date().isoformat() <= row["hi"]
    return on_the_day and (not row["time"] or f"{local:%H:%M}" == row["time"])


def _hours(row: dict[str, Any]) -> Hours:
    return CHICAGO if row.get("src") == "enron" else LONDON


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _speed(work: Callable[[], object], count: int) -> float:
    """Things done per CPU-second, best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return count / best


if __name__ == "__main__":
    main()

"""Public data sets, each as it is published, as labelled messages (docs/formats/labelled.md).

    python -m bench.reading.convert FOLDER OUT      OUT/*.jsonl, for `troth eval reading --data`

The sets themselves are in nobody's repository but their own; FOLDER holds them as they were downloaded:

    goemotions/original_{train,dev}.tsv, original_labels.txt     Demszky et al. 2020
    complaints/preotiuc_open.csv                                 Preotiuc-Pietro et al. 2019
    airline/tweets_open.csv                                      Twitter US airline sentiment
    email_intent/train.txt                                       requests in business mail
    twcs/replies_labelled_700.jsonl                              company replies: text, at, label
    dates/promise_dates_156.json                                 promise sentences: text, ref, lo, hi, time

A folder or file that is not there is left out.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Plain = dict[str, Any]

#: Ekman's classes, as the paper's own mapping file has them.
EKMAN = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": "joy amusement approval excitement gratitude love optimism relief pride admiration desire caring",
    "sadness": "sadness disappointment embarrassment grief remorse",
    "surprise": "surprise realization confusion curiosity",
    "neutral": "neutral",
}
EKMAN_OF = {fine: coarse for coarse, names in EKMAN.items() for fine in names.split()}

#: A rough bridge: what the airline set tells apart is not quite what we tell apart. "Can't Tell" says nothing.
CAUSE_OF = {
    "Late Flight": "late",
    "longlines": "late",
    "Lost Luggage": "never_delivered",
    "Cancelled Flight": "never_delivered",
    "Damaged Luggage": "poor_quality",
    "Bad Flight": "poor_quality",
    "Customer Service Issue": "treated_poorly",
    "Flight Attendant Complaints": "treated_poorly",
    "Flight Booking Problems": "other",
}

#: How a reply that holds a promise was labelled: dated, with a vague time, without any, or conditional on the customer.
PROMISES = {
    "D": {"bond": "unconditional", "time": "dated"},
    "V": {"bond": "unconditional", "time": "vague", "due": None},
    "U": {"bond": "unconditional", "time": "none", "due": None},
    "C": {"bond": "conditional"},
}


def goemotions(folder: Path, part: str = "dev") -> Iterator[Plain]:
    """Several labels a message; neutral stands beside others where people said so."""
    names = (folder / "goemotions/original_labels.txt").read_text(encoding="utf-8").split()
    with (folder / f"goemotions/original_{part}.tsv").open(encoding="utf-8", newline="") as lines:
        for text, numbers, id_ in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            emotions = sorted({EKMAN_OF[names[int(number)]] for number in numbers.split(",")})
            yield {"id": id_, "text": text, "emotions": emotions}


def complaints(folder: Path) -> Iterator[Plain]:
    with (folder / "complaints/preotiuc_open.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield {"id": row["id"], "text": row["text"], "complaint": row["complaint"] == "1", "domain": row["domain"]}


def airline(folder: Path) -> Iterator[Plain]:
    """Negative counts as a complaint; the reason is a cause where it says one."""
    with (folder / "airline/tweets_open.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            plain: Plain = {
                "id": row["tweet_id"],
                "text": row["text"],
                "complaint": row["airline_sentiment"] == "negative",
            }
            if cause := CAUSE_OF.get(row["negativereason"]):
                plain["cause"] = cause
            yield plain


def requests(folder: Path) -> Iterator[Plain]:
    for line in (folder / "email_intent/train.txt").read_text(encoding="utf-8").splitlines():
        label, _, text = line.partition("\t")
        yield {"text": text, "request": label == "Yes"}


def replies(folder: Path) -> Iterator[Plain]:
    """Labelled whole: a promise's place is the whole text, so only the figures by message mean anything."""
    for line in (folder / "twcs/replies_labelled_700.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        at = datetime.strptime(row["at"], "%a %b %d %H:%M:%S %z %Y")
        promise = PROMISES.get(row["label"])
        yield {
            "text": row["text"],
            "at": at.isoformat(),
            "tz": "Europe/London",
            "promises": [{"span": [0, len(row["text"])], **promise}] if promise else [],
        }


def deadlines(folder: Path) -> Iterator[Plain]:
    for row in json.loads((folder / "dates/promise_dates_156.json").read_text(encoding="utf-8")):
        tz = "America/Chicago" if row["src"] == "enron" else "Europe/London"
        zone = ZoneInfo(tz)
        promise: Plain = {"span": [0, len(row["text"])], "due": row["hi"]}
        if row["time"]:
            promise["due"] = datetime.fromisoformat(f"{row['hi']}T{row['time']}").replace(tzinfo=zone).isoformat()
        elif row["lo"] != row["hi"]:
            promise["due_from"] = row["lo"]
        at = datetime.fromisoformat(row["ref"]).replace(tzinfo=zone).astimezone(UTC)
        yield {"text": row["text"], "at": at.isoformat(), "tz": tz, "form": row["kind"], "promises": [promise]}


SETS: dict[str, Callable[[Path], Iterator[Plain]]] = {
    "goemotions-dev": goemotions,
    "goemotions-train": lambda folder: goemotions(folder, "train"),
    "complaints": complaints,
    "airline": airline,
    "requests": requests,
    "replies": replies,
    "deadlines": deadlines,
}


def converted(name: str, folder: Path) -> list[Plain]:
    """The labelled messages of one set; none if it is not there."""
    try:
        return list(SETS[name](folder))
    except FileNotFoundError:
        return []


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    for name in SETS:
        rows = converted(name, folder)
        if rows:
            (out / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        print(f"{name}: {len(rows):,}")


if __name__ == "__main__":
    main()

"""What is learnt from: sentences written for this project, and sets whose licence lets weights be shipped."""

from __future__ import annotations

import csv
import html
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Said:
    """A text and what a person says it is."""

    text: str
    kind: str
    """A kind, or ``none``: nothing is raised."""
    cause: str = ""
    """Of a complaint; empty if it names none."""
    urgency: str = ""
    remedies: tuple[str, ...] = ()

    @property
    def is_complaint(self) -> bool:
        return self.kind == "complaint"


def sentences(name: str) -> list[Said]:
    """The sentences of ``sentences/NAME.jsonl``: ``learned`` or ``held``."""
    lines = (HERE / "sentences" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Said(
            row["text"],
            row["kind"],
            cause=(row.get("causes") or [""])[0],
            urgency=row.get("urgency", ""),
            remedies=tuple(row.get("remedies", ())),
        )
        for row in map(json.loads, lines)
    ]


def customer_care(folder: Path) -> list[Said]:
    """What opens each conversation of IBM's Twitter customer care, with the labels of ``labels/twitter_care.tsv``."""
    with (HERE / "labels" / "twitter_care.tsv").open(encoding="utf-8", newline="") as lines:
        labels = {row["tweet_id"]: row for row in csv.DictReader(lines, delimiter="\t")}
    said = []
    for line in (folder / "conversations" / "twitter_care_1025.jsonl").read_text(encoding="utf-8").splitlines():
        opening = next(turn for turn in json.loads(line)["dialogContent"] if "client" in turn)
        if row := labels.get(opening["tweet_ID"]):
            said.append(Said(html.unescape(opening["message"]), row["kind"], row["cause"]))
    return said


def comments(folder: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """GoEmotions: what people say to one another, and the emotions it shows."""
    names = (folder / "goemotions" / "original_labels.txt").read_text(encoding="utf-8").split()
    for line in (folder / "goemotions" / "original_train.tsv").read_text(encoding="utf-8").splitlines():
        text, numbers, _ = line.split("\t")
        yield text, frozenset(names[int(number)] for number in numbers.split(","))


def mail_sentences(folder: Path) -> list[tuple[str, bool]]:
    """Sentences of business mail: is something asked for or proposed?"""
    lines = (folder / "email_intent" / "train.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t", 1) for line in lines if "\t" in line)
    return [(text, label == "Yes") for label, text in pairs]


def one_in(count: int, text: str) -> bool:
    """The same one in *count* texts, on every machine."""
    return zlib.crc32(text.encode()) % count == 0

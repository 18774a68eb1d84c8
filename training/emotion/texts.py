"""The texts to learn from: GoEmotions with its labels, and permitted texts of customers without any.

Only sets whose licence lets derived weights ship are read here; `training/README.md` names them.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FINE = (  # noqa: SIM905 easier to read than a list
    "admiration amusement anger annoyance approval caring confusion curiosity desire disappointment disapproval disgust "
    "embarrassment excitement fear gratitude grief joy love nervousness optimism pride realization relief remorse "
    "sadness surprise neutral"
).split()
"""GoEmotions' labels, in the order of their numbers (Demszky et al. 2020, arXiv:2005.00547)."""

CLASSES = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
_GROUPS = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": "joy amusement approval excitement gratitude love optimism relief pride admiration desire caring",
    "sadness": "sadness disappointment embarrassment grief remorse",
    "surprise": "surprise realization confusion curiosity",
    "neutral": "neutral",
}
EKMAN_OF = np.array(
    [next(number for number, name in enumerate(CLASSES) if label in _GROUPS[name].split()) for label in FINE]
)
"""The class of each fine label, as the paper groups them."""


@dataclass(frozen=True)
class Labelled:
    texts: list[str]
    fine: np.ndarray
    """0 or 1 for each text and fine label."""
    ekman: np.ndarray
    """0 or 1 for each text and class."""


def labelled(path: Path) -> Labelled:
    """GoEmotions as published: text, comma-separated label numbers, id."""
    texts: list[str] = []
    rows: list[list[int]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, labels, _ = line.rsplit("\t", 2)
        texts.append(text)
        rows.append([int(label) for label in labels.split(",")])
    fine = np.zeros((len(texts), len(FINE)), np.float32)
    ekman = np.zeros((len(texts), len(CLASSES)), np.float32)
    for number, row in enumerate(rows):
        fine[number, row] = 1
        ekman[number, EKMAN_OF[row]] = 1
    return Labelled(texts, fine, ekman)


def service() -> Labelled:
    """Our own sentences of customers, `service.txt`; they have no fine labels."""
    texts: list[str] = []
    rows: list[np.ndarray] = []
    for line in Path(__file__).with_name("service.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            names, text = line.split("\t")
            texts.append(text)
            rows.append(np.isin(CLASSES, names.split(",")).astype(np.float32))
    return Labelled(texts, np.zeros((len(texts), 0), np.float32), np.array(rows))


def unlabelled(folder: Path) -> list[str]:
    """What customers and business people wrote, in the folder of the permitted sets: short pieces, each once."""
    found: list[str] = []
    for line in (folder / "conversations" / "twitter_care_1025.jsonl").read_text(encoding="utf-8").splitlines():
        found += [turn.get("message") or turn.get("response") or "" for turn in json.loads(line)["dialogContent"]]
    with (folder / "cfpb" / "narratives_1000.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pieces = _SENTENCE_END.split(row["narrative"])
            found += pieces
            found += [" ".join(pair) for pair in zip(pieces[::2], pieces[1::2], strict=False)]
    for line in (folder / "email_intent" / "train.txt").read_text(encoding="utf-8").splitlines():
        found.append(line.partition("\t")[2])
    return sorted({" ".join(text.split()) for text in found if 8 <= len(text) <= 600})


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

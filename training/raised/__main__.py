"""Learn what customers raise: complaint, kind, cause and request.

    uv run --group training python -m training.raised FOLDER_OF_DATA

Writes ``src/troth/reading/weights/*.weights``. Every scorer is a logistic regression over hashed words and the named signs
of `troth.reading.signs`. The moods that GoEmotions teaches (put out, pleased, wondering) are linear in the same features,
so they enter as three more inputs and are then folded into the weights: nothing of them is left at reading time. Scores are
calibrated on texts that the fold they are scored by had not seen.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from training.raised import material
from training.raised.material import Said
from troth import reading
from troth.reading.features import BUCKETS
from troth.reading.linear import Evidence, Scorer, pack
from troth.reading.signs import SIGNS
from troth.words.causes import Cause

TARGET = Path(reading.__file__).parent / "weights"
SEED = 20261122
FOLDS = 5
SIGN_SCALE = 0.6
MOOD_SCALE = 0.3
"""How freely signs and moods may be used, beside single words."""
PUT_OUT = frozenset({"anger", "annoyance", "disappointment", "disapproval", "disgust", "sadness"})
PLEASED = frozenset(
    "admiration approval gratitude joy love amusement excitement optimism relief pride caring".split()  # noqa: SIM905
)
WONDERING = frozenset({"confusion", "curiosity"})
NAMES = tuple(SIGNS)
NO_CAUSE = "none"


@dataclass(frozen=True)
class Inputs:
    words: csr_matrix
    signs: csr_matrix

    def take(self, rows: np.ndarray) -> Inputs:
        return Inputs(self.words[rows], self.signs[rows])


def inputs(texts: Sequence[str]) -> Inputs:
    starts, buckets, values = [0], [], []
    signs = np.zeros((len(texts), len(NAMES)))
    for row, text in enumerate(texts):
        evidence = Evidence(text)
        found = list(evidence.buckets)
        buckets += found
        values += [1 / max(len(found), 1) ** 0.5] * len(found)
        starts.append(len(buckets))
        for name, spans in evidence.signs.items():
            signs[row, NAMES.index(name)] = len(spans) / 2
    return Inputs(csr_matrix((values, buckets, starts), shape=(len(texts), BUCKETS)), csr_matrix(signs))


@dataclass(frozen=True)
class Moods:
    """What GoEmotions teaches: three directions in the space of words."""

    directions: np.ndarray
    offsets: np.ndarray

    @classmethod
    def learn(cls, folder: Path) -> Moods:
        texts, labels = zip(*material.comments(folder), strict=True)
        words = inputs(texts).words
        models = [
            LogisticRegression(C=2, solver="liblinear").fit(words, [bool(each & mood) for each in labels])
            for mood in (PUT_OUT, PLEASED, WONDERING)
        ]
        return cls(
            np.vstack([model.coef_[0] for model in models]).T, np.array([model.intercept_[0] for model in models])
        )

    def of(self, words: csr_matrix) -> np.ndarray:
        return np.asarray(words @ self.directions) + self.offsets


@dataclass(frozen=True)
class Task:
    name: str
    outputs: tuple[str, ...]
    """One: yes or no. Several: exactly one."""
    strength: float
    """How closely the examples are followed."""
    classes: str | None = None
    """``balanced``: as if there were as many examples of each output."""


def design(given: Inputs, moods: Moods | None) -> csr_matrix:
    parts = [given.words, given.signs * SIGN_SCALE]
    if moods:
        parts.append(csr_matrix(moods.of(given.words) * MOOD_SCALE))
    return hstack(parts).tocsr()


def learn(
    task: Task, given: Inputs, gold: np.ndarray, trust: np.ndarray, counts: np.ndarray, moods: Moods | None
) -> Scorer:
    """Fit on all; calibrate on the rows that *counts* marks, each scored by a fit that had not seen it."""
    whole = design(given, moods)
    used = np.unique(whole.indices)
    rows = whole[:, used]

    def fit(which: np.ndarray) -> LogisticRegression:
        solver = "liblinear" if len(task.outputs) == 1 else "lbfgs"
        model = LogisticRegression(C=task.strength, max_iter=1_000, class_weight=task.classes, solver=solver)
        return model.fit(rows[which], gold[which], sample_weight=trust[which])

    scores = np.zeros((len(gold), len(task.outputs)))
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, gold):
        scores[unseen] = fit(seen).decision_function(rows[unseen]).reshape(len(unseen), -1)
    slope, shift = calibrate(scores[counts], gold[counts])
    tell(task, scores[counts] * slope + shift, gold[counts])
    model = fit(np.arange(len(gold)))
    coefficients, biases = np.zeros((len(task.outputs), whole.shape[1])), model.intercept_.copy()
    coefficients[:, used] = model.coef_
    words = coefficients[:, :BUCKETS]
    signs = coefficients[:, BUCKETS : BUCKETS + len(NAMES)] * SIGN_SCALE
    if moods:
        worth = coefficients[:, BUCKETS + len(NAMES) :] * MOOD_SCALE
        words = words + worth @ moods.directions.T
        biases = biases + worth @ moods.offsets
    steps = np.abs(words).max(axis=1) / 127
    return Scorer(
        outputs=task.outputs,
        biases=tuple(round(float(bias), 4) for bias in biases),
        steps=tuple(float(f"{step:.4g}") for step in steps),
        signs={name: tuple(round(float(worth), 3) for worth in signs[:, at]) for at, name in sorted(enumerate(NAMES))},
        slope=round(slope, 4),
        shift=round(shift, 4),
        weights=tuple(
            array("b", np.round(row / step).astype(np.int8).tobytes()) for row, step in zip(words, steps, strict=True)
        ),
    )


def calibrate(scores: np.ndarray, gold: np.ndarray) -> tuple[float, float]:
    """Platt's slope and shift for yes or no; a temperature, as a slope, for one of several."""
    if scores.shape[1] == 1:
        model = LogisticRegression(C=1e6).fit(scores, gold)
        return float(model.coef_[0, 0]), float(model.intercept_[0])

    def loss(slope: np.ndarray) -> float:
        scaled = scores * slope[0]
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(gold)), gold]))

    return float(minimize(loss, x0=[1.0], method="Nelder-Mead").x[0]), 0.0


def tell(task: Task, scores: np.ndarray, gold: np.ndarray) -> None:
    if scores.shape[1] == 1:
        said = scores[:, 0] > 0
        hits = int((said & (gold == 1)).sum())
        precision, recall = hits / max(int(said.sum()), 1), hits / max(int((gold == 1).sum()), 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(f"{task.name}: {len(gold)} cross-validated, precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")
        return
    best = scores.argmax(axis=1)
    sure = np.exp(scores - scores.max(axis=1, keepdims=True))
    sure = sure.max(axis=1) / sure.sum(axis=1)
    half = np.argsort(-sure)[: (len(gold) + 1) // 2]
    right = best == gold
    print(f"{task.name}: {len(gold)} cross-validated, right {right.mean():.3f}, surest half {right[half].mean():.3f}")


def complaints(folder: Path, own: list[Said], care: list[Said], moods: Moods) -> Scorer:
    """Own sentences and customer care count; of other people's talk and mail, what shows no bad mood is no complaint."""
    talk = [text for text, shown in material.comments(folder) if material.one_in(8, text) and not shown & PUT_OUT]
    cross = [text for text, shown in material.comments(folder) if material.one_in(24, text) and shown & PUT_OUT]
    texts = [said.text for said in own + care] + talk + cross
    gold = np.array([said.is_complaint for said in own + care] + [False] * (len(talk) + len(cross)), dtype=int)
    known = len(own) + len(care)
    trust = np.array([1.0] * known + [0.25] * len(talk) + [0.15] * len(cross))
    print(f"complaint: {known} labelled, {len(talk) + len(cross)} from elsewhere")
    return learn(Task("complaint", ("complaint",), 10), inputs(texts), gold, trust, np.arange(known), moods)


def kinds(own: list[Said], care: list[Said], moods: Moods) -> Scorer:
    """Of what is no complaint: which kind, or none."""
    outputs = ("enquiry", "suggestion", "compliment", "none")
    said = [each for each in own + care if not each.is_complaint]
    gold = np.array([outputs.index(each.kind) for each in said])
    given = inputs([each.text for each in said])
    return learn(Task("kind", outputs, 5), given, gold, np.ones(len(said)), np.arange(len(said)), moods)


def causes(own: list[Said], care: list[Said]) -> Scorer:
    """Complaints that name no cause teach what naming none looks like."""
    outputs = (*(cause.value for cause in Cause), NO_CAUSE)
    own = [each for each in own if each.is_complaint]
    care = [each for each in care if each.cause not in {"", Cause.OTHER}]
    said = own + care
    gold = np.array([outputs.index(each.cause or NO_CAUSE) for each in said])
    given = inputs([each.text for each in said])
    trust = np.array([1.0] * len(own) + [0.3] * len(care))
    task = Task("cause", outputs, 5, classes="balanced")
    return learn(task, given, gold, trust, np.arange(len(own)), None)


def requests(folder: Path) -> Scorer:
    pairs = material.mail_sentences(folder)
    gold = np.array([asked for _, asked in pairs], dtype=int)
    given = inputs([text for text, _ in pairs])
    return learn(Task("request", ("request",), 2), given, gold, np.ones(len(pairs)), np.arange(len(pairs)), None)


def main(folder: Path) -> None:
    own, care = material.sentences("learned"), material.customer_care(folder)
    moods = Moods.learn(folder)
    TARGET.mkdir(exist_ok=True)
    made = {
        "complaint": complaints(folder, own, care, moods),
        "kind": kinds(own, care, moods),
        "cause": causes(own, care),
        "request": requests(folder),
    }
    for name, scorer in made.items():
        path = TARGET / f"{name}.weights"
        path.write_bytes(pack(scorer))
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

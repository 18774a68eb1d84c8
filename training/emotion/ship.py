"""Finds thresholds and calibration on the third of train the student of fold 0 never saw, and writes the files that ship.

    python -m training.emotion.ship --data DATA --work WORK

Writes `words.weights` and `emotion.weights` into src/troth/reading/weights.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch

from training.emotion.student import LEVELS, MEAN_GAIN, TABLE_TOP, TOP
from training.emotion.texts import CLASSES, labelled
from troth.reading import weights

EMOTIONS = CLASSES[:-1]
FOLDER = Path(weights.__file__).parent


NEUTRAL_PART = 0.3
"""What speaks for neutral speaks against each emotion so much: nothing is said twice, for neutral is where nothing is."""


def against_neutral(logits: np.ndarray) -> np.ndarray:
    """Logits of the six emotions, from rows with those of all classes."""
    return logits[..., : len(EMOTIONS)] - NEUTRAL_PART * logits[..., len(EMOTIONS) : len(CLASSES)]


def f1(said: np.ndarray, gold: np.ndarray) -> float:
    return float(2 * (said & gold).sum() / max(1, said.sum() + gold.sum()))


def macro_f1(logits: np.ndarray, gold: np.ndarray, thresholds: np.ndarray) -> float:
    """Over the six emotions and neutral, which is said where no emotion is."""
    said = logits >= thresholds
    each = [f1(said[:, column], gold[:, column]) for column in range(len(EMOTIONS))]
    return float(np.mean([*each, f1(~said.any(1), gold[:, -1])]))


def best_thresholds(logits: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Those that together give the best macro-F1, one moved at a time."""
    thresholds = np.zeros(len(EMOTIONS))
    for _ in range(4):
        for column in range(len(EMOTIONS)):
            tried = np.arange(-3.5, 2.5, 0.05)
            scores = []
            for value in tried:
                thresholds[column] = value
                scores.append(macro_f1(logits, gold, thresholds))
            smooth = np.convolve(np.pad(scores, 3, mode="edge"), np.ones(7) / 7, "valid")
            thresholds[column] = tried[int(np.argmax(smooth))]
    return thresholds


def calibration(logits: np.ndarray, gold: np.ndarray) -> tuple[float, float]:
    """Slope and shift that make *logits* probabilities, by Newton's steps (Platt 1999)."""
    inputs = np.stack([logits, np.ones_like(logits)], 1).astype(float)
    found = np.array([1.0, 0.0])
    for _ in range(30):
        said = 1 / (1 + np.exp(-inputs @ found))
        slope = inputs.T @ (gold - said)
        bend = (inputs * (said * (1 - said))[:, None]).T @ inputs
        found += np.linalg.solve(bend + 1e-6 * np.eye(2), slope)
    return round(float(found[0]), 4), round(float(found[1]), 4)


def whole(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A linear layer's matrix (outputs first) as int8, and the scale of each output."""
    scale = np.maximum(np.abs(matrix).max(1), 1e-6) / LEVELS
    return np.rint(matrix / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def arrays_of(state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The layers as `troth.reading.net` wants them: inputs first, the three words of a convolution side by side."""
    table = np.rint(np.clip(state["table.weight"], -TABLE_TOP, TABLE_TOP) * (LEVELS / TABLE_TOP))
    found = {"table": table.astype(np.int8)}
    size, number = table.shape[1], 0
    step = TABLE_TOP / LEVELS
    while f"convs.{number}.weight" in state:
        matrix, scale = whole(state[f"convs.{number}.weight"])
        three = matrix.T.reshape(3, size, -1)
        found[f"conv{number}.matrix"] = np.concatenate(list(three), axis=1)
        found[f"conv{number}.scale"] = scale * np.float32(step)
        found[f"conv{number}.bias"] = state[f"convs.{number}.bias"]
        size, step, number = matrix.shape[0], TOP / LEVELS, number + 1
    for name in ("hidden", "out"):
        matrix, scale = whole(state[f"{name}.weight"])
        found[f"{name}.matrix"], found[f"{name}.scale"] = matrix.T.copy(), scale * np.float32(TOP / LEVELS)
        found[f"{name}.bias"] = state[f"{name}.bias"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    chosen = parser.parse_args()
    train = labelled(chosen.data / "goemotions" / "original_train.tsv")
    held = np.load(chosen.work / "student0.npz")
    gold = train.ekman[held["rows"]].astype(bool)
    logits = against_neutral(held["logits"])
    thresholds = best_thresholds(logits, gold)
    slopes = [calibration(logits[:, column], gold[:, column]) for column in range(len(EMOTIONS))]
    print(f"held third of train: macro-F1 {macro_f1(logits, gold, thresholds):.4f} at", thresholds.round(2))

    words = (chosen.work / "vocabulary.txt").read_bytes().rstrip(b"\n")
    state = {name: value.numpy() for name, value in torch.load(chosen.work / "student.pt").items()}
    for name in ("out.weight", "out.bias"):
        state[name] = against_neutral(state[name].T).T
    arrays = arrays_of(state)
    says = {
        "emotions": list(EMOTIONS),
        "thresholds": [round(float(value), 3) for value in thresholds],
        "calibration": slopes,
        "convs": sum(name.endswith(".matrix") and name.startswith("conv") for name in arrays),
        "top": TOP,
        "mean_gain": MEAN_GAIN,
        "words_sha256": hashlib.sha256(words).hexdigest(),
    }
    digest = hashlib.sha256(b"".join(array.tobytes() for array in arrays.values())).hexdigest()[:8]
    written = {
        "words": weights.packed({"words": np.frombuffer(words, np.uint8)}, version=says["words_sha256"][:8], says={}),
        "emotion": weights.packed(arrays, version=digest, says=says),
    }
    for name, content in written.items():
        (FOLDER / f"{name}.weights").write_bytes(content)
        print(f"{name}.weights: {len(content):,} bytes")


if __name__ == "__main__":
    main()

"""More to learn from: texts made of the training texts, permitted texts and single words, labelled by the teachers.

    python -m training.emotion.lessons --data DATA --work WORK --teachers 0 1

Writes `lessons.json`, `lessons.npz` (texts and their logits) and `words.npz` (what a teacher makes of each word of the
vocabulary) to WORK.
Cut, spliced and replaced texts teach the student what the teacher learned of words the labelled texts do not have
(Jiao et al. 2020, arXiv:1909.10351, section 3.3; Tang et al. 2019, arXiv:1903.12136, section 3.2).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from training.emotion.teacher import TOKENIZER, Teacher, batches, encode, logits_of, padded
from training.emotion.texts import labelled, service, unlabelled

MADE = 80_000
NEIGHBOURS = 8
SEED = 7


def made(texts: list[str], near: dict[str, list[str]], count: int) -> list[str]:
    """*count* texts cut from, spliced of, or with words replaced in those of *texts*."""
    rng = np.random.default_rng(SEED)
    found: list[str] = []
    while len(found) < count:
        one, other = (texts[number].split() for number in rng.integers(len(texts), size=2))
        way = rng.random()
        if way < 0.3:
            size = max(2, int(len(one) * rng.uniform(0.3, 0.8)))
            start = int(rng.integers(0, max(1, len(one) - size + 1)))
            words = one[start : start + size]
        elif way < 0.55:
            words = one[: int(len(one) * rng.uniform(0.3, 0.8)) + 1] + other[int(len(other) * rng.uniform(0.3, 0.8)) :]
        else:
            words = [
                str(rng.choice(near[word.lower()])) if word.lower() in near and rng.random() < 0.3 else word
                for word in one
            ]
        found.append(" ".join(words[:40]))
    return found


def neighbours(words: list[str], vectors: np.ndarray) -> dict[str, list[str]]:
    """For each whole word those nearest to it."""
    whole = [number for number, word in enumerate(words) if word.isalpha()]
    unit = vectors[whole] / np.linalg.norm(vectors[whole], axis=1, keepdims=True)
    found: dict[str, list[str]] = {}
    for start in range(0, len(whole), 1_000):
        nearest = np.argpartition(-(unit[start : start + 1_000] @ unit.T), NEIGHBOURS + 1, axis=1)[:, : NEIGHBOURS + 1]
        for row, chosen in enumerate(nearest):
            word = words[whole[start + row]]
            found[word] = [words[whole[other]] for other in chosen if words[whole[other]] != word]
    return found


def static(words: list[str], teacher: Teacher) -> np.ndarray:
    """MiniLM's own vector of each word, before any layer: the mean of those of its pieces."""
    table = teacher.body.embeddings.word_embeddings.weight.detach().numpy()
    found = np.zeros((len(words), table.shape[1]), np.float32)
    for number, word in enumerate(words):
        known = TOKENIZER.token_to_id(word)
        ids = [known] if known is not None else encode([word])[0][1:-1]
        found[number] = table[ids].mean(0) if ids else 0
    return found


def pooled(words: list[str], teacher: Teacher) -> np.ndarray:
    """What the teacher makes of each word standing alone."""
    teacher.eval()
    ids = []
    for word in words:
        known = TOKENIZER.token_to_id(word)
        ids.append([101, known, 102] if known is not None else encode([word.strip("[]")])[0])
    found = np.zeros((len(words), 768), np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for rows in batches(ids, np.arange(len(ids)), 512, None):
            found[rows] = teacher.pooled(*padded([ids[row] for row in rows])).numpy()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--teachers", type=int, nargs="+", default=[0, 1])
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    teachers = []
    for number in chosen.teachers:
        teachers.append(Teacher())
        teachers[-1].load_state_dict(torch.load(chosen.work / f"teacher{number}.pt"))
    words = (chosen.work / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    vectors = static(words, teachers[0])
    np.savez(chosen.work / "words.npz", static=vectors, pooled=pooled(words, teachers[0]))
    train = labelled(chosen.data / "goemotions" / "original_train.tsv").texts
    texts = made(train, neighbours(words, vectors), MADE) + unlabelled(chosen.data)
    texts += [word for word in words if word.isalpha() or not word.isascii()]
    texts += service().texts
    logits = np.zeros((len(texts), 35), np.float32)
    for number, teacher in enumerate(teachers):
        rows = np.arange(number, len(texts), len(teachers))
        logits[rows] = logits_of(teacher, [texts[row] for row in rows])
        print(f"teacher {number}: {len(rows)} texts", flush=True)
    np.savez(chosen.work / "lessons.npz", logits=logits)
    (chosen.work / "lessons.json").write_text(json.dumps(texts), encoding="utf-8")


if __name__ == "__main__":
    main()

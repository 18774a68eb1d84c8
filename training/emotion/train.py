"""Trains the student on GoEmotions' own labels and on what the teachers say, and keeps it as float weights.

    python -m training.emotion.train --data DATA --work WORK --fold 0     (0, 1, 2: leaves a third out, for thresholds)
    python -m training.emotion.train --data DATA --work WORK              (on all of train)

Writes `student{fold}.pt` and, for a fold, `student{fold}.npz` with its logits for the third it never saw.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.emotion.student import Student
from training.emotion.teacher import FOLDS, batches, best_f1, fold_of, padded
from training.emotion.texts import CLASSES, labelled, service
from troth.reading.wordlist import WordList

BATCH = 128
RATE = 2e-3
SIZE = 96
WIDTH = 192
GOLD = 0.5
"""How much the labels people gave count beside the teacher's."""
OURS_GOLD, OURS_TIMES = 0.9, 4
"""The same for our own sentences, and how often an epoch sees each."""


def first_table(work: Path) -> np.ndarray:
    """Where the table of words starts: MiniLM's vector of each word and what the teacher makes of it, in few numbers."""
    words = np.load(work / "words.npz")
    parts = [values - values.mean(0) for values in (words["static"], words["pooled"])]
    together = np.hstack([part / np.linalg.norm(part, axis=1).mean() for part in parts])
    _, axes = np.linalg.eigh(together.T @ together)
    table = together @ axes[:, ::-1][:, :SIZE]
    return np.clip(table / table.std() * 0.4, -2, 2).astype(np.float32)


def logits_of(student: Student, ids: list[list[int]]) -> np.ndarray:
    student.eval()
    out = np.zeros((len(ids), student.out.out_features), np.float32)
    with torch.inference_mode():
        for rows in batches(ids, np.arange(len(ids)), 256, None):
            tokens, mask = padded([ids[row] for row in rows])
            out[rows] = student(tokens, mask.float()).numpy()
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--fold", type=int, choices=range(FOLDS))
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lessons", type=int, default=1_000_000, help="so many made texts at most")
    parser.add_argument("--gold", type=float, default=GOLD)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    work: Path = chosen.work
    words = WordList((work / "vocabulary.txt").read_text(encoding="utf-8").splitlines())
    train = labelled(chosen.data / "goemotions" / "original_train.tsv")
    dev = labelled(chosen.data / "goemotions" / "original_dev.tsv")
    folds = fold_of(len(train.texts))
    soft = np.hstack([train.ekman, train.fine])
    for fold in range(FOLDS):
        if (work / f"soft{fold}.npz").exists():
            heard = np.load(work / f"soft{fold}.npz")
            soft[heard["rows"]] = _probability(heard["soft"])
    gold = np.hstack([train.ekman, train.fine])
    lessons = json.loads((work / "lessons.json").read_text(encoding="utf-8"))
    taught = _probability(np.load(work / "lessons.npz")["logits"])
    ours = service()
    taught[-len(ours.texts) :, : len(CLASSES)] *= 1 - OURS_GOLD
    taught[-len(ours.texts) :, : len(CLASSES)] += OURS_GOLD * ours.ekman
    picked = np.sort(rng.permutation(len(lessons) - len(ours.texts))[: chosen.lessons])
    picked = np.concatenate([picked, np.repeat(np.arange(len(lessons) - len(ours.texts), len(lessons)), OURS_TIMES)])
    kept = np.arange(len(train.texts)) if chosen.fold is None else np.flatnonzero(folds != chosen.fold)
    texts = [train.texts[row] for row in kept] + [lessons[row] for row in picked]
    ids = [words.numbers(text)[:64] or [0] for text in texts]
    wanted = np.vstack([gold[kept] * chosen.gold + soft[kept] * (1 - chosen.gold), taught[picked]])
    target = torch.tensor(wanted, dtype=torch.float32)
    dev_ids = [words.numbers(text) or [0] for text in dev.texts]

    student = Student(first_table(work), width=WIDTH)
    student.exact = False
    optimizer = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=1e-3, fused=True)
    steps = chosen.epochs * (-(-len(ids) // BATCH))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    started = time.process_time()
    for epoch in range(chosen.epochs):
        student.train()
        student.exact = epoch == chosen.epochs - 1
        total = 0.0
        for rows in (cut := batches(ids, np.arange(len(ids)), BATCH, rng)):
            tokens, mask = padded([ids[row] for row in rows])
            logits = student(tokens, mask.float())
            each = nn.functional.binary_cross_entropy_with_logits(logits, target[rows], reduction="none")
            loss = each[:, : len(CLASSES)].mean() + each[:, len(CLASSES) :].mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        heard = logits_of(student, dev_ids)
        best = [best_f1(heard[:, column], dev.ekman[:, column]) for column in range(len(CLASSES))]
        spent = time.process_time() - started
        print(f"epoch {epoch}: loss {total / len(cut):.4f}, {spent:.0f} CPU-s, dev at best thresholds", end=" ")
        print(f"{np.mean(best):.4f}", np.round(best, 3), flush=True)
    name = "student" if chosen.fold is None else f"student{chosen.fold}"
    torch.save(student.state_dict(), work / f"{name}.pt")
    if chosen.fold is not None:
        held = np.flatnonzero(folds == chosen.fold)
        held_ids = [words.numbers(train.texts[row]) or [0] for row in held]
        np.savez(work / f"{name}.npz", rows=held, logits=logits_of(student, held_ids))


def _probability(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


if __name__ == "__main__":
    main()

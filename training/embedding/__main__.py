"""Makes the table behind `troth.reading.embedding`: a vector for each word, so that their sum says what MiniLM says.

    python -m training.embedding --data DATA --work WORK        (writes embedding.weights)

It starts from what MiniLM makes of each word alone, in few dimensions and weighed by how rare the word is (Arora et al.
2017; Tulkens and van Dongen's model2vec 2024), and is then taught that two texts be as alike as MiniLM finds them.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import AutoModel

from training.emotion.teacher import MODEL, TOKENIZER, batches, padded
from training.emotion.texts import labelled, unlabelled
from troth.reading import weights
from troth.reading.wordlist import UNKNOWN, WordList

SIZE = 64
STEPS = 4_000
BATCH = 256
LEVELS = 127
FORUM_TEXTS = 15_000
HELD = 10
"""Every tenth text is for measuring only."""


def minilm(ids: list[list[int]]) -> np.ndarray:
    """MiniLM's sentence vectors, of length one."""
    body = AutoModel.from_pretrained(MODEL, attn_implementation="eager").eval()
    found = np.zeros((len(ids), 384), np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for rows in batches(ids, np.arange(len(ids)), 256, None):
            tokens, mask = padded([ids[row] for row in rows])
            states = body(input_ids=tokens, attention_mask=mask).last_hidden_state.float() * mask.unsqueeze(-1)
            found[rows] = nn.functional.normalize(states.sum(1), dim=1).numpy()
    return found


def encoded(texts: list[str]) -> list[list[int]]:
    return [encoding.ids for encoding in TOKENIZER.encode_batch(texts)]


def split(data: Path) -> tuple[list[str], list[str]]:
    """Texts to learn from, and texts held back for measuring."""
    ours = unlabelled(data)
    forum = labelled(data / "goemotions" / "original_train.tsv").texts[:FORUM_TEXTS]
    return [text for number, text in enumerate(ours) if number % HELD] + forum, ours[::HELD]


def first_table(words: list[str], texts: list[list[int]]) -> np.ndarray:
    ids = []
    for word in words:
        known = TOKENIZER.token_to_id(word)
        ids.append([101, known, 102] if known is not None else encoded([word.strip("[]")])[0])
    alone = minilm(ids)
    alone -= alone.mean(0)
    _, axes = np.linalg.eigh(alone.T @ alone)
    table = alone @ axes[:, ::-1][:, :SIZE]
    counted = Counter(number for text in texts for number in text)
    share = np.array([counted[number] + 0.2 for number in range(len(words))]) / sum(counted.values())
    return table * (1e-3 / (1e-3 + share))[:, None]


def taught(table: np.ndarray, texts: list[list[int]], target: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(0)
    bag = nn.EmbeddingBag(*table.shape, mode="sum")
    bag.weight.data = torch.tensor(table, dtype=torch.float32)
    optimizer = torch.optim.Adam(bag.parameters(), lr=2e-3, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    wanted = torch.tensor(target)
    for step in range(STEPS):
        rows = rng.integers(0, len(texts), BATCH)
        flat = torch.tensor([number for row in rows for number in texts[row]])
        starts = torch.tensor(np.cumsum([0, *(len(texts[row]) for row in rows[:-1])]))
        unit = nn.functional.normalize(bag(flat, starts), dim=1)
        loss = ((unit @ unit.T - wanted[rows] @ wanted[rows].T) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 500 == 0:
            print(f"step {step}: {float(loss.detach()):.5f}", flush=True)
    return bag.weight.detach().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    content = (chosen.work / "vocabulary.txt").read_bytes().rstrip(b"\n")
    words = content.decode().split("\n")
    vocabulary = WordList(words)
    learnt, _ = split(chosen.data)
    texts = [vocabulary.numbers(text)[:120] or [0] for text in learnt]
    table = taught(first_table(words, texts), texts, minilm(encoded(learnt)))
    top = float(np.quantile(np.abs(table), 0.9999))
    whole = np.rint(np.clip(table / top, -1, 1) * LEVELS).astype(np.int8)
    whole[words.index(UNKNOWN)] = 0  # what is not known says nothing
    digest = hashlib.sha256(whole.tobytes()).hexdigest()[:8]
    says = {"words_sha256": hashlib.sha256(content).hexdigest()}
    file = Path(weights.__file__).parent / "embedding.weights"
    file.write_bytes(weights.packed({"table": whole}, version=digest, says=says))
    print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

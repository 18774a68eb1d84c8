"""Learn to tell English, German, Spanish and French from one another and from everything else.

    python -m training.language FOLDER_OF_DATA

What is learnt from: the translations that come with Django (BSD) and django-allauth (MIT) in some thirty languages, the
specifications of Recognizers-Text (MIT), English talk (IBM Twitter customer care and GoEmotions, Apache-2.0), and the words of
service letters in ``words.txt``, written for this project. A softmax over words and letter trigrams, with text made as
noisy as people write: accents dropped, letters swapped, a few words at a time. What helps little is left away, weights
become small whole numbers, and the file is plain text.
"""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import numpy as np
from babel.messages.pofile import read_po

from troth.reading import language as reader

LANGUAGES = ("en", "de", "es", "fr")
OTHERS = """
    nl it pt pt_BR ca gl pl sv da nb nn fi et tr cs sk sl hr bs ro hu id ms sq eu cy ga gd is af lt lv lb fy br oc ia io
    sw vi uz az
""".split()  # noqa: SIM905 easier to read and to edit than a list
HERE = Path(__file__).parent
TARGET = Path(reader.__file__).with_name("language.txt")
SEED = 20261122
WORDS_MAX = 9
"""So many words at a time are learnt from: what is told from few is told from many."""


def main(folder: Path) -> None:
    rng = random.Random(SEED)
    samples = list(_samples(folder, rng))
    rng.shuffle(samples)
    counts = Counter(feature for text, _ in samples for feature in set(reader.features(text)))
    names = sorted(name for name, n in counts.items() if n >= 12)
    index = {name: n for n, name in enumerate(names)}
    print(f"{len(samples)} samples, {len(names)} features")
    weights, bias = _learn(samples, index)
    kept = [(name, row) for name, row in zip(names, weights, strict=True) if np.abs(row).max() >= KEPT_FROM]
    lines = [_line(name, row) for name, row in [("", bias), *kept]]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(kept)} kept, {TARGET.stat().st_size:,} bytes")


KEPT_FROM = 0.10


def _line(name: str, row: np.ndarray) -> str:
    """A feature and what it says for each language, against none of them."""
    return "\t".join([name, *(str(round(float(value) * reader.SCALE)) for value in (row - row[-1])[:-1])])


def _samples(folder: Path, rng: random.Random) -> Iterator[tuple[str, int]]:
    for label, texts in enumerate((*(_texts(one, folder) for one in LANGUAGES), _other_texts(rng))):
        pieces = [piece for text in texts for piece in _cut(text, rng)]
        rng.shuffle(pieces)
        for piece in pieces[: 60_000 if label == len(LANGUAGES) else 25_000]:
            yield _worn(piece, rng), label


def _texts(language: str, folder: Path) -> list[str]:
    texts = _translations(language) + _phrases(language)
    name = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}[language]
    specs = json.loads((folder / f"dates/recognizers_{name}_DateTimeModel.json").read_text("utf-8-sig"))
    texts += [spec["Input"] for spec in specs]
    if language == "en":
        with (folder / "conversations/twitter_care_1025.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                texts += re.findall(r'"text": "((?:[^"\\]|\\.){5,400})"', line)[:4]
        with (folder / "goemotions/original_train.tsv").open(encoding="utf-8") as lines:
            texts += [line.split("\t")[0].replace("[NAME]", " ") for line in lines][:12_000]
    return texts


def _other_texts(rng: random.Random) -> list[str]:
    texts = [text for language in OTHERS for text in _translations(language)]
    for language in ("nl", "it", "pt", "ca", "pl", "sv", "da", "nb", "fi", "tr", "cs", "ro", "hu", "id", "other"):
        texts += _phrases(language)
    letters = "abcdefghijklmnopqrstuvwxyz"
    for _ in range(3_000):  # what is no language
        texts.append(
            " ".join("".join(rng.choice(letters) for _ in range(rng.randint(1, 10))) for _ in range(rng.randint(1, 6)))
        )
    return texts


def _translations(language: str) -> list[str]:
    texts: list[str] = []
    for package in (django, allauth):
        root = Path(str(package.__file__)).parent
        wanted = "de" if language == "en" else language
        for path in sorted(root.glob(f"**/locale/{wanted}/LC_MESSAGES/*.po")):
            with path.open("rb") as file:
                for message in read_po(file):
                    for text in (message.id if language == "en" else message.string,):
                        texts += [text] if isinstance(text, str) else list(text or ())
    clean = [re.sub(r"%\(?\w*\)?[sd]?|\{\w*\}|<[^>]*>|&\w+;", " ", text) for text in texts if text]
    return [text for text in clean if len(text) > 3]


def _phrases(language: str) -> list[str]:
    """Phrases of ours, strung together at random."""
    rng = random.Random(language)
    for line in (HERE / "words.txt").read_text("utf-8").splitlines():
        name, _, rest = line.partition(": ")
        if name == language:
            phrases = [phrase.strip() for phrase in rest.split(";")]
            count = 9_000 if language in LANGUAGES else 2_500
            return phrases * 2 + [" ".join(rng.choices(phrases, k=rng.randint(2, 6))) for _ in range(count)]
    return []


def _cut(text: str, rng: random.Random) -> Iterator[str]:
    words = text.split()
    start = 0
    while start < len(words):
        size = rng.randint(2, WORDS_MAX)
        yield " ".join(words[start : start + size])
        start += size


def _worn(text: str, rng: random.Random) -> str:
    """As people write in a hurry."""
    if rng.random() < 0.25:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if rng.random() < 0.2 and len(text) > 6:
        place = rng.randrange(1, len(text) - 2)
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        text = rng.choice((swapped, text[:place] + text[place + 1 :]))
    return text


def _learn(samples: list[tuple[str, int]], index: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Softmax regression by Adagrad, in batches."""
    classes = len(LANGUAGES) + 1
    weights = np.zeros((len(index), classes))
    bias = np.zeros(classes)
    seen = np.full(weights.shape, 1e-6)
    rows = [
        np.array([index[feature] for feature in reader.features(text) if feature in index], dtype=np.int64)
        for text, _ in samples
    ]
    labels = np.array([label for _, label in samples])
    order = np.random.default_rng(SEED)
    for epoch in range(5):
        loss = 0.0
        for batch in np.array_split(order.permutation(len(rows)), len(rows) // 256):
            sizes = np.array([len(rows[n]) for n in batch])
            flat = np.concatenate([rows[n] for n in batch])
            owner = np.repeat(np.arange(len(batch)), sizes)
            scores = np.zeros((len(batch), classes))
            np.add.at(scores, owner, weights[flat])
            scores += bias
            scores -= scores.max(axis=1, keepdims=True)
            odds = np.exp(scores)
            odds /= odds.sum(axis=1, keepdims=True)
            loss -= float(np.log(odds[np.arange(len(batch)), labels[batch]] + 1e-12).sum())
            odds[np.arange(len(batch)), labels[batch]] -= 1
            touched, where = np.unique(flat, return_inverse=True)
            step = np.zeros((len(touched), classes))
            np.add.at(step, where, odds[owner])
            step = step / len(batch) + 2e-6 * np.sign(weights[touched])
            seen[touched] += step**2
            weights[touched] -= 0.1 * step / np.sqrt(seen[touched])
            bias -= 0.05 * odds.mean(axis=0)
        print(f"round {epoch + 1}: loss {loss / len(rows):.4f}")
    return weights, bias


if __name__ == "__main__":
    main(Path(sys.argv[1]))

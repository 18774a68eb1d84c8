"""What a customer feels: a small closed list."""

from __future__ import annotations

from enum import StrEnum


class Feeling(StrEnum):
    """The feeling a message shows most."""

    ANGER = "anger"
    WORRY = "worry"
    SADNESS = "sadness"
    """Disappointment, too."""
    THANKS = "thanks"
    NEUTRAL = "neutral"
    """No feeling is shown."""

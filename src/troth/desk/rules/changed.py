"""Did customers sound better after the answer than before it? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Changed(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


#: From the worst; what hurts without anger is a step above anger.
LADDER = ("angry", "hurt", "calm", "pleased")


def changed(before: str, after: str) -> Changed:
    """How the last message after an answer sounded beside the first."""
    step = LADDER.index(after) - LADDER.index(before)
    return Changed.BETTER if step > 0 else Changed.WORSE if step < 0 else Changed.SAME


def changes(felt: Mapping[tuple[str, str], int]) -> dict[Changed, int]:
    """How many of each, of cases by what was felt before and after."""
    counts = dict.fromkeys(Changed, 0)
    for (before, after), count in felt.items():
        counts[changed(before, after)] += count
    return counts

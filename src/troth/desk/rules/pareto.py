"""Which few reasons stand for most of what went wrong: Juran's Pareto chart of what Ballard and Tommelein (2016) ask for; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: What nobody has given a reason for. It stands last, whatever its height: it is a question and no answer.
UNEXPLAINED = ""


@dataclass(frozen=True)
class Bar:
    reason: str
    promises: int
    clocks: int
    #: Of all that is explained, the share of this and every bar before it; None of what is not.
    so_far: float | None

    @property
    def count(self) -> int:
        return self.promises + self.clocks


def pareto(promises: Mapping[str, int], clocks: Mapping[str, int]) -> list[Bar]:
    """The reasons, the most frequent first."""
    counts = {reason: promises.get(reason, 0) + clocks.get(reason, 0) for reason in {*promises, *clocks}}
    known = sorted((reason for reason in counts if reason and counts[reason]), key=lambda one: (-counts[one], one))
    explained, so_far, bars = sum(counts[reason] for reason in known), 0, []
    for reason in known:
        so_far += counts[reason]
        bars.append(Bar(reason, promises.get(reason, 0), clocks.get(reason, 0), so_far / explained))
    if counts.get(UNEXPLAINED):
        bars.append(Bar(UNEXPLAINED, promises.get(UNEXPLAINED, 0), clocks.get(UNEXPLAINED, 0), None))
    return bars

"""What an evaluation found, ready to be shown or written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from troth.reading.evaluation.scores import Calibration, Counts


class Wrong(NamedTuple):
    """One thing that was not read as it was labelled."""

    line: int
    labelled: str
    read: str


@dataclass(frozen=True)
class Report:
    """The figures of one task over one set of labelled lines."""

    task: str
    messages: int
    """How many lines carry labels for this task."""
    figures: Mapping[str, float | int | None]
    tables: Mapping[str, Mapping[str, Counts]] = field(default_factory=dict)
    """By the name of what is told apart, the counts of each class."""
    calibration: Calibration | None = None
    wrong: tuple[Wrong, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Everything but the single errors."""
        return {
            "task": self.task,
            "messages": self.messages,
            "figures": dict(self.figures),
            "tables": {
                name: {label: counts.to_plain() for label, counts in rows.items()} for name, rows in self.tables.items()
            },
            "calibration": asdict(self.calibration) if self.calibration else None,
        }

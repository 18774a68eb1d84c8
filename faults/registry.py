"""The faults by name. A module that holds some names itself in MODULES; each fault is a function that needs nothing."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

#: In the order of the table.
MODULES: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of everything that was asked of the system while it was struck."""

    #: How often it was struck.
    points: int
    #: Asked for, and not there at the end.
    lost: int = 0
    #: There more often than asked for.
    doubled: int = 0
    #: Not finished in its time, or the checker found something.
    stuck: int = 0
    #: What a reader of the table should know, such as figures.
    notes: str = ""

    @property
    def is_clean(self) -> bool:
        return self.points > 0 and (self.lost, self.doubled, self.stuck) == (0, 0, 0)

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            points=self.points + other.points,
            lost=self.lost + other.lost,
            doubled=self.doubled + other.doubled,
            stuck=self.stuck + other.stuck,
            notes="; ".join(note for note in (self.notes, other.notes) if note),
        )


@dataclass(frozen=True)
class Fault:
    #: Of the goal in docs/reliability.md, "R1".
    goal: str
    #: As the table says it.
    title: str
    #: The function's own name, for the command line.
    name: str
    run: Callable[[], Outcome]


_FAULTS: dict[str, Fault] = {}


def fault(goal: str, title: str) -> Callable[[Callable[[], Outcome]], Callable[[], Outcome]]:
    """Register the whole form of a fault: it sets its own stage (see `stage.py`) and is alone in its process."""

    def register(run: Callable[[], Outcome]) -> Callable[[], Outcome]:
        _FAULTS[run.__name__] = Fault(goal, title, run.__name__, run)
        return run

    return register


def faults() -> dict[str, Fault]:
    """Every fault by its function's name, in the order of their goals."""
    for module in MODULES:
        importlib.import_module(f"faults.{module}")
    return dict(sorted(_FAULTS.items(), key=lambda item: int(item[1].goal.removeprefix("R"))))

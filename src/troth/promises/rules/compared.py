"""Where the ledger's facts put a promise; pure. Staff see states in tables: these are held against what was proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from troth.words.promises import State

#: The facts that say where a promise stands.
KINDS = (
    "PromiseMade", "PromiseOpened", "PromiseMoved", "PromiseKept", "PromiseLate", "PromiseDoneLate", "PromiseBroken",
    "PromiseReleased", "PromiseVoided",
)  # fmt: skip

Values = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A promise as its row has it."""

    state: str
    first_due: datetime | None
    is_done: bool
    moves: int


@dataclass(frozen=True)
class Told:
    """A promise as its facts tell of it."""

    #: The kind of the newest fact.
    last: str
    moves: int
    made: int
    done: int
    #: What PromiseMade and PromiseOpened say, as far as it opens; None for each that was erased.
    begun: Sequence[Values | None]


def agree(row: Row | None, told: Told | None) -> bool:
    """Whether the row is where the facts put it. Of what was erased only what is still known is compared."""
    if told is None:
        return False
    is_erased = None in told.begun
    if row is None:
        return is_erased
    if told.made != 1 or row.moves != told.moves or row.is_done != (told.done == 1):
        return False
    if is_erased:
        return told.last == "PromiseMade" or row.state == state_after(told.last, moves=told.moves, begun="")
    begun = next((values["state"] for values in told.begun if values and values["kind"] == "PromiseMade"), "")
    dates = [datetime.fromisoformat(values["first_due"]) for values in told.begun if values and values["first_due"]]
    return row.first_due == max(dates, default=None) and row.state == state_after(
        told.last, moves=told.moves, begun=begun
    )


def state_after(kind: str, *, moves: int, begun: str) -> str:
    """The state of a promise whose newest fact is of *kind*, begun in the state *begun*."""
    if kind == "PromiseKept":
        return State.MOVED if moves else State.KEPT
    states: dict[str, str] = {
        "PromiseMade": begun,
        "PromiseOpened": State.OPEN,
        "PromiseMoved": State.MOVED,
        "PromiseBroken": State.BROKEN,
        "PromiseReleased": State.RELEASED,
        "PromiseVoided": State.VOID,
    }
    return states.get(kind, State.LATE)

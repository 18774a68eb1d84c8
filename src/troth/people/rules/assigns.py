"""How a team gives what comes to it an owner; the giving itself is in `cases`."""

from __future__ import annotations

from enum import StrEnum


class Assigns(StrEnum):
    #: Somebody takes it.
    HAND = "hand"
    #: Each in turn.
    ROUND = "round"
    #: Whoever has least to do.
    LOAD = "load"

"""What a clock of a case counts towards, and the states it can be in; the glossary's words."""

from __future__ import annotations

from enum import StrEnum


class Sort(StrEnum):
    """What is due when it runs out."""

    #: The first answer by a person. It runs once in a case's life.
    FIRST = "first"
    #: An answer to what the customer said since.
    NEXT = "next"
    #: Word of how things stand, while the case is with us and nothing else is asked.
    UPDATE = "update"
    #: The end of the matter.
    RESOLUTION = "resolution"


class State(StrEnum):
    RUNNING = "running"
    #: The customer's turn; what passes now is not counted.
    PAUSED = "paused"
    MET = "met"
    #: Nothing is asked any more, and nothing was done: the case was resolved without it.
    STOPPED = "stopped"


#: States in which something is still asked of us.
LIVE = frozenset({State.RUNNING, State.PAUSED})
#: The clocks that an answer by a person meets.
ANSWERS = (Sort.FIRST, Sort.NEXT)


class Measure(StrEnum):
    """How a target's length is counted."""

    #: Seconds while the company is open.
    WORKING_TIME = "working_time"
    #: Whole working days; due at the end of the last one.
    WORKING_DAYS = "working_days"
    #: Seconds, open or closed.
    CALENDAR = "calendar"

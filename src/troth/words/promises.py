"""How firmly a promise is worded, and what can become of it."""

from __future__ import annotations

from enum import StrEnum


class Strength(StrEnum):
    """How firm the wording is, weakest first. Aims are listed, not scored."""

    AIM = "aim"
    """“We aim to”, “we hope to have”."""
    EXPECT = "expect"
    """“Should arrive”, “is due”, “usually takes”."""
    PROMISE = "promise"
    """“We will”."""
    GUARANTEE = "guarantee"
    """“I promise”, “guaranteed”, “without fail”."""


class State(StrEnum):
    """Where a promise stands. From `KEPT` on it is decided, save that `MOVED` goes on."""

    PROPOSED = "proposed"
    """Read in a text; no person has confirmed it."""
    ARMED = "armed"
    """Waits for a condition, often the customer's own part."""
    OPEN = "open"
    """Made, and not yet due or done."""
    KEPT = "kept"
    """Done by its due time."""
    MOVED = "moved"
    """The customer was told before it was due, and given a new due time."""
    LATE = "late"
    """Done after its due time, the customer not told before."""
    BROKEN = "broken"
    """Not done."""
    RELEASED = "released"
    """The customer let us off."""
    VOID = "void"
    """Recorded by mistake, with the reason."""

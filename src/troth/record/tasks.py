"""Counting, as a task: thin, safe to repeat."""

from __future__ import annotations

from troth.record import actions


def count() -> int:
    """Count until nothing is left to count; how many entries."""
    total = 0
    while counted := actions.count():
        total += counted
    return total

"""Counting, and having the log cosigned, as tasks: thin, safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from troth.record import actions, witnesses


def count() -> int:
    """Count until nothing is left to count; how many entries."""
    total = 0
    while counted := actions.count():
        total += counted
    return total


def have_cosigned() -> int:
    """Show the newest head to each witness whose turn it is; how many cosigned."""
    return witnesses.ask_all(now=timezone.now())

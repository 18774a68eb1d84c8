"""The watcher of breaches, as a task: thin, safe to repeat, and safe to run in any number of workers."""

from __future__ import annotations

from django.utils import timezone

from troth.breaches import watcher


def look_ahead() -> int:
    """Say everything that is to be said of breaches by now; how many were looked at."""
    total = 0
    while looked := watcher.look_ahead(now=timezone.now()):
        total += looked
    return total

"""The watcher, as tasks: thin, safe to repeat, and safe to run in any number of workers."""

from __future__ import annotations

from django.utils import timezone

from troth.promises import watcher


def look_ahead() -> int:
    """Do everything promises ask for by now; how many were looked at."""
    total = 0
    watcher.settle_tellings(now=timezone.now())
    while looked := watcher.look_ahead(now=timezone.now()):
        total += looked
    while watcher.settle_tellings(now=timezone.now()):
        pass
    return total

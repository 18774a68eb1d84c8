"""What the worker does for incidents: thin, safe to repeat, and safe to run in any number of workers."""

from __future__ import annotations

from django.utils import timezone

from troth.incidents import watching


def watch() -> int:
    """See whether anything has come back, carry out what was said of it, and keep what held; how much was done."""
    return watching.look(now=timezone.now())

"""What the worker's lane runs."""

from __future__ import annotations

from django.utils import timezone

from troth.drafting import actions


def write() -> int:
    """Have the drafts written that were asked for, one after another; how many."""
    count = 0
    while actions.write_next(timezone.now()):
        count += 1
    return count

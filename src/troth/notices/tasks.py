"""Telling everybody, as a lane of the worker: thin, safe to repeat and to run side by side."""

from __future__ import annotations

from django.utils import timezone

from troth.notices.actions import cohorts, following, leaving, making


def tell() -> int:
    """Make recipients, write their letters, see what became of them, until nothing is left for now; how much was done."""
    total = 0
    while done := making.make(now=timezone.now()) + leaving.write_letters(now=timezone.now()):
        total += done + following.follow(now=timezone.now())
    return total + following.follow(now=timezone.now()) + following.say_done(now=timezone.now())


def join_late() -> int:
    """Whoever meets the conditions of a frozen cohort only now joins it; how many."""
    return cohorts.join_late(now=timezone.now())

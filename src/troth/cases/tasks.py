"""Replies whose few seconds are over leave, what was put aside comes back, and messages are read anew: thin tasks, safe to repeat."""

from __future__ import annotations

import time

from django.utils import timezone

from troth.cases import actions


def leave() -> int:
    total = 0
    while sent := actions.leave(now=timezone.now()):
        total += sent
    return total


def wake() -> int:
    """What was put aside until now comes back."""
    total = 0
    while woken := actions.wake_due(now=timezone.now()):
        total += woken
    return total


#: Answers of weeks change little in this time.
MEASURED_EVERY_SECONDS = 600.0
_measure_at = 0.0


def measure_answers() -> int:
    """What customers are told to expect is drawn from the last weeks, measured anew now and then."""
    global _measure_at
    if time.monotonic() >= _measure_at:
        actions.measure_answers(now=timezone.now())
        _measure_at = time.monotonic() + MEASURED_EVERY_SECONDS
    return 0


_all_have_clocks = False


def give_clocks() -> int:
    """Cases from before there were clocks get theirs; once none is left, nothing is asked any more."""
    global _all_have_clocks
    total = 0
    while not _all_have_clocks:
        given = actions.give_clocks(now=timezone.now())
        total += given
        _all_have_clocks = not given
    return total


def reread() -> int:
    """It waits as long as it worked after each batch, so that whatever is due meanwhile has half of the processor at least."""
    total = 0
    begun = time.monotonic()
    while read := actions.reread(now=timezone.now()):
        total += read
        time.sleep(time.monotonic() - begun)
        begun = time.monotonic()
    return total


def do_many() -> int:
    """What is done to many cases at once, a case at a time: changed, changed back, answered."""
    total = 0
    while done := actions.work_answers(now=timezone.now()) + actions.work_bulk(now=timezone.now()):
        total += done
    return total

"""Forgetting, as a lane of the worker: thin, safe to repeat and to run side by side."""

from __future__ import annotations

import time

from django.utils import timezone

from troth.privacy import actions

#: Between two looks for what was written in the moment of an erasure: it is seldom, and to look is dear.
SWEEP_SECONDS = 600.0
_swept = 0.0


def forget() -> int:
    """Go on with what was begun, and hold the tables against the register; how many were forgotten."""
    global _swept
    done = actions.go_on(now=timezone.now()) + actions.compare(now=timezone.now())
    if done or time.monotonic() - _swept > SWEEP_SECONDS or not _swept:
        actions.sweep_up(now=timezone.now())
        _swept = time.monotonic()
    return done


def at_start() -> None:
    """Before anything is sent: what a backup brought back must not be written to once more."""
    forget()

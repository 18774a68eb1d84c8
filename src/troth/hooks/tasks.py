"""Sending, as a lane of the worker: safe to repeat and to run side by side."""

from __future__ import annotations

from functools import cache

from django.utils import timezone

from troth.hooks.sending import Sender


@cache
def _sender() -> Sender:
    return Sender(clock=timezone.now)


def send() -> int:
    """Send what is due; how many tries ended. What is still under way is looked at again at the next call."""
    return _sender().sweep()

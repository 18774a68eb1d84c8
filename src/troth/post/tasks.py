"""Sending, started by the queue. The queue only hints: what is due stands in the table, and a lost hint costs a few seconds."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from troth.post import sending


@app.task(name="post.deliver", queue="send", queueing_lock="post.deliver")
def deliver() -> int:
    """Send what is due."""
    return sending.sweep(carrier=sending.carrier_in_use(), clock=timezone.now)

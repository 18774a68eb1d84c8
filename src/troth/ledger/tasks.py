"""Sealing, as a task: thin, safe to repeat."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from troth.ledger import actions


@app.task(name="ledger.seal", queueing_lock="ledger.seal", pass_context=False)
def seal() -> int:
    """Seal until nothing waits; how many entries."""
    total = 0
    while sealed := actions.seal(now=timezone.now()):
        total += sealed
    return total

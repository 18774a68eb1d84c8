"""What a scenario inside our own process ends with: the other lanes come to rest, and the product's checker looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from faults.registry import Outcome
from troth.clocks import watcher as clocks
from troth.ledger import actions as ledger
from troth.promises import watcher
from troth.site import verify


def checked(outcome: Outcome, *, now: datetime) -> Outcome:
    """*outcome*, with what `troth verify-state` finds at *now*, once every lane had nothing more to do, among what is stuck."""
    while (
        watcher.settle_tellings(now=now)
        or watcher.look_ahead(now=now)
        or clocks.look_ahead(now=now)
        or ledger.seal(now=now)
    ):
        pass
    found = verify.findings(now=now)
    notes = [outcome.notes, *(f"{one.invariant} {one.wrong} {', '.join(one.refs)}" for one in found)]
    return replace(outcome, stuck=outcome.stuck + len(found), notes="; ".join(filter(None, notes)))

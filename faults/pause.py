"""R2: a worker that is paused at every boundary of its work, overtaken by another, and wakes up beside it.

A paused process is worse than a killed one: its connections stay, and it goes on as if nothing had happened. Two lengths of pause
are tried: one in which its database connection outlives it, and one in which the server gives up on a transaction it had open.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, connections
from tests.lab.mail import MailLab

from faults.flows import HEADS_UP, REPLY, TAKE_IN, Flow, tally
from faults.kill import EVERY, is_finished
from faults.processes import Process, stopped_at, wait_until_alone
from faults.registry import Outcome
from faults.scene import scene

#: Beyond the lease of a letter, of an arrival, and the time after which a letter half gone is looked for.
TAKEN_OVER_AFTER = (timedelta(seconds=35), timedelta(seconds=65), timedelta(minutes=6))


def pause(lab: MailLab, flow: Flow, *, at: Iterable[int] = EVERY, outlives_its_transaction: bool = False) -> Outcome:
    """Do *flow* anew for each number in *at*, paused at that boundary while a second worker does what it can."""
    with _patience(idle=1.0 if outlives_its_transaction else 60.0), scene(lab) as here:
        items, points, stuck, waited = [], 0, 0, []
        for number in at:
            item = flow.prepare(here, number)
            items.append(item)
            paused = Process(lambda item=item: flow.act(here, item), strike=stopped_at(number), quiet=True)  # type: ignore[misc]
            try:
                was_paused = paused.is_stopped()
                if was_paused:
                    points += 1
                    began = time.monotonic()
                    for span in TAKEN_OVER_AFTER:
                        here.clock.forward(span)
                        stuck += not Process(here.every_lane_in_spite).ended().whole
                    waited.append(time.monotonic() - began)
                    if outlives_its_transaction:
                        time.sleep(max(0.0, 1.2 - waited[-1]))
                    paused.go_on()
                    paused.ended()
            finally:
                paused.end()
            wait_until_alone()
            stuck += not is_finished(here, flow, item, said=f"{flow.name}, paused at {number}")
            here.put_away()
            if not was_paused:
                break
        found = tally(here, flow, items)
    for one in found.wrong:
        print(f"{flow.name}: {one}", file=sys.stderr)
    return Outcome(points=points, lost=found.lost, doubled=found.doubled, stuck=stuck)


@contextmanager
def _patience(*, idle: float) -> Iterator[None]:
    """Lets the server give up on an open transaction after *idle* seconds, and on a lock after two, so that a pause may be short."""
    options = connection.settings_dict["OPTIONS"]
    before = options["options"]
    options["options"] = f"-c idle_in_transaction_session_timeout={idle:.0f}s -c lock_timeout=2s"
    connections.close_all()
    try:
        yield
    finally:
        options["options"] = before
        connections.close_all()


def reply(lab: MailLab) -> Outcome:
    return pause(lab, REPLY)


def heads_up(lab: MailLab) -> Outcome:
    return pause(lab, HEADS_UP)


def reply_asleep(lab: MailLab) -> Outcome:
    return pause(lab, REPLY, outlives_its_transaction=True)


def take_in_asleep(lab: MailLab) -> Outcome:
    return pause(lab, TAKE_IN, outlives_its_transaction=True)

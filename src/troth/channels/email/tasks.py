"""Watching mailboxes, as a lane of the worker: a thread for each, started when it appears and ended when it goes."""

from __future__ import annotations

import time

from django.utils import timezone

from troth.channels.email.models import Mailbox
from troth.channels.email.receive import Receiver

_receivers: dict[tuple[object, ...], Receiver] = {}


def watch_mailboxes() -> int:
    """Have exactly one living thread for each enabled mailbox, with its settings as they are now; how many were started."""
    wanted = {
        row: row[0]
        for row in Mailbox.objects.filter(enabled=True, is_archive=False).values_list(
            "pk", "host", "port", "tls", "user", "password", "folder"
        )
    }
    for settled, receiver in list(_receivers.items()):
        if settled not in wanted or not receiver.is_alive():
            receiver.stop()
            del _receivers[settled]
    started = 0
    for settled, mailbox_id in wanted.items():
        if settled not in _receivers:
            _receivers[settled] = Receiver(mailbox_id, clock=timezone.now)
            _receivers[settled].start()
            started += 1
    return started


def threads_moved() -> float:
    """When the stillest of the threads last moved, by `time.monotonic`; now, where there is none."""
    return min((receiver.moved for receiver in list(_receivers.values())), default=time.monotonic())


def stop_watching() -> None:
    """End every thread; for tests and for a tidy end."""
    for receiver in _receivers.values():
        receiver.stop()
    for receiver in _receivers.values():
        receiver.join(10)
    _receivers.clear()

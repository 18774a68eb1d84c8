"""The worker: a lane for each kind of work that waits in the tables, and a thread for each mailbox.

A lane asks its room for what is due, does it, and waits for `NOTIFY troth` or its own interval. Killed at any line it leaves
nothing behind that the next round, here or in another worker, does not find (docs/decisions/0001).
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from troth.cases import tasks as cases
from troth.ledger import tasks as ledger
from troth.post import tasks as post
from troth.promises import tasks as promises

log = logging.getLogger(__name__)

#: After the database went away, a lane tries again after this long, doubling to the most.
AGAIN_SECONDS, AGAIN_SECONDS_MOST = 0.5, 10.0


@dataclass
class Lane:
    """One kind of work. *sweep* does all that is due and says how much; it is safe to repeat and to run side by side."""

    name: str
    sweep: Callable[[], int]
    every_seconds: float = 1.0
    wake: threading.Event = field(default_factory=threading.Event)

    def run(self, stop: threading.Event) -> None:
        again = AGAIN_SECONDS
        while not stop.is_set():
            self.wake.clear()
            try:
                close_old_connections()
                self.sweep()
                again = AGAIN_SECONDS
            except (DatabaseError, InterfaceError):
                log.warning("%s: the database does not answer; again in %.1f s.", self.name, again, exc_info=True)
                connection.close()
                stop.wait(again)
                again = min(again * 2, AGAIN_SECONDS_MOST)
                continue
            except Exception:
                log.exception("%s failed; what it left undone is found again.", self.name)
                stop.wait(again)
                again = min(again * 2, AGAIN_SECONDS_MOST)
            self.wake.wait(self.every_seconds)
        connection.close()


def lanes() -> list[Lane]:
    """Warnings first, then what leaves, then what came in, then the seal."""
    from troth.channels.email import tasks as email  # heavy: its parser and its mail client
    from troth.inbox import tasks as inbox

    return [
        Lane("watcher", promises.look_ahead),
        Lane("replies", cases.leave),
        Lane("post", post.deliver),
        Lane("inbox", inbox.read_waiting),
        Lane("inbox-2", inbox.read_waiting),  # each reads in a child of its own: one slow letter holds up no other
        Lane("mailboxes", email.watch_mailboxes, every_seconds=15.0),
        Lane("seal", ledger.seal),
    ]


def listen(wanted: list[Lane], stop: threading.Event) -> None:
    """Wake every lane when a fact was committed; only a hint, so a lost one costs a lane's interval."""
    while not stop.is_set():
        try:
            with psycopg.connect(**_parameters(), autocommit=True) as heard:
                heard.execute("LISTEN troth")
                while not stop.is_set():
                    for _note in heard.notifies(timeout=1.0, stop_after=1):
                        for lane in wanted:
                            lane.wake.set()
        except psycopg.Error:
            stop.wait(AGAIN_SECONDS)


def _parameters() -> dict[str, Any]:
    """What Django's own connection is made with, for a plain connection beside it."""
    keep = {"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey"}
    return {name: value for name, value in connection.get_connection_params().items() if name in keep}


def main() -> None:
    """Run every lane until SIGTERM or SIGINT."""
    stop = threading.Event()
    wanted = lanes()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [threading.Thread(target=lane.run, args=(stop,), name=lane.name, daemon=True) for lane in wanted]
    threads.append(threading.Thread(target=listen, args=(wanted, stop), name="listen", daemon=True))
    for thread in threads:
        thread.start()
    log.info("The worker looks after %s.", ", ".join(lane.name for lane in wanted))
    while not stop.wait(0.5):
        pass
    for lane in wanted:
        lane.wake.set()
    until = time.monotonic() + 8
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))

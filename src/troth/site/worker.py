"""The worker: a lane for each kind of work that waits in the tables, and a thread for each mailbox.

A lane asks its room for what is due, does it, and waits for `NOTIFY troth` or its own interval. Killed at any line it leaves
nothing behind that the next round, here or in another worker, does not find (docs/decisions/0001).

A thread that hangs cannot be helped from inside, only ended with its process. So the main thread, which waits for nobody, looks
whether every lane moves: while all do it gives the supervisor a sign of life; when one does not it says which, and ends the worker.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from troth.breaches import tasks as breaches
from troth.cases import tasks as cases
from troth.clocks import tasks as clocks
from troth.drafting import tasks as drafting
from troth.hooks import tasks as hooks
from troth.incidents import tasks as incidents
from troth.ledger import tasks as ledger
from troth.notices import tasks as notices
from troth.orders import tasks as orders
from troth.people import tasks as people
from troth.post import tasks as post
from troth.privacy import tasks as privacy
from troth.promises import tasks as promises
from troth.record import tasks as record
from troth.remedies import tasks as remedies
from troth.search import tasks as search
from troth.site import beats, interpreter
from troth.site.logs import bind, catch_the_rest
from troth.site.pulse import Pulse
from troth.status import tasks as status

log = logging.getLogger(__name__)

#: After the database went away, a lane tries again after this long, doubling to the most.
AGAIN_SECONDS, AGAIN_SECONDS_MOST = 0.5, 10.0
#: A lane that asked the database nothing for this long hangs; every wait in it ends sooner by itself.
PATIENCE_SECONDS = 180.0
#: A mail server may take ten minutes to answer a letter, and five to each word before it.
POST_PATIENCE_SECONDS = 1200.0
#: A thread that watches a mailbox waits five minutes after a server has failed it often, and longer for a huge letter.
MAILBOX_PATIENCE_SECONDS = 1800.0
#: Nothing the main thread does takes a second.
LOOK_SECONDS = 0.5
#: A lane that talks to a server gives the interpreter away with each word, and gets it back when this is over at the latest, however
#: busy another is: with Python's five milliseconds, a letter in bulk would wait for that, and hand over three hundred a second.
SWITCH_SECONDS = 0.0005
#: What nobody waits for is looked for this much later: while very many letters leave, every lane is woken many times a second.
LATER_SECONDS = 0.5
#: How the worker ends when a lane hangs: "try again later" among the BSD exit codes.
STUCK = 75


@dataclass
class Lane:
    """One kind of work. *sweep* does all that is due and says how much; it is safe to repeat and to run side by side."""

    name: str
    sweep: Callable[[], int]
    every_seconds: float = 1.0
    #: Woken, it waits so long for more of the same before it looks.
    gathers_seconds: float = 0.0
    #: The lanes that are woken when it has done something.
    wakes: Sequence[Lane] = ()
    patience_seconds: float = PATIENCE_SECONDS
    wake: threading.Event = field(default_factory=threading.Event)
    #: When the stillest of the threads it started last moved, where it starts some.
    threads_moved: Callable[[], float] | None = None
    #: When it last began a round, or asked the database something; by `time.monotonic`.
    moved: float = field(default_factory=time.monotonic)
    thread: threading.Thread | None = None

    def start(self, stop: threading.Event) -> None:
        self.thread = threading.Thread(target=self.run, args=(stop,), name=self.name, daemon=True)
        self.thread.start()

    def run(self, stop: threading.Event) -> None:
        again = AGAIN_SECONDS
        bind(lane=self.name)
        with connection.execute_wrapper(self._moving):
            while not stop.is_set():
                self.moved = time.monotonic()
                self.wake.clear()
                try:
                    close_old_connections()
                    if self.sweep():
                        for lane in self.wakes:
                            lane.wake.set()
                    again = AGAIN_SECONDS
                    if self.wake.wait(self.every_seconds) and self.gathers_seconds:
                        stop.wait(self.gathers_seconds)
                    continue
                except (DatabaseError, InterfaceError):
                    log.warning("%s: the database does not answer; again in %.1f s.", self.name, again, exc_info=True)
                    connection.close()
                except Exception:
                    log.exception("%s failed; what it left undone is found again.", self.name)
                stop.wait(again)
                again = min(again * 2, AGAIN_SECONDS_MOST)
        connection.close()

    def _moving(self, execute: Callable[..., Any], *asked: Any) -> Any:
        """Around every statement: a long piece of work moves as long as it asks."""
        self.moved = time.monotonic()
        try:
            return execute(*asked)
        finally:
            self.moved = time.monotonic()

    @property
    def still_seconds(self) -> float:
        moved = min(self.moved, self.threads_moved()) if self.threads_moved else self.moved
        return time.monotonic() - moved

    @property
    def hangs(self) -> bool:
        return self.still_seconds > self.patience_seconds


def lanes() -> list[Lane]:
    """Warnings first, then what leaves, then what came in, then the seal and who is told of it."""
    from troth.channels.chat import tasks as chat
    from troth.channels.email import tasks as email  # heavy: its parser and its mail client
    from troth.channels.imports import tasks as moving  # the same
    from troth.inbox import tasks as inbox

    found = [
        Lane("watcher", promises.look_ahead),
        Lane("clocks", clocks.look_ahead),
        Lane("breaches", breaches.look_ahead, every_seconds=5.0),
        Lane("old-cases", cases.give_clocks, every_seconds=15.0),
        Lane("replies", cases.leave),
        Lane("telling", notices.tell),
        Lane("joining", notices.join_late, every_seconds=15.0, gathers_seconds=LATER_SECONDS),
        Lane("snoozes", cases.wake, every_seconds=5.0),
        Lane("watches", incidents.watch, gathers_seconds=0.5),
        # Oftener than others: what a letter encloses may be sealed by another worker, which cannot wake this lane.
        letters := Lane("post", post.deliver, every_seconds=0.25, patience_seconds=POST_PATIENCE_SECONDS),
        Lane("bulk", post.deliver_in_bulk, patience_seconds=POST_PATIENCE_SECONDS),
        Lane("inbox", inbox.read_waiting),
        Lane("inbox-2", inbox.read_waiting),  # each reads in a child of its own: one slow letter holds up no other
        Lane("inbox-slow", inbox.read_slow),
        Lane(
            "mailboxes",
            email.watch_mailboxes,
            every_seconds=15.0,
            patience_seconds=MAILBOX_PATIENCE_SECONDS,
            threads_moved=email.threads_moved,
        ),
        Lane("chat", chat.look, every_seconds=2.0),
        events := Lane("hooks", hooks.send),
        # A head for each act would be many; and what letters enclose and programs are told of is there once it is signed.
        Lane("seal", ledger.seal, gathers_seconds=0.2, wakes=(letters, events)),
        Lane("record", record.count, every_seconds=15.0, gathers_seconds=LATER_SECONDS),
        Lane("many", cases.do_many),
        Lane("expect", cases.measure_answers, every_seconds=15.0, gathers_seconds=LATER_SECONDS),
        Lane("reread", cases.reread, every_seconds=15.0, gathers_seconds=LATER_SECONDS),
        Lane("search", search.catch_up, every_seconds=15.0, gathers_seconds=LATER_SECONDS),
        Lane("let-go", people.let_go, every_seconds=15.0, gathers_seconds=LATER_SECONDS),
        Lane("status", status.publish, every_seconds=5.0, gathers_seconds=1.0),
        Lane("moving-in", moving.bring, every_seconds=2.0, gathers_seconds=LATER_SECONDS),
        Lane("remedies", remedies.look_ahead, every_seconds=5.0, gathers_seconds=LATER_SECONDS),
        Lane("orders", orders.bring, every_seconds=5.0, gathers_seconds=LATER_SECONDS),
        Lane("calls", moving.read_calls, every_seconds=2.0, gathers_seconds=LATER_SECONDS),
        Lane("forget", privacy.forget, every_seconds=15.0, gathers_seconds=LATER_SECONDS),
    ]
    if settings.TROTH_MODEL_URL:
        found.append(Lane("drafting", drafting.write))
    if settings.TROTH_WITNESSES:
        found.append(Lane("witnesses", record.have_cosigned, every_seconds=5.0))
    return [*found, Lane("beats", lambda: beats.note(found), every_seconds=beats.EVERY_SECONDS)]


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
    """Run every lane until SIGTERM or SIGINT, or until one hangs."""
    catch_the_rest()
    interpreter.warn()
    sys.setswitchinterval(SWITCH_SECONDS)
    pulse, stop = Pulse(), threading.Event()
    wanted = lanes()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        privacy.at_start()
    except (DatabaseError, InterfaceError):
        log.warning("Nobody could be held against the register of the forgotten yet; the lane does it.", exc_info=True)
    for lane in wanted:
        lane.start(stop)
    threading.Thread(target=listen, args=(wanted, stop), name="listen", daemon=True).start()
    pulse.beat()  # from here on, whoever waits for it need be no more patient than between two looks
    log.info("The worker looks after %s.", ", ".join(lane.name for lane in wanted))
    while not stop.wait(LOOK_SECONDS):
        end_if_any_hangs(wanted)
        pulse.beat()
    for lane in wanted:
        lane.wake.set()
    until = time.monotonic() + 8
    for lane in wanted:
        if lane.thread:
            lane.thread.join(max(0.0, until - time.monotonic()))


def end_if_any_hangs(wanted: Sequence[Lane]) -> None:
    """A lane that hangs ends the worker at once; whoever keeps it alive starts another, which finds all that is due."""
    hanging = [lane for lane in wanted if lane.hangs]
    if not hanging:
        return
    frames = sys._current_frames()
    for lane in hanging:
        frame = frames.get(lane.thread.ident) if lane.thread and lane.thread.ident else None
        log.critical(
            "%s hangs: it has not moved for %.0f s. The worker ends, to be started again.",
            lane.name,
            lane.still_seconds,
            extra={"stack": "".join(traceback.format_stack(frame)) if frame else "Its thread is gone."},
        )
    logging.shutdown()
    os._exit(STUCK)

"""How deliveries leave: one thread asks the tables, many wait for the answers of others.

A request under way stays under way between two sweeps, so that a slow endpoint keeps its own few places and nothing else.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.db import DatabaseError

from troth.hooks import door, queue
from troth.hooks.door import Answer
from troth.hooks.models import Delivery
from troth.hooks.queue import Request
from troth.hooks.rules.message import headers
from troth.hooks.rules.turns import AT_ONCE

log = logging.getLogger(__name__)

#: One sweep goes on as long as there is work, but gives its lane a look at the clock and at the wish to stop.
SWEEP_SECONDS = 3.0
LOOK_SECONDS = 0.1
QUEUE_EVERY_SECONDS = 0.5
CLEAR_EVERY = timedelta(hours=1)

Clock = Callable[[], datetime]
Post = Callable[[Request, datetime], Answer]


def leave(request: Request, now: datetime) -> Answer:
    """Sign and send; in a thread without a database. Raises nothing."""
    if request.closed:
        return Answer(0, request.closed, 0)
    if request.body is None:
        return Answer(0, "What it was has been forgotten.", 0)
    signed = headers(secrets=request.secrets, message_id=request.message_id, body=request.body, now=now)
    return door.post(request.url, headers=signed, body=request.body)


class Sender:
    """The requests of one worker."""

    def __init__(self, *, clock: Clock, post: Post = leave) -> None:
        self.clock = clock
        self.post = post
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hook")
        self.under_way: dict[Future[Answer], Request] = {}
        self.cleared_at: datetime | None = None
        self.queue_again = 0.0

    def sweep(self, *, seconds: float = SWEEP_SECONDS) -> int:
        """Queue, send and write down for a while, or until there is nothing to do; how many tries ended."""
        ended = 0
        until = time.monotonic() + seconds
        self._clear_away()
        while True:
            ended += self._write_down()
            queued = self._queue()
            begun = self._begin()
            if not self.under_way and not queued and not begun:
                return ended
            if time.monotonic() > until:
                return ended
            wait(self.under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)

    def _queue(self) -> int:
        """While requests are under way there is enough to do, so the ledger is not asked at every answer."""
        if self.under_way and time.monotonic() < self.queue_again:
            return 0
        self.queue_again = time.monotonic() + QUEUE_EVERY_SECONDS
        return queue.fan_out(now=self.clock())

    def _begin(self) -> int:
        now = self.clock()
        counts, troubled = queue.count_under_way(list(self.under_way.values()))
        if sum(counts.values()) >= AT_ONCE:
            return 0
        requests = queue.claim(under_way=counts, troubled_under_way=troubled, now=now)
        for request in requests:
            self.under_way[self.pool.submit(self.post, request, now)] = request
        return len(requests)

    def _write_down(self) -> int:
        """A try whose writing down fails stays under way, and is written down at the next sweep."""
        ended = [future for future in self.under_way if future.done()]
        for future in ended:
            request = self.under_way[future]
            answer = _heard(future)
            try:
                queue.record(request, answer, now=self.clock(), chance=random.random())  # noqa: S311 - no secret is made of it
            except DatabaseError:
                raise
            except Exception:  # a fault of ours must not stop all the others; this one is found again by its lease
                log.exception("What came of a webhook could not be written down.")
            del self.under_way[future]
            log.info("Webhook %s: %s in %s ms.", request.endpoint, answer.status or "no answer", answer.millis)
        return len(ended)

    def _clear_away(self) -> None:
        now = self.clock()
        if self.cleared_at is None or now - self.cleared_at >= CLEAR_EVERY:
            queue.clear_away(now=now)
            self.cleared_at = now

    def close(self) -> None:
        """Let what is under way end; what came of it is found again by its lease."""
        self.pool.shutdown()


def _heard(future: Future[Answer]) -> Answer:
    try:
        return future.result()
    except Exception as error:  # a fault of ours must neither stop the others nor try this one without end
        log.exception("A webhook could not be sent.")
        return Answer(0, f"It could not be sent: {type(error).__name__}.", 0)


def try_out(delivery: Delivery, *, clock: Clock, post: Post = leave) -> Answer:
    """Send a trial at once, and say what came of it."""
    request = queue.trial(delivery, now=clock())
    answer = post(request, clock())
    queue.record_trial(request, answer, now=clock())
    return answer

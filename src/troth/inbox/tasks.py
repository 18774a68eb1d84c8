"""Reading what waits, as a lane of the worker: thin, safe to repeat and to run side by side."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django.utils.module_loading import import_string

from troth.inbox import actions
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import TOO_SLOW, Incoming, Unreadable
from troth.ledger.away import AWAY

log = logging.getLogger(__name__)


def read_waiting() -> int:
    """Read everything that waits, briefly; how much was dealt with. What takes long is left to `read_slow`."""
    return _read_all(slow=False)


def read_slow() -> int:
    """Read what takes long, one after another: however much of it there is, nothing else waits for it."""
    return _read_all(slow=True)


def _read_all(*, slow: bool) -> int:
    done = 0
    while (arrival := actions.claim(slow=slow, now=timezone.now())) is not None:
        _read(arrival)
        done += 1
    return done


def _read(arrival: Arrival) -> None:
    if arrival.attempts > actions.TRIES:
        actions.quarantine(
            arrival,
            reason="tried_in_vain",
            problem=arrival.problem or "Reading it ended the worker three times.",
            now=timezone.now(),
        )
        return
    try:
        incoming = reader_of(arrival.channel)(arrival)
        actions.take_in(arrival, incoming, now=timezone.now())
    except Unreadable as unreadable:
        if unreadable.code == TOO_SLOW and actions.take_time(arrival_id=arrival.pk, now=timezone.now()):
            log.info("Arrival %s takes long to read; it is read by itself.", arrival.pk)
            return
        log.warning("Arrival %s cannot be read: %s", arrival.pk, unreadable.code)
        actions.quarantine(arrival, reason=unreadable.code, problem=str(unreadable), now=timezone.now())
    except AWAY:  # the database went away, or is out of room; the arrival waits
        with contextlib.suppress(DatabaseError, InterfaceError):  # most likely it still is; then the lease has to end
            actions.give_back(arrival, now=timezone.now())
        raise
    except Exception as error:
        log.exception("Arrival %s could not be taken in.", arrival.pk)
        actions.try_later(arrival_id=arrival.pk, problem=f"{type(error).__name__}: {error}", now=timezone.now())


def reader_of(channel: str) -> Callable[[Arrival], Incoming]:
    """The channel's own reader, resolved late: inbox knows no channel."""
    reader: Callable[[Arrival], Incoming] = import_string(f"troth.channels.{channel}.reader.read")
    return reader

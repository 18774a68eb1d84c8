"""Processes made by fork from a warm one, struck at a boundary, and waited for."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection, connections

from faults.boundaries import Strike, boundaries
from troth.channels.email import child

#: No step of a worker takes longer; one that does hangs.
SECONDS_MOST = 90.0


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    #: Its work was done to the end, without an error.
    whole: bool
    #: It was struck, and that ended it.
    killed: bool
    #: It did neither within its time.
    hung: bool = False


class Process:
    """One worker's steps in a process of its own, begun at once."""

    def __init__(self, act: Callable[[], object], *, strike: Strike | None = None, quiet: bool = False) -> None:
        """*quiet*: an error that ends it is expected, and not shown."""
        connections.close_all()  # a child must not speak on its parent's connection
        sys.stdout.flush()
        sys.stderr.flush()
        self._is_gone, self._status = False, 0
        self.pid = os.fork()
        if self.pid == 0:
            _live(act, strike, quiet=quiet)

    def is_stopped(self) -> bool:
        """Wait until it was stopped by a signal, or has ended: False."""
        _pid, self._status = os.waitpid(self.pid, os.WUNTRACED)
        self._is_gone = not os.WIFSTOPPED(self._status)
        return not self._is_gone

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def ended(self, *, seconds: float = SECONDS_MOST) -> Ended:
        until = time.monotonic() + seconds
        try:
            while not self._has_ended():
                if time.monotonic() > until:
                    return Ended(whole=False, killed=False, hung=True)
                time.sleep(0.002)
            return Ended(whole=self._status == 0, killed=os.WIFSIGNALED(self._status))
        finally:
            self.end()

    def end(self) -> None:
        """Kill it if it still lives: who is left behind, paused even, keeps what it holds from everybody after it."""
        if not self._has_ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self._is_gone = True

    def _has_ended(self) -> bool:
        if not self._is_gone:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._is_gone, self._status = True, status
        return self._is_gone


def run(act: Callable[[], object], *, strike: Strike | None = None, seconds: float = SECONDS_MOST) -> Ended:
    """Have *act* done in a process of its own, and wait for its end and for the database to have noticed it."""
    ended = Process(act, strike=strike).ended(seconds=seconds)
    if not ended.whole:
        wait_until_alone()
    return ended


def killed_at(number: int) -> Strike:
    """End the process at its boundary *number*, as the kernel would."""

    def strike(reached: int, _name: str) -> None:
        if reached == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return strike


def stopped_at(number: int) -> Strike:
    """Stop the process at its boundary *number*, until somebody lets it go on."""

    def strike(reached: int, _name: str) -> None:
        if reached == number:
            os.kill(os.getpid(), signal.SIGSTOP)

    return strike


def wait_until_alone() -> None:
    """Wait until the server has noticed that a killed process is gone, for until then its rows are held."""
    until = time.monotonic() + 30
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            if cursor.fetchone() == (0,):
                return
            assert time.monotonic() < until, "a killed process still holds its connection"
            time.sleep(0.005)


def _live(act: Callable[[], object], strike: Strike | None, *, quiet: bool) -> None:
    """What the child does; it never comes back."""
    code = 1
    try:
        child._own = threading.local()  # the parent's reading child is not ours
        with boundaries(strike) if strike else nullcontext():
            act()
        code = 0
    except BaseException:
        if not quiet:
            traceback.print_exc()
            sys.stderr.flush()
    finally:
        os._exit(code)

"""Keeps a few processes alive and ends them together.

A child that dies is started again, later each time it dies young. A child that should give signs of life and gives none is
killed, and so started again. SIGINT and SIGTERM end all of them: asked first, killed after ten seconds. Should the supervisor
itself be killed, the kernel kills its children.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import BinaryIO

from troth.site import pulse

PATIENCE_SECONDS = 10.0
FIRST_DELAY_SECONDS = 0.5
DELAY_SECONDS_MAX = 30.0
#: A child that lived this long was well: its next start is immediate again.
WELL_AFTER_SECONDS = 30.0
#: Until a child gave its first sign of life: it may have a database to start.
FIRST_PULSE_SECONDS = 180.0

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sign: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends *sign* to the child when the thread that starts it is gone."""
    parent = os.getpid()

    def in_the_child() -> None:
        tie_to_parent(sign)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), sign)

    return in_the_child


def tie_to_parent(sign: signal.Signals = signal.SIGKILL) -> None:
    """The kernel sends us *sign* when the process that started us is gone."""
    _libc.prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


@dataclass
class Child:
    """One program to keep alive under a short name."""

    name: str
    command: Sequence[str]
    #: A sign of life comes at least this often (`site.pulse`); None: none is asked for.
    pulse_seconds: float | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    delay_seconds: float = FIRST_DELAY_SECONDS
    unfinished_line: bytes = field(default=b"", repr=False)
    pulse_end: int | None = None
    #: By when the next sign of life has to be here.
    alive_until: float = 0.0


class Supervisor:
    """Runs *children* until told to stop; their output goes to *out*, each line under its child's name."""

    def __init__(self, children: Sequence[Child], *, out: BinaryIO | None = None) -> None:
        self.children = list(children)
        self.out = out or sys.stdout.buffer
        self.stopping = False
        self._width = max(len(child.name) for child in self.children)
        self._selector = selectors.DefaultSelector()
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._ring.setblocking(False)

    def run(self, *, when_started: Callable[[], None] | None = None) -> None:
        """Start every child, keep them alive, return when all have ended after a signal or `stop`."""
        self._selector.register(self._bell, selectors.EVENT_READ)
        wake_before = signal.set_wakeup_fd(self._ring.fileno(), warn_on_full_buffer=False)
        handled = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
        before = {sign: signal.signal(sign, self._on_signal) for sign in handled}
        try:
            for child in self.children:
                self._start(child)
            if when_started:
                when_started()
            while not self.stopping:
                self._turn(self._seconds_to_next_turn())
            self._end_all()
        finally:
            for child in self.children:
                self._kill(child)
            for sign, handler in before.items():
                signal.signal(sign, handler)
            signal.set_wakeup_fd(wake_before)
            self._selector.close()
            self._bell.close()
            self._ring.close()

    def stop(self) -> None:
        self.stopping = True
        with contextlib.suppress(OSError):
            self._ring.send(b"\0")

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.stopping = True

    def _turn(self, wait_seconds: float) -> None:
        """Relay what was written, notice who died, start whose time has come."""
        for key, _events in self._selector.select(wait_seconds):
            if key.fileobj is self._bell:
                with contextlib.suppress(BlockingIOError):
                    self._bell.recv(4096)
            elif key.fd == key.data.pulse_end:
                self._hear(key.data)
            else:
                self._relay(key.data)
        now = time.monotonic()
        for child in self.children:
            if child.process and child.pulse_end is not None and now >= child.alive_until:
                self._say(child, b"gives no sign of life; ending it")
                self._end_at_once(child.process)
                child.process.wait()
            if child.process and child.process.poll() is not None:
                self._bury(child, now)
            if not child.process and not self.stopping and now >= child.start_again_at:
                self._start(child)

    def _seconds_to_next_turn(self) -> float:
        """Until a child is to be started again, or has to have given a sign of life."""
        waiting = [child.start_again_at for child in self.children if not child.process]
        waiting += [child.alive_until for child in self.children if child.pulse_end is not None]
        return max(0.0, min(waiting, default=time.monotonic() + 3600.0) - time.monotonic())

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        end = self._listen_to(child)
        try:
            child.process = subprocess.Popen(  # noqa: S603 - commands come from our own code
                child.command,
                env=None if end is None else os.environ | {pulse.VARIABLE: str(end)},
                pass_fds=() if end is None else (end,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C reaches them through us, once
                preexec_fn=die_with_parent(),
            )
        except OSError as error:
            self._say(child, f"cannot be started: {error}".encode())
            self._stop_listening_to(child)
            self._put_off(child, child.started_at)
            return
        finally:
            if end is not None:
                os.close(end)
        assert child.process.stdout
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _listen_to(self, child: Child) -> int | None:
        """The child's end of a new pipe, where signs of life are asked of it."""
        if child.pulse_seconds is None:
            return None
        child.pulse_end, end = os.pipe()
        os.set_blocking(child.pulse_end, False)
        child.alive_until = time.monotonic() + max(child.pulse_seconds, FIRST_PULSE_SECONDS)
        self._selector.register(child.pulse_end, selectors.EVENT_READ, child)
        return end

    def _hear(self, child: Child) -> None:
        assert child.pulse_end is not None
        assert child.pulse_seconds is not None
        with contextlib.suppress(BlockingIOError):
            if os.read(child.pulse_end, 65536):
                child.alive_until = time.monotonic() + child.pulse_seconds
            else:  # it closed its end: it is dying, or never wanted one
                self._selector.unregister(child.pulse_end)

    def _stop_listening_to(self, child: Child) -> None:
        end, child.pulse_end = child.pulse_end, None
        if end is not None:
            with contextlib.suppress(KeyError):
                self._selector.unregister(end)
            os.close(end)

    def _bury(self, child: Child, now: float) -> None:
        assert child.process
        code = child.process.returncode
        self._relay(child)
        self._kill(child)
        if self.stopping:
            return
        if now - child.started_at >= WELL_AFTER_SECONDS:
            child.delay_seconds = FIRST_DELAY_SECONDS
        self._put_off(child, now, f"ended with {code}; ")

    def _put_off(self, child: Child, now: float, why: str = "") -> None:
        self._say(child, f"{why}starting again in {child.delay_seconds:g} s".encode())
        child.start_again_at = now + child.delay_seconds
        child.delay_seconds = min(child.delay_seconds * 2, DELAY_SECONDS_MAX)

    def _end_all(self) -> None:
        for child in self.children:
            if child.process:
                child.process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        while any(child.process for child in self.children) and time.monotonic() < until:
            self._turn(until - time.monotonic())

    def _kill(self, child: Child) -> None:
        """End the child and whatever it left in its process group."""
        process, child.process = child.process, None
        if not process:
            return
        self._end_at_once(process)
        process.wait()
        self._stop_listening_to(child)
        assert process.stdout
        with contextlib.suppress(KeyError):
            self._selector.unregister(process.stdout)
        process.stdout.close()
        if child.unfinished_line:
            self._say(child, child.unfinished_line)
            child.unfinished_line = b""

    @staticmethod
    def _end_at_once(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    def _relay(self, child: Child) -> None:
        assert child.process
        assert child.process.stdout
        try:
            while chunk := os.read(child.process.stdout.fileno(), 65536):
                *lines, child.unfinished_line = (child.unfinished_line + chunk).split(b"\n")
                for line in lines:
                    self._say(child, line)
        except BlockingIOError:
            return
        with contextlib.suppress(KeyError):  # it closed its output; it may live on
            self._selector.unregister(child.process.stdout)

    def _say(self, child: Child, line: bytes) -> None:
        # What is written for machines says itself who wrote it, and they want it whole.
        name = b"" if line.startswith(b"{") else child.name.ljust(self._width).encode() + b" | "
        with contextlib.suppress(BrokenPipeError):
            self.out.write(name + line + b"\n")
            self.out.flush()

"""Keeps a few processes alive and ends them together.

A child that dies is started again, later each time it dies young. SIGINT and SIGTERM end all of them: asked first,
killed after ten seconds. Should the supervisor itself be killed, the kernel kills its children.
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

PATIENCE_SECONDS = 10.0
FIRST_DELAY_SECONDS = 0.5
DELAY_SECONDS_MAX = 30.0
#: A child that lived this long was well: its next start is immediate again.
WELL_AFTER_SECONDS = 30.0

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
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    delay_seconds: float = FIRST_DELAY_SECONDS
    unfinished_line: bytes = field(default=b"", repr=False)


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
                self._turn(self._seconds_to_next_start())
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
            else:
                self._relay(key.data)
        now = time.monotonic()
        for child in self.children:
            if child.process and child.process.poll() is not None:
                self._bury(child, now)
            if not child.process and not self.stopping and now >= child.start_again_at:
                self._start(child)

    def _seconds_to_next_start(self) -> float:
        waiting = [child.start_again_at - time.monotonic() for child in self.children if not child.process]
        return max(0.0, min(waiting, default=3600.0))

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        try:
            child.process = subprocess.Popen(  # noqa: S603 - commands come from our own code
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C reaches them through us, once
                preexec_fn=die_with_parent(),
            )
        except OSError as error:
            self._say(child, f"cannot be started: {error}".encode())
            self._put_off(child, child.started_at)
            return
        assert child.process.stdout
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

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
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout
        with contextlib.suppress(KeyError):
            self._selector.unregister(process.stdout)
        process.stdout.close()
        if child.unfinished_line:
            self._say(child, child.unfinished_line)
            child.unfinished_line = b""

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
        with contextlib.suppress(BrokenPipeError):
            self.out.write(child.name.ljust(self._width).encode() + b" | " + line + b"\n")
            self.out.flush()

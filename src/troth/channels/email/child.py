"""Reading letters in a child process that is killed when it takes too long. The worker survives whatever the letter is."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import troth
from troth.channels.email.inside import read_frame, write_frame
from troth.inbox.rules.incoming import TOO_SLOW, Incoming, Unreadable, from_plain

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long a letter may take: of the processor, and by the clock on the wall."""

    cpu_seconds: float
    wall_seconds: float


#: Nearly every letter takes a hundredth of a second. One that takes longer must not keep the others waiting ...
BRIEF = Patience(cpu_seconds=0.5, wall_seconds=4.0)
#: ... but in a lane of its own it may take its time.
LONG = Patience(cpu_seconds=10.0, wall_seconds=20.0)
#: A child is replaced after this many letters, so that nothing it learnt or leaked lasts.
LETTERS_PER_CHILD = 200


class Reader:
    """One warm child. Safe to use from several threads; they wait for each other."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._read = 0
        self._turn = threading.Lock()

    def read(
        self,
        raw: bytes,
        *,
        trusted_authserv_id: str = "",
        own_addresses: Sequence[str] = (),
        patience: Patience = LONG,
    ) -> Incoming:
        """Raises Unreadable, and nothing else that a letter could cause; TOO_SLOW is its code where patience ran out."""
        with self._turn:
            child = self._ready()
            assert child.stdin is not None
            assert child.stdout is not None
            late = threading.Event()

            def end() -> None:
                late.set()
                child.kill()

            watch = threading.Timer(patience.wall_seconds, end)
            watch.start()
            job = {"trusted": trusted_authserv_id, "own": list(own_addresses), "cpu_seconds": patience.cpu_seconds}
            try:
                write_frame(child.stdin, job, raw)  # type: ignore[arg-type]
                answer = read_frame(child.stdout)  # type: ignore[arg-type]
            except (OSError, json.JSONDecodeError, UnicodeDecodeError):
                answer = None
            finally:
                watch.cancel()
            if answer is None:
                code = self._end()
                if late.is_set() or code in _RAN_OUT:
                    raise Unreadable(f"Reading it took longer than {patience.wall_seconds:.0f} seconds.", code=TOO_SLOW)
                raise Unreadable(f"Reading it needed more than a letter may ({code}).", code="reader_died")
            self._read += 1
        said, contents = answer
        if "failed" in said:
            raise Unreadable(str(said["failed"]), code=str(said["code"]))
        try:
            return from_plain(said["incoming"], contents)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable("What was read makes no sense.", code="not_readable") from error

    def close(self) -> None:
        with self._turn:
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is not None and (self._child.poll() is not None or self._read >= LETTERS_PER_CHILD):
            self._end()
        if self._child is None:
            self._read = 0
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "troth.channels.email.inside"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Nothing of our environment: settings and secrets are not for the process that reads strangers' bytes.
                env={"PYTHONPATH": str(Path(troth.__file__).parents[1]), "LANG": "C.UTF-8", "PATH": os.defpath},
                start_new_session=True,
            )
        return self._child

    def _end(self) -> int | None:
        child, self._child = self._child, None
        if child is None:
            return None
        if child.poll() is None:
            child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still buffered has nowhere to go
                    log.debug("A reading child left a broken pipe.")
        return child.wait()


#: How a child ends whose time of the processor is used up.
_RAN_OUT = (-signal.SIGPROF, -signal.SIGXCPU)


_own = threading.local()


def reader_here() -> Reader:
    """The warm child of this thread; lanes that read side by side do not wait for each other's poison."""
    if not hasattr(_own, "reader"):
        _own.reader = Reader()
    reader: Reader = _own.reader
    return reader

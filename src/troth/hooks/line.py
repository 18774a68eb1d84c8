"""A line to another machine that is through at one moment, however slowly the other side drips; knows no Django.

A time limit for each read would let a hostile server send a byte a minute for ever. Here everything together has one end.
"""

from __future__ import annotations

import io
import socket
import time
from typing import Any


class Line:
    """A socket for `http.client` with an end: *until*, by `time.monotonic`, which may be set anew for the next request."""

    def __init__(self, line: socket.socket, *, until: float) -> None:
        self._line = line
        self.until = until

    def sendall(self, data: Any) -> None:
        self._line.settimeout(left(self.until))
        self._line.sendall(data)

    def makefile(self, *_mode: object) -> io.BufferedReader:
        return io.BufferedReader(Heard(self._line, self.until))

    def close(self) -> None:
        """Said by the library before the answer was read; `hang_up` is the end."""

    def hang_up(self) -> None:
        self._line.close()


class Heard(io.RawIOBase):
    """What comes in over *line*, until *until*."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line = line
        self.until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(left(self.until))
        return self._line.recv_into(buffer)


def left(until: float) -> float:
    """Seconds until then; raises TimeoutError where there are none."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds

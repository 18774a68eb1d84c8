"""A sign of life from a child to its supervisor: a byte on a pipe, as often as the child finds itself well.

The supervisor holds the other end, asks no database and waits for nobody, so it cannot itself be held up by what held up the
child. A child that is paused, starved or locked up says nothing, and is started anew.
"""

from __future__ import annotations

import contextlib
import os

#: Where the child finds its end of the pipe.
VARIABLE = "TROTH_PULSE_FD"


class Pulse:
    """The child's end; where nobody listens, beating does nothing."""

    def __init__(self) -> None:
        given = os.environ.pop(VARIABLE, "")
        self._end = int(given) if given.isdigit() else None
        if self._end is not None:
            os.set_inheritable(self._end, False)  # our own children are none of the supervisor's
            os.set_blocking(self._end, False)

    def beat(self) -> None:
        if self._end is not None:
            with contextlib.suppress(OSError):  # it is full, or nobody reads: neither is our trouble
                os.write(self._end, b".")

"""The child that reads letters: `python -m troth.channels.email.inside`. It knows no Django, no database and no secret.

Frames, both ways: two big-endian 32-bit lengths, then that much JSON, then that many bytes.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO

from troth.channels.email.limits import TooMuch
from troth.channels.email.parse import parse
from troth.inbox.rules.incoming import to_plain

FRAME = struct.Struct(">II")
MEMORY = 512 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pipe_in, pipe_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    while (frame := read_frame(pipe_in)) is not None:
        job, raw = frame
        _limit_cpu(job["cpu_seconds"])
        try:
            incoming = parse(raw, trusted_authserv_id=job["trusted"], own_addresses=job["own"])
            answer: dict[str, Any] = {"incoming": to_plain(incoming)}
            contents = b"".join(one.content for one in incoming.attachments)
        except MemoryError:
            os._exit(3)
        except TooMuch as error:
            answer, contents = {"failed": str(error), "code": "beyond_a_limit"}, b""
        except Exception as error:
            answer, contents = {"failed": f"{type(error).__name__}: {error}"[:500], "code": "not_readable"}, b""
        _limit_cpu(0)
        write_frame(pipe_out, answer, contents)


def read_frame(pipe: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame; None at the end, whole or broken."""
    head = pipe.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    said_size, rest_size = FRAME.unpack(head)
    said, rest = pipe.read(said_size), pipe.read(rest_size)
    if len(said) < said_size or len(rest) < rest_size:
        return None
    return json.loads(said), rest


def write_frame(pipe: BinaryIO, said: dict[str, Any], rest: bytes = b"") -> None:
    encoded = json.dumps(said).encode("ascii")
    pipe.write(FRAME.pack(len(encoded), len(rest)))
    pipe.write(encoded)
    pipe.write(rest)
    pipe.flush()


def _limit_cpu(seconds: float) -> None:
    """So much of the processor for this letter; then the signal ends the process, whatever it is in the middle of. 0: no limit.

    The library's own limit counts whole seconds only; it stands behind the timer.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft if seconds else resource.RLIM_INFINITY, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()

"""What the laboratory's servers have in common: a place, a port, a process that ends with ours."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from troth.site.supervise import die_with_parent

START_SECONDS_MAX = 30
PACKAGES = "dovecot-imapd dovecot-lmtpd postfix"


class NotInstalled(Exception):
    """A server's package is missing; the sentence holds the line that installs it."""


class NotStarted(Exception):
    """A server did not come up; the sentence holds its log."""


def program(name: str) -> str:
    """Where *name* is."""
    found = shutil.which(name, path=f"/usr/sbin:/usr/bin:/sbin:/bin:{os.environ.get('PATH', '')}")
    if not found:
        raise NotInstalled(
            f"{name} is missing: sudo apt-get update && sudo apt-get install -y --no-install-recommends {PACKAGES}"
        )
    return found


def place(name: str) -> Path:
    """A directory with a short path, since sockets live in it, that the servers' own users can enter."""
    made = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=tempfile.tempdir or "/tmp"))
    made.chmod(0o755)
    return made


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on at this moment."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _number in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def launch(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start *command*, writing to *log*; it is asked to end when we die, however we die."""
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )


def wait_for_greeting(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the server on *port* says its first line."""
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS_MAX) as connection,
        ):
            if connection.recv(1):
                return
        time.sleep(0.05)
    said = log.read_text(errors="replace") if log.exists() else ""
    raise NotStarted(f"{process.args} on port {port} did not greet:\n{said[-3000:]}")


def guard(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """Ask *process* to end when we die, for a server that changes its user and so makes the kernel forget that wish."""
    words = ["/bin/sh", "-c", 'read -r line; kill -TERM "$1"', "guard", str(process.pid)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, wait, then kill what is left of its group."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()

"""Real child processes, kept alive and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

#: A supervisor in a process of its own, since it takes signals.
HARNESS = """
import sys
from troth.site import supervise

supervise.PATIENCE_SECONDS = 1.0
supervise.FIRST_DELAY_SECONDS = 0.1
children = [supervise.Child(name, [sys.executable, "-c", code], delay_seconds=0.1) for name, code in {children!r}]
supervise.Supervisor(children).run()
print("all ended", flush=True)
"""

SLEEPER = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
STUBBORN = (
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(os.getpid(), flush=True); "
    "time.sleep(600)"
)
PARENT = (
    "import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid,"
    " flush=True); time.sleep(600)"
)


class Harness:
    def __init__(self, directory: Path, children: list[tuple[str, str]]) -> None:
        self.log = directory / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", HARNESS.format(children=children)], stdout=log, stderr=subprocess.STDOUT
            )

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def pid_of(self, name: str) -> int:
        """The number the child *name* wrote last."""
        return int(eventually(lambda: [line for line in self.lines() if line.startswith(name)])[-1].rpartition(" ")[2])


def eventually(wanted: Callable[[], T], seconds: float = 15) -> T:
    until = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_children(tmp_path: Path, sign: signal.Signals) -> None:
    harness = Harness(tmp_path, [("web", SLEEPER), ("worker", SLEEPER)])
    pids = [harness.pid_of("web"), harness.pid_of("worker")]

    harness.process.send_signal(sign)

    assert harness.process.wait(timeout=60) == 0
    assert not any(lives(pid) for pid in pids)
    assert harness.lines()[-1] == "all ended"


def test_a_stubborn_child_is_killed_in_the_end(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [("web", STUBBORN)])
    pid = harness.pid_of("web")

    harness.process.terminate()

    assert harness.process.wait(timeout=60) == 0
    assert not lives(pid)


def test_a_dead_child_starts_again(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [("web", SLEEPER), ("worker", SLEEPER)])
    first, other = harness.pid_of("web"), harness.pid_of("worker")

    os.kill(first, signal.SIGKILL)

    eventually(lambda: any("ended with -9; starting again in 0.1 s" in line for line in harness.lines()))
    eventually(lambda: len([line for line in harness.lines() if line.startswith("web")]) == 3)
    assert lives(harness.pid_of("web"))
    assert lives(other)
    harness.process.terminate()
    assert harness.process.wait(timeout=60) == 0


def test_a_child_that_keeps_dying_is_started_later_each_time(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [("web", "raise SystemExit(3)")])

    eventually(lambda: any("starting again in 0.4 s" in line for line in harness.lines()))
    harness.process.terminate()

    assert harness.process.wait(timeout=60) == 0
    delays = [line.rpartition(" in ")[2] for line in harness.lines() if "ended with 3" in line]
    assert delays[:3] == ["0.1 s", "0.2 s", "0.4 s"]


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [("web", SLEEPER), ("worker", STUBBORN)])
    pids = [harness.pid_of("web"), harness.pid_of("worker")]

    harness.process.kill()
    harness.process.wait()

    eventually(lambda: not any(lives(pid) for pid in pids))


def test_grandchildren_do_not_outlive_their_parent(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [("web", PARENT)])
    grandchild = harness.pid_of("web")

    harness.process.terminate()
    harness.process.wait(timeout=60)

    eventually(lambda: not lives(grandchild))


def test_lines_are_told_whole_under_their_name(tmp_path: Path) -> None:
    code = (
        "import sys; sys.stdout.write('one\\ntwo'); sys.stdout.flush(); import time; time.sleep(0.2); print(' halves')"
    )
    harness = Harness(tmp_path, [("web", code), ("worker", SLEEPER)])

    eventually(lambda: any("two" in line for line in harness.lines()))
    harness.process.terminate()
    harness.process.wait(timeout=60)

    assert {"web    | one", "web    | two halves"} <= set(harness.lines())


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    code = HARNESS.format(children=[]).replace("children = []", "")
    code = code.replace(
        "supervise.Supervisor(children)", "supervise.Supervisor([supervise.Child('web', ['/no/such'])])"
    )
    code = "\n".join(line for line in code.splitlines() if not line.startswith("children"))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout

    said = process.stdout.readline()
    process.terminate()

    assert "cannot be started" in said
    assert process.wait(timeout=60) == 0
    process.stdout.close()

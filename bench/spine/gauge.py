"""Measuring: processor time of this process and of its database backend, wall time, and statements."""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass
class Gauge:
    """What each repeat of one thing took, in milliseconds."""

    own: list[float] = field(default_factory=list)
    backend: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    statements: int = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        connection.ensure_connection()
        pid = backend()
        database, own, wall = cpu_ms(pid), time.process_time(), time.perf_counter()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.own.append((time.process_time() - own) * 1000)
        self.backend.append(cpu_ms(pid) - database)

    @property
    def cpu(self) -> float:
        """The median of both processors' times together."""
        return statistics.median(own + database for own, database in zip(self.own, self.backend, strict=True))

    @property
    def wall_p50(self) -> float:
        return statistics.median(self.wall)

    @property
    def wall_p95(self) -> float:
        return quantile(self.wall, 0.95)


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def interleaved(things: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, Gauge]:
    """Every thing once, then every thing again: what else the machine does spreads over all of them alike."""
    gauges = {name: Gauge() for name in things}
    for name, thing in things.items():
        thing()
        with CaptureQueriesContext(connection) as asked:
            thing()
        gauges[name].statements = len(asked)
    for _round in range(rounds):
        for name, thing in things.items():
            with gauges[name].take():
                thing()
    return gauges


def backend() -> int:
    return int(connection.connection.info.backend_pid)


def cpu_ms(pid: int) -> float:
    """The processor time of a process of one thread, to the nanosecond: what PostgreSQL's backends are."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def python_cpu_ms() -> float:
    """The processor time of this process and of the Python children it started, ended ones too; no database, no mail server."""
    times = os.times()
    running = sum(_ticks(pid) for pid in _python_children())
    ended = times.children_user + times.children_system
    return (times.user + times.system + ended) * 1000 + running * 1000 / os.sysconf("SC_CLK_TCK")


def _python_children() -> list[int]:
    found = []
    for thread in Path("/proc/self/task").glob("*/children"):
        for child in thread.read_text().split():
            with contextlib.suppress(OSError):  # it has just ended
                if Path(f"/proc/{child}/exe").resolve() == Path(sys.executable).resolve():
                    found.append(int(child))
    return found


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def pss_mib(pid: int) -> float:
    """The memory of one process, shared pages by their share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

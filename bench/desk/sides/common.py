"""What every side does alike: does what it is asked for, measures it, and answers one line for each line asked.

It runs in each peer's own environment, so it needs the standard library and nothing else, but for the meter of those on Django.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

Thing = Callable[[int], object]


class Meter(Protocol):
    """What a side asks of its database."""

    def backend_ms(self) -> float:
        """The processor time of its backends so far, ended ones too."""
        ...

    def counting(self) -> AbstractContextManager[list[str]]:
        """The statements that are executed meanwhile."""
        ...


class DjangoMeter:
    """One connection, kept."""

    def backend_ms(self) -> float:
        from django.db import connection

        connection.ensure_connection()
        return cpu_ms(connection.connection.info.backend_pid)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        from django.db import connection

        said: list[str] = []

        def counted(execute: Callable[..., Any], sql: str, *words: Any) -> Any:
            said.append(sql)
            return execute(sql, *words)

        with connection.execute_wrapper(counted):
            yield said


def serve(things: dict[str, Thing], meter: Meter) -> None:
    """Answer until the asking ends. Each thing takes a number, another each time, so that no two are the same."""
    answers, sys.stdout = sys.stdout, sys.stderr
    counter = 0
    pool: dict[int, ThreadPoolExecutor] = {}
    print(json.dumps({"ready": sorted(things)}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        thing = things[asked["do"]]
        try:
            if asked.get("connections"):
                many = pool.setdefault(asked["connections"], ThreadPoolExecutor(asked["connections"]))
                numbers = range(counter, counter + asked["count"])
                counter += asked["count"]
                began = time.perf_counter()
                walls = list(many.map(lambda number, thing=thing: _timed(thing, number), numbers))
                told: dict[str, Any] = {"walls": walls, "seconds": time.perf_counter() - began}
            else:
                counter += 1
                told = _measured(thing, counter, meter, count=bool(asked.get("statements")))
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}"[:400]}
        print(json.dumps(told), file=answers, flush=True)


def _timed(thing: Thing, number: int) -> float:
    began = time.perf_counter()
    thing(number)
    return (time.perf_counter() - began) * 1000


def _measured(thing: Thing, number: int, meter: Meter, *, count: bool) -> dict[str, float]:
    """Milliseconds: on the wall, of this process and its children, of its database's backends; and statements where asked for."""
    if count:
        with meter.counting() as said:
            thing(number)
        return {"statements": len(said)}
    database, own, wall = meter.backend_ms(), own_ms(), time.perf_counter()
    thing(number)
    return {
        "wall": (time.perf_counter() - wall) * 1000,
        "own": own_ms() - own,
        "backend": meter.backend_ms() - database,
    }


def cpu_ms(pid: int) -> float:
    """The processor time of a process of one thread, to the nanosecond: what PostgreSQL's backends are."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def own_ms() -> float:
    """Of this process and of the children it started, to the nanosecond: a letter may be read in one of them."""
    total = time.process_time() * 1000
    for thread in Path("/proc/self/task").glob("*/children"):
        for child in thread.read_text().split():
            for task in Path(f"/proc/{child}/task").glob("*/schedstat"):
                total += int(task.read_text().split()[0]) / 1e6
    return total

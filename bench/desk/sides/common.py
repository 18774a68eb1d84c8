"""What every side does alike: asks its application at the WSGI door, measures, and answers one line for each line asked.

It runs in each peer's own environment, so it needs the standard library and Django, which every side has, and nothing else.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode


class Wsgi:
    """Somebody signed in, at an application's WSGI door: no server, no network and no client of tests in between."""

    def __init__(self, application: Any, cookies: dict[str, str], *, headers: dict[str, str] | None = None) -> None:
        self.application = application
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.headers = headers or {}

    def get(self, path: str, *, expected: int = 200) -> bytes:
        return self._asked("GET", path, b"", "", expected)

    def post(self, path: str, values: dict[str, Any], *, expected: int = 302) -> bytes:
        return self._asked("POST", path, urlencode(values).encode(), "application/x-www-form-urlencoded", expected)

    def post_json(self, path: str, values: dict[str, Any], *, expected: int = 201) -> bytes:
        return self._asked("POST", path, json.dumps(values).encode(), "application/json", expected)

    def _asked(self, method: str, path: str, body: bytes, kind: str, expected: int) -> bytes:
        route, _mark, query = path.partition("?")
        said: dict[str, Any] = {}
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": route,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            **self.headers,
        }

        def start(status: str, headers: Any, _info: Any = None) -> None:
            said["status"] = int(status[:3])

        answer = self.application(environ, start)
        page = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        if said["status"] != expected:
            raise RuntimeError(f"{method} {path}: {said['status']} instead of {expected}: {page[:300]!r}")
        return page


Thing = Callable[[int], object]


def serve(things: dict[str, Thing]) -> None:
    """Answer until the asking ends. Each thing takes a number, another each time, so that no two are the same."""
    from django.db import connection

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
                told = _measured(thing, counter, connection, count=bool(asked.get("statements")))
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}"[:400]}
        print(json.dumps(told), file=answers, flush=True)


def _timed(thing: Thing, number: int) -> float:
    began = time.perf_counter()
    thing(number)
    return (time.perf_counter() - began) * 1000


def _measured(thing: Thing, number: int, connection: Any, *, count: bool) -> dict[str, float]:
    """Milliseconds: on the wall, of this process and its children, of its database backend; and statements where asked for."""
    statements = 0

    def counted(execute: Callable[..., Any], *words: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*words)

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    database, own, wall = backend_ms(pid), own_ms(), time.perf_counter()
    if count:
        with connection.execute_wrapper(counted):
            thing(number)
    else:
        thing(number)
    return {
        "wall": (time.perf_counter() - wall) * 1000,
        "own": own_ms() - own,
        "backend": backend_ms(pid) - database,
        "statements": statements,
    }


def backend_ms(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def own_ms() -> float:
    """Of this process and of the children it started, to the nanosecond: a letter may be read in one of them."""
    total = time.process_time() * 1000
    for thread in Path("/proc/self/task").glob("*/children"):
        for child in thread.read_text().split():
            for task in Path(f"/proc/{child}/task").glob("*/schedstat"):
                total += int(task.read_text().split()[0]) / 1e6
    return total

"""A server that speaks like a model's, and may misbehave in every way a stranger can."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Talk"], None]


class Talk(BaseHTTPRequestHandler):
    """One request; what it does with it the server's behaviour says."""

    server: Model
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
        behaviours = self.server.behaviours
        (behaviours.pop(0) if len(behaviours) > 1 else behaviours[0])(self)
        self.close_connection = True

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def piece(self, words: str, **more: Any) -> None:
        said = {"choices": [{"index": 0, "delta": {"content": words, **more}}]}
        self.wfile.write(f"data: {json.dumps(said)}\n\n".encode())
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_said: object) -> None:
        """Tests are quiet."""


class Model(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *behaviours: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.behaviours = list(behaviours)
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, *_whom: object) -> None:
        """Whoever asked may hang up in the middle."""


@contextmanager
def model(*behaviours: Behaviour) -> Iterator[Model]:
    server = Model(*behaviours)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def says(*pieces: str) -> Behaviour:
    def talk(to: Talk) -> None:
        to.begin()
        for piece in pieces:
            to.piece(piece)
        to.end()

    return talk


def whole(said: Any, status: int = 200, kind: str = "application/json") -> Behaviour:
    """Everything at once: a value as JSON, or bytes as they are."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()

    def talk(to: Talk) -> None:
        to.begin(status, kind, **{"Content-Length": str(len(body))})
        to.wfile.write(body)

    return talk


def drips(to: Talk) -> None:
    """A letter now and then, for ever."""
    to.begin()
    while True:
        to.wfile.write(b":")
        to.wfile.flush()
        time.sleep(0.02)


def floods(to: Talk) -> None:
    """More than anybody can want, with nothing in it."""
    to.begin()
    while True:
        to.wfile.write(b"data-of-no-kind " * 4096 + b"\n")


def says_for_ever(to: Talk) -> None:
    to.begin()
    while True:
        to.piece("and on " * 100)


def breaks_off(to: Talk) -> None:
    to.begin(200, "application/json", **{"Content-Length": "9999"})
    to.wfile.write(b'{"choices": [')


def is_silent(_to: Talk) -> None:
    time.sleep(3)

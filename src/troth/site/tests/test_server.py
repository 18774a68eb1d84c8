"""The real granian, serving a tiny WSGI application and a tiny live channel."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

APPLICATION = """
from troth.site.server import not_here, one_door
from troth.site.supervise import tie_to_parent

def pages(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    said = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {len(body)} {environ['QUERY_STRING']} "
    said += environ.get("HTTP_X_REAL", "-")
    said += "".join(f" [{environ[name]}]" for name in ("HTTP_COOKIE", "CONTENT_TYPE") if name in environ)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [said.encode()]

async def stream(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b"data: hello\\n\\n", "more_body": True})
    while (await receive())["type"] != "http.disconnect":
        pass

application = one_door(pages, stream)
without_events = one_door(pages, not_here)

def build():
    tie_to_parent()
    return application
"""


class Served:
    def __init__(self, directory: Path, name: str, *more: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        (directory / "tiny.py").write_text(APPLICATION)
        words = ["--interface", "asgi", "--port", str(self.port), "--no-ws", "--workers-kill-timeout", "3", *more]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", f"tiny:{name}", *words, "--log-level", "warning"],
            env=os.environ | {"PYTHONPATH": str(directory)},
            start_new_session=True,
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.05)
        raise AssertionError("granian did not start")

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        said = answer.status, answer.read().decode()
        connection.close()
        return said

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
                raise


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("served"), "application")
    yield server
    server.stop()


def test_page_is_served(served: Served) -> None:
    assert served.ask("GET", "/today/?a=b") == (200, "GET /today/ 0 a=b -")


@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
def test_post_arrives_whole(served: Served, size: int) -> None:
    assert served.ask("POST", "/cases/", b"x" * size) == (200, f"POST /cases/ {size}  -")


def test_slow_senders_hold_no_page(served: Served) -> None:
    with ExitStack() as open_lines:
        slow = [
            open_lines.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=60))
            for _ in range(12)
        ]
        for each in slow:
            each.sendall(b"POST /cases/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nx")
        time.sleep(0.3)

        assert served.ask("GET", "/today/") == (200, "GET /today/ 0  -")
        slow[0].sendall(b"yz")
        answer = b""
        while b"POST /cases/ 3" not in answer and (more := slow[0].recv(4096)):
            answer += more
        assert b"POST /cases/ 3" in answer


def test_what_is_larger_than_any_form_is_refused_before_it_is_read(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000000\r\n\r\nx")

        assert b" 413 " in raw.recv(4096).split(b"\r\n", 1)[0]


def test_what_comes_in_pieces_arrives_whole(served: Served) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)) as line:
        line.request("POST", "/cases/", iter([b"x" * 70_000, b"y" * 70_000]), encode_chunked=True)

        assert line.getresponse().read() == b"POST /cases/ 140000  -"


def test_pieces_beyond_any_form_or_without_an_end_reach_no_page(served: Served) -> None:
    begun = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw:
        raw.sendall(begun)
        with suppress(OSError):  # the door may shut while we still push
            for _ in range(5):
                raw.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
        assert b" 413 " in raw.recv(4096).split(b"\r\n", 1)[0]
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw:
        raw.sendall(begun + b"5\r\nbody=\r\n")
        raw.shutdown(socket.SHUT_WR)
        assert b" 200 " not in raw.recv(4096).split(b"\r\n", 1)[0]


def test_a_program_is_refused_as_programs_are(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
        raw.sendall(b"POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000000\r\n\r\nx")
        answer = b""
        while b"}" not in answer and (more := raw.recv(4096)):
            answer += more

    assert b"application/problem+json" in answer
    assert b'"/api/reference#too-large"' in answer


def test_what_is_cut_off_half_way_reaches_no_page(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nbody=")
        raw.shutdown(socket.SHUT_WR)

        assert b" 200 " not in raw.recv(4096).split(b"\r\n", 1)[0]


def test_header_with_underscore_does_not_pass_for_one_with_dash(served: Served) -> None:
    assert served.ask("GET", "/", headers={"X_Real": "forged"}) == (200, "GET / 0  -")
    assert served.ask("GET", "/", headers={"X-Real": "true"}) == (200, "GET / 0  true")


@pytest.mark.parametrize(
    ("name", "given", "left"),
    [
        ("Cookie", 'sessionid="abc\\000def"; keys=off', 'sessionid="abcdef"; keys=off'),
        ("Content-Type", "application/x-www-form-urlencoded; charset=rot13", "application/x-www-form-urlencoded"),
        ("Content-Type", "multipart/form-data; charset=utf-7; Boundary=xyz", "multipart/form-data; Boundary=xyz"),
        ("Content-Type", "text/plain; charset*=utf-8''undefined", "text/plain"),
    ],
)
def test_headers_carry_nothing_that_pages_trip_over(served: Served, name: str, given: str, left: str) -> None:
    assert served.ask("GET", "/", headers={name: given}) == (200, f"GET / 0  - [{left}]")


def test_query_beyond_ascii_is_no_fault(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
        raw.sendall(b"GET /?q=\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while chunk := raw.recv(4096):
            answer += chunk

    assert b"500" not in answer.split(b"\r\n", 1)[0]


def test_events_stream_and_do_not_hold_the_door(tmp_path: Path) -> None:
    server = Served(tmp_path, "application")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/events")
    stream = connection.getresponse()

    first_line = stream.fp.readline() and stream.fp.readline()
    began = time.monotonic()
    server.stop()
    connection.close()

    assert first_line == b"data: hello\n"
    assert time.monotonic() - began < 8


def test_events_that_are_not_installed_are_not_found(tmp_path: Path) -> None:
    server = Served(tmp_path, "without_events")

    answer = server.ask("GET", "/events")
    server.stop()

    assert answer == (404, "There is nothing here.\n")


def test_worker_does_not_outlive_its_killed_server(tmp_path: Path) -> None:
    server = Served(tmp_path, "build", "--factory")
    assert server.ask("GET", "/")[0] == 200

    server.process.kill()
    server.process.wait()

    until = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) != 0:
                return
        assert time.monotonic() < until
        time.sleep(0.05)

"""Servers that would hinder: each ends in a sentence, soon, and with little held in memory."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from troth.hooks.tests.receiver import authority, receiving
from troth.witness.fetch import PATIENCE_SECONDS, FetchFailed, NotAnAddress, NotThere, Site
from troth.witness.log import Log
from troth.witness.tests.logs import TreeLog, served


@contextmanager
def saying(*parts: bytes, again: bytes = b"", pause: float = 0.0) -> Iterator[str]:
    """A server that says these *parts* to whoever asks, then *again* without end, and hangs up if that is nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.02)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    line, _ = door.accept()
                except TimeoutError:
                    continue
                with line:
                    line.settimeout(1)
                    try:
                        line.recv(4096)
                        for part in parts:
                            line.sendall(part)
                        while again and not over.is_set():
                            line.sendall(again)
                            time.sleep(pause)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        over.set()
        thread.join()


OK = b"HTTP/1.1 200 OK\r\n"
HOSTILE = {
    "a body without end": ((OK + b"\r\n",), b"x" * 65536, "larger than"),
    "a length beyond all": ((OK + b"Content-Length: 99999999999999\r\n\r\n",), b"x" * 65536, "larger than"),
    "chunks without end": ((OK + b"Transfer-Encoding: chunked\r\n\r\n",), b"8000\r\n" + b"x" * 32768 + b"\r\n", "larger"),
    "a chunk of no size": ((OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nxx",), b"", "web server"),
    "headers without end": ((OK,), b"X-More: 1\r\n" * 400, "web server"),
    "a header without end": ((OK + b"X: ",), b"x" * 65536, "web server"),
    "go on, go on, go on": ((b"",), b"HTTP/1.1 100 Continue\r\n\r\n", "within 1 second"),
    "a drip": ((OK + b"Content-Length: 50\r\n\r\n",), b"x", "within 1 second"),
    "no answer": ((), b"", "web server"),
    "noise": ((b"\x00\xff\x16\x03" * 40,), b"", "web server"),
    "another protocol": ((b"220 mail.example ESMTP\r\n",), b"", "web server"),
    "a redirect": ((b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\x1b[2J\r\n\r\n",), b"", r"169.254.169.254/\?"),
    "a fault": ((b"HTTP/1.1 500 Sorry\r\n\r\n",), b"", "500 Sorry"),
    "unasked packing": ((OK + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\nxx",), b"", "packed as br"),
    "broken packing": ((OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",), b"", "web server"),
    "half a package": (
        (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"whole")[:-9],), b"", "breaks off",
    ),
    "a bomb": ((OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(10_000_000))[:900],), b"", "unpacks to more"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_gets_a_sentence(name: str) -> None:
    parts, again, words = HOSTILE[name]
    pause = 0.05 if name == "a drip" else 0.0
    with saying(*parts, again=again, pause=pause) as url, Site(url, seconds=1.0) as site:
        began = time.monotonic()

        with pytest.raises(FetchFailed, match=words) as caught:
            site.get("checkpoint", most=1000)

    assert time.monotonic() - began < 10
    assert str(caught.value).isprintable()


def test_what_is_packed_is_unpacked() -> None:
    body = gzip.compress(b"whole")
    with saying(OK + b"Content-Encoding: gzip\r\n\r\n" + body) as url, Site(url) as site:
        assert site.get("x", most=1000) == b"whole"


def test_what_is_not_there_is_told_apart() -> None:
    with saying(b"HTTP/1.1 404 Not Found\r\n\r\n") as url, Site(url) as site, pytest.raises(NotThere):
        site.get("x", most=1000)


def test_a_busy_server_is_given_the_time_it_asks_for_but_not_for_ever() -> None:
    slept: list[float] = []
    with served(TreeLog().grow(3)) as shown, Site(shown.url, wait=slept.append) as site:

        def busy(handler: BaseHTTPRequestHandler) -> None:
            if len(slept) == 2:
                shown.faults.clear()
            handler.send_response(429)
            handler.send_header("Retry-After", "7")
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        shown.faults["checkpoint"] = busy
        assert site.get("checkpoint", most=1000)
        assert slept == [7, 7, 7]

        shown.faults["checkpoint"] = busy
        with pytest.raises(FetchFailed, match="429"):
            site.get("checkpoint", most=1000)
        assert sum(slept) <= PATIENCE_SECONDS


def test_nobody_there_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with Site(f"http://127.0.0.1:{port}") as site, pytest.raises(FetchFailed, match="nothing answers"):
        site.get("x", most=1000)


def test_one_line_serves_many_questions_and_a_lost_one_is_opened_again() -> None:
    with served(TreeLog().grow(3)) as shown, Site(shown.url) as site:
        for _number in range(3):
            site.get("checkpoint", most=1000)
        first = site._line
        assert first is not None
        first._line.shutdown(socket.SHUT_RDWR)

        assert site.get("checkpoint", most=1000)
        assert site._line is not first


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "ftp://example.org", "https://", "https://ann:secret@example.org", "https://e.org/?a=1"),
        *("https://e.org/#a", "https://e.org:99999/", "https://[::1", "https://e.org/\n", "https://é.org/"),
        "http://example.org/record",
    ],
)
def test_addresses_that_are_not_asked(url: str) -> None:
    with pytest.raises(NotAnAddress):
        Site(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/record/", "http://127.0.0.1", "http://[::1]:80/x", "https://e.org/a"]
)
def test_addresses_that_are_asked(url: str) -> None:
    assert Site(url).url == url.rstrip("/")


def test_another_machine_without_tls_only_where_asked_for() -> None:
    assert Site("http://example.org/record", plain_http=True).port == 80


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"hello\n", b"a\n1\nx\n\n", b"o\n1\n" + b"A" * 43 + b"=\n", b"\x00" * 100],
)
def test_what_is_no_head_is_a_sentence(body: bytes) -> None:
    says = OK + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with saying(says) as url, Site(url) as site, pytest.raises(FetchFailed, match="is no signed head"):
        Log(site).head()


@pytest.mark.parametrize("length", [0, 31, 33, 32 * 255, 32 * 256 - 1])
def test_a_tile_of_another_width_is_refused(length: int) -> None:
    log = TreeLog().grow(3)
    answer = log.answer
    log.answer = lambda path: bytes(length) if path.startswith("tile/") else answer(path)  # type: ignore[method-assign]
    with served(log) as shown, Site(shown.url) as site, pytest.raises(FetchFailed, match="and not 96"):
        Log(site).tiles(log.tiles, size=3)


def test_tls_is_believed_by_its_authority_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, shown = authority(tmp_path)
    with receiving(shown) as server, Site(f"https://127.0.0.1:{server.port}") as site:
        with pytest.raises(FetchFailed, match="certificate cannot be believed"):
            site.get("x", most=10)

        monkeypatch.setenv("SSL_CERT_FILE", str(root))
        with pytest.raises(
            FetchFailed, match="501"
        ):  # it only takes what is sent to it, but over a line that is believed
            site.get("x", most=10)


def test_a_server_without_tls_is_told_as_such() -> None:
    with (
        saying(b"HTTP/1.1 400 Plain\r\n\r\n") as url,
        Site(url.replace("http:", "https:")) as site,
        pytest.raises(FetchFailed, match="does not speak TLS"),
    ):
        site.get("x", most=10)

"""A small witness (c2sp.org/tlog-witness): cosigns the heads of the logs it knows, and never one that takes back another.

Strangers may knock, so everything has a bound: connections, the time of each, and what is read.
"""

from __future__ import annotations

import io
import logging
import socket
import socketserver
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from troth.hooks.line import Heard
from troth.ledger.rules import cosigning
from troth.ledger.rules.checkpoint import NotACheckpoint
from troth.ledger.rules.cosigning import Asked, NotARequest
from troth.ledger.rules.note import NotANote, Signer, Verifier
from troth.witness.evidence import Evidence
from troth.witness.rules.cosign import Verdict, decide
from troth.witness.rules.head import Head
from troth.witness.rules.plain import plain
from troth.witness.store import Heads

log = logging.getLogger(__name__)

#: From one answer to the end of the next request; a line is hung up after that.
REQUEST_SECONDS = 30.0
LINES_MOST = 64
#: Only the log's own key can bring these about; even so it shall not fill the disk.
EVIDENCE_MOST = 1000
TEXT = "text/plain; charset=utf-8"


@dataclass
class Witness:
    """Who cosigns, which logs, and what it remembers of them in *folder*."""

    key: Signer
    logs: Mapping[str, tuple[Verifier, ...]]
    heads: Heads
    folder: Path
    clock: Callable[[], float] = time.time

    def answer(self, body: bytes) -> tuple[HTTPStatus, str, str]:
        """Status, content type and body for what came to `add-checkpoint`."""
        try:
            asked = Asked.from_text(body.decode())
            head = Head.from_text(asked.note.to_text())
        except (NotARequest, NotANote, NotACheckpoint, UnicodeDecodeError) as error:
            return HTTPStatus.BAD_REQUEST, TEXT, f"{plain(str(error))}\n"
        if head.origin not in self.logs:
            return HTTPStatus.NOT_FOUND, TEXT, "This witness does not know that log.\n"
        with self.heads.turn(head.origin) as turn:
            last = turn.last
            verdict = decide(asked, head, keys=self.logs[head.origin], last=last)
            if verdict.cosigns:
                turn.set(head)
                # Inside the turn: a cosignature says that no larger head was seen up to its second.
                line = self.key.sign(head.note.text, at=int(self.clock())).to_line()
        self._note(verdict, head, last)
        if verdict.cosigns:
            return verdict.status, TEXT, line
        if verdict.says_size:
            return verdict.status, cosigning.SIZE_TYPE, f"{last.size if last else 0}\n"
        return verdict.status, TEXT, f"{plain(verdict.words)}\n"

    def about(self) -> str:
        """Who this is, and what it saw last of each log."""
        lines = [self.key.verifier.to_text(), ""]
        for origin in self.logs:
            last = self.heads.last(origin)
            lines.append(f"{origin}\n{last.note.text.split(chr(10), 1)[1]}" if last else f"{origin}\nnothing yet\n")
        return "\n".join(lines)

    def _note(self, verdict: Verdict, head: Head, last: Head | None) -> None:
        log.info("%s, %d entries: %d %s", plain(head.origin), head.size, verdict.status, plain(verdict.words))
        if not verdict.contradicts or last is None:
            return
        if len(list(self.folder.glob("evidence-*.json"))) >= EVIDENCE_MOST:
            return
        kept = Evidence(
            kind="forked" if head.size == last.size else "not-shown-to-continue",
            words=verdict.words,
            log="",
            found_at=datetime.fromtimestamp(self.clock(), UTC),
            keys=self.logs[head.origin],
            before=last,
            after=head,
        ).save(self.folder)
        log.error("%s CONTRADICTS what it signed before; both heads are kept in %s.", plain(head.origin), kept)


class Server(socketserver.ThreadingTCPServer):
    """Listens for *witness*; at most so many lines at once, further ones are hung up on."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.witness = witness
        self._free = threading.BoundedSemaphore(LINES_MOST)
        super().__init__(address, Handler)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._free.release()
            raise

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: object, client_address: object) -> None:
        log.exception("A request failed.")


class Handler(BaseHTTPRequestHandler):
    """One line, and the requests on it."""

    server: Server
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self._heard = Heard(self.connection, time.monotonic() + REQUEST_SECONDS)
        self.rfile.close()
        self.rfile = io.BufferedReader(self._heard)

    def handle_one_request(self) -> None:
        self._heard.until = time.monotonic() + REQUEST_SECONDS
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):  # whoever asked has gone
            self.close_connection = True

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != f"/{cosigning.PATH}":
            return self._end(HTTPStatus.NOT_FOUND, "There is only /add-checkpoint here.\n")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            return self._end(HTTPStatus.LENGTH_REQUIRED, "Say how long the request is.\n")
        if len(length) > 9 or int(length) > cosigning.BYTES_MOST:
            return self._end(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is larger than any can be.\n")
        body = self.rfile.read(int(length))
        if len(body) != int(length):
            self.close_connection = True
            return None
        try:
            said = self.server.witness.answer(body)
        except (OSError, sqlite3.Error):
            log.exception("The memory of this witness cannot be used: nothing is cosigned.")
            return self._end(HTTPStatus.SERVICE_UNAVAILABLE, "This witness cannot remember anything just now.\n")
        return self._answer(*said)

    def do_GET(self) -> None:
        if self.path != "/":
            return self._end(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        return self._answer(HTTPStatus.OK, TEXT, self.server.witness.about())

    def _end(self, status: HTTPStatus, words: str) -> None:
        """Answer, and hang up: what else was sent is not read."""
        self.close_connection = True
        self._answer(status, TEXT, words)

    def _answer(self, status: HTTPStatus, kind: str, words: str) -> None:
        body = words.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "troth-witness"

    def log_message(self, *_words: object) -> None:
        """What matters is told by the witness; who knocks is nobody's business."""

"""Logs for the tests, honest ones and others: kept with the pure functions, and served over real HTTP."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from troth.ledger.rules import canonical, paths
from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.note import ED25519, Note, Signer
from troth.ledger.rules.tree import (
    HASH_BYTES,
    Tile,
    consistency_ranges,
    grown,
    hashes_of,
    leaf_hash,
    root_of,
    width,
)
from troth.witness.fetch import NotThere, Site

ORIGIN = "fernhill.example/record"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def signer(seed: int = 1, name: str = ORIGIN, algorithm: int = ED25519) -> Signer:
    return Signer(name, algorithm, bytes([seed]) * 32)


def envelope(number: int, *, kind: str = "PromiseMade", at: datetime | None = None) -> bytes:
    """An entry as Troth writes them, another for each number."""
    at = at or NOW - timedelta(days=1) + timedelta(seconds=number)
    commit = canonical.commitment(number.to_bytes(32, "big"), b"{}")
    return canonical.envelope_bytes(kind=kind, happened_at=at, recorded_at=at, commit=commit)


class TreeLog:
    """A log of *entries*, signed by *signers*."""

    def __init__(self, entries: Sequence[bytes] = (), *, signers: Sequence[Signer] = (), origin: str = ORIGIN) -> None:
        self.origin = origin
        self.signers = list(signers) or [signer(name=origin)]
        #: What `keys` shows; the keys that sign, unless a test says otherwise.
        self.shown: list[Signer] | None = None
        self.entries: list[bytes] = []
        self.tiles: dict[Tile, bytes] = {}
        self.append(entries)

    @property
    def size(self) -> int:
        return len(self.entries)

    def append(self, entries: Sequence[bytes]) -> TreeLog:
        self.tiles |= grown(self.size, self.tiles, [leaf_hash(entry) for entry in entries])
        self.entries += entries
        return self

    def grow(self, count: int) -> TreeLog:
        return self.append([envelope(self.size + number) for number in range(count)])

    def twin(self) -> TreeLog:
        """Another log that has had the same history up to here."""
        found = copy(self)
        found.entries, found.tiles, found.signers = list(self.entries), dict(self.tiles), list(self.signers)
        return found

    def without(self, index: int) -> TreeLog:
        """One with the same key in which this entry never was."""
        return self.remade([*self.entries[:index], *self.entries[index + 1 :]])

    def remade(self, entries: Sequence[bytes]) -> TreeLog:
        return TreeLog(entries, signers=self.signers, origin=self.origin)

    def root(self, size: int | None = None) -> bytes:
        size = self.size if size is None else size
        return root_of(size, self.tiles)

    def note(self, size: int | None = None) -> Note:
        size = self.size if size is None else size
        text = Checkpoint(self.origin, size, self.root(size)).to_text()
        return Note(text, tuple(one.sign(text) for one in self.signers))

    def proof(self, old: int, new: int | None = None) -> list[bytes]:
        return hashes_of(consistency_ranges(old, self.size if new is None else new), self.tiles)

    def answer(self, path: str) -> bytes | None:
        """What lies at *path*; None: nothing."""
        if path == "checkpoint":
            return self.note().to_text().encode()
        if path == "keys":
            shown = self.signers if self.shown is None else self.shown
            return "".join(one.verifier.to_text() + "\n" for one in shown).encode()
        if path.startswith("consistency/"):
            old, new = map(int, path.split("/")[1:])
            return "".join(b64encode(one).decode() + "\n" for one in self.proof(old, new)).encode()
        level, _, place = path.removeprefix("tile/").partition("/")
        number, wide = paths.place_of(place)
        if level == paths.ENTRIES:
            if width(Tile(0, number), self.size) < wide:
                return None
            part = self.entries[number * 256 : number * 256 + wide]
            return b"".join(len(one).to_bytes(2, "big") + one for one in part)
        tile = Tile(int(level), number)
        if width(tile, self.size) < wide:
            return None
        return self.tiles[tile][: wide * HASH_BYTES]


Fault = Callable[[BaseHTTPRequestHandler], None]


class Served:
    """A log behind a real server; *log* may be exchanged for another at any moment, and paths be made to fail."""

    def __init__(self, log: TreeLog) -> None:
        self.log = log
        self.faults: dict[str, Fault] = {}
        self.asked: list[str] = []
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.removeprefix("/record/")
        self.asked.append(path)
        if path in self.faults:
            self.faults[path](handler)
            return
        body = self.log.answer(path)
        handler.send_response(404 if body is None else 200)
        handler.send_header("Content-Length", str(len(body or b"")))
        handler.end_headers()
        handler.wfile.write(body or b"")


@contextmanager
def served(log: TreeLog) -> Iterator[Served]:
    shown = Served(log)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            try:
                shown.answer(self)
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, *_words: object) -> None:
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        shown.url = f"http://127.0.0.1:{server.server_port}/record"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield shown
        server.shutdown()
        thread.join()


@contextmanager
def folder_served(folder: Path) -> Iterator[str]:
    """A folder behind a plain server."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class NearSite(Site):
    """The same without a server between, for many logs in a short time."""

    def __init__(self, log: TreeLog) -> None:
        super().__init__("http://localhost/record")
        self.log = log

    def get(self, path: str, *, most: int) -> bytes:
        body = self.log.answer(path)
        if body is None:
            raise NotThere(path)
        assert len(body) <= most
        return body

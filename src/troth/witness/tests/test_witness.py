"""The witness: each answer of the specification, many hands at once, killed at any moment, and strangers at the door."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint

from troth.ledger.rules import cosigning
from troth.ledger.rules.cosigning import Asked, cosignature_in
from troth.ledger.rules.note import COSIGNATURE, Note, Verifier
from troth.witness import server, store
from troth.witness.evidence import Evidence
from troth.witness.tests.logs import TreeLog, signer

NAME = "witness.example/w1"
FRIEND = signer(5, NAME, COSIGNATURE)
AT = 1_800_000_000


@dataclass
class Said:
    status: int
    kind: str
    body: str


def post(port: int, body: str | bytes, path: str = "/add-checkpoint") -> Said:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("POST", path, body=body.encode() if isinstance(body, str) else body)
        answer = line.getresponse()
        return Said(answer.status, answer.headers["Content-Type"], answer.read().decode())
    finally:
        line.close()


def asking(log: TreeLog, old: int, size: int | None = None) -> str:
    size = log.size if size is None else size
    return Asked(old, tuple(log.proof(old, size)) if old else (), log.note(size)).to_text()


@pytest.fixture
def friend(tmp_path: Path) -> Iterator[server.Server]:
    logs = {TreeLog().origin: (signer().verifier,)}
    with serving(server.Witness(FRIEND, logs, store.Heads(tmp_path), tmp_path, clock=lambda: AT)) as found:
        yield found


@contextlib.contextmanager
def serving(witness: server.Witness) -> Iterator[server.Server]:
    with server.Server(("127.0.0.1", 0), witness) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def port_of(friend: server.Server) -> int:
    return int(friend.server_address[1])


@pytest.fixture
def log() -> TreeLog:
    return TreeLog().grow(300)


# What the specification says


def test_a_head_is_cosigned_and_others_verify_it(friend: server.Server, log: TreeLog) -> None:
    said = post(port_of(friend), asking(log, 0))

    assert said.status == 200
    line, at = cosignature_in(said.body, note=log.note(), key=FRIEND.verifier)
    assert at == AT
    foreign = ForeignCheckpoint.from_text(log.note().and_signed(line).to_text())
    foreign.verify(Vkey.from_string(FRIEND.verifier.to_text()))
    with pytest.raises(InvalidSignature):
        ForeignCheckpoint.from_text(log.note(299).and_signed(line).to_text()).verify(
            Vkey.from_string(FRIEND.verifier.to_text())
        )


def test_a_log_that_grows_is_cosigned_on(friend: server.Server, log: TreeLog) -> None:
    old = 0
    for size in (0, 1, 2, 255, 256, 257, 300, 300):
        assert post(port_of(friend), asking(log, old, size)).status == 200, size
        old = size
    assert friend.witness.heads.last(log.origin).size == 300  # type: ignore[union-attr]


def test_an_old_size_that_is_not_the_last_is_answered_with_the_last(friend: server.Server, log: TreeLog) -> None:
    assert post(port_of(friend), asking(log, 200)) == Said(409, "text/x.tlog.size", "0\n")
    post(port_of(friend), asking(log, 0, 200))
    for old in (0, 100, 250):
        assert post(port_of(friend), asking(log, old)) == Said(409, "text/x.tlog.size", "200\n")
    assert post(port_of(friend), asking(log, 100, 100)) == Said(409, "text/x.tlog.size", "200\n")


def test_another_log_is_not_known(friend: server.Server) -> None:
    strange = TreeLog(origin="elsewhere.example/record").grow(3)

    assert post(port_of(friend), asking(strange, 0)).status == 404


@pytest.mark.parametrize("signers", [[signer(2)], [signer(1, "another.name")]])
def test_a_head_that_the_log_did_not_sign_is_forbidden(friend: server.Server, log: TreeLog, signers: list) -> None:
    log.signers = signers

    assert post(port_of(friend), asking(log, 0)).status == 403
    assert friend.witness.heads.last(log.origin) is None


def test_a_broken_signature_is_forbidden_whoever_signed_beside_it(friend: server.Server, log: TreeLog) -> None:
    broken = Note(log.note().text, (signer(1).sign("another\n"), signer(2).sign(log.note().text)))

    assert post(port_of(friend), Asked(0, (), broken).to_text()).status == 403


def test_either_of_two_keys_will_do(tmp_path: Path, log: TreeLog) -> None:
    logs = {log.origin: (signer(1).verifier, signer(2).verifier)}
    with serving(server.Witness(FRIEND, logs, store.Heads(tmp_path), tmp_path)) as friend:
        assert post(port_of(friend), asking(log, 0, 100)).status == 200
        log.signers = [signer(2)]
        assert post(port_of(friend), asking(log, 100)).status == 200


def test_an_old_size_beyond_the_new_is_a_bad_request(friend: server.Server, log: TreeLog) -> None:
    post(port_of(friend), asking(log, 0))

    assert post(port_of(friend), Asked(300, (), log.note(200)).to_text()).status == 400


@pytest.mark.parametrize("path", [(), (bytes(32),), (bytes(32),) * 63])
def test_a_proof_that_does_not_lead_there_is_refused(friend: server.Server, log: TreeLog, path: tuple) -> None:
    post(port_of(friend), asking(log, 0, 200))

    assert post(port_of(friend), Asked(200, path, log.note()).to_text()).status == 422
    assert friend.witness.heads.last(log.origin).size == 200  # type: ignore[union-attr]
    assert post(port_of(friend), asking(log, 200)).status == 200


def test_a_proof_from_nothing_must_be_empty(friend: server.Server, log: TreeLog) -> None:
    assert post(port_of(friend), Asked(0, (bytes(32),), log.note()).to_text()).status == 422


def test_an_empty_log_has_one_root(friend: server.Server, log: TreeLog) -> None:
    text = f"{log.origin}\n0\n{'A' * 43}=\n"
    wrong = Note(text, (signer(1).sign(text),))

    assert post(port_of(friend), Asked(0, (), wrong).to_text()).status == 409
    assert friend.witness.heads.last(log.origin) is None


@pytest.mark.parametrize(
    "body", [b"", b"old 0\n\n", b"hello", b"\xff" * 90, b"old 0\n\na\nb\nc\n\n\xe2\x80\x94 x AAAAAAAA\n"]
)
def test_what_is_no_request_is_a_bad_one(friend: server.Server, body: bytes) -> None:
    assert post(port_of(friend), body).status == 400


# What is taken back


def test_a_fork_is_refused_and_both_heads_are_kept(friend: server.Server, log: TreeLog, tmp_path: Path) -> None:
    post(port_of(friend), asking(log, 0))
    other = log.without(10).append([b"other"])

    said = post(port_of(friend), asking(other, 300))

    assert (said.status, said.body) == (409, "300\n")
    (path,) = tmp_path.glob("evidence-*.json")
    Evidence.from_text(path.read_text()).check()


@pytest.mark.parametrize("more", [1, 5, 212])
def test_a_rewritten_log_is_refused(friend: server.Server, log: TreeLog, tmp_path: Path, more: int) -> None:
    post(port_of(friend), asking(log, 0))
    other = log.without(10).grow(1 + more)

    assert post(port_of(friend), asking(other, 300)).status == 422
    assert len(list(tmp_path.glob("evidence-*.json"))) == 1
    assert friend.witness.heads.last(log.origin).root == log.root()  # type: ignore[union-attr]


def test_a_log_cut_short_cannot_be_cosigned(friend: server.Server, log: TreeLog) -> None:
    post(port_of(friend), asking(log, 0))
    cut = log.remade(log.entries[:250])

    assert post(port_of(friend), asking(cut, 250)) == Said(409, "text/x.tlog.size", "300\n")
    assert post(port_of(friend), asking(cut, 0)) == Said(409, "text/x.tlog.size", "300\n")


def test_only_one_of_two_views_is_cosigned(friend: server.Server, log: TreeLog) -> None:
    post(port_of(friend), asking(log, 0))
    other = log.twin().append([b"told to the others"])
    log.append([b"told to ann"])

    assert [post(port_of(friend), asking(view, 300)).status for view in (log, other)] == [200, 409]


# Many at once, and killed


def test_of_many_at_once_each_size_is_cosigned_in_order(friend: server.Server, log: TreeLog) -> None:
    """Sixteen hands with two views of the log: the cosigned heads make one history, none is taken back."""
    other = log.twin()
    log.grow(60)
    other.append([b"other %d" % number for number in range(60)])
    won: list[tuple[int, int]] = []
    post(port_of(friend), asking(log, 0, 300))

    def push(view: int) -> None:
        mine, old = (log, other)[view % 2], 300
        while old < 360:
            said = post(port_of(friend), asking(mine, old, old + 1))
            if said.status == 200:
                won.append((old + 1, view % 2))
            if said.status not in (200, 409):
                return
            old = int(said.body) if said.status == 409 else old + 1

    hands = [threading.Thread(target=push, args=(view,)) for view in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    sizes = [size for size, _view in won]
    assert sorted(set(sizes)) == list(range(301, 361))
    assert len({view for _size, view in won}) == 1


def start(folder: Path, *words: str) -> tuple[subprocess.Popen[str], int, Verifier]:
    process = subprocess.Popen(
        [sys.executable, "-c", "from troth.site.cli import main; main()", "witness", "--state", str(folder), "--port", "0",
         "--name", NAME, "--log", signer().verifier.to_text(), *words],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    key = Verifier.from_text(process.stdout.readline())
    port = int(process.stdout.readline().split("127.0.0.1:")[1].split(",")[0])
    return process, port, key


def test_killed_at_any_moment_it_forgets_no_head_it_cosigned(tmp_path: Path) -> None:
    """After each kill a fork from just below the last cosigned size is refused."""
    log = TreeLog().grow(400)
    last, keys = 0, set()
    for _round in range(4):
        process, port, key = start(tmp_path)
        keys.add(key)
        killer = threading.Timer(0.15, process.kill)
        killer.start()
        with contextlib.suppress(OSError, http.client.HTTPException):
            assert post(port, asking(log.without(0).grow(1), last, last)).status in (
                (409, 200) if last == 0 else (409,)
            )
            while last < 400:
                said = post(port, asking(log, last, last + 1))
                if said.status == 409:  # persisted, and killed before it could say so
                    assert int(said.body) == last + 1
                else:
                    assert said.status == 200
                    cosignature_in(said.body, note=log.note(last + 1), key=key)
                last += 1
        killer.join()
        process.wait()
        assert process.stdout
        process.stdout.close()

    assert last > 0
    assert len(keys) == 1
    size = store.Heads(tmp_path).last(log.origin)
    assert size is not None
    assert size.size in (last, last + 1)


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    process, port, key = start(tmp_path)
    post(port, asking(TreeLog().grow(3), 0))
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
    assert process.stdout
    process.stdout.close()
    assert store.key_in(tmp_path, name=None).verifier == key
    assert os.stat(tmp_path / store.KEY).st_mode & 0o777 == 0o600


def test_a_key_is_not_made_anew_beside_a_memory(tmp_path: Path) -> None:
    store.key_in(tmp_path, name=NAME)
    store.Heads(tmp_path)
    with pytest.raises(store.NotUsable, match="called"):
        store.key_in(tmp_path, name="another.example")
    (tmp_path / store.KEY).unlink()
    with pytest.raises(store.NotUsable, match="put the key back"):
        store.key_in(tmp_path, name=NAME)


def test_what_cannot_be_remembered_is_not_cosigned(friend: server.Server, log: TreeLog, tmp_path: Path) -> None:
    post(port_of(friend), asking(log, 0, 100))
    with contextlib.closing(sqlite3.connect(tmp_path / store.DATABASE)) as line:
        line.execute("CREATE TRIGGER full BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'no room'); END")

    assert post(port_of(friend), asking(log, 100)).status == 503
    assert friend.witness.heads.last(log.origin).size == 100  # type: ignore[union-attr]


# Strangers


def raw(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """What comes back for these bytes, until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        with contextlib.suppress(OSError):
            for part in parts:
                line.sendall(part)
                time.sleep(pause)
        heard = b""
        with contextlib.suppress(ConnectionResetError):
            while more := line.recv(65536):
                heard += more
        return heard


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"POST /add-checkpoint HTTP/1.1\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"413"),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (cosigning.BYTES_MOST + 1), b"413"),
        (b"POST /elsewhere HTTP/1.1\r\nContent-Length: 5\r\n\r\nxxxxx", b"404"),
        (b"GET /../../etc/passwd HTTP/1.1\r\n\r\n", b"404"),
        (b"DELETE / HTTP/1.1\r\n\r\n", b"501"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 101 + b"\r\n", b"431"),
        (b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"\x16\x03\x01 / HTTP/3000.x\r\n\r\n", b"400"),
    ],
)
def test_strangers_are_turned_away(friend: server.Server, said: bytes, status: bytes) -> None:
    assert status in raw(port_of(friend), said)[:400]  # what is no HTTP at all gets the page alone


def test_who_drips_is_hung_up_on(friend: server.Server, monkeypatch: pytest.MonkeyPatch, log: TreeLog) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.3)
    began = time.monotonic()

    raw(port_of(friend), *[b"P"] * 40, pause=0.02)

    assert time.monotonic() - began < 10
    assert post(port_of(friend), asking(log, 0)).status == 200


def test_who_comes_in_crowds_is_hung_up_on(
    friend: server.Server, monkeypatch: pytest.MonkeyPatch, log: TreeLog
) -> None:
    held = [socket.create_connection(("127.0.0.1", port_of(friend))) for _line in range(server.LINES_MOST)]
    until = time.monotonic() + 10
    while friend._free._value and time.monotonic() < until:
        time.sleep(0.01)

    assert raw(port_of(friend), b"GET / HTTP/1.1\r\n\r\n") == b""

    for line in held:
        line.close()
    while not friend._free._value and time.monotonic() < until:
        time.sleep(0.01)
    assert post(port_of(friend), asking(log, 0)).status == 200


def test_one_line_serves_many_requests(friend: server.Server, log: TreeLog) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port_of(friend), timeout=20)
    line.connect()
    first = line.sock
    for old, size in ((0, 10), (10, 20), (20, 30)):
        line.request("POST", "/add-checkpoint", body=asking(log, old, size).encode())
        assert line.getresponse().read().startswith("— witness".encode())
    assert line.sock is first
    line.close()


def test_it_says_who_it_is_and_what_it_saw(friend: server.Server, log: TreeLog) -> None:
    post(port_of(friend), asking(log, 0))

    said = raw(port_of(friend), b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").decode()

    assert FRIEND.verifier.to_text() in said
    assert log.note().text in said

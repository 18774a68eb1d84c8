"""A real receiver of webhooks on loopback, with HTTPS from an authority of its own; what it does is told by the path."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: The name its certificate is for.
NAME = "hooks.example.org"


class Handler(BaseHTTPRequestHandler):
    server: Receiver  # type: ignore[assignment]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        if len(body) < size:  # who sent it was killed in the middle: no receiver makes anything of that
            self.close_connection = True
            return
        self.server.heard.append((self.path, dict(self.headers), body))
        what, _, number = self.path.strip("/").partition("/")
        getattr(self, f"be_{what or 'ok'}", self.be_ok)(number)

    def be_ok(self, _number: str) -> None:
        self.answer(200, b"thanks")

    def be_status(self, number: str) -> None:
        self.answer(int(number), b"said no")

    def be_busy(self, number: str) -> None:
        self.answer(429, b"", **{"Retry-After": number})

    def be_moved(self, _number: str) -> None:
        self.answer(302, b"", Location="/ok")

    def be_scripted(self, _number: str) -> None:
        self.answer(self.server.script(self), b"as told")

    def be_mute(self, _number: str) -> None:
        self.server.over.wait(20)

    def be_drip(self, _number: str) -> None:
        """One byte of a header now and then: each is in time, the whole never ends."""
        self.pour(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000, every_seconds=0.05)

    def be_drip_body(self, _number: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self.pour(b"x" * 1000, every_seconds=0.05)

    def be_flood(self, _number: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self.server.poured = 0
        while not self.server.over.is_set() and self.server.poured < 1 << 28:
            try:
                self.server.poured += self.wfile.write(b"x" * 65536)
            except OSError:
                return

    def be_garbage(self, _number: str) -> None:
        self.wfile.write(b"220 smtp.example.org ESMTP\r\n")
        self.close_connection = True

    def be_cut(self, _number: str) -> None:
        self.close_connection = True

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def pour(self, what: bytes, *, every_seconds: float) -> None:
        for byte in what:
            if self.server.over.wait(every_seconds):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def log_message(self, *_words: object) -> None:
        return


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tls = tls
        self.over = threading.Event()
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.poured = 0
        self.script: Callable[[Handler], int] = lambda _handler: 200

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/ok", host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def get_request(self) -> Any:
        line, address = super().get_request()
        if self.tls:  # the handshake happens in the thread of its own request
            line = self.tls.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        return line, address

    def handle_error(self, *_words: object) -> None:
        return  # whoever hangs up, or does not believe the certificate, is one of the tests


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    server = Receiver(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join(10)
        server.server_close()


def eventually(true: Callable[[], bool], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate authority's file, and what a server shows that it vouches for."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    root = _certificate(root_name, root_name, root_key, root_key, is_authority=True)
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.1"))])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    leaf = _certificate(name, root_name, key, root_key, is_authority=False, names=names)
    root_file, leaf_file, key_file = folder / "root.pem", folder / "leaf.pem", folder / "key.pem"
    root_file.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    leaf_file.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(leaf_file, key_file)
    return root_file, shown


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
    names: x509.SubjectAlternativeName | None = None,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if is_authority:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        made = made.add_extension(usage, critical=True)
    if names:
        made = made.add_extension(names, critical=False)
    return made.sign(signer, hashes.SHA256())

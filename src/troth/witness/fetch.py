"""Fetching small things from servers nobody vouches for: one line kept open, one end to everything, nothing larger than asked.

What is fetched proves itself by hashes and signatures, so the line itself need keep out only those who would hinder: an answer
that drips, swells, unpacks without end or leads elsewhere ends in a sentence.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from troth.hooks.line import Line, left
from troth.witness.rules.plain import plain

#: For one request, from looking up the name to the last byte.
SECONDS = 30.0
#: A server that asks for patience is given so much in all: whoever reads a whole log asks faster than most like.
PATIENCE_SECONDS = 600
BUSY = {429, 503}


class FetchFailed(RuntimeError):
    """Nothing that could be used came; the sentence says why."""


class _Busy(Exception):
    """Come back in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class NotThere(FetchFailed):
    """The server knows of no such thing."""


class NotAnAddress(ValueError):
    """This address is not asked; the sentence says what would do."""


class Site:
    """What lies below the address *url*. With *plain_http* also another machine is asked without TLS."""

    def __init__(
        self,
        url: str,
        *,
        plain_http: bool = False,
        seconds: float = SECONDS,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise NotAnAddress("This is no address of a log: write one such as https://example.org/record.") from error
        unclear = parts.username or parts.password or parts.query or parts.fragment or not url.isascii()
        if parts.scheme not in {"http", "https"} or not parts.hostname or unclear or not url.isprintable():
            raise NotAnAddress("Write a plain address such as https://example.org/record, without name, ? and #.")
        self.is_https = parts.scheme == "https"
        if not self.is_https and not plain_http and not _is_here(parts.hostname):
            raise NotAnAddress(
                "Over http:// everybody on the way can change the answers: use https://, or --plain-http."
            )
        self.url = url.rstrip("/")
        self.host, self.port = parts.hostname, port or (443 if self.is_https else 80)
        self.authority = parts.netloc
        self.path = parts.path.rstrip("/")
        self.seconds = seconds
        self._wait, self._patience = wait, PATIENCE_SECONDS
        self._line: Line | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        self.close()

    def get(self, path: str, *, most: int) -> bytes:
        """The bytes at *path*, at most so many; raises NotThere, FetchFailed."""
        while True:
            try:
                return self._get(path, most=most)
            except _Busy as error:
                self.close()
                self._patience -= error.seconds
                self._wait(error.seconds)

    def _get(self, path: str, *, most: int) -> bytes:
        until = time.monotonic() + self.seconds
        where = f"{self.url}/{path}"
        kept = self._line is not None
        try:
            try:
                return self._ask(path, most=most, until=until)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if not kept or isinstance(error, TimeoutError):
                    raise
                return self._ask(path, most=most, until=until)  # the line had been hung up since
        except FetchFailed:
            self.close()
            raise
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            self.close()
            raise FetchFailed(f"{where}: {self._why(error)}") from error

    def close(self) -> None:
        """Hang up; the next question opens a new line."""
        if self._line:
            with suppress(OSError):
                self._line.hang_up()
        self._line = None

    def _ask(self, path: str, *, most: int, until: float) -> bytes:
        if self._line is None:
            self._line = self._connected(until)
        self._line.until = until
        speech = http.client.HTTPConnection(self.host, self.port)
        speech.sock = self._line  # as much of a socket as the library uses
        speech.putrequest("GET", f"{self.path}/{path}", skip_host=True, skip_accept_encoding=True)
        for name, value in (
            ("Host", self.authority),
            ("Accept-Encoding", "gzip, identity"),
            ("Cache-Control", "no-cache"),
        ):
            speech.putheader(name, value)
        speech.endheaders()
        answer = speech.getresponse()
        self._judge(answer, path)
        body = answer.read(most + 1)
        if len(body) > most:
            raise FetchFailed(f"{self.url}/{path}: the answer is larger than such a thing can be ({most} bytes).")
        body = _unpacked(body, answer.headers.get("Content-Encoding", ""), most=most)
        if answer.will_close:
            self.close()
        return body

    def _judge(self, answer: http.client.HTTPResponse, path: str) -> None:
        where = f"{self.url}/{path}"
        if answer.status in {404, 410}:
            raise NotThere(f"{where}: there is no such thing.")
        if 300 <= answer.status < 400:
            to = plain(answer.headers.get("Location", "") or "nowhere")
            raise FetchFailed(
                f"{where}: the server sends us on to {to}. If that is the log's address, give it instead."
            )
        after = answer.headers.get("Retry-After", "")
        if answer.status in BUSY and after.isascii() and after.isdigit() and 0 < int(after[:9]) <= self._patience:
            raise _Busy(int(after[:9]))
        if answer.status != 200:
            raise FetchFailed(f"{where}: the server answers {answer.status} {plain(answer.reason, most=60)}.")

    def _connected(self, until: float) -> Line:
        line = socket.create_connection((self.host, self.port), timeout=left(until))
        try:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.is_https:
                line.settimeout(left(until))
                line = ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
            return Line(line, until=until)
        except BaseException:
            line.close()
            raise

    def _why(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"no whole answer within {self.seconds:.0f} seconds."
        if isinstance(error, ConnectionRefusedError):
            return "nothing answers at this address and port."
        if isinstance(error, socket.gaierror):
            return f"no server named {plain(self.host)} can be found."
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"its certificate cannot be believed: {plain(error.verify_message)}."
        if isinstance(error, ssl.SSLError):
            return "it does not speak TLS."
        if isinstance(error, (http.client.HTTPException, zlib.error, ValueError)):
            return "it does not answer as a web server does."
        return f"the line broke ({plain(str(error))})."


def _is_here(host: str) -> bool:
    """Whether *host* is this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unpacked(body: bytes, encoding: str, *, most: int) -> bytes:
    """*body* as it was before it was packed; what unpacks to more than *most* is refused while it unpacks."""
    if encoding.lower() in {"", "identity"}:
        return body
    if encoding.lower() != "gzip":
        raise FetchFailed(f"The answer is packed as {plain(encoding, most=40)}, which was not asked for.")
    unpack = zlib.decompressobj(wbits=31)
    whole = unpack.decompress(body, most + 1)
    if len(whole) > most:
        raise FetchFailed(f"The answer unpacks to more than such a thing can be ({most} bytes).")
    if not unpack.eof:
        raise FetchFailed("The packed answer breaks off.")
    return whole

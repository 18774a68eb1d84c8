"""The one door out to addresses that people typed. Nothing else in the product speaks HTTP to the outside.

1. The address is read strictly, and its name resolved once (`rules/address.py` says what is refused).
2. Every address the name has must be public, and the connection goes to one of just these: who answers another address the next
   time it is asked has nothing of it. Certificate and Host header are those of the name.
3. No redirects, no proxies of the environment, no more than a mebibyte, and five seconds for everything together.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from queue import Empty, SimpleQueue

from django.conf import settings

from troth.hooks.line import Line, left
from troth.hooks.rules.address import NotAllowed, Target, check_addresses, target, vouched

WHOLE_SECONDS = 5.0
LARGEST = 1024 * 1024
#: As much of an answer as is kept.
EXCERPT = 500

Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """What came of a request."""

    #: The other side's status, 0 where it gave none.
    status: int
    #: The beginning of its answer, or what stood in the way.
    said: str
    millis: int
    #: How long it asks to be left alone.
    retry_after_seconds: int | None = None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


def asked(host: str, port: int) -> list[str]:
    """Every address of a name, as the machine's resolver gives them. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def check(url: str, *, resolve: Resolve = asked) -> None:
    """Whether *url* may be sent to, as far as can be told before sending. Raises NotAllowed."""
    try:
        _look_up(_target(url), until=time.monotonic() + WHOLE_SECONDS, resolve=resolve)
    except TimeoutError as error:
        raise NotAllowed("The name of this server could not be looked up in time: try again.") from error


@dataclass(frozen=True)
class Reply:
    """An answer whose every byte counts."""

    #: 0 where none came.
    status: int
    #: The content type it names, without parameters.
    kind: str
    body: bytes
    #: What stood in the way, or the beginning of the body as one line.
    said: str


def post(url: str, *, headers: Mapping[str, str], body: bytes, resolve: Resolve = asked) -> Answer:
    """Send *body* to *url* and hear the answer. Whatever goes wrong becomes an answer too."""
    began = time.monotonic()
    try:
        status, told, heard = _exchange(url, headers=headers, body=body, resolve=resolve)
        said, after = _plain(heard[:EXCERPT].decode("utf-8", "replace")), told.get("Retry-After", "")
    except FAULTS as error:
        status, said, after = 0, _why(error), ""
    seconds = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else None
    return Answer(status, said, round((time.monotonic() - began) * 1000), seconds)


def ask(url: str, *, headers: Mapping[str, str], body: bytes, resolve: Resolve = asked) -> Reply:
    """The same for an address that the host of this installation wrote into its settings, and so vouches for: it may lie in a
    network of ours, and be without TLS."""
    try:
        status, told, heard = _exchange(url, headers=headers, body=body, resolve=resolve, vouched_for=True)
    except FAULTS as error:
        return Reply(0, "", b"", _why(error))
    kind = told.get("Content-Type", "").split(";")[0].strip().lower()
    return Reply(status, kind, heard, _plain(heard[:EXCERPT].decode("utf-8", "replace")))


FAULTS = (NotAllowed, OSError, http.client.HTTPException, ValueError)


def _exchange(
    url: str, *, headers: Mapping[str, str], body: bytes, resolve: Resolve, vouched_for: bool = False
) -> tuple[int, Message, bytes]:
    """Status, headers and body of the answer; raises one of FAULTS."""
    until = time.monotonic() + WHOLE_SECONDS
    where = vouched(url) if vouched_for else _target(url)
    line = _connected(where, _look_up(where, until=until, resolve=resolve), until=until)
    try:
        return _talk(line, where, headers=headers, body=body)
    finally:
        line.hang_up()


def _target(url: str) -> Target:
    return target(url, vouched_for=settings.TROTH_HOOKS_ALLOW)


def _look_up(where: Target, *, until: float, resolve: Resolve) -> list[str]:
    """The addresses to connect to, all of them allowed. Raises NotAllowed, TimeoutError."""
    found = list(dict.fromkeys(_resolved(where, until=until, resolve=resolve)))
    if not where.is_vouched_for or not found:
        check_addresses(where.host, found)
    return found


def _resolved(where: Target, *, until: float, resolve: Resolve) -> Sequence[str]:
    """The resolver knows no time limit, so it is asked beside, and left behind when it takes too long."""
    heard: SimpleQueue[Sequence[str]] = SimpleQueue()

    def ask() -> None:
        try:
            heard.put(resolve(where.host, where.port))
        except (OSError, UnicodeError):
            heard.put([])

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        return heard.get(timeout=max(0.0, until - time.monotonic()))
    except Empty as error:
        raise TimeoutError from error


def _connected(where: Target, addresses: Sequence[str], *, until: float) -> Line:
    """A line to the first of *addresses* that answers."""
    failed: OSError = OSError("no address")
    for number, address in enumerate(addresses):
        share = left(until) / (len(addresses) - number)  # an address that swallows everything leaves time for the next
        try:
            plain = socket.create_connection((address, where.port), timeout=share)
        except OSError as error:
            failed = error
            continue
        try:
            return Line(_secured(plain, where, until=until) if where.is_https else plain, until=until)
        except BaseException:
            plain.close()
            raise
    raise failed


def _secured(plain: socket.socket, where: Target, *, until: float) -> ssl.SSLSocket:
    plain.settimeout(left(until))
    return _believed(os.environ.get("SSL_CERT_FILE", ""), int(time.time() // 3600)).wrap_socket(
        plain, server_hostname=where.host
    )


@lru_cache(maxsize=1)
def _believed(_authorities: str, _hour: int) -> ssl.SSLContext:
    """The machine's authorities, read anew every hour: reading them costs more than all the rest of a request."""
    return ssl.create_default_context()


def _talk(line: Line, where: Target, *, headers: Mapping[str, str], body: bytes) -> tuple[int, Message, bytes]:
    speech = http.client.HTTPConnection(where.host, where.port)
    speech.sock = line  # connected already, so it opens none of its own
    speech.putrequest("POST", where.path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": where.authority, **headers, "Connection": "close"}.items():
        speech.putheader(name, value)
    speech.putheader("Content-Length", str(len(body)))
    speech.endheaders(body)
    answer = speech.getresponse()
    try:
        heard = answer.read(LARGEST)
    except (OSError, http.client.HTTPException):
        heard = b""  # the status was given, and mostly it alone counts
    return answer.status, answer.headers, heard


def _why(error: Exception) -> str:
    if isinstance(error, NotAllowed):
        return str(error)
    if isinstance(error, TimeoutError):
        return f"No answer within {WHOLE_SECONDS:.0f} seconds."
    if isinstance(error, ConnectionRefusedError):
        return "Nothing answers at this address and port."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate cannot be believed: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"It does not speak TLS: {error.reason or error}."
    if isinstance(error, http.client.HTTPException):
        return "It does not answer as a web server does."
    return _plain(f"The line broke: {error}")[:EXCERPT]


def _plain(text: str) -> str:
    """One line of printable words, as a table can hold and a page can show."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())

"""Asking an OpenAI-compatible endpoint for a chat completion. The host named it in the settings, so it may lie in their own network.

What comes back is a stranger's: it has one end by the clock however it drips, a size, no redirects, and only words are taken from it;
calls of tools are not looked at. Knows no Django.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

BYTES_MAX, CHARS_MAX = 2 * 1024 * 1024, 32_000
#: How often whoever waits is told how far it is.
TELL_SECONDS = 0.5
BROKE_OFF = "The model's server cannot be reached, or broke off."


class NoDraft(RuntimeError):
    """Why there is none, as a sentence. *again*: it may go better in a moment."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


class GivenUp(RuntimeError):
    """Whoever waited does so no more."""


@dataclass(frozen=True)
class Endpoint:
    url: str
    key: str
    model: str
    seconds: float

    @property
    def place(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2]


def write(to: Endpoint, messages: Sequence[dict[str, str]], *, heard: Callable[[int], bool]) -> str:
    """The words the model writes. *heard* is told how many signs there are, and says whether to go on.

    Raises NoDraft, GivenUp.
    """
    parts = urlsplit(to.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    speech = kind(parts.hostname or "", parts.port, timeout=to.seconds)
    body = json.dumps({"model": to.model, "messages": list(messages), "stream": True, "temperature": 0.3})
    headers = {
        "Content-Type": "application/json",
        "Accept": "text/event-stream, application/json",
        "Connection": "close",
    }
    if to.key:
        headers["Authorization"] = f"Bearer {to.key}"
    until = time.monotonic() + to.seconds
    late = threading.Event()
    try:
        speech.connect()
        line = speech.sock
        watch = threading.Timer(max(0.0, until - time.monotonic()), _hang_up, [line, late])
        watch.daemon = True
        watch.start()
        try:
            speech.request("POST", f"{parts.path.rstrip('/')}/chat/completions", body=body.encode(), headers=headers)
            with speech.getresponse() as answer:
                return _words(answer, heard)
        except NoDraft as error:
            if late.is_set():  # what was hung up on looks like an end
                raise _too_late(to) from error
            raise
        finally:
            watch.cancel()
            line.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise _too_late(to) from error
        raise NoDraft(BROKE_OFF, again=True) from error
    finally:
        speech.close()


def _too_late(to: Endpoint) -> NoDraft:
    return NoDraft(f"The model's server did not finish within {to.seconds:.0f} seconds.")


def _hang_up(line: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _words(answer: http.client.HTTPResponse, heard: Callable[[int], bool]) -> str:
    if answer.status != 200:
        again = answer.status == 429 or answer.status >= 500
        raise NoDraft(f"The model's server answered {answer.status}.", again=again)
    told = answer.headers.get_content_type()
    if told == "text/event-stream":
        text = _streamed(answer, heard)
    elif told == "application/json":
        body = b"".join(_pieces(answer))
        if answer.length:
            raise NoDraft(BROKE_OFF, again=True)
        text = _content(_parsed(body), "message")
    else:
        raise NoDraft("The model's server answered something that is no chat completion.")
    if not text.strip():
        raise NoDraft("The model wrote nothing.")
    return text[:CHARS_MAX]


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    size = 0
    while piece := answer.read1(16_384):
        size += len(piece)
        if size > BYTES_MAX:
            raise NoDraft("The model's server sent far too much.")
        yield piece


def _streamed(answer: http.client.HTTPResponse, heard: Callable[[int], bool]) -> str:
    """The words of server-sent events, as they come, until the model says that these were all."""
    found: list[str] = []
    chars, told, rest = 0, 0.0, b""
    for piece in _pieces(answer):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            said = line[5:].strip()
            if said == b"[DONE]":
                return "".join(found)
            words = _content(_parsed(said), "delta")
            found.append(words)
            chars += len(words)
        if chars > CHARS_MAX:
            return "".join(found)
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            if not heard(chars):
                raise GivenUp
    raise NoDraft(BROKE_OFF, again=True)


def _parsed(said: bytes) -> Any:
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        raise NoDraft("The model's server answered something that is no chat completion.") from error


def _content(said: Any, part: str) -> str:
    """The words in a completion or a piece of one; whatever else it holds is left."""
    try:
        choices = said["choices"]
        words = choices[0][part].get("content") if choices else ""
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise NoDraft("The model's server answered something that is no chat completion.") from error
    return words if isinstance(words, str) else ""

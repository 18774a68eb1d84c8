"""What granian serves: one ASGI application, `/events` and `/chat/events/…` live, everything else Django's pages in threads.

Pages as plain ASGI cost half as much again; a stream per thread would cost a thread. Hence both, on one port.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from troth.people.rules.problems import kind_of, plain
from troth.site.supervise import tie_to_parent

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Pages rendered at once in one process; each thread keeps one database connection.
PAGE_THREADS = 8
EVENTS_MODULE = "troth.site.events"
#: The same for visitors of a chat.
VISITORS = "/chat/events/"
#: The public page of how things stand.
STATUS = "/status/"
#: No form of ours is near this large, but for those that take files and whose page was given leave to send more.
BODY_MOST = 4 * 1024 * 1024
#: What an answer carries that is no page of Django's: it is to be read, and to do nothing.
BARE = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
#: A form that is still not here whole after this long is let go; a large one may take its time.
BODY_SECONDS, LARGE_SECONDS = 60.0, 300.0
#: How much may be sent to a path with a query, where that is more than BODY_MOST.
Leave = Callable[[str, bytes], int]


def one_door(
    pages: Callable[..., Any],
    events: AsgiApp,
    visitors: AsgiApp | None = None,
    *,
    leave: Leave = lambda _path, _query: 0,
    standing: Callable[[AsgiApp], AsgiApp] | None = None,
) -> AsgiApp:
    """*pages* (WSGI), *events* and those for *visitors* (ASGI) behind one ASGI application.

    *leave* says who may send much; *standing* answers for the public page of how things stand, before *pages*.
    """
    threaded: Any = WSGIMiddleware(pages, workers=PAGE_THREADS)
    whole = standing(threaded) if standing else threaded

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"].rstrip("/") == "/events":
            await events(scope, receive, send)
        elif visitors and scope["type"] == "http" and scope["path"].startswith(VISITORS):
            await visitors(scope, receive, send)
        elif scope["type"] == "http":
            # Whole before a page's thread is asked for: eight slow senders would hold all eight.
            came = await _whole(scope, receive, leave)
            if isinstance(came, int):
                await _refuse(scope, send, came)
                return

            async def body() -> Message:
                return {"type": "http.request", "body": came, "more_body": False}

            to = whole if scope["path"].startswith(STATUS) else threaded
            await to(_as_wsgi_expects(scope, length=len(came)), body, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    return application


async def not_here(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer of a live channel that is not installed."""
    headers = [*BARE, (b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"There is nothing here.\n"})


async def _whole(scope: Scope, receive: Receive, leave: Leave) -> bytes | int:
    """What was sent with the request, or the status it is refused with; a form cut off half way is none."""
    headers = dict(scope["headers"])
    # In pieces nobody says how much it will be; a program that writes while it sends does it so.
    in_pieces = b"transfer-encoding" in headers
    length = 0 if in_pieces else int(headers.get(b"content-length") or 0)
    most, seconds = BODY_MOST, BODY_SECONDS
    if length > BODY_MOST and (given := leave(scope["path"], scope["query_string"])):
        most, seconds = given, LARGE_SECONDS
    if length > most:
        return 413
    came, whole = bytearray(), False
    try:
        async with asyncio.timeout(seconds):
            while in_pieces or len(came) < length:
                message = await receive()
                came += message.get("body") or b""
                if len(came) > most:
                    return 413
                if message["type"] != "http.request" or not message.get("more_body"):
                    whole = message["type"] == "http.request"
                    break
    except TimeoutError:
        return 408
    return bytes(came) if (whole if in_pieces else len(came) == length) else 400


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    kind, body = b"text/plain; charset=utf-8", b"This form did not arrive as a form of ours does.\n"
    if scope["path"].startswith("/api/"):
        kind, body = b"application/problem+json", json.dumps(plain(kind_of(status))).encode()
    headers = [*BARE, (b"content-type", kind), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _as_wsgi_expects(scope: Scope, *, length: int) -> Scope:
    """Headers with underscores dropped, as they would pass for trusted ones with dashes; the query in plain ASCII."""
    headers = [(name, _harmless(name, value)) for name, value in scope["headers"] if b"_" not in name]
    if any(name == b"transfer-encoding" for name, _value in headers):  # it came in pieces, and is whole now
        headers = [header for header in headers if header[0] not in {b"transfer-encoding", b"content-length"}]
        headers.append((b"content-length", str(length).encode()))
    query = quote(scope["query_string"], safe="%/:?#[]@!$&'()*+,;=-._~").encode()
    return {**scope, "headers": headers, "query_string": query}


def _harmless(name: bytes, value: bytes) -> bytes:
    """A header without what Django would trip over: a NUL in a quoted cookie, a charset that may be any codec of Python's."""
    if name == b"cookie":
        return value.replace(b"\\000", b"")
    if name == b"content-type":
        kind, *parameters = value.split(b";")
        return b";".join([kind, *(each for each in parameters if each.strip().lower().startswith(b"boundary="))])
    return value


def live_channel() -> AsgiApp:
    if importlib.util.find_spec(EVENTS_MODULE) is None:
        return not_here
    application: AsgiApp = importlib.import_module(EVENTS_MODULE).application
    return application


def visitors_channel() -> AsgiApp:
    from troth.channels.chat.stream import application  # the apps must be ready first

    return application


def build() -> AsgiApp:
    """The application of a worker process; granian calls this once in each (`--factory`)."""
    # A worker outlives a killed granian otherwise, and keeps the port.
    tie_to_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")
    from troth.site.wsgi import application as pages  # Django loads here, once the process is ours

    watch_over_it()
    return one_door(pages, live_channel(), visitors_channel(), leave=leave_to_send_much(), standing=standing_first())


def standing_first() -> Callable[[AsgiApp], AsgiApp]:
    """The public page from its last copy, which is there while the database is not."""
    from django.conf import settings  # the settings must be in the environment first

    from troth.status import door, kept  # the apps must be ready first
    from troth.status.pages import CHECKED
    from troth.status.sayings import moment

    folder = Path(settings.TROTH_DATA) / kept.FOLDER
    return lambda pages: door.at_the_door(
        pages, folder=folder, headers=door.headers_by(settings), spoken=moment, checked=CHECKED
    )


def leave_to_send_much() -> Leave:
    from troth.cases.tickets import body_most  # the apps must be ready first

    return body_most


def watch_over_it() -> None:
    """Look how the system fares for as long as this process lives; open pages hear when that changes."""
    from troth.site import events, interpreter, logs, vitals  # the apps must be ready first

    logs.catch_the_rest()
    interpreter.warn()
    vitals.keep_looking(tell=lambda: events.fan.tell_soon(events.VITALS))

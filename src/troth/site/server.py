"""What granian serves: one ASGI application, `/events` live, everything else Django's pages in threads.

Pages as plain ASGI cost half as much again; a stream per thread would cost a thread. Hence both, on one port.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from troth.site.supervise import tie_to_parent

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Pages rendered at once in one process; each thread keeps one database connection.
PAGE_THREADS = 8
EVENTS_MODULE = "troth.site.events"


def one_door(pages: Callable[..., Any], events: AsgiApp) -> AsgiApp:
    """*pages* (WSGI) and *events* (ASGI) behind one ASGI application."""
    threaded: Any = WSGIMiddleware(pages, workers=PAGE_THREADS)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"].rstrip("/") == "/events":
            await events(scope, receive, send)
        elif scope["type"] == "http":

            async def body() -> Message:
                return await receive()  # granian gives a future, a2wsgi can only wait for a coroutine

            await threaded(_as_wsgi_expects(scope), body, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    return application


async def not_here(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer of a live channel that is not installed."""
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"There is nothing here.\n"})


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _as_wsgi_expects(scope: Scope) -> Scope:
    """Headers with underscores dropped, as they would pass for trusted ones with dashes; the query in plain ASCII."""
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    query = quote(scope["query_string"], safe="%/:?#[]@!$&'()*+,;=-._~").encode()
    return {**scope, "headers": headers, "query_string": query}


def live_channel() -> AsgiApp:
    if importlib.util.find_spec(EVENTS_MODULE) is None:
        return not_here
    application: AsgiApp = importlib.import_module(EVENTS_MODULE).application
    return application


def build() -> AsgiApp:
    """The application of a worker process; granian calls this once in each (`--factory`)."""
    # A worker outlives a killed granian otherwise, and keeps the port.
    tie_to_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")
    from troth.site.wsgi import application as pages  # Django loads here, once the process is ours

    return one_door(pages, live_channel())

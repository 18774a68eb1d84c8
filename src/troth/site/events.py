"""The live channel: `/events`, server-sent events for signed-in staff, fed by one LISTEN for each process.

A page hears only references ("promise:12 case:3"; "writing:3" where the customer of that case writes), never contents, and fetches
again what it shows through its own door. What a closed team looks after only those hear who may see it. After a reconnect of either
side a page hears "resync". A comment every 20 s keeps proxies from closing the stream.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import DatabaseError, close_old_connections, connection
from django.utils.crypto import constant_time_compare

from troth.cases.actions.presence import CHANNEL
from troth.desk.sight import closed_teams_of
from troth.people.models import Staff
from troth.people.queries import sight_of
from troth.people.rules.roles import May
from troth.people.rules.sight import Sight
from troth.site.server import BARE

log = logging.getLogger(__name__)

BREATH_SECONDS = 20.0
#: A page that does not read falls this many events behind, then is told to look at everything again.
QUEUE_MOST = 100
#: Whether the session still stands is asked again this often.
DOOR_SECONDS = 60.0


class Fan:
    """One listening connection, any number of pages, each with what its reader may hear of."""

    def __init__(self) -> None:
        self.pages: dict[asyncio.Queue[str], Sight] = {}
        self.task: asyncio.Task[None] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def join(self, sight: Sight) -> asyncio.Queue[str]:
        page: asyncio.Queue[str] = asyncio.Queue(QUEUE_MOST)
        self.pages[page] = sight
        self.loop = asyncio.get_running_loop()
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.listen())
        return page

    def leave(self, page: asyncio.Queue[str]) -> None:
        self.pages.pop(page, None)
        if not self.pages and self.task is not None:
            self.task.cancel()
            self.task = None

    def tell(self, event: str) -> None:
        for page in self.pages:
            _put(page, event)

    def tell_soon(self, event: str) -> None:
        """The same from another thread."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.tell, event)

    def tell_of(self, references: Sequence[str], *, closed: Mapping[str, int], head: str = "") -> None:
        """Tell every page of *references*, but for those of *closed* teams its reader does not see into."""
        event = f"{head}data: {' '.join(references)}\n\n"
        for page, sight in self.pages.items():
            if not closed:
                _put(page, event)
                continue
            heard = [one for one in references if sight.reaches(closed.get(one), is_closed=one in closed)]
            # Whose matter it is would be told by the customer named beside it.
            if len(heard) == len(references) or any(not one.startswith("customer:") for one in heard):
                _put(page, f"{head}data: {' '.join(heard)}\n\n")

    async def listen(self) -> None:
        lost = False
        while True:
            try:
                parameters = await sync_to_async(_parameters)()
                async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as heard:
                    await heard.execute("LISTEN troth")
                    await heard.execute("LISTEN troth_live")
                    await heard.execute(f"LISTEN {CHANNEL}")
                    if lost:  # what happened meanwhile nobody has heard
                        self.tell(RESYNC)
                    async for note in heard.notifies():
                        if note.payload == EVERYTHING:
                            self.tell(RESYNC)
                            continue
                        references = note.payload.split()
                        head = HERE if note.channel == CHANNEL else ""
                        self.tell_of(references, closed=await sync_to_async(_closed)(references), head=head)
            except (psycopg.Error, DatabaseError):
                lost = True
                log.warning("The live channel lost the database; it tries again.")
                await asyncio.sleep(1)


def _put(page: asyncio.Queue[str], event: str) -> None:
    try:
        page.put_nowait(event)
    except asyncio.QueueFull:
        while not page.empty():
            page.get_nowait()
        page.put_nowait(RESYNC)


def _closed(references: Sequence[str]) -> dict[str, int]:
    close_old_connections()
    return closed_teams_of(references)


RESYNC = "event: resync\ndata: -\n\n"
#: How the system itself fares has changed (site/vitals.py).
VITALS = "data: vitals\n\n"
#: Somebody came into a case, began to write there, or left (cases/actions/presence.py).
HERE = "event: here\n"
#: What the ledger's trigger says where more changed than it names.
EVERYTHING = "*"
fan = Fan()


def _parameters() -> dict[str, Any]:
    keep = {"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey"}
    return {name: value for name, value in connection.get_connection_params().items() if name in keep}


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application behind `/events`."""
    if scope["method"] != "GET":
        await _refuse(send, 405)
        return
    cookie = next((value for name, value in scope["headers"] if name == b"cookie"), b"").decode("latin-1")
    sight = await sync_to_async(hearing)(cookie)
    if sight is None:
        await _refuse(send, 403)
        return
    headers = [
        *BARE,
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    page = fan.join(sight)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await _stream(page, gone, send, cookie)
    finally:
        gone.cancel()
        fan.leave(page)


async def _stream(page: asyncio.Queue[str], gone: asyncio.Future[None], send: Any, cookie: str) -> None:
    loop = asyncio.get_running_loop()
    ask_again = loop.time() + DOOR_SECONDS
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
    while not gone.done():
        event = ": still here\n\n"
        with contextlib.suppress(TimeoutError):
            waiting = asyncio.ensure_future(page.get())
            both: set[asyncio.Future[Any]] = {waiting, gone}
            await asyncio.wait(both, timeout=BREATH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                event = waiting.result()
            else:
                waiting.cancel()
        if loop.time() >= ask_again:
            sight = await sync_to_async(hearing)(cookie)
            if sight is None:
                break
            fan.pages[page] = sight
            ask_again = loop.time() + DOOR_SECONDS
        if gone.done():
            break
        await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
    with contextlib.suppress(Exception):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*BARE, (b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b""})


def hearing(cookie_header: str) -> Sight | None:
    """What the reader behind the cookie may hear of; None where it is no session of staff who may read.

    The same checks as Django's own sign-in makes.
    """
    close_old_connections()
    try:
        cookie = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if cookie is None or "\x00" in cookie.value:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookie.value)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    staff = Staff.objects.filter(pk=session.get(SESSION_KEY, 0), is_active=True).first()
    if staff is None or not staff.may(May.READ) or staff.owes_factor:
        return None
    stands = constant_time_compare(session.get(HASH_SESSION_KEY, ""), staff.get_session_auth_hash())
    return sight_of(staff) if stands else None

"""Server-sent events for visitors, beside those for staff: `/chat/events/<key>`, fed by one LISTEN for each process.

A visitor's page hears what is said in its own talk. Each event carries the newest message's number as its id; whoever comes back says
the last one it has (Last-Event-ID) and is told from the tables what came after it, so nothing is lost by a line that broke. However
many come back at once, few ask the database at a time, and how many may come is bounded.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import psycopg
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from troth.channels.chat import actions, queries
from troth.channels.chat.models import Talk
from troth.channels.chat.queries import NoSuchTalk, Told
from troth.channels.chat.visitor import own_origins
from troth.people import limits

log = logging.getLogger(__name__)

BREATH_SECONDS = 15.0
#: How often it is put down that the pages of these talks are open, all of a process in one statement.
HERE_SECONDS = 10.0
#: Whether a talk still stands is asked again this often.
DOOR_SECONDS = 60.0
#: Pages of all visitors in one process, and of one visitor; who has more lets go of the oldest.
PAGES_MOST, OF_ONE_MOST = 2000, 4
#: Pages from one address in one process, and how fast they may come: an office shares one, and a line that broke is taken up.
OF_ADDRESS_MOST, OPENED = 100, limits.Pace(600, timedelta(minutes=10))
#: Whoever finds no place comes back after so many seconds, not all at once.
AGAIN_SECONDS = (5, 20)
#: Threads that ask the database for visitors: a crowd that comes back waits in their line.
ASKING = 3
PATH = re.compile(r"/chat/events/([\w-]{8,40})/?")
HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
T = TypeVar("T")


@dataclass(eq=False)
class Page:
    """One open page of a visitor."""

    talk: int
    case: int | None
    #: The last message it was told.
    newest: int
    look: asyncio.Event = field(default_factory=asyncio.Event)
    #: Somebody here writes at this moment.
    answering: bool = False
    #: Its visitor opened too many.
    is_over: bool = False
    told: dict[str, Any] = field(default_factory=dict)


class Pages:
    """Every visitor's page of this process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self.open: list[Page] = []
        #: How many come from which address, those that still wait at the door among them.
        self.of: Counter[str] = Counter()
        self.tasks: list[asyncio.Task[None]] = []
        self.threads = ThreadPoolExecutor(ASKING, thread_name_prefix="chat")

    @contextlib.contextmanager
    def held(self, who: str) -> Iterator[bool]:
        """A place for one more page of this address while it is open; False where it has them all."""
        if self.of[who] >= OF_ADDRESS_MOST:
            yield False
            return
        self.of[who] += 1
        try:
            yield True
        finally:
            self.of[who] -= 1
            self.of += Counter()  # lets go of whoever has none

    async def ask(self, work: Callable[[], T]) -> T:
        """*work* with the database, in one of a few threads."""

        def alone() -> T:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self.threads, alone)

    def join(self, page: Page) -> None:
        of_one = [other for other in self.open if other.talk == page.talk]
        for other in of_one[: max(len(of_one) - OF_ONE_MOST + 1, 0)]:
            other.is_over = True
            other.look.set()
        self.open.append(page)
        if not self.tasks or any(task.done() for task in self.tasks):
            self.rest()
            loop = asyncio.get_running_loop()
            self.tasks = [loop.create_task(self.listen()), loop.create_task(self.keep_saying_here())]

    def leave(self, page: Page) -> None:
        self.open.remove(page)
        if not self.open:
            self.rest()

    def rest(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.tasks = []

    def heard(self, payload: str) -> None:
        """What the database says: wake the pages it is about."""
        references = frozenset(payload.split())
        anything = payload == "*"
        for page in self.open:
            about = f"case:{page.case}"
            if page.case is not None and f"answering:{page.case}" in references:
                page.answering = True
                page.look.set()
            # A talk that has no case yet may have got one.
            if anything or about in references or (page.case is None and _names_a_case(references)):
                page.look.set()

    async def listen(self) -> None:
        lost = False
        while True:
            try:
                parameters = await self.ask(_parameters)
                async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as line:
                    await line.execute("LISTEN troth")
                    await line.execute(f"LISTEN {actions.LIVE}")
                    # What happened before it listened, or while it could not, nobody has heard.
                    self.heard("*")
                    lost = False
                    async for note in line.notifies():
                        self.heard(note.payload)
            except (psycopg.Error, DatabaseError):
                if not lost:
                    log.warning("The visitors' channel lost the database; it tries again.")
                lost = True
                await asyncio.sleep(1)

    async def keep_saying_here(self) -> None:
        while True:
            await asyncio.sleep(HERE_SECONDS)
            talks = {page.talk for page in self.open}
            with contextlib.suppress(DatabaseError):
                await self.ask(lambda talks=talks: actions.here(talks, now=timezone.now()))  # type: ignore[misc]


def _names_a_case(references: Iterable[str]) -> bool:
    return any(one.startswith("case:") for one in references)


def _parameters() -> dict[str, Any]:
    keep = {"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey"}
    return {name: value for name, value in connection.get_connection_params().items() if name in keep}


pages = Pages()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application behind `/chat/events/<key>`."""
    found = PATH.fullmatch(scope["path"])
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] != "GET" or found is None:
        await _refuse(send, 405 if found else 404)
        return
    try:
        who = limits.visitor_of(headers, remote=(scope.get("client") or ("",))[0])
    except (PermissionDenied, ImproperlyConfigured):  # from nowhere, or past the proxy
        await _refuse(send, 403)
        return
    again = random.randint(*AGAIN_SECONDS)  # noqa: S311 - spreads a crowd, guards nothing
    with pages.held(who) as is_room:
        if not is_room or len(pages.open) >= PAGES_MOST:
            await _refuse(send, 503 if is_room else 429, again=again)
            return
        if left := await pages.ask(lambda: limits.take("chat-stream", who, OPENED, now=timezone.now())):
            await _refuse(send, 429, again=max(again, math.ceil(left.total_seconds())))
            return
        await _listened(found[1], headers, scope, receive, send)


async def _listened(key: str, headers: dict[str, str], scope: Any, receive: Any, send: Any) -> None:
    def door() -> Page:
        return enter(key, headers, secure=scope["scheme"] == "https")

    try:
        page = await pages.ask(door)
    except NoSuchTalk:
        await _refuse(send, 401)
        return
    start = [*HEADERS, (b"content-type", b"text/event-stream; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": start})
    pages.join(page)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await _stream(page, gone, send, door)
    finally:
        gone.cancel()
        pages.leave(page)


def enter(key: str, headers: dict[str, str], *, secure: bool) -> Page:
    """The page whose visitor holds the token in the header; raises NoSuchTalk. That it is here is put down."""
    now = timezone.now()
    site = queries.site_of(key)
    own = own_origins(headers.get("host", ""), secure=secure)
    asks = headers.get("origin", "")
    from_elsewhere = headers.get("sec-fetch-site", "same-origin") != "same-origin"
    if site is None or from_elsewhere or (asks and asks not in own):
        raise NoSuchTalk("There is no such chat.")
    talk = queries.talk_of(headers.get("authorization", "").removeprefix("Bearer "), site=site, own=own, now=now)
    actions.here([talk.pk], now=now)
    after = headers.get("last-event-id", "")
    return Page(talk=talk.pk, case=talk.case_id, newest=int(after[:18]) if after.isdecimal() else 0)


def tell(page: Page) -> Told:
    return queries.told(Talk.objects.get(pk=page.talk), after=page.newest, now=timezone.now())


async def _stream(page: Page, gone: asyncio.Future[None], send: Any, door: Callable[[], Page]) -> None:
    loop = asyncio.get_running_loop()
    ask_again = loop.time() + DOOR_SECONDS
    page.look.set()  # whatever was said since the last event it has
    while not gone.done() and not page.is_over:
        looks = await _looks(page, gone)
        if gone.done() or page.is_over:
            break
        if loop.time() >= ask_again:
            try:
                await pages.ask(door)
            except NoSuchTalk:
                break
            ask_again = loop.time() + DOOR_SECONDS
        event = await _event(page) if looks else ""
        await send({"type": "http.response.body", "body": (event or ": still here\n\n").encode(), "more_body": True})
    with contextlib.suppress(Exception):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _looks(page: Page, gone: asyncio.Future[None]) -> bool:
    """Wait until there is something to look at, or for a breath."""
    waiting = asyncio.ensure_future(page.look.wait())
    both: set[asyncio.Future[Any]] = {waiting, gone}
    await asyncio.wait(both, timeout=BREATH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    looks = page.look.is_set()
    page.look.clear()
    return looks


async def _event(page: Page) -> str:
    """What is new to this page, as events; empty where nothing is."""
    try:
        told = await pages.ask(lambda: tell(page))
    except DatabaseError:
        page.look.set()
        await asyncio.sleep(1)
        return ""
    events = []
    if told.plain != page.told:
        page.told = {**told.plain, "said": []}
        page.newest, page.case = told.newest, told.plain["number"]
        events.append(f"id: {told.newest}\nevent: talk\ndata: {json.dumps({**told.plain, 'newest': told.newest})}\n\n")
    if page.answering:
        page.answering = False
        events.append("event: answering\ndata: -\n\n")
    return "".join(events)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, status: int, *, again: int = 0) -> None:
    headers = [*HEADERS, (b"content-type", b"text/plain")]
    if again:
        headers.append((b"retry-after", str(again).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})

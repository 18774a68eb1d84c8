"""A line that can be spoilt: a small TCP proxy on loopback, between the product and any server it calls.

It lets everything through until it is told otherwise: cut every line, hold what is said (a half-open line: nobody says
goodbye, nothing arrives), or cut at the n-th line the client says, before or after the server heard it.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import socket
import struct
import threading
from collections.abc import Coroutine
from typing import Any


class Line(enum.Enum):
    """What becomes of what is said."""

    OPEN = "let through"
    HELD = "half-open: nothing gets through, and nobody is told"
    DEAD = "reset, the old ones and every new one"


class Proxy:
    """Listens on a free loopback port and calls *host*:*port* for each who calls it."""

    host = "127.0.0.1"

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self.line = Line.OPEN
        #: How many lines clients said altogether, since the last `spoil_at`.
        self.said = 0
        #: The line that was to be spoilt was said.
        self.is_spoilt = False
        self._spoil_at: int | None = None
        self._how = Line.DEAD
        self._heard = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="proxy")

    def start(self) -> None:
        self._thread.start()
        self._wait_for(self._listen())

    def stop(self) -> None:
        self._wait_for(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def set(self, line: Line) -> None:
        """From now on every line is so; lines that stand are cut where they are to be dead, and kept otherwise."""
        self.line = line
        if line is Line.DEAD:
            self.cut()

    def cut(self) -> None:
        """Reset every line that stands now."""
        self._wait_for(self._cut_all())

    def spoil_at(self, number: int, *, how: Line = Line.DEAD, heard: bool = False) -> None:
        """Cut that line, or hold every line, when clients say their *number*-th line from now on; *heard*: the server gets it."""
        self.said, self.is_spoilt = 0, False
        self._spoil_at, self._how, self._heard = number, how, heard

    def mend(self) -> None:
        """From now on everything is let through again; a line that was held is cut, as its caller gave it up."""
        self._spoil_at = None
        if self.line is not Line.OPEN:
            self.cut()
        self.line = Line.OPEN

    def _wait_for(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._call, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._cut_all()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _cut_all(self) -> None:
        for writer in list(self._writers):
            _reset(writer)

    async def _call(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        ends = [client_out]
        self._writers.add(client_out)
        try:
            if self.line is Line.DEAD:
                _reset(client_out)
                return
            await self._while_held()  # the system takes the call, and nobody else
            server_in, server_out = await asyncio.open_connection(*self.target)
            ends.append(server_out)
            self._writers.add(server_out)
            ways = [self._pass_on(client_in, server_out, counted=True), self._pass_on(server_in, client_out)]
            tasks = [asyncio.ensure_future(way) for way in ways]
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            if any(task.exception() for task in done):
                for writer in ends:
                    _reset(writer)
        except OSError:
            _reset(client_out)
        finally:
            self._writers.difference_update(ends)
            for writer in ends:
                writer.close()

    async def _pass_on(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, counted: bool = False) -> None:
        """Until one side says goodbye; raises ConnectionError where the line is cut."""
        while chunk := await source.read(65536):
            await self._while_held()
            is_the_one = counted and self._is_the_one(chunk)
            if not is_the_one or self._heard:
                to.write(chunk)
                await to.drain()
            if is_the_one and self._how is Line.HELD:
                self.line = Line.HELD
                await self._while_held()
            elif is_the_one:
                await asyncio.sleep(0.05 if self._heard else 0)  # the server does what it heard; its answer is lost
                raise ConnectionResetError
        await self._while_held()

    async def _while_held(self) -> None:
        while self.line is Line.HELD:
            await asyncio.sleep(0.05)

    def _is_the_one(self, chunk: bytes) -> bool:
        before, self.said = self.said, self.said + chunk.count(b"\n")
        is_it = self._spoil_at is not None and before < self._spoil_at <= self.said
        self.is_spoilt = self.is_spoilt or is_it
        return is_it


def _reset(writer: asyncio.StreamWriter) -> None:
    """End without a goodbye, as a fallen network does."""
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()

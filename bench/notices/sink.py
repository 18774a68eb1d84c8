"""A mail server that takes every letter, speaks with one client at a time for each line, and keeps nothing: as fast as Python is.

It offers PIPELINING (RFC 2920) and reads as Postfix does: what has come is answered at once, in as few packets as it can be.
"""

from __future__ import annotations

import asyncio
import sys

GREETING = b"220 sink.test ESMTP\r\n"
EHLO = b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 52428800\r\n"
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One line to a client."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.heard, self.in_letter = transport, b"", False
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self.heard += data
        said = []
        while True:
            if self.in_letter:
                end = self.heard.find(END)
                if end < 0:
                    break
                self.heard, self.in_letter = self.heard[end + 5 :], False
                Sink.taken += 1
                said.append(b"250 kept\r\n")
                continue
            line, found, rest = self.heard.partition(b"\r\n")
            if not found:
                break
            self.heard = rest
            said.append(self.answer(line[:4].upper()))
        if said:
            self.transport.write(b"".join(said))

    def answer(self, verb: bytes) -> bytes:
        if verb == b"DATA":
            self.in_letter = True
            return b"354 go on\r\n"
        if verb == b"EHLO":
            return EHLO
        return b"221 goodbye\r\n" if verb == b"QUIT" else b"250 fine\r\n"


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever started it is gone


if __name__ == "__main__":
    asyncio.run(main())

"""A thousand open pages: from the commit of a fact until every page has heard of it, through the product's own server."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from bench.spine.ground import started
from bench.spine.pages import browser
from django.db import transaction
from django.utils import timezone
from tests.lab.servers import free_ports


def heard(pages: int = 1_000, *, events: int = 20) -> list[float]:
    """Milliseconds from before the commit until each page heard, all pages and events together, the sooner first."""
    port = free_ports(1)[0]
    cookie = browser().cookies
    with started([["-m", "troth.site.cli", "web"]], PORT=str(port)):
        wait_for(f"http://127.0.0.1:{port}/healthz")
        return sorted(asyncio.run(_listen(port, cookie, pages, events)))


async def _listen(port: int, cookie: str, pages: int, events: int) -> list[float]:
    heard_at: dict[str, list[float]] = {}
    request = (
        f"GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )

    async def page() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        while line := await reader.readline():
            if line.startswith(b"data: ") and b"case:" in line:
                heard_at.setdefault(line.decode().split()[1], []).append(time.perf_counter())
            elif line.startswith(b"retry"):
                opened.append(1)

    opened: list[int] = []
    listening = []
    for _number in range(pages):
        listening.append(asyncio.ensure_future(page()))
        if len(listening) % 50 == 0:  # as pages open: not all in one moment
            await asyncio.sleep(0.2)
    until = time.monotonic() + 60
    while len(opened) < pages and time.monotonic() < until:
        await asyncio.sleep(0.2)
    assert len(opened) == pages, f"{len(opened)} of {pages} pages opened"
    late: list[float] = []
    for number in range(1, events + 1):
        said_at = time.perf_counter()
        await asyncio.to_thread(_say, number)
        await asyncio.sleep(1)
        late += [(at - said_at) * 1000 for at in heard_at.get(f"case:{number}", [])]
    for one in listening:
        one.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    assert len(late) == pages * events, f"{len(late)} of {pages * events} were heard"
    return late


@transaction.atomic
def _say(number: int) -> None:
    from troth.ledger.actions import append
    from troth.words.facts import CaseChanged

    append(
        CaseChanged(about=f"case:{number}", customer="", field="status", before="open", after="waiting", by=""),
        now=timezone.now(),
    )


def wait_for(url: str, *, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 - our own server
        except urllib.error.HTTPError:
            return  # it answers, if only that it is not well
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise TimeoutError(f"{urlsplit(url).netloc} does not answer.")

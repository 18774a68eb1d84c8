"""The public page at the door, before anything of Django: from the last copy, whether the database is there or not.

A copy that was held against the database in the last seconds is given out as it is: nothing is asked, no thread is taken. An
older one is a sign that the worker or the database is away; then Django is asked, for a moment only, and where it has no answer
the copy is given out with a sentence on it that says so and of when it is.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

ROOT = "/status/"
#: The lane looks every few seconds; a copy looked at longer ago is one that nobody looks after.
FRESH_SECONDS = 20.0
#: So long Django may take to answer instead of an old copy, and so long it is not asked again once it had no answer.
PATIENCE_SECONDS, AGAIN_SECONDS = 3.0, 5.0
#: How often the files are looked at, at most.
LOOK_SECONDS = 0.25
#: Caches on the way may keep a page for half a minute, show it while they ask for the next, and for a day where we are gone
#: altogether (RFC 5861).
CACHED = b"public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"
CACHED_AWAY = b"public, max-age=10, stale-if-error=86400"
GZIP_FROM = 600


@dataclass(frozen=True)
class Kept:
    kind: bytes
    etag: str
    content: bytes
    packed: bytes
    #: As given out while the database is away; the same where it says nothing of that.
    away: bytes


@dataclass
class Shelf:
    """The copy in *folder* as this process holds it, looked at anew when it was written anew."""

    folder: Path
    pages: dict[str, Kept] = field(default_factory=dict)
    zone: str = "UTC"
    #: By the clock of the machine: when it was held against the database last.
    checked_at: float = 0.0
    _place: str = ""
    _looked: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """Read the files where they are others than before. What cannot be read leaves what is held as it is."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        with self._lock:
            self._looked = now
            try:
                place = (self.folder / "current").resolve(strict=True)
                checked_at = (place / "manifest.json").stat().st_mtime
                if str(place) != self._place:
                    self._read(place)
                self.checked_at = checked_at
            except (OSError, ValueError, KeyError):
                return

    def _read(self, place: Path) -> None:
        said = json.loads((place / "manifest.json").read_bytes())
        pages = {path: _kept(place, one) for path, one in said["pages"].items()}
        self.pages, self.zone, self._place = pages, said["zone"], str(place)

    def is_fresh(self, now: float) -> bool:
        return now - self.checked_at < FRESH_SECONDS


def _kept(place: Path, said: dict[str, str]) -> Kept:
    content = (place / said["file"]).read_bytes()
    return Kept(
        kind=said["kind"].encode(),
        etag=said["etag"],
        content=content,
        packed=gzip.compress(content, mtime=0) if len(content) > GZIP_FROM else b"",
        away=(place / said["away"]).read_bytes() if "away" in said else content,
    )


def at_the_door(
    pages: AsgiApp,
    *,
    folder: Path,
    headers: dict[str, str],
    spoken: Callable[[datetime, str], str],
    checked: str,
    clock: Callable[[], float] = time.time,
) -> AsgiApp:
    """*pages*, with the public page before them from the copy in *folder*.

    *headers* go with every answer; *spoken* says a moment in a zone, and stands in a copy where *checked* stood.
    """
    shelf = Shelf(folder)
    silent_until = float("-inf")

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal silent_until
        if scope["method"] not in ("GET", "HEAD"):
            await pages(scope, receive, send)
            return
        shelf.look()
        found = shelf.pages.get(scope["path"].removeprefix(ROOT))
        if found is None:
            await pages(scope, receive, send)
        elif shelf.is_fresh(clock()):
            await _answer(scope, send, found, headers=headers)
        else:
            live = await _asked(pages, scope, receive) if time.monotonic() >= silent_until else None
            if live is not None:
                for message in live:
                    await send(message)
                return
            silent_until = time.monotonic() + AGAIN_SECONDS
            says_so = found.away != found.content  # a feed says nothing of it, and is the same as ever
            away = _as_copy(found, shelf, spoken, checked) if says_so else None
            await _answer(scope, send, found, headers=headers, away=away)

    return application


async def _asked(pages: AsgiApp, scope: Scope, receive: Receive) -> list[Message] | None:
    """What Django answers; None where it takes too long, or answers that something is wrong with us."""
    said: list[Message] = []

    async def heard(message: Message) -> None:
        said.append(message)

    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await pages(scope, receive, heard)
    except Exception:
        return None  # whatever it is: there is a copy
    return said if said and said[0].get("status", 500) < 500 else None


def _as_copy(found: Kept, shelf: Shelf, spoken: Callable[[datetime, str], str], checked: str) -> bytes:
    at = datetime.fromtimestamp(shelf.checked_at, UTC)
    words = at.isoformat(timespec="seconds") if found.kind.startswith(b"application/json") else spoken(at, shelf.zone)
    return found.away.replace(checked.encode(), words.encode())


async def _answer(scope: Scope, send: Send, found: Kept, *, headers: dict[str, str], away: bytes | None = None) -> None:
    asked = dict(scope["headers"])
    packs = b"gzip" in asked.get(b"accept-encoding", b"")
    if away is None:
        packed = found.packed if packs else b""
        content, etag = packed or found.content, f'"{found.etag}{"-gz" if packed else ""}"'
    else:  # of this very moment: worth no compression, and no name of its own is kept of it
        packed, content = b"", away
        etag = f'W/"{found.etag}-{zlib.crc32(away):x}"'
    said = [
        (b"content-type", found.kind),
        (b"cache-control", CACHED if away is None else CACHED_AWAY),
        (b"etag", etag.encode()),
        (b"vary", b"Accept-Encoding"),
        (b"access-control-allow-origin", b"*"),
        *((name.lower().encode(), value.encode()) for name, value in headers.items()),
    ]
    if _has(asked.get(b"if-none-match", b"").decode("latin-1"), etag):
        await send({"type": "http.response.start", "status": 304, "headers": said})
        await send({"type": "http.response.body", "body": b""})
        return
    if packed:
        said.append((b"content-encoding", b"gzip"))
    said.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": said})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})


def _has(asked: str, etag: str) -> bool:
    """Whether the asker has it already, by the weak comparison (RFC 9110, 13.1.2)."""
    names = {name.strip().removeprefix("W/") for name in asked.split(",")}
    return "*" in names or etag.removeprefix("W/") in names


def headers_by(settings: Any) -> dict[str, str]:
    """What Django's own middleware puts on every answer, for those that never reach it."""
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    found = {
        "Content-Security-Policy": "; ".join(f"{name} {' '.join(values)}" for name, values in sorted(policy.items())),
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    }
    if settings.SECURE_HSTS_SECONDS:
        found["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
    return found

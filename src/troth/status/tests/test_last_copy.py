"""The last copy: whole or as before whoever is killed, and given out at the door while the database is away."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.people_and_things import NOW

from troth.status import door, kept, tasks
from troth.status.pages import CHECKED, HTML, Page, pages
from troth.status.queries import snapshot
from troth.status.sayings import moment
from troth.status.tests import story

MINUTE = timedelta(minutes=1)


def made(path: str, words: str) -> Page:
    def make(is_copy: bool) -> bytes:
        return f"{words}{' copy of ' + CHECKED if is_copy else ''}".encode()

    return Page(path, HTML, words, make)


def texts(folder: Path) -> dict[str, str]:
    """What whoever reads the copy now finds."""
    found = kept.manifest(folder)
    assert found
    return {path: (folder / "current" / one["file"]).read_text() for path, one in found["pages"].items()}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    assert kept.keep([made("", "one"), made("history/", "old")], tmp_path, zone="UTC", now=NOW)
    assert not kept.keep([made("", "one"), made("history/", "old")], tmp_path, zone="UTC", now=NOW + MINUTE)
    before = (tmp_path / "current/history.html").stat()
    assert kept.keep([made("", "two"), made("history/", "old")], tmp_path, zone="UTC", now=NOW + 2 * MINUTE)

    assert texts(tmp_path) == {"": "two", "history/": "old"}
    assert (tmp_path / "current/history.html").stat().st_ino == before.st_ino
    for more in range(3, 6):
        kept.keep([made("", str(more))], tmp_path, zone="UTC", now=NOW + more * MINUTE)
    assert len(list(tmp_path.glob("copy-*"))) == kept.COPIES_KEPT


STEPS = ("mkdir", "fsync", "link", "rename", "utime", "symlink")


def killed_at(step: int, folder: Path) -> bool:
    """Write another copy in a process that dies at its *step*-th touch of the disk; False where it came to its end."""
    child = os.fork()
    if child == 0:
        left = step

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **values: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    os._exit(9)
                return real(*args, **values)

            return call

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        os.open = counted(os.open)  # type: ignore[assignment]
        kept.keep([made("", "new"), made("history/", "new"), made("x/", "same")], folder, zone="UTC", now=NOW + MINUTE)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_killed_at_any_step_the_copy_is_whole_and_the_next_writing_goes_through(tmp_path: Path) -> None:
    step = 0
    while step < 60:
        folder = tmp_path / str(step)
        kept.keep([made("", "old"), made("history/", "old"), made("x/", "same")], folder, zone="UTC", now=NOW)
        is_killed = killed_at(step, folder)
        found = texts(folder)
        assert found["x/"] == "same"
        assert len({found[""], found["history/"]}) == 1, step
        if not is_killed:
            break
        kept.keep([made("", "next")], folder, zone="UTC", now=NOW + 2 * MINUTE)
        assert texts(folder) == {"": "next"}
        assert len(list(folder.glob("*copy-*"))) <= kept.COPIES_KEPT
        step += 1

    assert step > 10
    assert found[""] == "new"


# At the door


class Behind:
    """What stands behind the door: Django, which answers, fails, or hangs."""

    status, asked, hangs = 200, 0, False

    async def __call__(self, scope: door.Scope, receive: door.Receive, send: door.Send) -> None:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(3600)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"live"})


def ask(application: door.AsgiApp, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    said: list[door.Message] = []

    async def send(message: door.Message) -> None:
        said.append(message)

    async def receive() -> door.Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    asyncio.run(application(scope, receive, send))  # type: ignore[arg-type]
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], told, said[1]["body"]


@pytest.fixture
def behind() -> Behind:
    return Behind()


def at_the_door(folder: Path, behind: Behind, *, later: timedelta = timedelta(0)) -> door.AsgiApp:
    return door.at_the_door(
        behind, folder=folder, headers=door.headers_by(settings), spoken=moment, checked=CHECKED,
        clock=lambda: (NOW + later).timestamp(),
    )  # fmt: skip


def test_a_fresh_copy_is_given_out_and_nobody_is_asked(tmp_path: Path, behind: Behind) -> None:
    long = "Nothing is wrong. " * 100
    kept.keep([made("", long)], tmp_path, zone="UTC", now=NOW)
    application = at_the_door(tmp_path, behind)

    status, headers, body = ask(application, "/status/")
    packed = ask(application, "/status/", accept_encoding="br, gzip")
    again = ask(application, "/status/", if_none_match=f'"x", W/{headers["etag"]}')
    head = ask(application, "/status/", "HEAD")

    assert (status, body.decode(), behind.asked) == (200, long, 0)
    assert headers["cache-control"] == door.CACHED.decode()
    assert headers["vary"] == "Accept-Encoding"
    assert "set-cookie" not in headers
    assert (packed[1]["content-encoding"], gzip.decompress(packed[2]).decode()) == ("gzip", long)
    assert packed[1]["etag"] != headers["etag"]
    assert (again[0], again[2]) == (304, b"")
    assert (head[0], head[2], head[1]["content-length"]) == (200, b"", str(len(long)))


def test_an_old_copy_gives_way_to_django_and_comes_back_where_django_fails(
    tmp_path: Path, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE_SECONDS", 0.05)
    kept.keep([made("", "All well.")], tmp_path, zone="Europe/London", now=NOW)
    later = at_the_door(tmp_path, behind, later=MINUTE)

    assert ask(later, "/status/")[2] == b"live"
    behind.status = 500
    _status, headers, body = ask(later, "/status/")
    assert body.decode() == "All well. copy of Wed 11 Nov 2026, 10:00 GMT"
    assert headers["cache-control"] == door.CACHED_AWAY.decode()
    assert behind.asked == 2
    ask(later, "/status/")
    assert behind.asked == 2  # it is not asked again at once
    behind.hangs = True
    hanging = at_the_door(tmp_path, behind, later=MINUTE)
    assert b"copy of" in ask(hanging, "/status/")[2]
    behind.hangs = False
    assert ask(later, "/status/subscribe/")[2] == b"live"
    assert ask(later, "/status/", "POST")[2] == b"live"
    behind.status = 500
    feed = Page("feed.atom", "application/atom+xml", "2", lambda _is_copy: b"feed", says_it_is_a_copy=False)
    kept.keep([feed], tmp_path, zone="Europe/London", now=NOW)
    fresh, old = at_the_door(tmp_path, behind), at_the_door(tmp_path, behind, later=MINUTE)
    assert ask(old, "/status/feed.atom")[1]["etag"] == ask(fresh, "/status/feed.atom")[1]["etag"]


def test_without_a_copy_django_answers(tmp_path: Path, behind: Behind) -> None:
    assert ask(at_the_door(tmp_path / "nowhere", behind), "/status/")[2] == b"live"


@pytest.mark.django_db
@pytest.mark.time_machine(NOW, tick=False)
def test_the_lane_keeps_every_page_as_the_views_show_them(
    tmp_path: Path, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TROTH_DATA", tmp_path)
    story.parts()
    begun = story.incident()

    assert (tasks.publish(), tasks.publish()) == (1, 0)
    application, browser = at_the_door(tmp_path / kept.FOLDER, behind), Client()
    found = kept.manifest(tmp_path / kept.FOLDER)
    assert found
    assert set(found["pages"]) == {
        "", "feed.atom", "planned.ics", "status.json", "history/", "history/2026-11/", f"incidents/{begun.public_id}/",
    }  # fmt: skip
    for page in pages(snapshot(now=NOW)):
        live = browser.get(f"/status/{page.path}")
        status, headers, body = ask(application, f"/status/{page.path}")
        assert (status, body, headers["content-type"]) == (200, live.content, live["Content-Type"])
        for name, value in door.headers_by(settings).items():
            assert {*live[name].split("; ")} == {*value.split("; ")}, name
    assert behind.asked == 0

    away = at_the_door(tmp_path / kept.FOLDER, behind, later=MINUTE)
    behind.status = 503
    assert b"This is a copy." in ask(away, "/status/")[2]
    told = json.loads(ask(away, "/status/status.json")[2])
    assert (told["is_copy"], told["checked_at"]) == (True, "2026-11-11T10:00:00+00:00")
    story.end(begun, at=NOW)
    assert tasks.publish() == 1
    assert b"It is over" in ask(at_the_door(tmp_path / kept.FOLDER, behind), f"/status/incidents/{begun.public_id}/")[2]

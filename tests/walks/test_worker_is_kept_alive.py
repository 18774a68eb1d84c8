"""A worker that is killed, paused, or hangs in one lane is replaced, and its successor does what it left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from tests import people_and_things as things
from troth.post import actions as post
from troth.post.models import Letter
from troth.promises.models import Promise
from troth.site.beats import last_moves
from troth.site.worker import lanes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


def eventually(wanted: Callable[[], T], seconds: float = 150) -> T:
    until = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)
    return found


class Kept:
    """The supervisor, its worker, and what both said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.walks.kept_alive", str(folder / "data")],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": url},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return (self.folder / "log").read_text()

    def worker(self) -> int:
        """The number of the worker's process, once it works."""
        eventually(lambda: "The worker looks after" in self.said().rpartition("starting again")[2])
        [child] = eventually(
            lambda: Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        )
        return int(child)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    found = Kept(tmp_path)
    try:
        yield found
    finally:
        found.process.terminate()
        found.process.wait(60)


def warned_of_a_new_promise() -> bool:
    """Whether the watcher looks at a promise that is made now, and that asks for a look at once."""
    row = things.promise(
        customer=things.handle().customer,
        owner=things.Staff.objects.get(),
        now=timezone.now(),
        said_at=timezone.now(),
        due=timezone.now() + things.HOUR,
    )
    Promise.objects.filter(pk=row.pk).update(look_again_at=timezone.now(), warn_at=timezone.now())
    return bool(eventually(lambda: Promise.objects.get(pk=row.pk).warned_at))


def test_a_killed_and_a_paused_worker_are_replaced(kept: Kept) -> None:
    things.company()
    things.staff()
    first = kept.worker()
    assert warned_of_a_new_promise()

    os.kill(first, signal.SIGKILL)
    assert warned_of_a_new_promise()
    second = kept.worker()
    os.kill(second, signal.SIGSTOP)
    assert warned_of_a_new_promise()
    third = kept.worker()

    assert len({first, second, third}) == 3
    assert re.findall(r"ended with (-?\d+)|(no sign of life)", kept.said()) == [
        ("-9", ""),
        ("", "no sign of life"),
        ("-9", ""),
    ]


def test_a_worker_with_one_hanging_lane_is_replaced_and_the_letter_leaves_once(kept: Kept) -> None:
    things.company()
    things.staff()
    first = kept.worker()
    letter = post.hand_over(
        key="one",
        to_address="ann@example.net",
        subject="Hello",
        text="Hello.",
        because="case:1",
        customer_id=None,
        automatic=False,
        now=timezone.now(),
    )

    eventually(lambda: Letter.objects.get(pk=letter.pk).delivered_at)

    assert kept.worker() != first
    assert "post hangs: it has not moved for" in kept.said()
    assert "in submit" in kept.said()
    assert "ended with 75" in kept.said()
    assert len(list((kept.folder / "data" / "letters").glob("*.eml"))) == 1
    assert set(last_moves()) == {lane.name for lane in lanes()} - {"beats"}

"""R4: no room on the disk, in the data or in the write-ahead log, for a while; then there is room again.

The installation lives on a small file system in memory, mounted for this alone, so that only this one is ever filled. Needs root.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from tests.lab import servers

from faults.registry import Outcome
from faults.traffic import Traffic, busy_product
from troth.site.postgres import Cluster

SIZE = "400m"
#: The log is used up within this long, or never.
LOG_SECONDS = 45
BACK_WITHIN_SECONDS = 60


def data_is_full() -> Outcome:
    return in_a_small_house(seconds=120, log_too=False)


def log_is_full() -> Outcome:
    return in_a_small_house(seconds=120, log_too=True)


def in_a_small_house(*, seconds: float, log_too: bool) -> Outcome:
    if not may_mount():
        return Outcome(points=0, notes="not tried: mounting a small file system to fill needs root")
    with small_disk() as place, busy_product(place=place) as traffic:
        time.sleep(5)
        return full_for(traffic, seconds=seconds, log_too=log_too) + traffic.outcome(seconds=30)


def may_mount() -> bool:
    return os.geteuid() == 0 and shutil.which("mount") is not None


def full_for(traffic: Traffic, *, seconds: float, log_too: bool) -> Outcome:
    """What is acknowledged stays; mail waits where it is, and is taken in by itself once there is room."""
    product = traffic.product
    fill(product.data)
    if log_too:
        use_up_the_log(product.data)
    time.sleep(seconds)
    before = len(traffic.letters)
    make_room(product.data)
    took, stuck = traffic.settle(seconds=BACK_WITHIN_SECONDS)
    notes = f"{before} letters had come; all was taken in {took:.0f} s after there was room"
    return Outcome(points=1, stuck=stuck, notes=notes)


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """A place whose `data` is a file system of its own."""
    place = servers.place("full")
    data = place / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "none", str(data)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(data)], check=True)
        shutil.rmtree(place, ignore_errors=True)


def fill(place: Path) -> None:
    """Leave no room; only ever on a file system mounted for it."""
    assert os.path.ismount(place)
    with (place / "ballast").open("wb", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(b"\0" * size)


def make_room(place: Path) -> None:
    (place / "ballast").unlink()


def use_up_the_log(data: Path) -> None:
    """Ask for new segments of the log until there is no room for one; then the server falls."""
    cluster = Cluster(data / "postgres")
    with (
        contextlib.suppress(psycopg.Error),
        contextlib.closing(cluster._connect("postgres", connect_timeout=5)) as line,
    ):
        line.execute("SET statement_timeout = '10s'")
        line.execute("CREATE TEMPORARY TABLE filling (n int)")
        until = time.monotonic() + LOG_SECONDS  # a checkpoint may find old segments to use again, and again
        while time.monotonic() < until:
            line.execute("SELECT pg_logical_emit_message(false, 'filling', 'x'), pg_switch_wal()")

"""How long from the commit of an act until a signed head covers it, with the product's own worker; and what the worker costs idle."""

from __future__ import annotations

import random
import time

from bench.ledger.append import append, facts
from bench.spine.gauge import _ticks
from bench.spine.ground import started
from django.db import connection

LOOK_SECONDS = 0.004
WORKER = [["-m", "troth.site.cli", "worker"]]


def waited(*, acts: int, every_seconds: float = 0.3) -> list[float]:
    """Seconds for each act, which come at odd moments, *every_seconds* on average."""
    dice, found = random.Random(7), []
    waiting: list[tuple[int, float]] = []
    with started(WORKER):
        append(facts(1, customer=True))
        while behind():
            time.sleep(0.1)
        next_at, made = time.perf_counter(), 0
        while made < acts or waiting:
            if made < acts and time.perf_counter() >= next_at:
                append(facts(1, customer=True))
                waiting.append((newest(), time.perf_counter()))
                made, next_at = made + 1, next_at + dice.expovariate(1 / every_seconds)
            covered, now = covers([entry for entry, _since in waiting]), time.perf_counter()
            found += [now - since for entry, since in waiting if entry in covered]
            waiting = [(entry, since) for entry, since in waiting if entry not in covered]
            time.sleep(LOOK_SECONDS)
    return found


def idle_cpu(*, seconds: float) -> float:
    """Milliseconds of processor time that a worker with nothing to do takes each second, its database backends left out."""
    with started(WORKER) as (worker,):
        time.sleep(8)
        before = _ticks(worker.pid)
        time.sleep(seconds)
        return (_ticks(worker.pid) - before) * 10 / seconds


def newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM ledger_entry")
        return int(cursor.fetchone()[0])


def covers(entries: list[int]) -> set[int]:
    """Those of *entries* that stand in the newest signed head."""
    if not entries:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id FROM ledger_seal WHERE entry_id = ANY(%s) AND position <= (SELECT max(size) FROM ledger_checkpoint)",
            [entries],
        )
        return {entry for (entry,) in cursor.fetchall()}


def behind() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_unsealed)")
        return bool(cursor.fetchone()[0])

"""Measure the desk beside other desks and write what was found into docs/benchmarks.md.

    python -m bench.desk                              100,000 cases, every side, 1, 8 and 32 connections
    python -m bench.desk --cases 2000 --rounds 5 --no-write
    python -m bench.desk --only single --sides ours   a part of it; parts: single, connections, growth
    python -m bench.desk --only growth                ours alone, at 1,000,000 cases beside --cases
    python -m bench.desk --keep /tmp/desk             the filled databases stay there, and are found again

Each side answers at its own WSGI door, in a process of its own, on the same PostgreSQL; every thing is asked of each side in turn, so
that what else the machine does falls on all of them alike. Peers are installed, to the version, into --cache.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from bench.desk.peer import OURS, SIDES, Side, running
from bench.spine.__main__ import note, preface, shown, table, write
from bench.spine.gauge import quantile
from bench.spine.ground import Ground, ground

BEGIN, END = "<!-- desk: written by python -m bench.desk -->", "<!-- desk: end -->"
PARTS = ("single", "connections", "growth")
THINGS = ("list", "case", "create", "reply", "search", "mail in")
#: What is asked for over many connections at once: what people do all day, and what changes nothing another would wait for.
AT_ONCE = ("list", "case", "search", "create")
GROWN = 1_000_000


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("--cases", type=int, default=100_000)
    said.add_argument("--sides", default=",".join(SIDES), help=f"some of {','.join(SIDES)}")
    said.add_argument("--only", default="single,connections", help=f"some of {','.join(PARTS)}")
    said.add_argument("--rounds", type=int, default=15, help="how often each thing is asked of each side")
    said.add_argument("--connections", default="1,8,32")
    said.add_argument("--keep", type=Path, help="where the filled databases stay")
    said.add_argument(
        "--cache", type=Path, default=Path.home() / ".cache" / "troth-bench", help="where peers are installed"
    )
    said.add_argument("--no-write", action="store_true", help="print only")
    chosen = said.parse_args()
    sides, only = chosen.sides.split(","), set(chosen.only.split(","))
    began = time.perf_counter()
    told: list[str] = []
    with ground(chosen.keep) as here:
        if only & {"single", "connections"}:
            with sides_on(here, sides, cases=chosen.cases, cache=chosen.cache) as started:
                if "single" in only:
                    told += single(started, rounds=chosen.rounds)
                if "connections" in only:
                    told += at_once(
                        started, [int(one) for one in chosen.connections.split(",")], rounds=min(chosen.rounds, 8)
                    )
        if "growth" in only:
            told += growth(here, [chosen.cases, GROWN], rounds=chosen.rounds, cache=chosen.cache)
    minutes = (time.perf_counter() - began) / 60
    told.insert(0, f"{preface([chosen.cases])} The whole took {minutes:.0f} minutes.")
    if not chosen.no_write:
        write("\n\n".join(told), begin=BEGIN, end=END)


class sides_on(ExitStack):
    """Every side on a database of its own with as many cases; ours on a copy, for what is kept must stay as it was filled."""

    def __init__(self, here: Ground, names: Iterable[str], *, cases: int, cache: Path) -> None:
        super().__init__()
        self.started: list[Side] = []
        for name in names:
            note(f"{SIDES[name].name}: {cases:,} cases")
            peer = SIDES[name]
            if peer is OURS:
                here.filled(cases)
                here.copied("desk_work")
                url = os.environ["DATABASE_URL"]
            else:
                url = database(here, f"desk_{name}_{cases}")
            files = Path(os.environ["TROTH_DATA"]) / "peers"
            (files / peer.script).mkdir(parents=True, exist_ok=True)
            self.started.append(self.enter_context(running(peer, cases=cases, url=url, cache=cache, files=files)))

    def __enter__(self) -> list[Side]:  # type: ignore[override]
        return self.started


def database(here: Ground, name: str) -> str:
    """The address of a database of this name, made empty unless it is there."""
    from django.db import connection

    here.use("troth")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    connection.close()
    return here.url_of(name)


def single(sides: list[Side], *, rounds: int) -> list[str]:
    """One thing after the other over one connection: wall time, processor time, statements."""
    rows: dict[str, list[str]] = {}
    for thing in THINGS:
        note(thing)
        walls: dict[str, list[float]] = {side.name: [] for side in sides}
        cpus: dict[str, list[float]] = {side.name: [] for side in sides}
        statements: dict[str, int] = {}
        wrong: dict[str, str] = {}
        for side in sides:
            side.ask(thing)
            first = side.ask(thing, statements=True)
            if "error" in first:
                wrong[side.name] = first["error"]
                note(f"{side.name}: {first['error']}")
            statements[side.name] = first.get("statements", 0)
        for _round in range(rounds):
            for side in [side for side in sides if side.name not in wrong]:
                found = side.ask(thing)
                walls[side.name].append(found["wall"])
                cpus[side.name].append(found["own"] + found["backend"])
        own = statistics.median(cpus[sides[0].name]) if cpus[sides[0].name] else 0.0
        for side in sides:
            if side.name in wrong:
                rows[f"{thing}: {side.name}"] = ["not answered", "", "", "", ""]
                continue
            wall, cpu = walls[side.name], statistics.median(cpus[side.name])
            rows[f"{thing}: {side.name}"] = [
                f"{statistics.median(wall):.1f}",
                f"{quantile(wall, 0.95):.1f}",
                f"{cpu:.1f}",
                str(statements[side.name]),
                f"{cpu / own:.1f}" if own else "",
            ]
    return [shown(table(["one connection", "p50 ms", "p95 ms", "CPU ms", "statements", "its CPU to ours"], rows))]


def at_once(sides: list[Side], connections: list[int], *, rounds: int) -> list[str]:
    """As many asking at once: how many are answered a second, and how long they wait; the median of three turns."""
    rows: dict[str, list[str]] = {}
    for thing in AT_ONCE:
        for side in sides:
            rows[f"{thing}: {side.name}"] = []
        for many in connections:
            note(f"{thing}, {many} at once")
            turns: dict[str, list[tuple[float, float]]] = {side.name: [] for side in sides}
            for _turn in range(3):
                for side in sides:
                    count = max(many, rounds)
                    found = side.ask(thing, connections=many, count=count)
                    if "error" in found:
                        raise RuntimeError(f"{side.name} cannot {thing} {many} at once: {found['error']}")
                    turns[side.name].append((count / found["seconds"], quantile(found["walls"], 0.95)))
            for side in sides:
                taken = turns[side.name]
                cell = "–"
                if taken:
                    rate, slow = (statistics.median(values) for values in zip(*taken, strict=True))
                    cell = f"{rate:.1f} /s, {slow:.0f} ms"
                rows[f"{thing}: {side.name}"].append(cell)
    heads = [f"{many} at once: a second, p95" for many in connections]
    return [shown(table(["one process", *heads], rows))]


def growth(here: Ground, sizes: list[int], *, rounds: int, cache: Path) -> list[str]:
    """Ours alone, at each size: processor time, and how much it grows."""
    rows: dict[str, list[str]] = {thing: [] for thing in THINGS}
    last: dict[str, list[float]] = {thing: [] for thing in THINGS}
    for size in sizes:
        with sides_on(here, ["ours"], cases=size, cache=cache) as [ours]:
            for thing in THINGS:
                ours.ask(thing)
                taken = [ours.ask(thing) for _round in range(rounds)]
                cpu = statistics.median(one["own"] + one["backend"] for one in taken)
                p95 = quantile([one["wall"] for one in taken], 0.95)
                rows[thing].append(f"{cpu:.1f} ({p95:.0f})")
                last[thing].append(cpu)
    for thing in THINGS:
        rows[thing].append(f"{last[thing][-1] / last[thing][0]:.2f}")
    return [shown(table(["Troth grown", *(f"CPU ms (p95 ms) at {size:,}" for size in sizes), "growth"], rows))]


if __name__ == "__main__":
    main()

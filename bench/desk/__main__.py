"""Measure the desk beside other desks and write what was found into docs/benchmarks.md.

    python -m bench.desk                              100,000 cases, every side, 1, 8 and 32 connections
    python -m bench.desk --cases 2000 --rounds 3 --no-write
    python -m bench.desk --only single --sides ours,roundup      a part of it; parts: single, connections, growth, search
    python -m bench.desk --only growth,search         ours alone: at 1,000,000 cases beside --cases, and finding in a million messages
    python -m bench.desk --keep /tmp/desk             the filled databases stay there, and are found again

Each side answers at its own door, in a process of its own, on the same PostgreSQL; every thing is asked of each side in turn, so
that what else the machine does falls on all of them alike. What is found is written as soon as it is there; a part that is
not measured this time stays in the page as it was. Peers are installed, to the version, into --cache; one that cannot be is
left out, and it is said.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

from bench.desk.peer import FILLED, OURS, SIDES, Side, running
from bench.desk.told import Told
from bench.spine.__main__ import note, preface, table
from bench.spine.gauge import quantile
from bench.spine.ground import Ground, ground

THINGS = ("list", "case", "create", "reply", "search", "mail in")
#: What is asked for over many connections at once.
AT_ONCE = ("list", "case")
GROWN = 1_000_000
#: About a million messages.
SEARCHED = 500_000
#: A side that needs longer than this for a thing is asked fewer times, though never fewer than this often.
SECONDS_MOST, ROUNDS_LEAST = 15.0, 5


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("--cases", type=int, default=100_000)
    said.add_argument("--sides", default=",".join(SIDES), help=f"some of {','.join(SIDES)}")
    said.add_argument("--only", default="single,connections", help=f"some of {','.join(PARTS)}")
    said.add_argument("--rounds", type=int, default=15, help="how often each thing is asked of each side")
    said.add_argument("--connections", default="1,8,32")
    said.add_argument("--grown", type=int, default=GROWN, help="to how many cases ours grows")
    said.add_argument(
        "--searched", type=int, default=SEARCHED, help="in how many cases, of two messages each, is searched"
    )
    said.add_argument("--keep", type=Path, help="where the filled databases stay")
    said.add_argument(
        "--cache", type=Path, default=Path.home() / ".cache" / "troth-bench", help="where peers are installed"
    )
    said.add_argument("--no-write", action="store_true", help="print only")
    chosen = said.parse_args()
    only = chosen.only.split(",")
    told = Told(writes=not chosen.no_write)
    with ground(chosen.keep) as here:
        for names in (["single", "connections"], ["growth"], ["search"]):
            began = time.perf_counter()
            if parts := [name for name in names if name in only]:
                try:
                    _GROUPS[names[0]](here, told, chosen, parts)
                finally:
                    told.show(*parts)
                note(f"{' and '.join(parts)} took {(time.perf_counter() - began) / 60:.1f} minutes")


def beside(here: Ground, told: Told, chosen: argparse.Namespace, parts: list[str]) -> None:
    with sides_on(here, chosen.sides.split(","), cases=chosen.cases, cache=chosen.cache) as started:
        if "single" in parts:
            single(started, told, cases=chosen.cases, rounds=chosen.rounds)
        if "connections" in parts:
            many = [int(one) for one in chosen.connections.split(",")]
            at_once(started, many, told, cases=chosen.cases, rounds=min(chosen.rounds, 8))


class sides_on(ExitStack):
    """Every side on a database of its own with as many cases; ours on a copy, for what is kept must stay as it was filled."""

    def __init__(self, here: Ground, names: Iterable[str], *, cases: int, cache: Path) -> None:
        super().__init__()
        self.started: list[Side] = []
        for name in names:
            began = time.perf_counter()
            peer, called = SIDES[name], f"desk_{name}_{cases}"
            files = Path(os.environ["TROTH_DATA"]) / "peers" / called
            if peer is OURS:
                here.filled(cases)
                here.copied("desk_work")
                url = os.environ["DATABASE_URL"]
            elif (files / FILLED).exists():
                url = here.url_of(called)
            else:
                shutil.rmtree(files, ignore_errors=True)
                files.mkdir(parents=True)
                url = here.empty(called)
            try:
                self.started.append(self.enter_context(running(peer, cases=cases, url=url, cache=cache, files=files)))
                note(f"{peer.name}: {cases:,} cases, ready in {time.perf_counter() - began:.0f} s")
            except Exception as why:
                if peer is OURS:
                    raise
                note(f"{peer.name} is left out: {why}")

    def __enter__(self) -> list[Side]:  # type: ignore[override]
        return self.started


def single(sides: list[Side], told: Told, *, cases: int, rounds: int) -> None:
    """One thing after the other over one connection: wall time, processor time, statements."""
    rows: dict[str, list[str]] = {}
    for thing in THINGS:
        note(thing)
        walls: dict[str, list[float]] = {side.name: [] for side in sides}
        cpus: dict[str, list[float]] = {side.name: [] for side in sides}
        statements = {}
        for side in sides:
            side.ask(thing)  # what is made at the first time only
            statements[side.name] = str(side.ask(thing, statements=True).get("statements", ""))
        for _round in range(rounds):
            for side in sides:
                done = walls[side.name]
                if sum(done) > SECONDS_MOST * 1000 and len(done) >= ROUNDS_LEAST:
                    continue
                found = side.ask(thing)
                if "error" not in found:
                    done.append(found["wall"])
                    cpus[side.name].append(found["own"] + found["backend"])
        ours = cpus.get(OURS.name)
        own = statistics.median(ours) if ours else 0.0
        for side in sides:
            if not walls[side.name]:
                rows[f"{thing}: {side.name}"] = ["not answered", "", "", "", ""]
                continue
            wall, cpu = walls[side.name], statistics.median(cpus[side.name])
            rows[f"{thing}: {side.name}"] = [
                f"{statistics.median(wall):.1f}",
                f"{quantile(wall, 0.95):.1f}",
                f"{cpu:.1f}",
                statements[side.name],
                f"{cpu / own:.1f}" if own and side.name != OURS.name else "",
            ]
        heads = ["one connection", "p50 ms", "p95 ms", "CPU ms", "statements", "its CPU to ours"]
        told.put("single", f"{preface([cases])}\n\n{table(heads, rows)}")


def at_once(sides: list[Side], connections: list[int], told: Told, *, cases: int, rounds: int) -> None:
    """As many asking at once: how many are answered a second, and how long they wait; the median of three turns, of the slow one."""
    rows: dict[str, list[str]] = {f"{thing}: {side.name}": [] for thing in AT_ONCE for side in sides}
    for thing in AT_ONCE:
        alone = {side.name: side.ask(thing).get("wall", 0.0) / 1000 for side in sides}
        for many in connections:
            note(f"{thing}, {many} at once")
            turns: dict[str, list[tuple[float, float]]] = {side.name: [] for side in sides}
            for turn in range(3):
                for side in sides:
                    count = max(many, rounds if alone[side.name] * rounds < SECONDS_MOST / 3 else 3)
                    if turn and alone[side.name] * count > SECONDS_MOST / 3:
                        continue
                    found = side.ask(thing, connections=many, count=count)
                    if "error" not in found:
                        turns[side.name].append((count / found["seconds"], quantile(found["walls"], 0.95)))
            for side in sides:
                cell = "not answered"
                if taken := turns[side.name]:
                    rate, slow = (statistics.median(values) for values in zip(*taken, strict=True))
                    cell = f"{rate:.1f} /s, {slow:,.0f} ms"
                rows[f"{thing}: {side.name}"].append(cell)
            heads = [f"{one} at once: a second, p95" for one in connections]
            filled = {name: [*cells, *[""] * (len(heads) - len(cells))] for name, cells in rows.items()}
            told.put("connections", f"{preface([cases])}\n\n{table(['one process', *heads], filled)}")


def growth(here: Ground, told: Told, chosen: argparse.Namespace, _parts: list[str]) -> None:
    """Ours alone, at each size: processor time, and how much it grows."""
    sizes = [chosen.cases, chosen.grown]
    rows: dict[str, list[str]] = {thing: [] for thing in THINGS}
    cpus: dict[str, list[float]] = {thing: [] for thing in THINGS}
    for nth, size in enumerate(sizes, start=1):
        with sides_on(here, ["ours"], cases=size, cache=chosen.cache) as [ours]:
            for thing in THINGS:
                ours.ask(thing)
                taken = [found for _round in range(chosen.rounds) if "error" not in (found := ours.ask(thing))]
                cpu = statistics.median(one["own"] + one["backend"] for one in taken) if taken else 0.0
                rows[thing].append(f"{cpu:.1f} ({quantile([one['wall'] for one in taken], 0.95):.0f})" if taken else "")
                cpus[thing].append(cpu)
                if nth == len(sizes) and cpus[thing][0]:
                    rows[thing].append(f"{cpu / cpus[thing][0]:.2f}")
                heads = ["Troth grown", *(f"CPU ms (p95 ms) at {one:,}" for one in sizes), "growth"]
                filled = {name: [*cells, *[""] * (len(heads) - 1 - len(cells))] for name, cells in rows.items()}
                told.put("growth", f"{preface(sizes)}\n\n{table(heads, filled)}")


def search(here: Ground, told: Told, chosen: argparse.Namespace, _parts: list[str]) -> None:
    note(f"search: filled in {here.filled(chosen.searched):.0f} s")
    from bench.desk import searching

    searching.measured(told, rounds=max(chosen.rounds, 20), said=preface([chosen.searched]))


_GROUPS: dict[str, Callable[[Ground, Told, argparse.Namespace, list[str]], None]] = {
    "single": beside,
    "growth": growth,
    "search": search,
}
PARTS = ("single", "connections", "growth", "search")


if __name__ == "__main__":
    main()

"""Measure the ledger and its log, and write what was found into docs/benchmarks.md.

    python -m bench.ledger                                everything: 100,000 and 1,000,000 entries, a tree of 10,000,000 leaves
    python -m bench.ledger --sizes 100000 --only append,grow --no-write
    python -m bench.ledger --keep /tmp/ledger             the filled database stays there

Processor time is this process's and its database backend's; on a machine that does other work it is the figure to compare.
pymerkle stands beside ours in an environment of its own, which is made on the first run.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.ledger import peer
from bench.spine.__main__ import note, shown, table, write
from bench.spine.gauge import quantile
from bench.spine.ground import Ground, ground

DOCS = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- ledger: written by python -m bench.ledger -->", "<!-- ledger: end -->"
PARTS = ("append", "grow", "tree", "delay", "fsck")


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument(
        "--sizes", default="100000,1000000", help="how many entries, appended and sealed as the product does it"
    )
    said.add_argument(
        "--tree", type=int, default=10_000_000, help="how many leaves in the tree that is made without entries"
    )
    said.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    said.add_argument("--rounds", type=int, default=15, help="how often each batch is appended")
    said.add_argument("--acts", type=int, default=300, help="how many acts are timed until a signed head covers them")
    said.add_argument("--keep", type=Path, help="where the filled database stays")
    said.add_argument("--no-peer", action="store_true", help="without pymerkle")
    said.add_argument("--no-write", action="store_true", help="print only")
    chosen = said.parse_args()
    only, began = set(chosen.only.split(",")), time.perf_counter()
    load = os.getloadavg()[0]
    with ground(chosen.keep) as here:
        told = [text for name, part in parts(chosen).items() if name in only for text in said_by(name, part, here)]
    minutes = (time.perf_counter() - began) / 60
    told.insert(0, preface(chosen, load=load, minutes=minutes))
    if not chosen.no_write:
        write("\n\n".join(told), begin=BEGIN, end=END)


def parts(chosen: argparse.Namespace) -> dict[str, Callable[[Ground], Iterator[str]]]:
    sizes = [int(size) for size in chosen.sizes.split(",")]
    return {
        "append": lambda here: append(here, rounds=chosen.rounds),
        "grow": lambda here: grow(here, sizes=sizes, with_peer=not chosen.no_peer),
        "tree": lambda here: tree_alone(here, size=chosen.tree),
        "delay": lambda here: delay(here, acts=chosen.acts),
        "fsck": lambda here: fsck(here, sizes=sizes),
    }


def said_by(name: str, part: Callable[[Ground], Iterator[str]], here: Ground) -> Iterator[str]:
    note(name)
    for text in part(here):
        yield shown(text)


def append(here: Ground, *, rounds: int) -> Iterator[str]:
    from bench.ledger import append as measure

    here.fresh("ledger_append")
    rows: dict[str, list[str]] = {}
    for batch in (1, 100, 10_000):
        found = measure.measured(batch, rounds=rounds)
        facts = found["facts of a customer"]
        for name, gauge in found.items():
            each = gauge.cpu * 1000 / batch
            of_wall = 1000 * batch / gauge.wall_p50
            rows[f"{batch:,}: {name}"] = [f"{each:.1f}", f"{facts.cpu / gauge.cpu:.2f}", f"{of_wall:,.0f}"]
    head = [
        "a transaction of",
        "CPU µs each",
        "facts of a customer are so many times as dear",
        "each second, wall clock",
    ]
    yield table(head, rows)


def grow(here: Ground, *, sizes: list[int], with_peer: bool) -> Iterator[str]:
    from bench.ledger import growth

    here.fresh("ledger_grow")
    rows: dict[str, list[str]] = {}
    stored: dict[str, list[str]] = {}
    for size in sizes:
        note(f"growing to {size:,}")
        found = growth.grown_to(size)
        for name, figure in found.figures.items():
            rows.setdefault(name, []).append(figure)
        for name, each in found.stored.items():
            stored.setdefault(name, []).append(f"{each:.1f}")
    heads = [f"{size:,} entries" for size in sizes]
    yield table(["growing, and proving", *heads], rows)
    yield table(["bytes an entry, indexes included", *heads], stored)
    if with_peer:
        yield peer.table_beside(sizes, here=here)


def tree_alone(here: Ground, *, size: int) -> Iterator[str]:
    from bench.ledger import growth

    here.fresh("ledger_tree")
    found = growth.tree_of(size)
    yield table([f"a tree of {size:,} leaves, without entries", "reached", "goal"], found)


def delay(here: Ground, *, acts: int) -> Iterator[str]:
    from bench.ledger import delay as measure

    here.fresh("ledger_delay")
    waited = measure.waited(acts=acts)
    busy = measure.waited(acts=acts, every_seconds=0.02)
    idle = measure.idle_cpu(seconds=20)
    rows = {
        f"{acts} acts, one in 0.3 s: from commit to a head that covers it, p50, p99": [_pair(waited), "p99 1 s"],
        f"{acts} acts, one in 0.02 s: the same": [_pair(busy), "p99 1 s"],
        "the worker's processor time with nothing to do": [f"{idle:.1f} ms each second", ""],
    }
    yield table(["act to receipt", "reached", "goal"], rows)


def fsck(here: Ground, *, sizes: list[int]) -> Iterator[str]:
    from bench.ledger import fsck as measure

    here.fresh("ledger_fsck")
    rows: dict[str, list[str]] = {}
    for size in sizes:
        note(f"fsck at {size:,}")
        for name, figure in measure.measured(size).items():
            rows.setdefault(name, []).append(figure)
    yield table(["`troth fsck`", *(f"{size:,} entries" for size in sizes)], rows)


def _pair(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms, {quantile(seconds, 0.99) * 1000:.0f} ms"


def preface(chosen: argparse.Namespace, *, load: float, minutes: float) -> str:
    day, python = datetime.now(UTC).date().isoformat(), platform.python_version()
    return (
        f"Taken on {day} on {os.cpu_count()} cores with Python {python}, {load:.1f} processes wanting to run at the start,"
        f" {chosen.rounds} interleaved rounds, medians. The whole took {minutes:.0f} minutes."
    )


if __name__ == "__main__":
    main()

"""Measure how fast very many are told, and write what was found into docs/benchmarks.md.

    python -m bench.notices 10000                     10,000 recipients, both parts
    python -m bench.notices 10000,100000,1000000      what the page shows: some hours on two cores
    python -m bench.notices 10000 --only post --no-write

`post` writes, queues and hands over letters in this process, and beside each round has the same server take letters made beforehand.
`whole` freezes a cohort and tells it by the product's own worker, while Today is asked for at its web server.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from bench.spine.__main__ import heads, note, preface, table, write
from bench.spine.gauge import Gauge
from bench.spine.ground import Ground, ground

BEGIN, END = "<!-- notices: written by python -m bench.notices -->", "<!-- notices: end -->"
GOAL = "10,000 in 2.5 s"


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.notices", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("sizes", nargs="?", default="10000", help="how many recipients; several with commas between")
    said.add_argument("--only", choices=("post", "whole"), help="one of the two parts")
    said.add_argument("--no-write", action="store_true", help="print only")
    chosen = said.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    told: list[str] = []
    with tempfile.TemporaryDirectory(prefix="troth-notices-", dir="/tmp") as place, ground(Path(place)) as here:
        from bench.notices.handing import sink

        with sink() as server:
            for part, measure in (("post", by_post), ("whole", as_a_whole)):
                if chosen.only in (None, part):
                    rows: dict[str, list[str]] = {}
                    for size in sizes:
                        note(f"{part} at {size:,}")
                        for name, cell in measure(here, server, size).items():
                            rows.setdefault(name, []).append(cell)
                            print("  ", name, cell, flush=True)
                    told.append(table([_TITLES[part], *heads("", sizes)], rows))
    if not chosen.no_write:
        write("\n\n".join([preface(sizes), *told]), begin=BEGIN, end=END)


_TITLES = {"post": "letters alone", "whole": "a notice, from its cohort to the last reader"}


def by_post(here: Ground, server, count: int) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """What is queued and handed over, by name."""
    from bench.notices import handing

    here.fresh(f"post_{count}")
    queued = handing.queued(count)
    sent = handing.sent(server, count)
    seconds = sum(sent.gauge.wall) / 1000
    rate, raw = count / seconds, statistics.median(sent.raw)
    memory = sent.memory
    return {
        "written and queued with their facts": f"{count / sum(queued.wall) * 1000:,.0f} a second ({_each(queued, count)})",
        "handed to SMTP over one line, each once": f"{rate:,.0f} a second: {seconds:.2f} s",
        "processor time for each": f"{_each(sent.gauge, count)}, mail server {sent.sink_ms / count * 1000:.0f} µs",
        "the same server, from who only writes": f"{raw:,.0f} a second",
        "of that rate": f"{rate / raw:.0%}",
        "memory of the sender, first and most": f"{memory[0]:.0f} MiB, {max(memory):.0f} MiB",
    }


def as_a_whole(here: Ground, server, count: int) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """What it takes until everybody was told, by name."""
    from bench.notices import telling

    told = telling.told(here, server, count)
    each = ", ".join(f"{name} {seconds / count * 1e6:.0f}" for name, seconds in told.cpu.items())
    return {
        "the cohort frozen": f"{told.frozen_seconds:.1f} s",
        "all written to, handed over and noted as told": f"{count / told.seconds:,.0f} a second: {told.seconds:.0f} s",
        "processor time for each, µs": each,
        "memory of the worker, first and most": f"{told.memory[0]:.0f} MiB, {max(told.memory):.0f} MiB",
        "Today before: p50, p95": telling.slowest(told.today_before),
        "Today meanwhile: p50, p95": telling.slowest(told.today),
    }


def _each(gauge: Gauge, count: int) -> str:
    return f"own {sum(gauge.own) / count * 1000:.0f}, PostgreSQL {sum(gauge.backend) / count * 1000:.0f} µs"


if __name__ == "__main__":
    main()

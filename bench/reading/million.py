"""Read a million messages with `troth read`, watch what it holds, and write it into docs/benchmarks.md.

    python -m bench.reading.million --data FOLDER [--count 1000000] [--jobs N] [--no-write]

The messages are real ones of FOLDER (see convert.py), customers' and companies' in turns, over and over until there are
enough. Memory is that of all its processes together, shared pages counted once (PSS), twice a second.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.reading import convert
from bench.reading.__main__ import DOCS

from troth.reading import VERSION

BEGIN, END = "<!-- million: written by python -m bench.reading.million -->", "<!-- million: end -->"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """What one run took."""

    messages: int
    wall_seconds: float
    cpu_seconds: float
    memory: list[int]
    """Bytes of all processes together, from the first moment to the last."""
    jobs: int

    def told(self) -> str:
        begun = self.memory[len(self.memory) // 10 :] or self.memory
        early, late = (
            statistics.median(part) for part in (begun[: len(begun) // 4 or 1], begun[-(len(begun) // 4 or 1) :])
        )
        rows = [
            ("messages read, each answered in its place", f"{self.messages:,}"),
            ("wall clock", f"{self.wall_seconds:,.0f} s, {self.messages / self.wall_seconds:,.0f} messages a second"),
            (
                "processor time, of all processes",
                f"{self.cpu_seconds:,.0f} s, {self.messages / self.cpu_seconds:,.0f} messages a second of a core",
            ),
            ("memory of all processes, at most", f"{max(self.memory) / MIB:,.0f} MiB"),
            ("the same, in the first quarter and in the last", f"{early / MIB:,.0f} MiB, {late / MIB:,.0f} MiB"),
        ]
        return "\n".join(["| `troth read` | |", "| --- | ---: |", *(f"| {name} | {figure} |" for name, figure in rows)])


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.reading.million", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("--data", type=Path, required=True, help="the folder with the public sets")
    said.add_argument("--count", type=int, default=1_000_000)
    said.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    said.add_argument("--no-write", action="store_true", help="print only")
    chosen = said.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        messages, readings = Path(folder, "messages.jsonl"), Path(folder, "readings.jsonl")
        with messages.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(each) + "\n" for each in itertools.islice(in_turns(chosen.data), chosen.count))
        run = read(messages, readings, jobs=chosen.jobs)
        check(readings, chosen.count)
    told = (
        f"Taken on {datetime.now(UTC):%Y-%m-%d} with {run.jobs} processes, {os.getloadavg()[0]:.1f} processes wanting to "
        f"run on {len(os.sched_getaffinity(0))} cores at the end; the reading is {VERSION}, commit {commit()}.\n\n{run.told()}"
    )
    print(told)
    if not chosen.no_write:
        page = DOCS.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        DOCS.write_text(f"{before}{BEGIN}\n{told}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def in_turns(data: Path) -> Iterator[dict[str, Any]]:
    """A customer's message, one of ours, a customer's ..., without end."""
    theirs = [*convert.converted("airline", data), *convert.converted("complaints", data)]
    ours = convert.converted("replies", data)
    if not theirs or not ours:
        sys.exit(f"{data} holds no messages: see bench/reading/convert.py")
    for number, pair in enumerate(zip(itertools.cycle(theirs), itertools.cycle(ours), strict=False)):
        for direction, each in zip(("inbound", "outbound"), pair, strict=True):
            yield {
                "id": f"{direction}-{number}",
                "text": each["text"],
                "at": each.get("at", "2017-10-31T12:00:00+00:00"),
                "tz": "Europe/London",
                "country": "GB",
                "direction": direction,
            }


def read(messages: Path, readings: Path, *, jobs: int) -> Run:
    before = _cpu_of_children()
    began = time.monotonic()
    memory = []
    command = [sys.executable, "-m", "troth.site.cli", "read", "--jobs", str(jobs), "-o", str(readings), str(messages)]
    with subprocess.Popen(command, env=os.environ | {"DATABASE_URL": "postgresql://nowhere.invalid/"}) as running:
        while running.poll() is None:
            memory.append(sum(_pss(pid) for pid in (running.pid, *_children(running.pid))))
            time.sleep(0.5)
    if running.returncode:
        sys.exit(f"troth read ended with {running.returncode}")
    seconds = time.monotonic() - began
    return Run(_count(messages), seconds, _cpu_of_children() - before, memory, jobs)


def check(readings: Path, count: int) -> None:
    """Every message has its reading, in its place."""
    with readings.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.startswith(b'{"line":%d,' % number) or b'"error":' in line[:60]:
                sys.exit(f"line {number} is answered by {line[:100]!r}")
        if number != count:
            sys.exit(f"{number} of {count} were answered")


def commit() -> str:
    words = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def _count(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


def _cpu_of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()

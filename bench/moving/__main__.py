"""Moving in: exports of Zendesk and of Zammad, killed with -9 while they are taken in, run again, and counted row by row.

    python -m bench.moving                            100,000 tickets of Zendesk, five kills, and one of PostgreSQL
    python -m bench.moving 4000 2 --no-write

A twentieth as many tickets of Zammad follow, each with a file whose bytes are in the export. On a PostgreSQL of its own, as safe
against power cuts as the product's. What was found is written into docs/benchmarks.md. `--dir` where there is room for the export.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from bench.moving import exports
from bench.moving.exports import Export, Sum
from bench.spine.__main__ import note, table, write

from troth.site.postgres import Cluster

BEGIN, END = "<!-- moving: written by python -m bench.moving -->", "<!-- moving: end -->"
COMMAND = [sys.executable, "-m", "troth.site.cli"]
#: The database is asked so often how far it is.
LOOK_SECONDS = 0.2


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.moving", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("tickets", nargs="?", type=int, default=100_000)
    said.add_argument("kills", nargs="?", type=int, default=5)
    said.add_argument("--seed", type=int, default=7, help="of the words, and of the moments")
    said.add_argument("--dir", type=Path, default=Path("/tmp"), help="where the export and the database lie meanwhile")  # noqa: S108
    said.add_argument("--no-write", action="store_true", help="print only")
    given = said.parse_args()
    load = os.getloadavg()[0]
    place = Path(tempfile.mkdtemp(prefix="troth-moving-", dir=given.dir))
    place.chmod(0o755)  # PostgreSQL may run as another user
    bench = Bench(place, kills=given.kills, chance=random.Random(given.seed))
    try:
        bench.prepare()
        rows = bench.measured(tickets=given.tickets, seed=given.seed)
    finally:
        bench.cluster.stop()
        shutil.rmtree(place, ignore_errors=True)
    day, python = datetime.now(UTC).date().isoformat(), platform.python_version()
    head = f"Taken on {day} on {os.cpu_count()} cores with Python {python}, {load:.1f} processes wanting to run at the start."
    found = table(["moving in", "reached"], rows)
    print(f"{head}\n\n{found}", flush=True)
    if not given.no_write:
        write(f"{head}\n\n{found}", begin=BEGIN, end=END)
    if bench.wrong:
        raise SystemExit("\n".join(bench.wrong))


@dataclass
class Leg:
    """One process: until its first new ticket it reads the export and passes over what is here."""

    begun: float
    before: int
    first: float | None = None
    until: float = 0.0
    after: int = 0
    most_kb: int = 0

    @property
    def rate(self) -> float | None:
        if self.first is None or self.until - self.first < 1:
            return None
        return (self.after - self.before) / (self.until - self.first)


@dataclass
class Bench:
    """A database, an export, and processes that die."""

    place: Path
    kills: int
    chance: random.Random
    wrong: list[str] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.place / "postgres")
        self.env: dict[str, str] = {}
        self.told = self.place / "told"

    def prepare(self) -> None:
        data = self.place / "data"
        data.mkdir(mode=0o700)
        self.env = os.environ | {
            "DATABASE_URL": self.cluster.start(),
            "TROTH_DATA": str(data),
            "TROTH_SECRET_KEY": "bench-signs-nothing-of-worth-and-needs-fifty-characters",
            "TROTH_LOG_LEVEL": "ERROR",
        }
        subprocess.run([*COMMAND, "migrate"], env=self.env, check=True, capture_output=True)

    def measured(self, *, tickets: int, seed: int) -> dict[str, list[str]]:
        note("making the exports")
        whole = exports.zendesk(self.place / "zendesk.json", tickets=tickets, seed=seed)
        small = exports.zammad(self.place / "zammad", tickets=max(tickets // 20, 10), seed=seed)
        begun = time.monotonic()
        self._killed(whole)
        account, seconds = self._to_its_end(whole)
        took, rates = time.monotonic() - begun, [leg.rate for leg in self.legs if leg.rate]
        again, again_seconds = self._to_its_end(whole)
        nothing = {"new": 0, "added": 0, "rejected": 0}
        self._check("run again", {name: again[name] for name in nothing}, nothing)
        beside, _seconds = self._to_its_end(small)
        self._check("left out", account["rejected"] + beside["rejected"], 0)
        with self._asked() as seen:
            for export in (whole, small):
                self._count(seen, export)
            (facts,) = seen.execute("SELECT count(*) FROM ledger_entry").fetchone() or (0,)
        fsck, fsck_seconds = self._fsck()
        first = self.legs[0]
        rows = {
            "tickets of Zendesk, their comments, MiB": f"{tickets:,}, {whole.messages.rows:,}, {whole.mib:.0f}",
            "killed with -9 when so many were here": ", ".join(self.struck) or "–",
            "reading the export, before the first is here": f"{first.first - first.begun:.0f} s"
            if first.first
            else "–",
            "new tickets a second from there on, by the clock on the wall": f"{statistics.median(rates):,.0f}"
            if rates
            else "–",
            "the whole, with every kill and new start; the last process": f"{took:.0f} s; {seconds:.0f} s",
            "most memory of one process": f"{max(leg.most_kb for leg in self.legs) >> 10} MiB",
            "run once more: nothing new": f"{again_seconds:.0f} s",
            "tickets of Zammad, each with a file": f"{small.tickets:,}",
            "each case, message, address and file once, with its own words": "WRONG" if self.wrong else "exact",
            "`troth fsck`": f"{fsck}; {facts:,} facts, {fsck_seconds:.0f} s",
        }
        return {name: [figure] for name, figure in rows.items()}

    def _killed(self, export: Export) -> None:
        """Struck when a random share of what was left is here, each time another; the last blow is PostgreSQL's."""
        blows = self.kills + bool(self.kills)
        for left in range(blows, 0, -1):
            here = self._here()
            share = self.chance.uniform(0.2, 1.0) / (left + 1)
            self._strike(export, at=here + int(share * (export.tickets - here)), server=left == 1)

    def _strike(self, export: Export, *, at: int, server: bool) -> None:
        process = self._begun(export)
        self._watched(process, until=at)
        time.sleep(self.chance.uniform(0, 1.0))
        if process.poll() is None:
            if server:
                os.kill(self._postmaster(), signal.SIGKILL)
            else:
                process.kill()
        process.wait()
        if server:
            self.cluster.start()
        self.legs[-1].until, self.legs[-1].after = time.monotonic(), self._here()
        self.struck.append(f"{self.legs[-1].after:,}{' (PostgreSQL)' if server else ''}")
        note(f"struck at {self.struck[-1]}")

    def _to_its_end(self, export: Export) -> tuple[dict[str, Any], float]:
        begun = time.monotonic()
        process = self._begun(export)
        self._watched(process, until=None)
        assert process.stdout
        said = process.stdout.read()
        self.legs[-1].until, self.legs[-1].after = time.monotonic(), self._here()
        note(f"{export.source}: {said.strip()}")
        if process.returncode:
            raise SystemExit(
                f"the import of {export.source} ended with {process.returncode}: {said}{self.told.read_text()}"
            )
        return json.loads(said), time.monotonic() - begun

    def _begun(self, export: Export) -> subprocess.Popen[str]:
        self.legs.append(Leg(begun=time.monotonic(), before=self._here()))
        command = [*COMMAND, "import", export.source, str(export.path), "--json"]
        with self.told.open("w") as told:
            return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=told, text=True)

    def _watched(self, process: subprocess.Popen[str], *, until: int | None) -> None:
        leg = self.legs[-1]
        while process.poll() is None:
            leg.most_kb = max(leg.most_kb, _held(process.pid))
            here = self._here()
            if leg.first is None and here > leg.before:
                leg.first, leg.before = time.monotonic(), here
            if until is not None and here >= until:
                return
            time.sleep(LOOK_SECONDS)

    def _here(self) -> int:
        with self._asked() as seen:
            row = seen.execute("SELECT count(*) FROM imports_moved").fetchone()
        return int(row[0]) if row else 0

    def _asked(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.env["DATABASE_URL"], autocommit=True)

    def _postmaster(self) -> int:
        return int((self.cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])

    # Counting

    def _count(self, seen: psycopg.Connection[Any], export: Export) -> None:
        """Every row that must be there, and none besides."""
        theirs = f"{export.source}:%"
        told = {
            "cases": ("outside_id, status", "cases_case WHERE outside_id LIKE %s", export.cases),
            "messages": (
                "source, direction, text",
                "cases_message WHERE source LIKE %s AND source NOT LIKE '%%:about:%%'",
                export.messages,
            ),
            "attachments": (
                "m.source, a.name, a.blob_id",
                "cases_attachment a JOIN cases_message m ON m.id = a.message_id WHERE m.source LIKE %s",
                export.attachments,
            ),
        }
        for name, (columns, rows, wanted) in told.items():
            sql = f"SELECT {exports.SUMMED.format(columns)} FROM {rows}"  # noqa: S608 -- our own text
            self._check(f"{export.source}: {name}", _sum(seen.execute(sql, [theirs]).fetchone()), wanted)
        sql = "SELECT count(*), count(DISTINCT case_id) FROM cases_message WHERE source LIKE %s"
        about = (export.tickets, export.tickets)
        self._check(f"{export.source}: notes", seen.execute(sql, [f"{theirs}:about:%"]).fetchone(), about)
        sql = f"""SELECT {exports.SUMMED.format("h.kind, h.address")}, count(DISTINCT h.customer_id)
                    FROM people_handle h WHERE EXISTS (
                         SELECT FROM cases_case c WHERE c.customer_id = h.customer_id AND c.outside_id LIKE %s)"""  # noqa: S608
        row = seen.execute(sql, [theirs]).fetchone()
        assert row
        self._check(f"{export.source}: addresses", _sum(row[:2]), export.handles)
        self._check(f"{export.source}: customers", row[2], export.handles.rows)

    def _check(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.wrong.append(f"{what}: {found} where {wanted} must be")
            note(self.wrong[-1])

    def _fsck(self) -> tuple[str, float]:
        begun = time.monotonic()
        done = subprocess.run([*COMMAND, "fsck"], env=self.env, capture_output=True, text=True, check=False)
        said = done.stdout.strip().splitlines()
        if done.returncode:
            self.wrong.append(f"fsck: {done.stdout}{done.stderr}")
        return (said[0].rstrip(".") if said else "no word"), time.monotonic() - begun


def _sum(row: Any) -> Sum:
    return Sum(int(row[0]), int(row[1]))


def _held(pid: int) -> int:
    """The most memory the process held so far, in kB."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main()

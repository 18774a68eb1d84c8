"""Moving in: an export of Zendesk, killed with -9 while it is taken in, run again, and counted.

`python -m bench.moving [TICKETS] [KILLS]` on a PostgreSQL of its own. Prints what came, how fast,
and the most memory held.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from troth.channels.imports.tests.exports import BEN, zendesk_comment, zendesk_ticket, zendesk_user
from troth.site.postgres import Cluster

#: Customers write again: so many tickets to one of them.
TICKETS_EACH = 4
WORDS = [
    "the",
    "lamp",
    "parcel",
    "came",
    "broken",
    "again",
    "please",
    "tell",
    "when",
    "where",
    "order",
    "number",
    "blue",
    "green",
    "kitchen",
    "shop",
    "refund",
    "Friday",
    "thanks",
]


def export(path: Path, *, tickets: int, seed: int) -> None:
    """So many tickets of three comments each, as the account's JSON export has them; the same for the same seed."""
    chance = random.Random(seed)
    with path.open("w") as file:
        file.write(json.dumps(BEN) + "\n")
        for number in range(tickets // TICKETS_EACH + 1):
            file.write(json.dumps(zendesk_user(number + 10_000, f"Ann {number}", f"ann{number}@quill.example")) + "\n")
        for number in range(1, tickets + 1):
            file.write(json.dumps(_ticket(number, chance)) + "\n")


def _ticket(number: int, chance: random.Random) -> dict[str, Any]:
    requester = 10_000 + number // TICKETS_EACH
    said = [
        zendesk_comment(
            number * 10 + place,
            requester if place != 1 else 9100,
            f"2026-03-0{place + 2}T1{place}:00:00Z",
            " ".join(chance.choices(WORDS, k=60)),
        )
        for place in range(3)
    ]
    return zendesk_ticket(number, requester=requester, said=said, status=chance.choice(("open", "solved", "closed")))


def main(tickets: int, kills: int) -> None:
    place = Path(tempfile.mkdtemp(prefix="troth-moving-", dir="/tmp"))
    place.chmod(0o755)
    cluster = Cluster(place / "postgres")
    try:
        (place / "data").mkdir(mode=0o700)
        env = os.environ | {
            "DATABASE_URL": cluster.start(),
            "TROTH_DATA": str(place / "data"),
            "TROTH_SECRET_KEY": "bench-signs-nothing-of-worth-and-needs-fifty-characters",
            "TROTH_LOG_LEVEL": "ERROR",
        }
        file = place / "export.json"
        export(file, tickets=tickets, seed=7)
        print(f"{tickets} tickets, {3 * tickets} comments, {file.stat().st_size >> 20} MiB")
        command = [sys.executable, "-m", "troth.site.cli"]
        subprocess.run([*command, "migrate"], env=env, check=True, capture_output=True)
        for line in _imported([*command, "import", "zendesk", str(file), "--json"], env, tickets=tickets, kills=kills):
            print(line, flush=True)
    finally:
        cluster.stop()
        shutil.rmtree(place, ignore_errors=True)


def _imported(command: list[str], env: dict[str, str], *, tickets: int, kills: int) -> Iterator[str]:
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as seen:
        for number in range(kills):
            wanted = tickets * (number + 1) // (kills + 1)
            begun = time.monotonic()
            process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None and _count(seen, "cases_case") < wanted:
                time.sleep(0.05)
            process.kill()
            process.wait()
            cases, messages = _count(seen, "cases_case"), _count(seen, "cases_message")
            yield (
                f"killed after {time.monotonic() - begun:.1f} s: {cases} cases, {messages} messages"
                f" ({'whole' if messages == 4 * cases else 'TORN'})"
            )
        begun, most, used = time.monotonic(), 0, _used()
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(0.2)
        assert process.stdout
        account = json.loads(process.stdout.read())
        new, seconds = account["new"], time.monotonic() - begun
        yield f"run to its end in {seconds:.1f} s: {account}; at most {most >> 10} MiB held"
        yield (
            f"{new / seconds:.0f} new tickets/s with starting, reading the export anew and passing over what is here;"
            f" {_used() - used:.1f} s of processor"
        )
        again = json.loads(subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout)
        yield f"run once more: {again}"
        tables = ("cases_case", "cases_message", "people_customer", "people_handle", "imports_moved", "ledger_entry")
        counts = {name: _count(seen, name) for name in tables}
        customers = tickets // TICKETS_EACH + 1
        expected = {
            "cases_case": tickets,
            "cases_message": 4 * tickets,
            "people_customer": customers,
            "imports_moved": tickets,
        }
        yield f"{counts}: {'exact' if all(counts[name] == count for name, count in expected.items()) else 'WRONG'}"


def _count(seen: psycopg.Connection[Any], table: str) -> int:
    row = seen.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 -- names of our own
    return int(row[0]) if row else 0


def _used() -> float:
    """Seconds of processor of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _held(pid: int) -> int:
    """The most memory a process held so far, in kB, and its children that live."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(*(asked + [100_000, 5][len(asked) :]))

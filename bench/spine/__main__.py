"""Measure the spine and write what was found into docs/benchmarks.md.

    python -m bench.spine                       everything, at 1,000, 100,000 and 1,000,000
    python -m bench.spine --sizes 1000 --only pages,watcher --no-write
    python -m bench.spine --keep /tmp/spine     the filled databases stay there, and are found again
    python -m bench.spine --sizes 2000 --only fsck --no-write    what is filled in agrees with its facts

Processor time is this process's and its database backend's; on a machine that does other work it is the figure to compare.
Needs dovecot for mail by IMAP.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from bench.spine.ground import Ground, ground

DOCS = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- spine: written by python -m bench.spine -->", "<!-- spine: end -->"
PARTS = ("pages", "search", "watcher", "lateness", "intake", "letters", "live", "memory")


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.spine", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("--sizes", default="1000,100000,1000000", help="how many cases, with as many promises owed")
    said.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}, or fsck alone")
    said.add_argument("--rounds", type=int, default=40, help="how often each page is asked for")
    said.add_argument("--keep", type=Path, help="where the filled databases stay")
    said.add_argument("--no-write", action="store_true", help="print only")
    chosen = said.parse_args()
    sizes, only = [int(size) for size in chosen.sizes.split(",")], set(chosen.only.split(","))
    began = time.perf_counter()
    with ground(chosen.keep) as here:
        told = [text for text in parts(here, sizes, only, rounds=chosen.rounds) if text]
    minutes = (time.perf_counter() - began) / 60
    told.insert(0, f"{preface(sizes)} The whole took {minutes:.0f} minutes.")
    if not chosen.no_write:
        write("\n\n".join(told))


def parts(here: Ground, sizes: list[int], only: set[str], *, rounds: int) -> Iterable[str]:
    """Each table, printed as soon as it is there."""
    tables: dict[str, dict[str, list[str]]] = {"pages": {}, "search": {}}
    for size in sizes:
        note(f"filling {size:,}")
        note(f"filled in {here.filled(size):.0f} s")
        if only == {"fsck"}:
            sound(size)
            continue
        for part in [part for part in ("pages", "search") if part in only]:
            note(f"{part} at {size:,}")
            for name, (statements, figure) in pages_at(part, rounds=rounds).items():
                tables[part].setdefault(name, [str(statements)]).append(figure)
    if only == {"fsck"}:
        return
    if "pages" in only:
        yield shown(table(["page", "statements", *heads("CPU ms", sizes)], tables["pages"]))
    if "search" in only:
        yield shown(table(["search", "statements", *heads("p95 ms", sizes)], tables["search"]))
    here.copied("spine_work")
    work: dict[str, Callable[[Ground], list[list[str]]]] = {
        "watcher": watcher,
        "lateness": lateness,
        "intake": intake,
        "letters": letters,
        "live": live,
        "memory": memory,
    }
    rows: dict[str, list[str]] = {}
    for part, measure in work.items():
        if part in only:
            note(part)
            for name, *cells in measure(here):
                rows[name] = cells
                print("  ", name, *cells, flush=True)
    if rows:
        yield shown(table([f"beside {sizes[-1]:,} open promises", "reached", "goal"], rows))


def sound(size: int) -> None:
    """Ends with what is wrong, if anything is, in what was filled in: by its facts, and by the rules that clocks run by."""
    from bench.spine import filling

    from troth.site import fsck

    report = fsck.look()
    for one in report.divergences:
        print(one.reference, one.wrong)
    wrong = filling.differing_clocks(most=2_000)
    for told in wrong:
        print(told)
    if report.count or wrong:
        raise SystemExit(f"{report.count} divergences, {len(wrong)} clocks that the rules start and end otherwise.")
    note(f"{size:,}: {report.entries:,} entries and {report.rows:,} rows agree")


def pages_at(part: str, *, rounds: int) -> dict[str, tuple[int, str]]:
    """For each page how many statements it takes, and its figure."""
    from bench.spine import pages

    found = pages.measured(pages.pages() if part == "pages" else pages.searches(), rounds=rounds)
    return {
        name: (gauge.statements, f"{gauge.cpu:.1f}" if part == "pages" else f"{gauge.wall_p95:.0f}")
        for name, gauge in found.items()
    }


def watcher(here: Ground) -> list[list[str]]:
    from bench.spine import watch

    idle, many = watch.idle(), watch.due_at_once()
    return [
        ["idle look", f"{idle.cpu:.2f} ms CPU, {idle.wall_p50:.2f} ms", "3 ms"],
        [
            "10,000 due at once, durably warned",
            f"{many.cpu / 1000:.2f} s CPU, {many.wall_p50 / 1000:.2f} s",
            "0.5 s",
        ],
    ]


def lateness(here: Ground) -> list[list[str]]:
    from bench.spine import watch

    late = watch.lateness(here)
    middle, last = late[len(late) // 2], late[int(len(late) * 0.99)]
    return [["1,000 a minute, 3 workers: lateness p50, p99", f"{middle:.2f} s, {last:.2f} s", "p99 5 s"]]


def intake(here: Ground) -> list[list[str]]:
    from bench.spine import intake

    mail, program = intake.by_mail(), intake.by_program()
    return [
        ["mail in by IMAP: kept", f"{mail.kept:.1f} ms CPU", "6 ms before reading"],
        ["mail in by IMAP: kept, read, in its case, acknowledged", f"{mail.kept + mail.read:.1f} ms CPU", "12 ms"],
        ["mail in by IMAP", f"{mail.a_second:.0f} a second in one lane", ""],
        ["a case by the API, with its facts and its letter", f"{program.read:.1f} ms CPU", "12 ms"],
        ["cases by the API", f"{program.a_second:.0f} a second in one thread", ""],
    ]


def letters(here: Ground) -> list[list[str]]:
    from bench.spine import sending

    queued, sent = sending.handed_over(), sending.sent()
    return [
        ["10,000 letters written and queued with their facts", f"{queued.cpu / 1000:.2f} s CPU", ""],
        [
            "letters by SMTP, one connection, each once and only once",
            f"{1000 / sent.wall_p50 * 1000:.0f} a second ({sent.cpu / 1000:.2f} ms CPU each)",
            "4,000 a second",
        ],
    ]


def live(here: Ground) -> list[list[str]]:
    from bench.spine import live

    heard = live.heard()
    middle, most = heard[len(heard) // 2], heard[int(len(heard) * 0.95)]
    return [["a fact heard by 1,000 open pages: p50, p95", f"{middle:.0f} ms, {most:.0f} ms", "p95 100 ms"]]


def memory(here: Ground) -> list[list[str]]:
    from bench.spine import memory

    parts = memory.idle()
    each = ", ".join(f"{name} {size:.0f}" for name, size in sorted(parts.items(), key=lambda part: -part[1]))
    return [["the whole system idle, PSS", f"{sum(parts.values()):.0f} MiB ({each})", "217 MiB"]]


def heads(what: str, sizes: list[int]) -> list[str]:
    return [f"{what} at {size:,}" for size in sizes]


def table(head: list[str], rows: dict[str, list[str]]) -> str:
    lines = [head, ["---"] * len(head), *([name, *cells] for name, cells in rows.items())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def preface(sizes: list[int]) -> str:
    day = datetime.now(UTC).date().isoformat()
    load = os.getloadavg()[0]
    return (
        f"Taken on {day} on {os.cpu_count()} cores with Python {platform.python_version()}, {load:.1f} processes wanting to run"
        f" at the end, sizes {', '.join(f'{size:,}' for size in sizes)}."
    )


def note(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def shown(text: str) -> str:
    print(text, flush=True)
    return text


def write(text: str, *, begin: str = BEGIN, end: str = END) -> None:
    """Between the markers, whatever stood there."""
    page = DOCS.read_text()
    head, _begin, rest = page.partition(begin)
    _old, _end, foot = rest.partition(end)
    DOCS.write_text(f"{head}{begin}\n{text}\n{end}{foot}")


if __name__ == "__main__":
    main()

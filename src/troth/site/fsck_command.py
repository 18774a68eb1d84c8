"""`troth fsck`: the words of the command, and how far it is; the work is in `fsck`, loaded once the settings stand."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from troth.site.fsck import Progress, Report

#: Where nobody looks on, it says how far it is this often.
SAYS_EVERY_SECONDS = 10.0


@click.command("fsck")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--from",
    "place",
    type=click.IntRange(1),
    default=1,
    metavar="PLACE",
    help="Look only at what stands from this place in the order on, and at what it tells of.",
)
def fsck(as_json: bool, place: int) -> None:
    """Recompute the ledger, every hash and signature, and replay every table it tells of. Changes nothing.

    It names the first thing that diverges and what to do. Ends with 0 where nothing does, with 1 where something does, and with 3
    where what is kept outside the database cannot be read, so that nothing can be said.
    """
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.ledger.keys import KeysAway
    from troth.ledger.queries import head
    from troth.site import fsck as room

    if place > max(1, head()):
        raise click.UsageError(_("The order ends at place %(place)s.") % {"place": head()})
    began = time.monotonic()
    try:
        with _progress(room.counts(after=place - 1)) as progress:
            report = room.look(after=place - 1, progress=progress)
    except KeysAway as why:
        click.echo(str(why), err=True)
        raise SystemExit(3) from why
    seconds = time.monotonic() - began
    if as_json:
        click.echo(json.dumps(asdict(report) | {"seconds": round(seconds, 1)}, ensure_ascii=False, indent=2))
    else:
        _say(report, seconds=seconds)
    raise SystemExit(1 if report.count else 0)


@contextmanager
def _progress(counts: dict[str, int]) -> Iterator[Progress]:
    """A bar for whoever looks on, else a line now and then."""
    from rich.console import Console  # slow to load
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(counts)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        tasks = {word: bar.add_task(word, total=count, visible=count > 0) for word, count in counts.items()}

        def progress(word: str, count: int) -> None:
            if word in tasks:
                bar.advance(tasks[word], count)

        yield progress


def _lines(counts: dict[str, int]) -> Progress:
    done, said_at = 0, time.monotonic()
    total = sum(counts.values())

    def progress(word: str, count: int) -> None:
        nonlocal done, said_at
        done += count
        if time.monotonic() - said_at >= SAYS_EVERY_SECONDS:
            said_at = time.monotonic()
            click.echo(f"{word}: {done:,} / {total:,}", err=True)

    return progress


def _say(report: Report, *, seconds: float) -> None:
    from django.utils.translation import gettext as _  # the settings must be in the environment first
    from django.utils.translation import ngettext

    for found in report.divergences[:1]:
        place = _("place %(place)s, ") % {"place": found.position} if found.position else ""
        click.echo(_("The first divergence: %(place)s%(reference)s") % {"place": place, "reference": found.reference})
        click.echo(f"     {found.wrong}")
        click.echo(f"     → {found.mend}\n")
    for found in report.divergences[1:]:
        click.echo(f"{found.reference:>16}  {found.wrong}")
    if report.count > len(report.divergences):
        click.echo(_("and %(count)s more.") % {"count": report.count - len(report.divergences)})
    looked_at = _("%(entries)s entries and %(rows)s rows in %(seconds).1f s.") % {
        "entries": f"{report.entries:,}",
        "rows": f"{report.rows:,}",
        "seconds": seconds,
    }
    count = report.count
    click.echo(ngettext("%d thing diverges.", "%d things diverge.", count) % count if count else _("Nothing diverges."))
    click.echo(looked_at)

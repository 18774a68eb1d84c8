"""What is read in messages, and what staff said of it: `troth reread`, `troth corrections`.

The words of the commands only; Django is imported inside, once the settings stand in the environment.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click


@click.group()
def corrections() -> None:
    """What staff said of readings."""


@corrections.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def export(file: Path) -> None:
    """Write each message somebody looked at into FILE as a line of JSON, with what they said; `-` writes them out.

    It holds what customers wrote: only its owner may read the file.
    """
    from django.db import transaction  # the settings must be in the environment first
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from troth.learning import queries
    from troth.people.actions import note_security
    from troth.people.rules.security import SecurityKind

    with transaction.atomic():
        note_security(kind=SecurityKind.EXPORTED, how="corrections, by command", now=timezone.now())
    if str(file) == "-":
        for line in queries.lines(None):
            sys.stdout.write(line)
        return
    count = 0
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        for line in queries.lines(None):
            out.write(line)
            count += 1
    click.echo(_("%(count)s messages are in %(file)s.") % {"count": count, "file": file})


@click.command()
@click.option(
    "--batch", type=click.IntRange(1, 1_000), default=200, show_default=True, help="So many in one transaction."
)
def reread(batch: int) -> None:
    """Read messages anew that an earlier version has read; the worker does the same by itself, but less eagerly.

    It can be stopped at any moment, and goes on where it was. What staff said or set stays as it is.
    """
    from django.utils import timezone  # the settings must be in the environment first
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from troth.cases import actions as cases
    from troth.cases import reader

    left = cases.left_to_reread(reader.version())
    if not left:
        click.echo(_("Every message was read by %(version)s already.") % {"version": reader.version()})
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(_("Reading anew"), total=left)
        done = 0
        while left:
            read = cases.reread(most=batch, now=timezone.now())
            done += read
            if not read:  # the last ones are in the hands of the worker
                time.sleep(0.2)
            left = cases.left_to_reread(reader.version()) if not read else left
            bar.update(task, completed=done)
        cases.reread(now=timezone.now())  # the round has ended, unless it was told already
    click.echo(_("Read anew by %(version)s: %(count)s messages.") % {"version": reader.version(), "count": done})

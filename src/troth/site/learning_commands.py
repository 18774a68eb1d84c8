"""What is read in messages, and what staff said of it: `troth reread`, `troth corrections`.

The words of the commands only; Django is imported inside, once the settings stand in the environment.
"""

from __future__ import annotations

import time

import click


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

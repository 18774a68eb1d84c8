"""`troth import`: the words of the command; the work is in `run`, loaded once the settings stand."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ours", multiple=True, metavar="ADDRESS", help="An address of the company's own; repeatable. Needed for mbox."
)
@click.option(
    "--into-sample", is_flag=True, help="Take it into the sample company; it goes when the sample is removed."
)
@click.option(
    "--batch", default=100, show_default=True, type=click.IntRange(1, 10_000), help="Conversations per transaction."
)
def import_files(files: tuple[Path, ...], ours: tuple[str, ...], into_sample: bool, batch: int) -> None:
    """Take in conversations from before: mbox or JSON lines (docs/formats/import.md).

    Nobody is written to or warned. Stopped at any moment, run it again: what is here is left as it is, the rest is taken in.
    """
    from troth.channels.imports import run  # the settings must be in the environment first

    raise SystemExit(run.main(files, ours=ours, into_sample=into_sample, batch=batch))

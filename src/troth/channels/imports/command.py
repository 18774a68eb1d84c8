"""`troth import`: the words of the command; the work is in `run` and `desk_run`, loaded once the settings stand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from troth.channels.imports.rules.desks import NAMES


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--ours", multiple=True, metavar="ADDRESS", help="An address of the company's own; repeatable. Needed for mbox."
)
@click.option(
    "--into-sample", is_flag=True, help="Take it into the sample company; it goes when the sample is removed."
)
@click.option("--batch", default=None, type=click.IntRange(1, 10_000), help="Conversations per transaction.")
@click.option("--dry-run", is_flag=True, help="Another desk's export: read it through and say what would become of it.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Nothing that last changed there before this day (UTC)."
)
@click.option("--limit", type=click.IntRange(1), help="No more than so many tickets.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="OURS=HEADING",
    help="Which column of a CSV file holds what, such as 'customer email=Contact'; repeatable.",
)
def import_files(
    files: tuple[Path, ...],
    ours: tuple[str, ...],
    into_sample: bool,
    batch: int | None,
    dry_run: bool,
    as_json: bool,
    since: datetime | None,
    limit: int | None,
    mapping: tuple[str, ...],
) -> None:
    """Take in conversations from before: mbox, JSON lines (docs/formats/import.md), or another desk's export.

    For another desk say which, then the file, folder or zip (docs/run/moving-in.md):

        troth import zendesk export.zip --dry-run

    Desks: zendesk, freshdesk, helpscout, chatwoot, zammad, and csv for any table. Nobody is written to or warned. Stopped at any
    moment, run it again: what is here is left as it is, the rest is taken in.
    """
    source, rest = str(files[0]), files[1:]
    if source in NAMES and rest:
        from troth.channels.imports import desk_run  # the settings must be in the environment first

        raise SystemExit(
            desk_run.main(
                source,
                rest,
                into_sample=into_sample,
                batch=batch,
                dry_run=dry_run,
                as_json=as_json,
                since=since,
                limit=limit,
                mapping=mapping,
            )
        )
    if dry_run or as_json or since or limit or mapping:
        raise click.UsageError(f"Say first of which desk it is: {', '.join(NAMES)}.")
    for path in files:
        if not path.is_file():
            raise click.UsageError(f"There is no file {path}.")
    from troth.channels.imports import run  # the same

    raise SystemExit(run.main(files, ours=ours, into_sample=into_sample, batch=batch or 100))

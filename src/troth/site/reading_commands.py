"""`troth read` and `troth eval reading`: the words. They need no database and load what reads only when they run."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import IO

import click

TASKS = ("promises", "due", "emotion", "cause", "complaint", "request")
"""As in `troth.reading.evaluation.ours.Task`, which would take long to load for a list of words."""


@click.command("read")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--output", "-o", default="-", type=click.Path(dir_okay=False, allow_dash=True), help="Where to write.")
@click.option("--jobs", type=click.IntRange(1, 256), help="How many processes read; as many as there are cores.")
@click.option("--at", metavar="TIME", help="When a message without `at` was written; now.")
@click.option("--tz", default="UTC", show_default=True, help="Zone of a message without `tz`.")
@click.option("--country", default="", help="Country of a message without `country`, for its public holidays.")
@click.option("--subdivision", default="", help="Part of that country, such as ENG.")
@click.option(
    "--direction",
    default="inbound",
    show_default=True,
    type=click.Choice(["inbound", "outbound", "note"]),
    help="Direction of a message without `direction`: inbound is the customer's, outbound is ours.",
)
@click.option("--embedding", is_flag=True, help="Write the vector of each message, too.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def read(
    files: tuple[str, ...],
    output: str,
    jobs: int | None,
    at: str | None,
    tz: str,
    country: str,
    subdivision: str,
    direction: str,
    embedding: bool,
    quiet: bool,
) -> None:
    """Read messages, one JSON object a line, and write what they say, one JSON object a line, in the same order.

    From FILES (plain or gzip) or standard input. What lines hold and what is written stands in docs/formats/reading.md.
    Ends with 1 if a line could not be read; the others are read all the same.
    """
    # One process a core reads already: a library that starts threads of its own would only be in the way.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from troth.site import reading_run  # slow: it loads what reads

    raise SystemExit(
        reading_run.main(
            files or ("-",),
            output=output,
            jobs=jobs or cores(),
            defaults=reading_run.defaults(
                now=datetime.now(UTC), at=at, tz=tz, country=country, subdivision=subdivision, direction=direction
            ),
            embedding=embedding,
            quiet=quiet,
        )
    )


@click.group("eval")
def eval_group() -> None:
    """How good something is, measured on what people labelled."""


@eval_group.command("reading")
@click.option("--task", required=True, type=click.Choice(TASKS), help="What is judged.")
@click.option(
    "--data", required=True, type=click.File("rb"), metavar="FILE", help="Labelled messages; - for standard input."
)
@click.option(
    "--json",
    "json_file",
    type=click.File("w"),
    metavar="FILE",
    help="Write the figures here as well; - for standard output, alone.",
)
@click.option("--errors", is_flag=True, help="Show each line that was read otherwise than it is labelled.")
def eval_reading(task: str, data: IO[bytes], json_file: IO[str] | None, errors: bool) -> None:
    """Read labelled messages, and say how much of it was right and how fast it was.

    The labels and every figure are explained in docs/formats/labelled.md.
    """
    from troth.site import reading_eval  # slow: it loads what reads

    reading_eval.main(task, data, json_file=json_file, errors=errors)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

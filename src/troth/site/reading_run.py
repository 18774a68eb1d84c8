"""One run of `troth read`: lines in, readings out in their order, troubles and progress on standard error."""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from troth.reading.lines import LINE_BYTES_MAX, Answer, Defaults, NotAMessage, message_from, read_lines, too_long
from troth.site.reading_lines import Batch, Input, NotReadable, in_order
from troth.words.messages import Direction

TROUBLES_TOLD_MAX = 1_000
"""More are only counted on standard error; in the output each has its line."""


@dataclass
class Account:
    """What became of the lines so far."""

    read: int = 0
    troubles: int = 0


def defaults(*, now: datetime, **said: str | None) -> Defaults:
    """What the command *said* about messages that do not say it themselves. Raises `click.UsageError`."""
    line = json.dumps({"text": ""} | {name: words for name, words in said.items() if words})
    try:
        message = message_from(line.encode(), Defaults(at=now))
    except NotAMessage as why:
        raise click.UsageError(str(why)) from why
    return Defaults(
        at=message.at.astimezone(UTC),
        tz=message.calendar.zone,
        country=message.calendar.country,
        subdivision=message.calendar.subdivision,
        direction=message.direction,
    )


def main(files: Sequence[str], *, output: str, jobs: int, defaults: Defaults, embedding: bool, quiet: bool) -> int:
    """Read all of *files* into *output*; 0 if every line could be read, 1 if not."""
    _refuse_to_overwrite(files, output)
    warm_up(defaults)
    account, started = Account(), time.monotonic()
    try:
        tells = _read_all(
            files, output=output, jobs=jobs, defaults=defaults, embedding=embedding, account=account, quiet=quiet
        )
    except BrokenPipeError:  # nobody listens any more: click ends quietly
        raise
    except (NotReadable, OSError) as why:
        raise click.ClickException(str(why)) from why
    except BrokenProcessPool as why:
        raise click.ClickException("A process that reads has died, perhaps for want of memory.") from why
    seconds = max(time.monotonic() - started, 0.001)
    if account.troubles:
        click.echo(f"{account.troubles:,} could not be read; {account.read:,} were.", err=True)
    elif tells:
        click.echo(f"{account.read:,} messages read, {account.read / seconds:,.0f} a second.", err=True)
    return 1 if account.troubles else 0


def _read_all(
    files: Sequence[str], *, output: str, jobs: int, defaults: Defaults, embedding: bool, account: Account, quiet: bool
) -> bool:
    """Whether progress was shown. A disk that is full says so when the output is closed at the latest."""
    inputs = [Input(path) for path in files]
    work = functools.partial(read_batch, defaults=defaults, embedding=embedding, named=len(inputs) > 1)
    with click.open_file(output, "wb") as out, _bar(inputs, quiet=quiet or (output == "-" and out.isatty())) as bar:
        with contextlib.closing(in_order(work, _batches(inputs), jobs=jobs)) as answers:
            for source, answer in answers:
                out.write(answer.lines)
                out.flush()
                _tell(source, answer, account=account, console=bar.console)
                bar.update(bar.task_ids[0], completed=sum(each.bytes_read for each in inputs), read=account.read)
        return not bar.disable


def read_batch(batch: Batch, *, defaults: Defaults, embedding: bool, named: bool) -> tuple[str, Answer]:
    """Where the batch comes from, and the answer to it. This is what each process does."""
    source = batch.source if named else ""
    if batch.too_long:
        return batch.source, too_long(line=batch.first, source=source)
    return batch.source, read_lines(
        batch.lines, first=batch.first, defaults=defaults, source=source, embedding=embedding
    )


def warm_up(defaults: Defaults) -> None:
    """Load what reading needs once, before there are processes: they share it."""
    for direction in Direction:
        greeting = {"text": "Hello, we will ring you tomorrow.", "direction": direction}
        read_lines(json.dumps(greeting).encode(), first=1, defaults=defaults)


def _refuse_to_overwrite(files: Sequence[str], output: str) -> None:
    if output != "-" and Path(output).exists() and any(path != "-" and Path(path).samefile(output) for path in files):
        raise click.UsageError(f"{output} is read from; write somewhere else.")


def _batches(inputs: Sequence[Input]) -> Iterator[Batch]:
    for each in inputs:
        yield from each.batches(line_bytes_max=LINE_BYTES_MAX)


def _tell(source: str, answer: Answer, *, account: Account, console: Console) -> None:
    account.read += answer.read
    for trouble in answer.troubles:
        account.troubles += 1
        if account.troubles <= TROUBLES_TOLD_MAX:
            console.print(f"{source}:{trouble.line}: {trouble.why}", markup=False, highlight=False, soft_wrap=True)
        elif account.troubles == TROUBLES_TOLD_MAX + 1:
            console.print("More lines could not be read; the output names each.")


def _bar(inputs: Sequence[Input], *, quiet: bool) -> Progress:
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("Reading"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[read]:,} read"),
        TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    sizes = [each.bytes_in_all() for each in inputs]
    bar.add_task("", total=None if None in sizes else sum(size or 0 for size in sizes), read=0)
    return bar

"""`troth eval reading`: the figures as tables for people and as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import IO

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from troth.reading.evaluation.labelled import NotLabelled, labelled
from troth.reading.evaluation.ours import Outcome, Task, evaluate
from troth.reading.evaluation.scores import Calibration, Counts


def main(task: str, data: IO[bytes], *, json_file: IO[str] | None, errors: bool) -> None:
    """Judge our reading of *data* and show what came of it."""
    try:
        outcome = evaluate(Task(task), list(labelled(data)))
    except NotLabelled as why:
        raise click.ClickException(str(why)) from why
    if not outcome.report.messages:
        raise click.ClickException(f"No line of {data.name} is labelled for {task}.")
    if json_file is not None:
        json.dump(outcome.to_plain(), json_file, indent=2)
        json_file.write("\n")
    if json_file is not sys.stdout:
        show(outcome, Console(), errors=errors)


def show(outcome: Outcome, console: Console, *, errors: bool) -> None:
    """Everything on the terminal."""
    report = outcome.report
    console.print(f"{report.task}: {report.messages:,} labelled messages read by {outcome.version}", highlight=False)
    if outcome.skipped:
        console.print(f"{outcome.skipped:,} lines have no such label and took no part", highlight=False)
    console.print(_figures({**report.figures, "messages_per_cpu_second": outcome.messages_per_cpu_second}))
    for name, rows in report.tables.items():
        if rows:
            console.print(_classes(name, rows))
    if found := report.calibration:
        said = f"{found.findings:,} findings: expected calibration error {_number(found.ece)}, Brier {_number(found.brier)}"
        console.print(said, highlight=False, soft_wrap=True)
        console.print(_calibration(found))
    if errors:
        for wrong in report.wrong:
            # Whatever stands in the messages, the terminal is told no colours by them.
            console.print(Text(f"{wrong.line}: labelled {wrong.labelled!r}, read {wrong.read!r}"), soft_wrap=True)


def _figures(figures: Mapping[str, float | int | None]) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), _number(value))
    return table


def _classes(name: str, rows: Mapping[str, Counts]) -> Table:
    table = Table(name, box=None)
    for heading in ("labelled", "read", "right", "precision", "recall", "F1"):
        table.add_column(heading, justify="right")
    for label, counts in rows.items():
        figures = (counts.gold, counts.found, counts.right, counts.precision, counts.recall, counts.f1)
        table.add_row(label, *map(_number, figures))
    return table


def _calibration(found: Calibration) -> Table:
    table = Table("confidence", box=None)
    for heading in ("findings", "said", "right"):
        table.add_column(heading, justify="right")
    for each in found.bins:
        if each.count:
            shown = (each.count, each.confidence, each.accuracy)
            table.add_row(f"{each.low:.1f} to {each.high:.1f}", *map(_number, shown))
    return table


def _number(value: float | int | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}"

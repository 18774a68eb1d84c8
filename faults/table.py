"""The table of what was struck and what was lost, in docs/reliability.md between its marks; a row stays until it is tried again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.registry import Fault, Outcome

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
BEGIN, END = "<!-- the table: made by `make faults` -->", "<!-- the table ends -->"
HEAD = ("goal", "fault", "points", "lost", "doubled", "stuck", "notes", "tried on")


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]

    @property
    def what(self) -> tuple[str, str]:
        return self.cells[0], self.cells[1]


def row(fault: Fault, outcome: Outcome, *, day: str) -> Row:
    counts = (f"{outcome.points:,}", str(outcome.lost), str(outcome.doubled), str(outcome.stuck))
    return Row((fault.goal, fault.title, *counts, outcome.notes.replace("|", "/"), day))


def merged(page: str, rows: list[Row], *, known: Sequence[Fault]) -> str:
    """*page* with *rows* in its table: new ones in place of older ones, those of faults that are gone away."""
    before, rest = page.split(BEGIN)
    table, after = rest.split(END)
    kept = {one.what: one for one in rows_in(table)} | {one.what: one for one in rows}
    wanted = [kept[fault.goal, fault.title] for fault in known if (fault.goal, fault.title) in kept]
    return f"{before}{BEGIN}\n\n{rendered(wanted)}\n\n{END}{after}"


def rows_in(table: str) -> list[Row]:
    found = re.findall(r"^\| *(R\d+) *\|(.*)\|$", table, re.MULTILINE)
    return [Row((goal, *(cell.strip() for cell in rest.split("|")))) for goal, rest in found]


def rendered(rows: list[Row]) -> str:
    every = [HEAD, *(one.cells for one in rows)]
    widths = [max(len(cells[place]) for cells in every) for place in range(len(HEAD))]
    lines = [_line(HEAD, widths), f"|{'|'.join('-' * (width + 2) for width in widths)}|"]
    return "\n".join([*lines, *(_line(one.cells, widths) for one in rows)])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"

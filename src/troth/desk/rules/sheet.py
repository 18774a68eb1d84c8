"""A table of figures: what a page shows, a spreadsheet opens and a program reads is the same; pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from troth.words.sheets import guarded

Cell = str | int | float | datetime | date | timedelta | None

#: What the lead's page consists of.
SHEETS = (
    "answers", "hours", "weekdays", "backlog", "trend", "oldest", "risk", "misses", "unexplained", "emotions", "parity",
    "acknowledged", "remedies", "products",
)  # fmt: skip


class Holds(StrEnum):
    """What stands in a column."""

    WORDS = "words"
    COUNT = "count"
    SPAN = "span"
    #: How much longer, or shorter.
    MORE = "more"
    SHARE = "share"
    MOMENT = "moment"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    name: str
    words: str
    holds: Holds = Holds.WORDS


@dataclass(frozen=True)
class Sheet:
    """*rows* have a cell for each column's name; a row's `href` leads to what it is about."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]


def written(sheet: Sheet) -> str:
    """As RFC 4180 has it, with the mark by which Excel knows UTF-8; spans are minutes, shares of a hundred."""
    out = io.StringIO()
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow([guarded(column.words + UNITS.get(column.holds, "")) for column in sheet.columns])
    for row in sheet.rows:
        table.writerow([_cell(row.get(column.name), column.holds) for column in sheet.columns])
    return out.getvalue()


UNITS = {Holds.SPAN: " (min)", Holds.MORE: " (min)", Holds.SHARE: " (%)"}


def _cell(value: Cell, holds: Holds) -> str | int | float:
    """Numbers stay numbers, also those below nought; only words can be taken for a formula."""
    match value:
        case None:
            return ""
        case timedelta():
            return round(value.total_seconds() / 60, 1)
        case float():
            return round(value * 100, 1) if holds is Holds.SHARE else round(value, 1)
        case int():
            return value
        case datetime() | date():
            return value.isoformat()
    return guarded(value)

"""A sheet of what was paid, read row by row: which remedy, when, by which reference; pure.

It begins as the sheet of what is owed (`owed.csv`), to which whoever pays adds two columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

#: The columns of the sheet, in their order; of one that comes back, `what`, `due` and whatever else is there are not read.
OWED = ("remedy", "what", "amount", "currency", "due")
ADDED = ("given_at", "reference")
ROWS_MOST, SHEET_MOST = 2_000, 1_000_000


class NotASheet(ValueError):
    """This file cannot be read: the message says what to do."""


@dataclass(frozen=True)
class Row:
    line: int
    remedy: int
    #: None where only the sheet's reader knows that it was today.
    given_at: datetime
    reference: str
    amount: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Wrong:
    line: int
    words: str


def rows_of(raw: str, *, zone: str) -> list[Row | Wrong]:
    """Each row of the sheet, or what is wrong with it. Raises NotASheet."""
    if len(raw) > SHEET_MOST:
        raise NotASheet("The file is larger than a million signs. Send it in parts.")
    text = raw.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as why:
        raise NotASheet("This is not a sheet with a heading and rows, as CSV.") from why
    if not lines:
        raise NotASheet("The file is empty.")
    heading = [cell.strip().lower() for cell in lines[0]]
    if missing := [name for name in ("remedy", *ADDED) if name not in heading]:
        raise NotASheet(f"The first row has to name the columns; there is none called {', '.join(missing)}.")
    if len(lines) > ROWS_MOST + 1:
        raise NotASheet(f"The file has more than {ROWS_MOST} rows. Send it in parts.")
    found = [_row(at, dict(zip(heading, line, strict=False)), zone=zone) for at, line in enumerate(lines[1:], start=2)]
    return _once(found)


def _row(line: int, cells: dict[str, str], *, zone: str) -> Row | Wrong:
    said = {name: " ".join(value.split()) for name, value in cells.items()}
    number = said.get("remedy", "").removeprefix("remedy:")
    if not number.isdecimal() or len(number) > 18:
        return Wrong(line, "There is no number of a remedy.")
    given_at = _at(said.get("given_at", ""), zone=zone)
    if given_at is None:
        return Wrong(line, "Write the day as 2026-11-25, or with its time as 2026-11-25 14:30.")
    if not said.get("reference"):
        return Wrong(line, "There is no reference by which the payment is found.")
    return Row(
        line=line,
        remedy=int(number),
        given_at=given_at,
        reference=said["reference"][:500],
        amount=said.get("amount", ""),
        currency=said.get("currency", ""),
    )


def _at(said: str, *, zone: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    if len(said) <= 10:
        at = datetime.combine(at.date(), time.min)
    try:
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except OverflowError:
        return None


def _once(found: Iterable[Row | Wrong]) -> list[Row | Wrong]:
    """A remedy that stands there twice is given once: the second row is wrong."""
    seen: dict[int, int] = {}
    told: list[Row | Wrong] = []
    for one in found:
        if isinstance(one, Row) and (before := seen.setdefault(one.remedy, one.line)) != one.line:
            told.append(Wrong(one.line, f"The same remedy stands in line {before}."))
        else:
            told.append(one)
    return told


def sheet(lines: Sequence[Sequence[str]]) -> str:
    """What is owed, for whoever pays, with the columns they fill in."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([*OWED, *ADDED])
    writer.writerows([*(_harmless(cell) for cell in line), "", ""] for line in lines)
    return written.getvalue()


def _harmless(cell: str) -> str:
    """No cell is a formula to the spreadsheet that opens it (CWE-1236)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell

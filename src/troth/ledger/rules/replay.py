"""Replaying facts: what the ledger tells of a thing, held against the row that stands for it; pure.

A room's `rules/replay.py` folds the facts about one thing, oldest first, into the columns they determine. What they do not
determine, or not any more because it was erased, is left out: of that the row alone knows. A row is put into the same words
(`"customer:7"`, `"letter:9"`, aware instants), and the number of facts that a row must have stands under the name of their kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from troth.ledger.rules.canonical import moment
from troth.words.facts import Plain

#: A thing's columns, as its facts or its row have them.
Columns = dict[str, Plain]
_NOTHING: dict[str, str | int | bool | None] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """One fact, as the ledger tells it."""

    kind: str
    customer: str
    happened_at: datetime
    recorded_at: datetime
    #: What it says, as in its body; None where that was erased together with its customer's key.
    said: Mapping[str, str | int | bool | None] | None

    @property
    def fields(self) -> Mapping[str, str | int | bool | None]:
        return _NOTHING if self.said is None else self.said

    def text(self, name: str) -> str:
        return str(self.fields.get(name) or "")

    def at(self, name: str) -> datetime | None:
        """The instant in this field."""
        said = self.fields.get(name)
        return datetime.fromisoformat(said) if isinstance(said, str) and said else None

    def put(self, columns: Columns, *names: str, **renamed: str) -> None:
        """Let columns be what the fields say: those called alike, and column=field. Where it was erased, nothing is known of them."""
        for column, field in {name: name for name in names}.items() | renamed.items():
            if self.said is None or field not in self.said:
                columns.pop(column, None)
            else:
                columns[column] = self.said[field]

    def put_at(self, columns: Columns, *names: str, **renamed: str) -> None:
        """The same for instants."""
        for column, field in {name: name for name in names}.items() | renamed.items():
            if self.said is None or field not in self.said:
                columns.pop(column, None)
            else:
                columns[column] = self.at(field)


def count(columns: Columns, name: str) -> int:
    """One more of these; how many it are now."""
    found = columns.get(name)
    columns[name] = many = (found if isinstance(found, int) else 0) + 1
    return many


@dataclass(frozen=True)
class Difference:
    """A column that is not what the facts say."""

    column: str
    row: str
    facts: str


def differences(*, row: Mapping[str, Plain], told: Mapping[str, Plain]) -> list[Difference]:
    """Every column that row and facts both speak of, and not alike, in the order of the facts."""
    return [
        Difference(column, shown(row[column]), shown(value))
        for column, value in told.items()
        if column in row and row[column] != value
    ]


def shown(value: Plain) -> str:
    """A value as a person reads it who looks for what is wrong."""
    if isinstance(value, datetime):
        return moment(value)
    return "nothing" if value in {None, ""} else str(value)

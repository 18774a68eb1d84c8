"""Conditions as a form has them: rows that each stand in a group, moved about by buttons, and read as they were typed; pure.

A row is known by its place in the form. What was typed stays as it was typed, also where it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from troth.notices.rules.conditions import (
    CLOSED,
    LEAVES,
    Between,
    Conditions,
    Every,
    Leaf,
    Listed,
    Not,
    NotConditions,
    Some,
    from_plain,
    leaves,
    to_plain,
)

GROUPS = ("all", "any")
ROWS_MOST = 80
#: The fields of each condition: which values are chosen, typed one a line, or are the two ends of a time.
CHOSEN = {(name, one) for (kind, one) in CLOSED for name, own in LEAVES.items() if own is kind}


def shape(kind: str) -> list[tuple[str, str]]:
    """The fields of a condition and how each is typed: chosen, lines, between or list."""
    if kind == "listed":
        return [("list", "list")]
    found = []
    for one in fields(LEAVES[kind]):
        how = "between" if one.type == "Between" else "chosen" if (kind, one.name) in CHOSEN else "lines"
        found.append((one.name, how))
    return found


@dataclass(frozen=True)
class Row:
    """A condition or a group. *within* is the row of its group, -1 at the top."""

    kind: str
    within: int = -1
    is_not: bool = False
    #: What was typed in each field; of a time its ends, `<field>-from` and `<field>-to`.
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        return self.kind in GROUPS


@dataclass(frozen=True)
class WrongField:
    """Which field of which row is wrong."""

    row: int
    name: str
    why: NotConditions


def rows_of(conditions: Conditions, *, shown: Callable[[datetime], str]) -> list[Row]:
    """The rows of a form that would be read as *conditions*; *shown* writes a time as its field does."""
    found: list[Row] = []
    top = conditions if isinstance(conditions, Every | Some) else Every((conditions,))
    _put(top, within=-1, is_not=False, into=found, shown=shown)
    return found


def _put(one: Conditions, *, within: int, is_not: bool, into: list[Row], shown: Callable[[datetime], str]) -> None:
    match one:
        case Not(part):
            _put(part, within=within, is_not=not is_not, into=into, shown=shown)
        case Every(parts) | Some(parts):
            here = len(into)
            into.append(Row("all" if isinstance(one, Every) else "any", within, is_not))
            for part in parts:
                _put(part, within=here, is_not=False, into=into, shown=shown)
        case leaf:
            into.append(_leaf_row(leaf, within=within, is_not=is_not, shown=shown))


def _leaf_row(leaf: Leaf, *, within: int, is_not: bool, shown: Callable[[datetime], str]) -> Row:
    (kind,) = to_plain(leaf)
    if isinstance(leaf, Listed):
        return Row(kind, within, is_not, {"list": (str(leaf.upload),)})
    typed: dict[str, tuple[str, ...]] = {}
    for one in fields(leaf):
        value = getattr(leaf, one.name)
        if isinstance(value, Between):
            for end, at in (("from", value.since), ("to", value.until)):
                if at is not None:
                    typed[f"{one.name}-{end}"] = (shown(at),)
        elif value:
            typed[one.name] = value
    return Row(kind, within, is_not, typed)


def conditions_of(
    rows: Sequence[Row], *, read: Callable[[str], datetime | None]
) -> tuple[Conditions, list[WrongField]]:
    """What the rows say, and which fields are wrong; a row with a wrong field, and a group without any, says nothing.

    *read* reads a time as it was typed in its field.
    """
    wrong: list[WrongField] = []
    if not rows:
        return Every(), wrong
    found = _read(rows, 0, read, wrong)
    plain = to_plain(found) if found is not None else {"all": []}
    try:
        # What is too much in all is nobody's field.
        return from_plain(plain), wrong
    except NotConditions as error:
        return Every(), [*wrong, WrongField(0, "", error)]


def _read(
    rows: Sequence[Row], at: int, read: Callable[[str], datetime | None], wrong: list[WrongField]
) -> Conditions | None:
    row = rows[at]
    found: Conditions | None
    if row.is_group:
        inside = (_read(rows, nth, read, wrong) for nth, one in enumerate(rows) if one.within == at)
        parts = tuple(part for part in inside if part is not None)
        if not parts:
            return None
        found = Every(parts) if row.kind == "all" else Some(parts)
    else:
        found = _read_leaf(row, at, read, wrong)
    return Not(found) if row.is_not and found is not None else found


def _read_leaf(row: Row, at: int, read: Callable[[str], datetime | None], wrong: list[WrongField]) -> Conditions | None:
    before = len(wrong)
    plain: dict[str, Any] = {}
    for name, how in shape(row.kind):
        try:
            value = _value(row, name, how, read)
            if value:
                plain[name] = value
                from_plain({row.kind: {name: value}})
        except NotConditions as error:
            wrong.append(WrongField(at, name, error))
    if row.kind == "listed" and "list" not in plain:
        return None  # no list was chosen yet
    return from_plain({row.kind: plain}) if len(wrong) == before else None


def _value(row: Row, name: str, how: str, read: Callable[[str], datetime | None]) -> Any:
    said = tuple(one for text in row.typed.get(name, ()) for one in text.split("\n") if one.strip())
    if how == "list":
        return int(said[0]) if said and said[0].isascii() and said[0].isdecimal() and len(said[0]) <= 18 else 0
    if how != "between":
        return list(said)
    ends = {end: text for end in ("from", "to") if (text := "".join(row.typed.get(f"{name}-{end}", ())).strip())}
    moments = {end: read(text) for end, text in ends.items()}
    # What cannot be read is handed on, to be refused in its own words.
    return {end: at.isoformat() if (at := moments[end]) else text for end, text in ends.items()}


# Buttons


def added(rows: Sequence[Row], kind: str, *, to: int) -> list[Row]:
    """One more condition, or a group with one in it, at the end of the group *to*."""
    if not 0 <= to < len(rows) or not rows[to].is_group or len(rows) >= ROWS_MOST:
        return list(rows)
    if kind in GROUPS:
        return [*rows, Row(kind, to), Row("orders", len(rows))]
    return [*rows, Row(kind, to)] if kind in LEAVES else list(rows)


def without(rows: Sequence[Row], at: int) -> list[Row]:
    """The same less one row and all that stands in it; a group that is left empty goes, too. The top stays."""
    if not 0 < at < len(rows):
        return list(rows)
    gone = {at}
    for nth, row in enumerate(rows):
        if row.within in gone:
            gone.add(nth)
    above = rows[at].within
    if above > 0 and all(nth in gone for nth, row in enumerate(rows) if row.within == above):
        return without(rows, above)
    places = {nth: place for place, nth in enumerate(nth for nth in range(len(rows)) if nth not in gone)}
    return [replace(row, within=places.get(row.within, -1)) for nth, row in enumerate(rows) if nth not in gone]


def count_of(conditions: Conditions) -> int:
    return sum(1 for _ in leaves(conditions))

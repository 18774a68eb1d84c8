"""An export put in order: its pieces by ticket, in a file of their own, so that any size is gathered in flat memory.

The file lies in a folder that goes when the reading ends. It is nobody's truth: what was taken in, the tables know.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from troth.channels.imports import exported
from troth.channels.imports.exported import Done, Value, Wrong
from troth.channels.imports.rules.desks import DESKS, Desk, table
from troth.channels.imports.rules.lines import clean
from troth.channels.imports.rules.report import Report
from troth.channels.imports.rules.ticket import Contact, NotATicket, Piece, Plain, Sort, Ticket
from troth.channels.imports.rules.values import shown, stays

_SHAPE = """
    CREATE TABLE ticket (id TEXT, seq INTEGER PRIMARY KEY, file TEXT, line INTEGER, body TEXT);
    CREATE TABLE said (ticket TEXT, id TEXT, seq INTEGER PRIMARY KEY, file TEXT, line INTEGER, body TEXT);
    CREATE TABLE person (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
    CREATE TABLE rating (ticket TEXT, body TEXT);
    CREATE TABLE customer (way TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = """
    CREATE INDEX ticket_by_id ON ticket (id);
    CREATE INDEX said_by_ticket ON said (ticket, id);
    CREATE INDEX rating_by_ticket ON rating (ticket);
"""
_KEPT_PEOPLE = 20_000
_AT_ONCE = 500


@dataclass(frozen=True)
class Gathered:
    """A ticket, and where its last word stood; or why there is none."""

    file: str
    line: int
    id: str
    ticket: Ticket | None = None
    reason: str = ""
    text: str = ""


class Staging:
    """The pieces of an export by ticket."""

    def __init__(
        self, folder: Path | None, *, source: str, mapping: Mapping[str, str] | None = None, zone: str
    ) -> None:
        self._db = sqlite3.connect(folder / "staged.sqlite3" if folder else ":memory:", check_same_thread=False)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;" + _SHAPE
        )
        self._source, self._mapping, self._zone = source, dict(mapping or {}), zone
        self._desk: Desk | None = DESKS.get(source)
        self._names: dict[str, str] = {}
        self._columns: dict[str, table.Columns] = {}
        #: Fields of people nobody here has a place for, and how often they were met.
        self.people_left: Counter[str] = Counter()
        self._waiting: dict[str, list[tuple[Any, ...]]] = {"ticket": [], "said": [], "rating": []}

    def close(self) -> None:
        self._db.close()

    def fill(self, path: Path, *, watch: Callable[[int, int], object] = lambda done, whole: None) -> Iterator[Wrong]:
        """Read every file of the export; what cannot be read is told as it is met. Raises exported.NotAnExport."""
        wanted, whole = [], 0
        for one in exported.files(path):
            if isinstance(one, Wrong):
                yield one
            elif exported.is_read(one.name):
                wanted.append(one)
                whole += one.size
        if not wanted:
            raise exported.NotAnExport("there is no JSON, CSV or XML file in it")
        before = 0
        for file in wanted:
            is_csv = file.name.lower().endswith(".csv") or self._desk is None
            for found in exported.rows(file) if is_csv else exported.values(file):
                if isinstance(found, Wrong):
                    yield found
                elif isinstance(found, Done):
                    watch(min(before + found.done, whole), whole)
                else:
                    yield from self._row(found) if is_csv else self._value(found)
            before += file.size
        self.ready()

    def add(self, plain: Plain, *, hint: str = "") -> None:
        """One object by itself, as a hook is told it."""
        for wrong in self._value(Value("", 0, plain, "", hint)):
            raise NotATicket(wrong.reason)

    def ready(self) -> None:
        """Everything is in."""
        self._write()
        self._db.executescript(_INDEXES)

    def _row(self, found: Value) -> Iterator[Wrong]:
        of = self._columns.get(found.file)
        try:
            if of is None:
                of = self._columns[found.file] = table.columns(list(found.plain), self._mapping)
            own = table.row_id(found.plain, of)
        except table.NoSuchColumn as reason:
            self._columns[found.file] = table.Columns({})
            yield Wrong(found.file, 1, str(reason))
            return
        except KeyError:  # told already of this file
            return
        if own:
            self._put("ticket", (f"row:{own}", None, found.file, found.line, json.dumps(found.plain)))
        else:
            yield Wrong(found.file, found.line, "the row has no id", json.dumps(found.plain, ensure_ascii=False))

    def _value(self, found: Value) -> Iterator[Wrong]:
        assert self._desk
        number = 0
        try:
            for piece in self._desk.pieces(found.plain, found.hint):
                number += 1
                yield from self._piece(piece, found)
        except (NotATicket, RecursionError) as reason:
            yield Wrong(found.file, found.line, str(reason), found.text)
            return
        if not number:
            known = ", ".join(list(found.plain)[:8])[:160]
            yield Wrong(found.file, found.line, f"nothing of {self._source} looks like it: {known}", found.text)

    def _piece(self, piece: Piece, found: Value) -> Iterator[Wrong]:
        if not piece.id and piece.sort is not Sort.RATING:
            yield Wrong(found.file, found.line, f"a {piece.sort} has no id", found.text)
        elif piece.sort is Sort.NAME:
            self._names[piece.id] = shown(piece.plain.get("name") or "")
        elif piece.sort is Sort.PERSON:
            self._person(piece)
        elif piece.sort is Sort.TICKET:
            self._put("ticket", (piece.id, None, found.file, found.line, _text(piece, found)))
        elif not piece.ticket:
            yield Wrong(found.file, found.line, f"a {piece.sort} does not say of which ticket it is", found.text)
        elif piece.sort is Sort.RATING:
            self._put("rating", (piece.ticket, json.dumps(piece.plain)))
        else:
            self._put("said", (piece.ticket, piece.id, None, found.file, found.line, _text(piece, found)))

    def _person(self, piece: Piece) -> None:
        """What is known of somebody from all places together: a ticket names them in short."""
        if self._desk:
            self.people_left.update(stays(piece.plain, self._desk.OF_PEOPLE))
        news = _numbers_only({name: value for name, value in piece.plain.items() if value not in (None, "", [], {})})
        self._db.execute(
            "INSERT INTO person VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = json_patch(body, excluded.body)"
            " WHERE body <> excluded.body",
            (piece.id, news),
        )

    def _put(self, name: str, row: tuple[Any, ...]) -> None:
        rows = self._waiting[name]
        rows.append(row)
        if len(rows) >= _AT_ONCE:
            self._write_rows(name)

    def _write(self) -> None:
        for name in self._waiting:
            self._write_rows(name)

    def _write_rows(self, name: str) -> None:
        rows, self._waiting[name] = self._waiting[name], []
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 -- names of our own

    # Read back

    def count(self) -> int:
        found: int = self._db.execute("SELECT count(DISTINCT id) FROM ticket").fetchone()[0]
        return found

    def tickets(self) -> Iterator[Gathered]:
        """Every ticket with all that was said in it, wherever in the export it stood; the newest state of it counts."""
        with closing(self._db.cursor()) as rows, closing(self._db.cursor()) as beside:
            people = _People(self._db, self._desk)
            found = rows.execute("SELECT id, file, line, body FROM ticket ORDER BY id, seq")
            for own, group in groupby(found, key=lambda row: row[0]):
                yield self._ticket(own, [(file, line, body) for _id, file, line, body in group], beside, people)

    def orphans(self) -> Iterator[Wrong]:
        """What was said in tickets the export does not have."""
        sql = "SELECT file, line, id, ticket, body FROM said WHERE ticket NOT IN (SELECT id FROM ticket) ORDER BY seq"
        for file, line, own, ticket, body in self._db.execute(sql):
            yield Wrong(file, line, f"message {own} is of ticket {ticket}, which the export does not have", body)

    def note_customer(self, ways: Sequence[tuple[str, str]], report: Report) -> None:
        """Count each customer once, by the first way to reach them."""
        report.unreachable += all(kind == "social" for kind, _address in ways)
        if ways:
            new = self._db.execute("INSERT OR IGNORE INTO customer VALUES (?)", (" ".join(ways[0]),))
            report.customers += new.rowcount

    def said_in(self, ticket: str) -> list[Plain]:
        rows = self._db.execute("SELECT body FROM said WHERE ticket = ? ORDER BY seq", (ticket,))
        return [json.loads(row[0]) for row in rows]

    def _ticket(
        self, own: str, rows: Sequence[tuple[str, int, str]], cursor: sqlite3.Cursor, people: Mapping[str, Contact]
    ) -> Gathered:
        file, line, body = rows[-1]
        try:
            if own.startswith("row:") and file in self._columns:
                ticket = self._of_rows(rows)
            else:
                said = cursor.execute("SELECT body FROM said WHERE ticket = ? ORDER BY seq", (own,)).fetchall()
                rated = cursor.execute("SELECT body FROM rating WHERE ticket = ?", (own,)).fetchall()
                ticket = self._of_objects(
                    rows, [json.loads(one) for (one,) in said], [json.loads(one) for (one,) in rated], people
                )
            return Gathered(file, line, ticket.id, ticket)
        except (NotATicket, RecursionError) as reason:
            return Gathered(file, line, own.removeprefix("row:"), None, str(reason), body)

    def _of_rows(self, rows: Sequence[tuple[str, int, str]]) -> Ticket:
        """From one file; another file's rows of the same id add what was said in them."""
        files = dict.fromkeys(file for file, _line, _body in rows)
        tickets = [
            table.ticket(
                [json.loads(body) for name, _line, body in rows if name == file], self._columns[file], zone=self._zone
            )
            for file in files
        ]
        return _together(tickets)

    def _of_objects(
        self, rows: Sequence[tuple[str, int, str]], said: list[Plain], rated: list[Plain], people: Mapping[str, Contact]
    ) -> Ticket:
        assert self._desk
        bodies = dict.fromkeys(body for _file, _line, body in rows)
        return _together(
            [self._desk.ticket(json.loads(body), said, people, self._names, rated, self._zone) for body in bodies]
        )


def _together(tickets: Sequence[Ticket]) -> Ticket:
    """The newest state of a ticket that is there more than once, with everything that was said in any."""
    newest = max(tickets, key=lambda one: one.changed_at)
    if len(tickets) == 1:
        return newest
    said = {one.id: one for ticket in tickets for one in ticket.said}
    return replace(newest, said=tuple(said.values()))


def _text(piece: Piece, found: Value) -> str:
    """As it stood, where it stood by itself; parsing is dear, and so is writing."""
    if piece.plain is found.plain and found.text:
        return found.text
    return clean(json.dumps(piece.plain, ensure_ascii=False))


def _numbers_only(plain: Plain) -> str:
    """As JSON; what Python reads as a number and no other reader does (NaN, 1e999) is nothing."""
    try:
        return json.dumps(plain, allow_nan=False)
    except ValueError:
        return json.dumps(json.loads(json.dumps(plain), parse_constant=lambda _said: None))


class _People(Mapping[str, Contact]):
    """Who is who, looked up as they are met; those met last are kept at hand."""

    def __init__(self, db: sqlite3.Connection, desk: Desk | None) -> None:
        self._db, self._desk = db, desk
        self._kept: OrderedDict[str, Contact | None] = OrderedDict()

    def __getitem__(self, own: str) -> Contact:
        if own not in self._kept:
            row = (
                self._db.execute("SELECT body FROM person WHERE id = ?", (own,)).fetchone()
                if own and self._desk
                else None
            )
            self._kept[own] = self._desk.person(json.loads(row[0])) if row and self._desk else None
            if len(self._kept) > _KEPT_PEOPLE:
                self._kept.popitem(last=False)
        found = self._kept[own]
        if found is None:
            raise KeyError(own)
        return found

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self._db.execute("SELECT id FROM person"))

    def __len__(self) -> int:
        found: int = self._db.execute("SELECT count(*) FROM person").fetchone()[0]
        return found

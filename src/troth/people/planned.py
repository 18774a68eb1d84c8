"""Questions that every page asks and that cost more to put than to answer: put into words once, and planned once.

Planning what Today shows took four times as long as running it, for tables with many indexes are dear to plan. Django puts values
into the text of a statement, so that PostgreSQL takes each for a new one; here text and values go apart, and after some
runs it keeps the plan, where one plan suits all values (https://www.postgresql.org/docs/current/sql-prepare.html).
So it is with what writes: a letter taken in is twenty statements, the same each time. Each names its columns: a kept plan of
a `*` fails once a newer version has given the table another (“cached plan must not change result type”).
What hangs on a value to be planned well, such as a LIMIT or the state a partial index is for, belongs into the text.

And writing the text of a question from a query of Django's takes longer than most answers: `Question` does that once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import BigIntegerField, Expression, Field, Model, QuerySet

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")

#: Asked so often before, a statement is one of those that every page asks.
ASKED_BEFORE = 2


@contextmanager
def planned_once() -> Iterator[None]:
    """What is asked within is planned once; also a decorator. Text and values go apart, so every value needs a type there.

    Plans are kept for a session of the database: a pooler that hands sessions around would lose them (docs/run/mail.md
    forbids one for other reasons).
    """
    connection.ensure_connection()
    session = connection.connection
    before = session.cursor_factory, session.prepare_threshold
    session.cursor_factory, session.prepare_threshold = ServerBindingCursor, ASKED_BEFORE
    try:
        yield
    finally:
        session.cursor_factory, session.prepare_threshold = before


class Given(Expression):
    """The place in a question of a value that is given whenever it is asked."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # the place itself
        return "%s", [self]


class Question(Generic[Row, Found]):
    """What *rows* asks, in words that are made once; each asking gives the values that stand in it as `Given`.

    It may hold nothing else that changes from one asking to the next: no list of some length, no choice of filters.
    """

    def __init__(self, rows: QuerySet[Row, Found]) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(rows.db)
        self.sql, self.values = self.compiler.as_sql()

    def ask(self, **given: Any) -> list[Found]:
        compiler = copy(self.compiler)
        compiler.connection = connection  # of this thread
        values = tuple(given[value.name] if isinstance(value, Given) else value for value in self.values)
        compiler.as_sql = lambda *_args, **_named: (self.sql, values)
        rows = self.rows.all()
        rows.query.get_compiler = lambda *_args, **_named: compiler  # type: ignore[method-assign]
        with planned_once():
            return list(rows)

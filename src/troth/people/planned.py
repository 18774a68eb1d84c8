"""Statements that every page asks and that cost more to plan than to run: PostgreSQL plans them once for each connection.

With the rooms' tables and their many indexes, planning what Today shows takes ten milliseconds and running it two. Django puts
values into the text of a statement, so that PostgreSQL takes each for a new one; here text and values go apart, and after
some runs it keeps the plan, where one plan suits all values (https://www.postgresql.org/docs/current/sql-prepare.html).
What hangs on a value to be planned well, such as a LIMIT or the state a partial index is for, belongs into the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

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

"""Rows that are put in unless they are there: one statement, where looking first takes two and a savepoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault


def inserted(row: Model, *, unless: Sequence[str]) -> bool:
    """Insert *row*, which has its number then; False where one with the same values of *unless*, a unique constraint, is there.

    Whoever is putting that one in at this moment is waited for, as with any INSERT.
    """
    meta = row._meta
    told = {}
    for field in meta.local_concrete_fields:
        value = field.pre_save(row, add=True)
        if not field.primary_key and not isinstance(value, DatabaseDefault):
            told[_name(field)] = field.get_db_prep_save(value, connection=connection)
    assert meta.pk is not None
    statement = (
        f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({', '.join(told)})"  # noqa: S608 -- names of our own columns
        f" VALUES ({', '.join(['%s'] * len(told))})"
        f" ON CONFLICT ({', '.join(map(connection.ops.quote_name, unless))}) DO NOTHING RETURNING {_name(meta.pk)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(told.values()))
        given = cursor.fetchone()
    if given is None:
        return False
    row.pk = given[0]
    row._state.adding, row._state.db = False, connection.alias
    return True


def _name(field: Field[Any, Any]) -> str:
    assert field.column is not None
    return connection.ops.quote_name(field.column)

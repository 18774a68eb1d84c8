"""What somebody can do who owns the machine: change tables past every trigger, and run commands."""

from __future__ import annotations

from typing import Any

import click
from click.testing import CliRunner
from django.db import connection


def execute(*statements: str, **named: Any) -> None:
    """As the owner of the tables, who may mean harm: no trigger refuses anything."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT DISTINCT event_object_table FROM information_schema.triggers")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, named or None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def run(command: click.Command, *words: str) -> tuple[int, str]:
    """The command as it is once the database is up: how it ended, and what it said."""
    inside = command.callback
    bare = command.__class__(name=command.name, params=command.params, callback=getattr(inside, "__wrapped__", inside))
    done = CliRunner().invoke(bare, words, catch_exceptions=False)
    return done.exit_code, done.output

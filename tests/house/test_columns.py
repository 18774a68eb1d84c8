"""Of every column that can hold words or bytes it is said what becomes of it when a person is forgotten."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from django.db import connection

from troth.privacy.rules.columns import COLUMNS, Erased

#: Alone they hold no words: whole numbers, times, truth values, fractions.
BARE = [
    "bigint", "integer", "smallint", "boolean", "double precision", "timestamp with time zone", "date", "time without time zone",
]  # fmt: skip
WALK = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
     WHERE table_schema = current_schema() AND NOT data_type = ANY (%s) ORDER BY 1, ordinal_position
"""


def there() -> dict[str, list[str]]:
    """Every such column of every table, whoever made it: models, caches, packages."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(WALK, [BARE])
        for table, column, _type in cursor.fetchall():
            found.setdefault(table, []).append(column)
    return found


@pytest.mark.django_db
def test_of_every_column_it_is_said_what_becomes_of_it() -> None:
    wanted = {f"{table}.{column}" for table, columns in there().items() for column in columns}
    said = {f"{table}.{column}" for table, columns in COLUMNS.items() for column in columns}

    assert not wanted - said, f"Say in troth/privacy/rules/columns.py what becomes of {sorted(wanted - said)}."
    assert not said - wanted, f"Gone, so take them out of troth/privacy/rules/columns.py: {sorted(said - wanted)}."


def test_who_is_said_to_erase_has_the_means() -> None:
    rooms = {said.by for columns in COLUMNS.values() for said in columns.values() if isinstance(said, Erased)}

    # The ledger erases by its keys alone, and what is privacy's own goes with the rest in `privacy.actions`.
    assert rooms - {"ledger", "privacy"} == {room for room in rooms if find_spec(f"troth.{room}.erasing")}
    assert find_spec("troth.ledger.keys")

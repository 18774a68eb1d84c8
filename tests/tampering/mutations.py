"""Rows and columns that are evidence, changed at random, one at a time; and now and then a whole other history.

What no fact determines is left out, as the rules themselves say; so are the contents of facts that were erased with their customer.
"""

# ruff: noqa: S608 -- statements of our own, on a database of our own

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from tests.owner import execute
from tests.tampering.acts import made_anew, rewritten
from troth.ledger import replay
from troth.ledger.models import Entry
from troth.site.fsck import THINGS
from troth.words.facts import kinds

#: The columns of the log itself. When a place was given and a head signed is computed from by nobody.
LOG = {
    "ledger_entry": ("kind", "about", "customer", "happened_at", "recorded_at", "payload", "commit", "leaf_hash"),
    "ledger_seal": ("position",),
    "ledger_tile": ("level", "number", "hashes"),
    "ledger_checkpoint": ("size", "previous", "root", "note"),
}
#: Where rows can be told apart by one column.
KEYS = {"ledger_seal": "position", "ledger_checkpoint": "size", "ledger_tile": "ctid"}
#: Of each thing its table, and which column stands for which of the facts' columns.
THING_COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "promise": (
        "promises_promise",
        {
            **{name: name for name in (
                "state", "sort", "strength", "speaker", "source", "said_at", "first_due", "due", "moves", "warned_at",
                "escalated_at", "told_at", "done_at", "settled_at", "miss_reason", "verdict", "verdict_at",
            )},
            "customer": "customer_id", "owner": "owner_id", "words_digest": "what",
        },
    ),
    "letter": (
        "post_letter",
        {
            "because": "because", "is_automatic": "automatic", "delivered_at": "delivered_at", "is_verified": "verified",
            "bounced_at": "bounced_at", "digest": "raw", "customer": "customer_id", "enclosed": "enclosed",
        },
    ),
    "case": ("cases_case", {"customer": "customer_id", "channel": "channel", "status": "status", "assignee": "assignee_id"}),
    "arrival": ("inbox_arrival", {"channel": "channel", "salted_digest": "source"}),
    "customer": ("people_customer", {"met_at": "met_at"}),
    "handle": ("people_handle", {"verified_at": "verified_at", "bounced_at": "bounced_at", "customer": "customer_id"}),
    "link": ("people_link", {"customer": "customer_id", "expires_at": "expires_at", "revoked_at": "revoked_at"}),
    "key": ("people_key", {"staff": "staff_id", "scopes": "scopes", "expires_at": "expires_at", "revoked_at": "revoked_at"}),
}  # fmt: skip
#: Rows beside the things: what may be changed of them.
BESIDE = {
    "promises_telling": ("kind", "due", "delivered_at", "words"),
    "people_merge": ("merged_id", "at", "undone_at"),
    "cases_correction": ("field",),
}
#: Facts that were not erased with their customer.
READABLE = " WHERE customer NOT IN (SELECT about FROM ledger_entry WHERE kind = 'CustomerErased')"
PEOPLE, STAFF = ("customer_id", "merged_id"), ("owner_id", "assignee_id", "by_id", "staff_id")


@dataclass(frozen=True)
class Mutation:
    """What was done, in words; and whether it is a whole other history, of which nothing inside tells."""

    words: str
    is_whole: bool = False


def mutate(chance: random.Random, *, whole: bool = True) -> Mutation | None:
    """Change something at random; None where the database itself refused it, or nothing came of it. *whole*: histories, too."""
    acts = (_log, disagree, disagree_beside, _row_gone, _row_twice, exchange, _anew)
    act = chance.choices(acts, (40, 34, 8, 6, 4, 4, 4 if whole else 0))[0]
    try:
        with transaction.atomic():
            return act(chance)
    except IntegrityError:
        return None


def _log(chance: random.Random) -> Mutation | None:
    table = chance.choices(list(LOG), (70, 5, 10, 15))[0]
    column = chance.choice(LOG[table])
    key = KEYS.get(table, "id")
    row = any_of(chance, table, key, READABLE if table == "ledger_entry" else "")
    return changed(chance, table, key, row, column)


def disagree(chance: random.Random) -> Mutation | None:
    word = chance.choice(list(THING_COLUMNS))
    table, columns = THING_COLUMNS[word]
    number = any_of(chance, table, "id")
    if number is None:
        return None
    thing = next(thing for thing in THINGS if thing.word == word)
    facts = replay.facts_of([f"{word}:{number}"])[f"{word}:{number}"]
    told, row = thing.told(facts or []), thing.rows([number])[number]
    known = [name for name in columns if name in told and name in row and facts]
    if not known:
        return None
    return changed(chance, table, "id", number, columns[chance.choice(known)])


def disagree_beside(chance: random.Random) -> Mutation | None:
    table = chance.choice(list(BESIDE))
    column = chance.choice(BESIDE[table])
    if (table, column) == (
        "people_merge",
        "merged_id",
    ):  # with whom somebody was merged who was forgotten, no fact tells
        where = " WHERE front_id NOT IN (SELECT id FROM people_customer WHERE erased_at IS NOT NULL)"
        return changed(chance, table, "id", any_of(chance, table, "id", where), column)
    where = {"promises_telling": " WHERE letter_id IS NOT NULL", "cases_correction": " WHERE until IS NULL"}.get(
        table, ""
    )
    return changed(chance, table, "id", any_of(chance, table, "id", where + _not_erased(table, where)), column)


def _not_erased(table: str, where: str) -> str:
    if table != "promises_telling":
        return ""
    return f"{' AND' if where else ' WHERE'} promise_id IN (SELECT id FROM promises_promise WHERE what <> 'Erased')"


def _row_gone(chance: random.Random) -> Mutation | None:
    table, key = chance.choice(
        [("ledger_seal", "position"), ("ledger_checkpoint", "size"), ("ledger_tile", "ctid"), ("ledger_entry", "id"),
         ("promises_telling", "id"), ("people_merge", "id"), ("people_link", "id"), ("people_key", "id"),
         ("cases_correction", "id")]
    )  # fmt: skip
    where = {"promises_telling": " WHERE letter_id IS NOT NULL", "cases_correction": " WHERE until IS NULL"}.get(
        table, ""
    )
    where += _not_erased(table, where)
    if table == "people_link":
        where = " WHERE customer_id NOT IN (SELECT id FROM people_customer WHERE erased_at IS NOT NULL)"
    row = any_of(chance, table, key, where)
    if row is None:
        return None
    if table == "ledger_entry":
        execute("DELETE FROM ledger_seal WHERE entry_id = %(row)s", row=row)
    execute(f"DELETE FROM {table} WHERE {key} = %(row)s", row=row)
    return Mutation(f"{table} {row} deleted")


def _row_twice(chance: random.Random) -> Mutation | None:
    table = chance.choice(
        ["promises_promise", "cases_message", "people_link", "people_customer", "people_key", "ledger_entry"]
    )
    # How many messages there were in the case of somebody who was forgotten, no fact tells any more.
    known = (
        " WHERE case_id NOT IN (SELECT one.id FROM cases_case AS one JOIN people_customer AS theirs ON theirs.id = one.customer_id"
        " WHERE theirs.erased_at IS NOT NULL)"
    )
    row = any_of(chance, table, "id", known if table == "cases_message" else "")
    if row is None:
        return None
    drawn = dict.fromkeys(("nonce", "prefix", "digest"), "md5(random()::text)")
    drawn |= dict.fromkeys(("public_id", "pseudonym"), "gen_random_uuid()") | {"message_id": "''"}
    names = [name for name in _types(table) if name != "id" and (table, name) != ("cases_message", "source")]
    values = ", ".join(drawn.get(name, f'"{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    blank = (", source", ", ''") if table == "cases_message" else ("", "")
    execute(
        f"INSERT INTO {table} ({listed}{blank[0]}) SELECT {values}{blank[1]} FROM {table} WHERE id = %(row)s", row=row
    )
    return Mutation(f"{table} {row} put in once more")


def exchange(chance: random.Random) -> Mutation | None:
    """Two facts change places, or what they say."""
    one, other = (any_of(chance, "ledger_seal", "position") for _ in range(2))
    if one == other:
        return None
    if chance.random() < 0.5:
        execute(
            "UPDATE ledger_seal SET position = -position WHERE position IN (%(one)s, %(other)s)",
            "UPDATE ledger_seal SET position = %(one)s + %(other)s + position WHERE position < 0",
            one=one, other=other,
        )  # fmt: skip
        return Mutation(f"places {one} and {other} exchanged")
    execute(
        "UPDATE ledger_entry AS entry SET payload = from_other.payload, commit = from_other.commit"
        " FROM ledger_seal AS seal, ledger_seal AS away, ledger_entry AS from_other"
        " WHERE entry.id = seal.entry_id AND from_other.id = away.entry_id"
        " AND (seal.position, away.position) IN ((%(one)s, %(other)s), (%(other)s, %(one)s))",
        one=one, other=other,
    )  # fmt: skip
    return Mutation(f"what places {one} and {other} say exchanged")


def _anew(chance: random.Random) -> Mutation | None:
    """A fact of before what others hold, something else in it, and everything above it made anew with the real key."""
    early = "SELECT entry_id FROM ledger_seal WHERE position < 60"
    pk = any_of(chance, "ledger_entry", "id", f" WHERE kind = 'PromiseMade' AND id IN ({early})")
    entry = Entry.objects.get(pk=pk)
    rewritten(entry, said_at=f"2026-10-{chance.randint(10, 28)}T09:00:00.000000Z")
    made_anew()
    return Mutation(f"entry {pk} and all above it made anew", is_whole=True)


def changed(chance: random.Random, table: str, key: str, row: Any, column: str) -> Mutation | None:
    if row is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {key} = %s", [row])
        (before,) = cursor.fetchone()
    after = _other(chance, table, column, before)
    if after == before or (isinstance(before, memoryview) and bytes(before) == after):
        return None
    execute(f"UPDATE {table} SET {column} = %(after)s WHERE {key} = %(row)s", after=after, row=row)
    return Mutation(f"{table} {row}: {column} {_short(before)} → {_short(after)}")


def _short(value: Any) -> str:
    return repr(bytes(value) if isinstance(value, memoryview) else value)[:60]


def _other(chance: random.Random, table: str, column: str, value: Any) -> Any:
    """Another value of its kind."""
    choices: dict[str, Sequence[Any]] = {
        "kind": list(kinds()) if table == "ledger_entry" else ["heads_up", "move", "late_notice", "new_date"],
        "state": ["open", "kept", "moved", "late", "broken", "released", "void"],
        "sort": ["deed", "answer", "next_word"],
        "strength": ["aim", "expect", "promise", "guarantee"],
        "speaker": ["company", "person", "third"],
        "status": ["open", "waiting", "resolved"],
        "miss_reason": ["", "forgot", "supplier", "other"],
        "field": ["emotions", "kind", "causes", "urgency", "remedies"],
        "customer": ["", "customer:1", "customer:2", "customer:3"],
        "verdict": [None, True, False],
        "enclosed": [None, 0, 1, 2],
    }
    if column in PEOPLE:
        return any_of(chance, "people_customer", "id")
    if column in STAFF:
        return any_of(chance, "people_staff", "id")
    if column in choices:
        return chance.choice(choices[column])
    return _of_type(chance, _types(table)[column], value)


def _of_type(chance: random.Random, kind: str, value: Any) -> Any:
    if kind == "timestamp with time zone":
        near: datetime = value or datetime.fromisoformat("2026-11-20T12:00:00+00:00")
        return near + chance.choice((-1, 1)) * timedelta(microseconds=chance.choice((1, 10**6, 10**11)))
    if kind == "boolean":
        return not value
    if kind in {"bigint", "integer", "smallint"}:
        return (value or 0) + chance.choice((-1, 1, 7))
    if kind == "ARRAY":
        return [*value, "promises:write"]
    raw = bytes(value) if kind == "bytea" else str(value).encode()
    if not raw:
        return b"x" if kind == "bytea" else "x"
    place = chance.randrange(len(raw))
    if kind == "bytea":
        return raw[:place] + bytes([raw[place] ^ (1 << chance.randrange(8))]) + raw[place + 1 :]
    text = str(value)
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("abcXYZ019") + text[place + 1 :]


def any_of(chance: random.Random, table: str, key: str, where: str = "") -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table}{where} ORDER BY {key}")
        rows = cursor.fetchall()
    return chance.choice(rows)[0] if rows else None


_KNOWN: dict[str, dict[str, str]] = {}


def _types(table: str) -> dict[str, str]:
    """The columns of *table* and their types."""
    if table not in _KNOWN:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
                " AND is_generated = 'NEVER' ORDER BY ordinal_position",
                [table],
            )
            _KNOWN[table] = dict(cursor.fetchall())
    return _KNOWN[table]


Seen = Callable[[], bool]


@dataclass
class Score:
    """How many were made, refused by the database, and told of by nobody."""

    made: int = 0
    refused: int = 0
    whole: int = 0
    undetected: list[str] = field(default_factory=list)
    #: How often a house was looked at in which nothing was done, and something was told of.
    looked: int = 0
    false_alarms: int = 0


def many(count: int, *, chance: random.Random, is_seen: Seen, clean_every: int = 25) -> Score:
    """Mutate *count* times, each time from the same house; *is_seen* says whether anybody tells of it.

    Called inside a transaction.
    """
    score = Score()
    while score.made < count:
        before = transaction.savepoint()
        done = mutate(chance)
        if done is None:
            score.refused += 1
        else:
            score.made += 1
            score.whole += done.is_whole
            if not is_seen():
                score.undetected.append(done.words)
        transaction.savepoint_rollback(before)
        if score.made % clean_every == 0 and done is not None:
            score.looked += 1
            score.false_alarms += is_seen()
    return score

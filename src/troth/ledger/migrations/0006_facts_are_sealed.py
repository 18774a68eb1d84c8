"""What entries hold of their facts goes into `payload`: of a customer sealed with their key, else in the clear.

Batch by batch, each in a transaction of its own, so that it can be stopped and begun again. Only inside of these the database
lets an entry be changed. The keys go where `TROTH_CUSTOMER_KEYS` says; nothing is committed before its keys are durable.
"""

from __future__ import annotations

import json
import os
import sqlite3
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations, transaction

BATCH = 2_000
WAITING = "SELECT id, customer, body, salt FROM ledger_entry WHERE payload IS NULL AND id > %s ORDER BY id LIMIT %s"
SEAL = """
UPDATE ledger_entry AS entry SET payload = fresh.payload
  FROM unnest(%s::bigint[], %s::bytea[]) AS fresh (id, payload) WHERE entry.id = fresh.id
"""
IN_THE_FILE = """
CREATE TABLE IF NOT EXISTS customer_key (customer INTEGER PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32));
CREATE TABLE IF NOT EXISTS destroyed (customer INTEGER PRIMARY KEY, at TEXT NOT NULL);
"""
ON_THE_SERVER = """
CREATE TABLE IF NOT EXISTS troth_customer_key (customer bigint PRIMARY KEY, key bytea NOT NULL CHECK (length(key) = 32));
CREATE TABLE IF NOT EXISTS troth_destroyed (customer bigint PRIMARY KEY, at timestamptz NOT NULL)
"""


def seal_all(apps: Any, schema_editor: Any) -> None:
    line, last, keys = schema_editor.connection, 0, None
    while True:
        with transaction.atomic(using=line.alias), line.cursor() as cursor:
            cursor.execute(WAITING, [last, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            keys = keys or _keys()
            locks = keys({int(row[1].partition(":")[2]) for row in rows if row[1]})
            payloads = [_payload(customer, bytes(body), bytes(salt), locks) for _, customer, body, salt in rows]
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER entry_never_changes")
            cursor.execute(SEAL, [[row[0] for row in rows], payloads])
            cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER entry_never_changes")
        last = rows[-1][0]


def _payload(customer: str, body: bytes, salt: bytes, locks: dict[int, bytes]) -> bytes:
    if not customer:
        return b"\x00" + salt + body
    nonce = os.urandom(12)
    key = locks[int(customer.partition(":")[2])]
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, salt + body, customer.encode())


def _keys() -> Any:
    """Who tells the keys of these customers, and makes those that are not there yet."""
    place = str(settings.TROTH_CUSTOMER_KEYS)
    if place.startswith(("postgresql://", "postgres://")):
        server = psycopg.connect(place, autocommit=True)
        server.execute(ON_THE_SERVER)

        def from_server(customers: set[int]) -> dict[int, bytes]:
            wanted = sorted(customers)
            server.execute(
                "INSERT INTO troth_customer_key SELECT * FROM unnest(%s::bigint[], %s::bytea[]) ON CONFLICT DO NOTHING",
                [wanted, [os.urandom(32) for _ in wanted]],
            )
            found = server.execute("SELECT customer, key FROM troth_customer_key WHERE customer = ANY (%s)", [wanted])
            return dict(found.fetchall())

        return from_server
    os.makedirs(os.path.dirname(place) or ".", mode=0o700, exist_ok=True)
    os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))
    file = sqlite3.connect(place, timeout=30, isolation_level=None)
    file.execute("PRAGMA synchronous = FULL")
    file.executescript(IN_THE_FILE)

    def from_file(customers: set[int]) -> dict[int, bytes]:
        file.execute("BEGIN IMMEDIATE")
        file.executemany("INSERT OR IGNORE INTO customer_key VALUES (?, ?)", [(n, os.urandom(32)) for n in customers])
        file.execute("COMMIT")
        found = "SELECT customer, key FROM customer_key WHERE customer IN (SELECT value FROM json_each(?))"
        return dict(file.execute(found, [json.dumps(sorted(customers))]))

    return from_file


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0005_payload_beside_body")]
    operations = [migrations.RunPython(seal_all)]

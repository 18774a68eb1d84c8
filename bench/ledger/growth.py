"""How the log grows: sealing, proofs and storage at each size; and a tree of ten million leaves without its entries."""

from __future__ import annotations

import hashlib
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from bench.ledger.append import append, facts
from bench.spine.gauge import Gauge, quantile
from django.db import connection, transaction

from troth.ledger import outside, queries, sealing
from troth.ledger.rules import tree
from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.note import Note

BATCH = 10_000
#: Of so many the rates at each size are taken.
LAST = 50_000
PROOFS = 400
TABLES = ("ledger_entry", "ledger_seal", "ledger_tile", "ledger_checkpoint")


@dataclass
class Found:
    figures: dict[str, str] = field(default_factory=dict)
    stored: dict[str, float] = field(default_factory=dict)


def grown_to(size: int) -> Found:
    """Append and seal until there are *size* entries; what the last of them took."""
    found = Found()
    appended, sealed = Gauge(), Gauge()
    begun = queries.head()
    for at in range(begun, size, BATCH):
        with appended.take() if at >= size - LAST else Gauge().take():
            append(facts(min(BATCH, size - at), customer=True))
        with sealed.take() if at >= size - LAST else Gauge().take():
            sealing.seal(now=datetime.now(UTC), most=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    found.figures |= {
        "append, 10,000 a transaction": rate(appended),
        "seal, 10,000 a transaction": rate(sealed),
        **proof_figures(size),
    }
    found.stored = stored(size)
    return found


def rate(gauge: Gauge) -> str:
    return f"{BATCH / gauge.wall_p50 * 1000:,.0f} a second ({gauge.cpu * 1000 / BATCH:.1f} µs CPU each)"


def proof_figures(size: int) -> dict[str, str]:
    dice = random.Random(size)
    indexes = [dice.randrange(size) for _ in range(PROOFS)]
    forget_pages()
    cold = timed(indexes[: PROOFS // 4])
    for _warm in range(2):
        timed(indexes)
    gauge = Gauge()
    with gauge.take():
        hot = timed(indexes)
    many = [indexes[at : at + 20] for at in range(0, PROOFS, 20)]
    began = time.perf_counter()
    for some in many:
        queries.proofs(some)
    together = (time.perf_counter() - began) / PROOFS
    return {
        "proof, cold (a new connection, no page of it in PostgreSQL's memory): p50, p99": pair(cold),
        "proof, hot: p50, p99": f"{pair(hot)} ({gauge.cpu / PROOFS:.2f} ms CPU)",
        "proof, twenty at once, each": f"{together * 1000:.2f} ms",
    }


def timed(indexes: list[int]) -> list[float]:
    found = []
    for index in indexes:
        began = time.perf_counter()
        assert queries.proof(index)
        found.append(time.perf_counter() - began)
    return found


def pair(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.2f} ms, {quantile(seconds, 0.99) * 1000:.2f} ms"


def forget_pages() -> None:
    """Fill the memory of PostgreSQL with something else, and speak with it anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_bytes(current_setting('shared_buffers'))")
        size = cursor.fetchone()[0]
        cursor.execute("CREATE TEMP TABLE other AS SELECT 1")
        cursor.execute("DROP TABLE IF EXISTS filler")
        cursor.execute(
            "CREATE UNLOGGED TABLE filler AS SELECT repeat(md5(n::text), 60) AS words FROM generate_series(1, %s) AS n",
            [size // 1000],
        )
        for _often in range(2):
            cursor.execute("SELECT count(*) FROM filler WHERE words LIKE '%%never%%'")
        cursor.execute("DROP TABLE filler")
    connection.close()


def stored(size: int) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, pg_total_relation_size(name::regclass) FROM unnest(%s::text[]) AS name", [list(TABLES)]
        )
        found = {name: bytes_ / size for name, bytes_ in cursor.fetchall()}
    return found | {"beside the entry": sum(each for name, each in found.items() if name != "ledger_entry")}


# Without entries


def tree_of(size: int) -> dict[str, list[str]]:
    """Tiles over *size* made-up leaves, a head over them, and then sealing and proofs as everywhere."""
    began = time.perf_counter()
    root = fill(size)
    filled = time.perf_counter() - began
    with transaction.atomic(), connection.cursor() as cursor:
        append(facts(1, customer=False))
        key = outside.make_first_key(now=datetime.now(UTC))[0]
        text = Checkpoint(key.verifier.name, size, root).to_text()
        assert key.signer
        for name in ("ledger_seal", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO ledger_seal (position, entry_id, sealed_at) SELECT %s, max(id), now() FROM ledger_entry",
            [size],
        )
        cursor.execute("DELETE FROM ledger_unsealed")
        cursor.execute(
            "INSERT INTO ledger_checkpoint (size, previous, root, note, signed_at) VALUES (%s, 0, %s, %s, now())",
            [size, root, Note(text, (key.signer.sign(text),)).to_text()],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("ledger_seal", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_tile")
        cursor.execute("SELECT pg_total_relation_size('ledger_tile')")
        bytes_ = cursor.fetchone()[0]
    sealed = Gauge()
    for _round in range(5):
        append(facts(BATCH, customer=True))
        with sealed.take():
            assert sealing.seal(now=datetime.now(UTC), most=BATCH) == BATCH
    goals = {"proof, cold": "5 ms", "proof, hot": "0.1 ms"}
    rows = {
        f"tiles over {size:,} leaves hashed and written": [f"{filled:.0f} s", ""],
        "tiles, bytes a leaf": [f"{bytes_ / size:.1f}", "40"],
        "seal on top of it, 10,000 a transaction": [rate(sealed), ""],
    }
    for name, figure in proof_figures(size).items():
        rows[name] = [figure, next((goal for begin, goal in goals.items() if name.startswith(begin)), "")]
    return rows


def fill(size: int) -> bytes:
    """The tiles of *size* made-up leaves; their root."""
    leaves = made_up(size)
    at, edge = 0, {}
    with connection.cursor() as cursor:
        while more := list(islice(leaves, 256_000)):
            changed = tree.grown(at, edge, more)
            at += len(more)
            edge = {name: (edge | changed)[name] for name in tree.edge(at)}
            cursor.execute(
                "INSERT INTO ledger_tile (level, number, hashes) SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])"
                " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
                [[name.level for name in changed], [name.number for name in changed], list(changed.values())],
            )
    return tree.root_of(size, edge)


def made_up(size: int) -> Iterator[bytes]:
    for number in range(size):
        yield hashlib.sha256(b"\x00%d" % number).digest()

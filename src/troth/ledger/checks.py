"""What must be true of the ledger: every fact in its place in the one order, as it was written, and beside what it tells of.

The hashes are recomputed here by the database, apart from `rules/canonical.py`: two hands, one format (docs/formats/entry.md).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext as _

from troth.ledger.payloads import look_into
from troth.ledger.rules.payload import DoesNotOpen, NoKey, Opened
from troth.words.findings import TAMPERED, Check, Finding, Tally

#: How long a committed fact may wait for its place in the order.
SEALED_WITHIN = timedelta(seconds=60)

KEYS_LOST = "Put the store of the customers' keys back from its backup, as docs/run/backup.md says."
#: Entries without a place that wait for none, and those that have one and wait for another.
UNPLACED = """
    SELECT 'entry:' || entry.id FROM ledger_entry AS entry
    LEFT JOIN ledger_seal AS seal ON seal.entry_id = entry.id
    LEFT JOIN ledger_unsealed AS waiting ON waiting.entry_id = entry.id
    WHERE (seal.entry_id IS NULL) = (waiting.entry_id IS NULL) ORDER BY entry.id
"""
_LEAF = r"""
    sha256('\x00'::bytea || convert_to(
        '{"commit":"' || encode(commit, 'hex')
        || '","happened_at":"' || to_char(happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","kind":' || to_json(kind)::text
        || ',"recorded_at":"' || to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","v":1}', 'UTF8'))
"""


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I12",
            wrong=_("Facts wait for their place in the order for more than a minute."),
            mend=_(
                "Is the worker running? Its lane `seal` gives them their places; its log says what stands in the way."
            ),
            refs="""
                SELECT 'entry:' || entry.id FROM ledger_unsealed AS waiting
                JOIN ledger_entry AS entry ON entry.id = waiting.entry_id
                WHERE entry.recorded_at < %(now)s - %(within)s ORDER BY entry.id
            """,
            values={"within": SEALED_WITHIN},
        ),
        Check(
            invariant="I8",
            wrong=_("Facts have no place in the order and wait for none, or have one and wait for another."),
            mend=_(TAMPERED),
            refs=UNPLACED,
        ),
        Check(
            invariant="I8",
            wrong=_("The order of the ledger has gaps: places are missing before these."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'seal:' || position
                FROM (SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS before FROM ledger_seal) AS seal
                WHERE position <> before + 1 ORDER BY position
            """,
        ),
        Check(
            invariant="I12",
            wrong=_("Facts have their place in the order for more than a minute, and no signed head covers them."),
            mend=_("Is the worker running? Its lane `seal` signs the heads; its log says what stands in the way."),
            refs="""
                SELECT 'seal:' || position FROM ledger_seal
                WHERE position > coalesce((SELECT max(size) FROM ledger_checkpoint), 0) AND sealed_at < %(now)s - %(within)s
                ORDER BY position
            """,
            values={"within": SEALED_WITHIN},
        ),
        Check(
            invariant="I8",
            wrong=_("Entries were changed: their leaf is not what their kind, times and commitment give."),
            mend=_(TAMPERED),
            refs=f"SELECT 'entry:' || id FROM ledger_entry WHERE leaf_hash <> {_LEAF} ORDER BY id",  # noqa: S608 -- our own words
        ),
    )


def changed_bodies() -> Iterator[Finding]:
    """Every fact must open, open its commitment, and say what its row says; one whose customer was erased is let be.

    They are read in a stream, for PostgreSQL knows neither the keys nor HMAC.
    """
    wrong = Tally(
        invariant="I8",
        wrong=_("Facts were changed: they do not open their commitment, or say something else than their row."),
        mend=_(TAMPERED),
    )
    lost = Tally(
        invariant="I8",
        wrong=_("Facts cannot be opened: the keys of their customers are missing, and nobody destroyed them."),
        mend=_(KEYS_LOST),
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT customer, payload, id, kind, about, commit FROM ledger_entry ORDER BY id")
        while rows := cursor.fetchmany(5_000):
            said = look_into([(customer, bytes(payload)) for customer, payload, *_rest in rows])
            for (customer, _payload, pk, kind, about, commit), opened in zip(rows, said, strict=True):
                if isinstance(opened, NoKey):
                    lost.add(f"entry:{pk}")
                elif isinstance(opened, DoesNotOpen) or (
                    opened and not fits(opened, kind=kind, about=about, customer=customer, commit=bytes(commit))
                ):
                    wrong.add(f"entry:{pk}")
    yield from wrong.findings()
    yield from lost.findings()


def fits(opened: Opened, *, kind: str, about: str, customer: str, commit: bytes) -> bool:
    """Whether what opened is what was committed to, and says what its row says; canonical bytes need no parsing for that."""
    said = (f'"about":"{about}"', f'"customer":"{customer}"', f'"kind":"{kind}"')
    committed = hmac.digest(opened.salt, opened.body, "sha256") == commit
    return committed and all(part.encode() in opened.body for part in said)


def one_fact_each(kind: str, rows: str) -> str:
    """SQL for a check: each reference in *rows* (a query of one column, `ref`) without exactly one fact of *kind*, and each
    such fact without its row."""
    return f"""
        SELECT coalesce(kept.ref, told.about) FROM ({rows}) AS kept
        FULL JOIN (SELECT about, count(*) AS times FROM ledger_entry WHERE kind = '{kind}' GROUP BY about) AS told
            ON told.about = kept.ref
        WHERE kept.ref IS NULL OR told.times IS DISTINCT FROM 1
    """  # noqa: S608 -- names and queries of our own

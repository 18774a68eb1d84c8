"""What must be true of the record's sums: they are what the entries give."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.words.findings import Check


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I11",
            wrong=_("The public record counts other entries of these days than there are."),
            mend=_("Empty the table record_kindofday: the worker counts anew from the first entry."),
            refs="""
                SELECT DISTINCT 'day:' || coalesce(kept.day, counted.day) AS ref
                FROM record_kindofday AS kept
                FULL JOIN (
                    SELECT (entry.recorded_at AT TIME ZONE 'UTC')::date AS day, entry.kind, count(*) AS entries
                    FROM ledger_seal AS seal JOIN ledger_entry AS entry ON entry.id = seal.entry_id
                    WHERE seal.position <= (SELECT max(last) FROM record_kindofday)
                    GROUP BY 1, 2
                ) AS counted ON (counted.day, counted.kind) = (kept.day, kept.kind)
                WHERE kept.entries IS DISTINCT FROM counted.entries ORDER BY ref
            """,
        ),
    )

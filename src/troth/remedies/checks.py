"""What must be true of remedies: what is owed is promised, nothing is raised or given twice, and each is known to the ledger."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.ledger.checks import one_fact_each
from troth.words.findings import CHANGED, TAMPERED, Check

#: How long after its moment the lane may come.
SEEN_WITHIN = timedelta(minutes=2)


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I12",
            wrong=_("Remedies passed their date minutes ago, and nobody has said that they were missed."),
            mend=_("Is the worker running? Its lane `remedies` looks at them; its log says what stands in the way."),
            refs="""
                SELECT 'remedy:' || remedy.id FROM remedies_remedy AS remedy
                JOIN promises_promise AS promise ON promise.id = remedy.promise_id
                WHERE remedy.state IN ('accepted', 'due') AND remedy.due < %(now)s - %(within)s
                AND promise.state NOT IN ('released', 'void')
                AND (remedy.standard <> '' OR (promise.done_at IS NULL AND promise.due < %(now)s - %(within)s))
                ORDER BY remedy.id
            """,
            values={"within": SEEN_WITHIN},
        ),
        Check(
            invariant="I11",
            wrong=_("These remedies are owed or given, and their promises say something else."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'remedy:' || remedy.id FROM remedies_remedy AS remedy
                JOIN promises_promise AS promise ON promise.id = remedy.promise_id
                WHERE (remedy.state = 'given' AND promise.done_at IS NULL
                        AND promise.state NOT IN ('broken', 'released', 'void'))
                    OR (remedy.state IN ('accepted', 'due', 'missed') AND promise.state IN ('armed', 'proposed'))
                    OR (remedy.state = 'offered' AND promise.state IN ('open', 'late', 'moved', 'kept', 'broken'))
                ORDER BY remedy.id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_(
                "These remedies were raised beside one that was not missed, or beside one that was itself a second."
            ),
            mend=_(TAMPERED),
            refs="""
                SELECT 'remedy:' || remedy.id FROM remedies_remedy AS remedy
                JOIN remedies_remedy AS first ON first.id = remedy.second_of_id
                WHERE first.missed_at IS NULL OR first.second_of_id IS NOT NULL
                    OR first.customer_id <> remedy.customer_id ORDER BY remedy.id
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Remedies and the ledger disagree about which were given."),
            mend=_(CHANGED),
            refs=one_fact_each(
                "RemedyGiven", "SELECT 'remedy:' || id AS ref FROM remedies_remedy WHERE state = 'given'"
            ),
        ),
    )

"""What must be true of cases: what is held leaves, what was said left by letter, and the ledger tells of each."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.cases import ways
from troth.ledger.checks import one_fact_each
from troth.words.findings import Check

#: How long after its moment a held reply may leave.
LEAVES_WITHIN = timedelta(seconds=60)


def checks() -> tuple[Check, ...]:
    changed = _("One of the two was changed past the application. Go back to a backup from before it.")
    return (
        Check(
            invariant="I12",
            wrong=_("Replies should have left more than a minute ago and are still held."),
            mend=_("Is the worker running? Its lane `replies` lets them leave; its log says what stands in the way."),
            refs="""
                SELECT 'reply:' || id FROM cases_reply
                WHERE state = 'held' AND leaves_at < %(now)s - %(within)s ORDER BY id
            """,
            values={"within": LEAVES_WITHIN},
        ),
        Check(
            invariant="I4",
            wrong=_("Replies count as sent, and no letter carries them."),
            mend=_("The customer has no answer: write it again in the case."),
            refs="""
                SELECT 'reply:' || reply.id FROM cases_reply AS reply
                LEFT JOIN cases_message AS message ON message.id = reply.message_id
                LEFT JOIN post_letter AS letter ON message.source = 'letter:' || letter.id
                WHERE reply.state = 'sent' AND letter.id IS NULL AND coalesce(message.channel, '') <> ALL (%(talks)s)
                ORDER BY reply.id
            """,
            values={"talks": sorted(ways.CHANNELS)},
        ),
        Check(
            invariant="I12",
            wrong=_("Messages from customers stand in their case without having been read."),
            mend=_("They were put there past the application: a person has to read them."),
            # An empty reading is small, so the size spares looking into the others.
            refs="""
                SELECT 'message:' || id FROM cases_message
                WHERE direction = 'inbound' AND pg_column_size(reading) < 16 AND reading = '{}' ORDER BY id
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Cases and the ledger disagree about which were opened."),
            mend=changed,
            refs=one_fact_each(
                "CaseOpened",
                "SELECT 'case:' || id AS ref FROM cases_case"
                " UNION SELECT about FROM ledger_entry WHERE kind = 'TakenBack' AND about LIKE 'case:%%'",
            ),
        ),
        Check(
            invariant="I8",
            wrong=_("Cases hold more or fewer answers than the ledger tells of."),
            mend=changed,
            refs="""
                SELECT coalesce(said.ref, told.about) FROM (
                    SELECT 'case:' || case_id AS ref, count(*) AS times FROM cases_message
                    WHERE direction = 'outbound' GROUP BY case_id
                ) AS said
                FULL JOIN (
                    SELECT about, count(*) AS times FROM ledger_entry WHERE kind = 'CaseAnswered'
                    AND about NOT IN (SELECT about FROM ledger_entry WHERE kind = 'TakenBack') GROUP BY about
                ) AS told ON told.about = said.ref
                WHERE said.times IS DISTINCT FROM told.times
            """,
        ),
    )

"""What must be true of arrivals: read in time, each ending in exactly one thing that is there."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.ledger.checks import one_fact_each
from troth.words.findings import Check

#: How long an arrival may wait once it is its turn, and in all: three tries of a minute each, and some patience.
TURN_WITHIN, READ_WITHIN = timedelta(seconds=60), timedelta(minutes=5)


def checks() -> tuple[Check, ...]:
    worker = _(
        "Is the worker running? Its lanes `inbox` read; its log says what stands in the way. Nothing is lost: it waits."
    )
    return (
        Check(
            invariant="I2",
            wrong=_("Messages that arrived wait to be read, though it has been their turn for more than a minute."),
            mend=worker,
            refs="""
                SELECT 'arrival:' || id FROM inbox_arrival
                WHERE state = 'waiting' AND next_try_at < %(now)s - %(turn)s ORDER BY id
            """,
            values={"turn": TURN_WITHIN},
        ),
        Check(
            invariant="I12",
            wrong=_("Messages that arrived have been neither read nor set aside after five minutes."),
            mend=worker,
            refs="""
                SELECT 'arrival:' || id FROM inbox_arrival
                WHERE state = 'waiting' AND arrived_at < %(now)s - %(within)s ORDER BY id
            """,
            values={"within": READ_WITHIN},
        ),
        Check(
            invariant="I2",
            wrong=_("Arrivals were dealt with, and what became of them is not there."),
            mend=_("Read them once more: UPDATE inbox_arrival SET state = 'waiting', attempts = 0 WHERE id IN (…)."),
            refs="""
                SELECT 'arrival:' || arrival.id FROM inbox_arrival AS arrival WHERE arrival.state <> 'waiting'
                AND NOT EXISTS (SELECT FROM cases_message AS one WHERE 'message:' || one.id = arrival.message_ref)
                AND NOT EXISTS (SELECT FROM post_letter AS one WHERE 'letter:' || one.id = arrival.message_ref)
                AND NOT EXISTS (SELECT FROM inbox_arrival AS one WHERE 'arrival:' || one.id = arrival.message_ref)
                ORDER BY arrival.id
            """,
        ),
        Check(
            invariant="I2",
            wrong=_("A message stands in a case, and the arrival it came from says otherwise: it may be there twice."),
            mend=_(
                "Compare the message with its arrival. A message that is there twice is noted in its case; nothing is deleted."
            ),
            refs="""
                SELECT 'message:' || message.id FROM cases_message AS message
                LEFT JOIN inbox_arrival AS arrival ON message.source = 'arrival:' || arrival.id
                WHERE message.source LIKE 'arrival:%%' AND (arrival.id IS NULL
                    OR arrival.state NOT IN ('message', 'quarantined') OR arrival.message_ref <> 'message:' || message.id)
                ORDER BY message.id
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Arrivals and the ledger disagree about what was received."),
            mend=_("One of the two was changed past the application. Go back to a backup from before it."),
            refs=one_fact_each("MessageReceived", "SELECT 'arrival:' || id AS ref FROM inbox_arrival"),
        ),
        Check(
            invariant="I8",
            wrong=_("Arrivals and the ledger disagree about what could not be read."),
            mend=_("One of the two was changed past the application. Go back to a backup from before it."),
            refs=one_fact_each(
                "MailQuarantined", "SELECT 'arrival:' || id AS ref FROM inbox_arrival WHERE state = 'quarantined'"
            ),
        ),
    )

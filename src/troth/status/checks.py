"""What must be true of subscribers: each is written to while it wants to be, and an end is told to whoever heard of the beginning."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.ledger.checks import one_fact_each
from troth.words.findings import CHANGED, TAMPERED, Check

#: How long after something is said its letters may be unwritten.
WRITTEN_WITHIN = timedelta(minutes=10)


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I3",
            wrong=_("Subscribers wait for letters about these: they were said more than ten minutes ago."),
            mend=_("Is the worker running? Its lane `status` writes them; its log says what stands in the way."),
            refs="""
                SELECT about FROM status_announcement
                WHERE done_at IS NULL AND said_at < %(now)s - %(within)s ORDER BY id
            """,
            values={"within": WRITTEN_WITHIN},
        ),
        Check(
            invariant="I3",
            wrong=_(
                "Of these it was told in public that they are over, and not to every subscriber who heard that they began."
            ),
            mend=_("Please report this with the facts of these incidents: it must never happen."),
            refs="""
                SELECT DISTINCT ended.about FROM status_announcement AS ended
                JOIN incidents_entry AS said ON ended.item = 'entry:' || said.id AND said.kind = 'ended'
                JOIN status_announcement AS began ON began.about = ended.about AND began.said_at < ended.said_at
                JOIN status_written AS heard ON heard.announcement_id = began.id
                JOIN status_subscriber AS who ON who.id = heard.subscriber_id
                WHERE ended.done_at IS NOT NULL AND who.ended_at IS NULL
                AND NOT EXISTS (SELECT FROM status_written AS told
                    WHERE told.announcement_id = ended.id AND told.subscriber_id = who.id) ORDER BY 1
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Subscribers and the ledger disagree about who said yes."),
            mend=_(CHANGED),
            refs=one_fact_each(
                "SubscriberConfirmed",
                "SELECT 'subscriber:' || id AS ref FROM status_subscriber WHERE confirmed_at IS NOT NULL",
            ),
        ),
        Check(
            invariant="I11",
            wrong=_("Planned work of which nothing was ever said, or whose versions are not counted without a gap."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'planned:' || planned.id FROM status_planned AS planned
                LEFT JOIN status_plannedversion AS version ON version.planned_id = planned.id
                GROUP BY planned.id HAVING count(version.id) = 0 OR max(version.number) <> count(version.id) ORDER BY planned.id
            """,
        ),
    )

"""What must be true of incidents: the next word of each that is open is promised, every end was told, every sum is right."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.incidents import checks_prevention as prevention
from troth.incidents.queries import END_UNHEARD
from troth.ledger.checks import one_fact_each
from troth.words.findings import CHANGED, TAMPERED, Check


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I8",
            wrong=_("Incidents and the ledger disagree about which began."),
            mend=_(CHANGED),
            refs=one_fact_each("IncidentBegan", "SELECT 'incident:' || id AS ref FROM incidents_incident"),
        ),
        Check(
            invariant="I11",
            wrong=_("These incidents are open, and the promise of their next word is another's, or was let go of."),
            mend=_(TAMPERED),
            # Broken it may be: then the next word is overdue, and everybody sees it.
            refs="""
                SELECT 'incident:' || incident.id FROM incidents_incident AS incident
                LEFT JOIN promises_promise AS promise ON promise.id = incident.next_word_id
                    AND promise.about = 'incident:' || incident.id AND promise.sort = 'next_word'
                WHERE incident.state = 'open'
                    AND (promise.id IS NULL OR promise.state NOT IN ('open', 'moved', 'late', 'broken')
                        OR (promise.state <> 'broken' AND promise.done_at IS NOT NULL)) ORDER BY incident.id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_("These incidents are to have been said at another moment than their timeline says."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'incident:' || incident.id FROM incidents_incident AS incident
                LEFT JOIN (SELECT incident_id, min(said_at) AS at FROM incidents_entry
                    WHERE changes_id IS NULL AND (in_public OR cardinality(notices) > 0) GROUP BY incident_id) AS told
                    ON told.incident_id = incident.id
                WHERE incident.said_at IS DISTINCT FROM told.at ORDER BY incident.id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_("These incidents are over, and no line of their timeline tells it."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'incident:' || id FROM incidents_incident AS incident WHERE state <> 'open'
                AND NOT EXISTS (SELECT FROM incidents_entry WHERE incident_id = incident.id AND kind = 'ended')
                ORDER BY id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_("These incidents are over, and some who were told that they began were not told so."),
            mend=_("The notice of the end was taken back or stopped: send it again, from the page of the incident."),
            refs=f"SELECT 'incident:' || i.id FROM incidents_incident AS i WHERE {END_UNHEARD} ORDER BY i.id",  # noqa: S608
        ),
        Check(
            invariant="I11",
            wrong=_("The first complaint about these incidents is not the first of the cases that are part of them."),
            mend=_("Link one of their cases anew: the first complaint is looked for then."),
            refs="""
                SELECT 'incident:' || incident.id FROM incidents_incident AS incident
                JOIN cases_message AS message ON incident.first_signal = 'message:' || message.id
                JOIN cases_case AS kase ON kase.id = message.case_id
                WHERE kase.incident <> 'incident:' || incident.id OR message.at <> incident.first_signal_at
                ORDER BY incident.id
            """,
        ),
        *prevention.checks(),
    )

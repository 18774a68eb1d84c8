"""What must be true of breaches: the clock is 72 hours and watched, and what was sent is whole."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.breaches.rules.clock import HOURS
from troth.breaches.rules.contents import CAN_FOLLOW, Field
from troth.ledger.checks import one_fact_each
from troth.words.findings import CHANGED, TAMPERED, Check

#: How long after its moment the watcher may come.
SEEN_WITHIN = timedelta(seconds=60)

_WHOLE = " OR ".join(
    f"(({field} IS NULL OR {field}::text ~ '^[[:space:]]*$')"
    + (f" AND NOT to_follow ? '{field}')" if field in CAN_FOLLOW else ")")
    for field in Field
)


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I12",
            wrong=_("The watcher of breaches is late: the moment of these came more than a minute ago."),
            mend=_("Is the worker running? Its lane `breaches` looks at them; its log says what stands in the way."),
            refs="""
                SELECT 'breach:' || id FROM breaches_breach
                WHERE look_again_at < %(now)s - %(within)s ORDER BY look_again_at, id
            """,
            values={"within": SEEN_WITHIN},
        ),
        Check(
            invariant="I5",
            wrong=_("These breaches run out unwatched, or their 72 hours are not 72 hours after we knew."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'breach:' || id FROM breaches_breach
                WHERE report_by - aware_at <> %(hours)s
                OR (closed_at IS NULL AND party = 'controller' AND reported_at IS NULL AND missed_at IS NULL
                    AND look_again_at IS NULL AND NOT EXISTS (SELECT FROM breaches_exemption AS exemption
                        WHERE exemption.breach_id = breaches_breach.id AND sort = 'no_risk' AND taken_back_at IS NULL))
                OR (missed_at IS NOT NULL AND missed_at > %(now)s) ORDER BY id
            """,
            values={"hours": HOURS},
        ),
        Check(
            invariant="I11",
            wrong=_("These reports to the authority were sent without what the law asks for (GDPR 33(3))."),
            mend=_(TAMPERED),
            refs=f"""
                SELECT 'report:' || report.id FROM breaches_report AS report
                JOIN breaches_breach AS breach ON breach.id = report.breach_id
                WHERE sent_at IS NOT NULL AND ({_WHOLE} OR sent_at < breach.aware_at
                OR (phase = 1 AND sent_at > breach.report_by AND reason_for_delay = ''
                    AND NOT EXISTS (SELECT FROM breaches_correction AS fixed WHERE fixed.breach_id = breach.id
                        AND fixed.delay <> '')))
                ORDER BY report.id
            """,  # noqa: S608 -- names of our own columns
        ),
        Check(
            invariant="I11",
            wrong=_("These breaches were closed although people at high risk were neither told nor need not be."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'breach:' || breach.id FROM breaches_breach AS breach
                WHERE closed_at IS NOT NULL AND party = 'controller' AND high_since IS NOT NULL AND told_at IS NULL
                AND NOT EXISTS (SELECT FROM breaches_exemption AS exemption WHERE exemption.breach_id = breach.id
                    AND sort IN ('protected', 'averted', 'effort') AND taken_back_at IS NULL) ORDER BY breach.id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_("How the risk is thought of and since when it is high contradict each other."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'breach:' || breach.id FROM breaches_breach AS breach
                LEFT JOIN LATERAL (SELECT level FROM breaches_riskdecision WHERE breach_id = breach.id
                    ORDER BY id DESC LIMIT 1) AS risk ON true
                WHERE (coalesce(risk.level, '') = 'high') <> (high_since IS NOT NULL) ORDER BY breach.id
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Breaches and the ledger disagree about which there are."),
            mend=_(CHANGED),
            refs=one_fact_each("BreachAware", "SELECT 'breach:' || id AS ref FROM breaches_breach"),
        ),
    )

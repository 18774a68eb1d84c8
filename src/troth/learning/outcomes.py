"""How answers went on, by how they stood with the reply check when they were sent."""

from __future__ import annotations

from django.db import connection

from troth.cases.rules.checks import Check
from troth.learning.rules.measure import Share
from troth.learning.rules.outcomes import Went
from troth.people.models import Staff
from troth.people.queries import sight_values, within_sight_sql
from troth.reading import CONFIDENT
from troth.words.emotions import HURT

#: So many of the latest answers are counted.
ANSWERS_MAX = 20_000


def went(staff: Staff) -> dict[tuple[Check, bool], Went]:
    """Of the answers *staff* may see, by check and by whether it stood well; one statement."""
    hurt = """EXISTS (
        SELECT 1 FROM jsonb_array_elements(coalesce(m.reading -> 'emotions', '[]')) AS felt
         WHERE felt ->> 'value' = ANY (%(hurt)s) AND (felt ->> 'confidence')::float >= %(sure)s)"""
    sql = f"""
    WITH sent AS (
        SELECT r.case_id, r.changed_at AS at, r.checks, r.status_after = 'resolved' AS closed
          FROM cases_reply r JOIN cases_case k ON k.id = r.case_id
         WHERE r.state = 'sent' AND NOT r.is_note AND r.checks ? 'well' {within_sight_sql("k.team_id")}
         ORDER BY r.id DESC LIMIT {ANSWERS_MAX}
    ), fate AS (
        SELECT sent.*, before.hurt AS was_hurt, after.hurt AS is_hurt, verdict.kept
          FROM sent
          LEFT JOIN LATERAL (
              SELECT {hurt} AS hurt FROM cases_message m
               WHERE m.case_id = sent.case_id AND m.direction = 'inbound' AND m.at <= sent.at
               ORDER BY m.at DESC, m.id DESC LIMIT 1) AS before ON true
          LEFT JOIN LATERAL (
              SELECT {hurt} AS hurt FROM cases_message m
               WHERE m.case_id = sent.case_id AND m.direction = 'inbound' AND m.at > sent.at AND NOT m.automatic
               ORDER BY m.at, m.id LIMIT 1) AS after ON true
          LEFT JOIN LATERAL (
              SELECT bool_and(p.verdict) AS kept FROM promises_promise p
               WHERE p.about = 'case:' || sent.case_id AND p.verdict_at > sent.at) AS verdict ON true
    )
    SELECT one.name, one.well, count(*), count(*) FILTER (WHERE fate.checks -> 'dismissed' ? one.name),
           count(*) FILTER (WHERE kept), count(kept),
           count(*) FILTER (WHERE closed AND is_hurt IS NOT NULL), count(*) FILTER (WHERE closed),
           count(*) FILTER (WHERE was_hurt AND NOT is_hurt), count(*) FILTER (WHERE was_hurt AND is_hurt IS NOT NULL),
           count(*) FILTER (WHERE NOT was_hurt AND is_hurt), count(*) FILTER (WHERE NOT was_hurt AND is_hurt IS NOT NULL)
      FROM fate
     CROSS JOIN LATERAL (
         SELECT jsonb_array_elements_text(fate.checks -> 'well'), true
          UNION ALL SELECT jsonb_array_elements_text(fate.checks -> 'not_well'), false) AS one (name, well)
     GROUP BY one.name, one.well
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, {"hurt": sorted(HURT), "sure": CONFIDENT, **sight_values(staff)})
        return {
            (Check(name), well): Went(
                sent, dismissed, Share(kept, judged), Share(back, closed), Share(better, hurt), Share(worse, calm)
            )
            for name, well, sent, dismissed, kept, judged, back, closed, better, hurt, worse, calm in cursor.fetchall()
            if name in set(Check)
        }

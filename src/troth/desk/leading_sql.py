"""The statements of the lead's page (`leading.py`), with `{names}` for what several of them say."""

from __future__ import annotations

from troth.people.queries import within_sight_sql

TEAM = "AND (%(team)s::bigint IS NULL OR {team} = %(team)s)"
CASE_OF = "JOIN cases_case k ON k.id = substring(t.about FROM 6)::bigint AND NOT k.imported"
# In binary numbers: logarithms of decimal ones take many times as long.
BIN = "ceil(ln(greatest(extract(epoch FROM {span})::float8, %(least)s) / %(least)s) / %(step)s::float8)::int"
SLOT = "date_bin('15 minutes', COALESCE((t.marks ->> -1)::timestamptz, t.started_at), 'epoch'::timestamptz)"
# Met late is late, also where it was noticed only then; what was missed and is not met is late already.
LATE = "CASE WHEN t.met_at IS NOT NULL THEN t.met_at > t.due ELSE t.missed_at IS NOT NULL END"

ANSWERS = """
WITH asked AS (
    SELECT t.started_at < %(since)s AS before, t.sort, k.kind,
           extract(hour FROM t.started_at AT TIME ZONE %(zone)s)::int AS hour,
           extract(isodow FROM t.started_at AT TIME ZONE %(zone)s)::int AS day,
           t.state IN ('met', 'stopped') AS ended, t.state = 'met' AS met, {late} AS late, {bin} AS bin,
           k.team_id, {slot} AS slot, t.state = 'paused' AS paused, date_trunc('minute', t.spent) AS spent
      FROM clocks_clock t {case_of}
     WHERE t.sort IN ('first', 'next') AND t.started_at >= %(since_before)s AND t.started_at < %(until)s
       AND t.about LIKE 'case:%%' {sight} {team}
)
SELECT before, sort, kind, hour, day, bin, met, NULL::bigint, NULL::timestamptz, NULL, NULL::interval,
       count(*), count(*) FILTER (WHERE late)
  FROM asked WHERE ended
 GROUP BY GROUPING SETS ((before, sort, kind, bin, met), (before, sort, hour, bin, met), (before, sort, day, bin, met))
 UNION ALL
(SELECT before, sort, kind, hour, day, NULL, false, team_id, slot, paused, spent, count(*), count(*) FILTER (WHERE late)
  FROM asked WHERE NOT ended
 GROUP BY before, sort, kind, hour, day, team_id, slot, paused, spent ORDER BY slot DESC LIMIT %(waiting)s)
"""

AGE_OF = "width_bucket(extract(epoch FROM %(now)s - {at}), %(ages)s::float[])"
BACKLOG = """
SELECT (SELECT json_agg(json_build_array(age, asks, count)) FROM (
            SELECT {age_asked} AS age, true AS asks, count(*) FROM cases_case k
             WHERE unanswered_since IS NOT NULL AND NOT imported {sight} {team} GROUP BY 1
             UNION ALL
            SELECT {age_opened}, false, count(*) FROM cases_case k
             WHERE status = 'open' AND NOT imported {sight} {team} GROUP BY 1) AS aged),
       (SELECT json_agg(json_build_array(id, subject, unanswered_since, answer_by, owner) ORDER BY unanswered_since, id) FROM (
            SELECT k.id, k.subject, k.unanswered_since, k.answer_by, s.name AS owner
              FROM cases_case k LEFT JOIN people_staff s ON s.id = k.assignee_id
             WHERE k.unanswered_since IS NOT NULL AND NOT k.imported {sight} {team}
             ORDER BY k.unanswered_since, k.id LIMIT %(oldest)s) AS oldest),
       (SELECT count(*) FROM clocks_clock t {case_of}
         WHERE t.state IN ('paused', 'running') AND t.sort IN ('first', 'next') AND t.about LIKE 'case:%%' {sight} {team}),
       (SELECT json_agg(json_build_array(day, asked, ended)) FROM (
            SELECT day, count(*) FILTER (WHERE began) AS asked, count(*) FILTER (WHERE NOT began) AS ended FROM (
                SELECT (t.started_at AT TIME ZONE %(zone)s)::date AS day, true AS began FROM clocks_clock t {case_of}
                 WHERE t.sort IN ('first', 'next') AND t.started_at >= %(since)s AND t.about LIKE 'case:%%' {sight} {team}
                 UNION ALL
                SELECT (t.met_at AT TIME ZONE %(zone)s)::date, false FROM clocks_clock t {case_of}
                 WHERE t.sort IN ('first', 'next') AND t.met_at >= %(since)s AND t.about LIKE 'case:%%' {sight} {team}
                 UNION ALL
                SELECT (t.stopped_at AT TIME ZONE %(zone)s)::date, false FROM clocks_clock t {case_of}
                 WHERE t.sort IN ('first', 'next') AND t.stopped_at >= %(since)s AND t.about LIKE 'case:%%' {sight} {team}
            ) AS moments GROUP BY day) AS by_day)
"""

RISK = """
WITH horizon AS (SELECT * FROM unnest(
    %(teams)s::bigint[], %(soon)s::timestamptz[], %(later)s::timestamptz[]) AS h (team, soon, later))
SELECT t.sort, k.team_id, g.name, k.assignee_id, s.name, count(*) FILTER (WHERE t.due <= %(now)s),
       count(*) FILTER (WHERE t.due > %(now)s AND t.due <= h.soon), 
       count(*) FILTER (WHERE t.due > %(now)s AND t.due > h.soon), min(t.due)
  FROM clocks_clock t {case_of}
  LEFT JOIN people_team g ON g.id = k.team_id LEFT JOIN people_staff s ON s.id = k.assignee_id
  JOIN horizon h ON h.team = CASE WHEN k.team_id = ANY (%(teams)s) THEN k.team_id ELSE 0 END
 WHERE t.state = 'running' AND t.due <= %(latest)s AND t.due <= h.later AND t.about LIKE 'case:%%' {sight} {team}
 GROUP BY t.sort, k.team_id, g.name, k.assignee_id, s.name
 ORDER BY g.name NULLS FIRST, s.name NULLS FIRST, k.assignee_id, t.sort
"""

MISSES = """
WITH missed AS (
    SELECT 'promise' AS what, p.id, p.miss_reason AS reason, p.first_due AS at, p.what AS words, p.sort AS sort
      FROM promises_promise p
     WHERE p.first_due >= %(since)s AND p.first_due < %(until)s AND p.state IN ('late', 'broken') AND p.strength <> 'aim'
       AND NOT p.imported {promise_sight} {promise_team}
     UNION ALL
    SELECT 'case', k.id, t.miss_reason, t.missed_at, k.subject, t.sort
      FROM clocks_clock t {case_of}
     WHERE t.missed_at >= %(since)s AND t.missed_at < %(until)s AND NOT COALESCE(t.met_at <= t.due, false)
       AND t.about LIKE 'case:%%' {sight} {team}
)
SELECT (SELECT json_agg(json_build_array(what, reason, count)) FROM (
            SELECT what, reason, count(*) FROM missed GROUP BY what, reason) AS counted),
       (SELECT json_agg(json_build_array(what, id, words, at, sort) ORDER BY at DESC, id DESC) FROM (
            SELECT * FROM missed WHERE reason = '' ORDER BY at DESC, id DESC LIMIT %(shown)s) AS unexplained)
"""

# Staff's word comes before ours. What was not read (another language, no words) says nothing, and is not called calm.
FELT = """
SELECT CASE WHEN c.id IS NULL AND COALESCE(m.reading ->> 'language', 'unknown') <> 'en' THEN NULL
            WHEN felt.all ? 'anger' THEN 'angry' WHEN felt.all ?| %(hurt)s THEN 'hurt'
            WHEN felt.all ?| %(pleased)s THEN 'pleased' ELSE 'calm' END AS felt
  FROM cases_message m
  LEFT JOIN cases_correction c ON c.message_id = m.id AND c.field = 'emotions' AND c.until IS NULL
 CROSS JOIN LATERAL (SELECT COALESCE(c.said, (
       SELECT jsonb_agg(one ->> 'value') FROM jsonb_array_elements(COALESCE(m.reading -> 'emotions', '[]')) AS one
        WHERE (one ->> 'confidence')::float >= %(sure)s), '[]'::jsonb) AS all) AS felt
 WHERE m.case_id = k.id AND m.direction = 'inbound' AND NOT m.automatic
"""
CARED = """
WITH k AS (
    SELECT k.id, k.cause, k.urgency, k.is_public, k.team_id FROM cases_case k
     WHERE k.opened_at >= %(since)s AND k.opened_at < %(until)s AND NOT k.imported {sight} {team}
     ORDER BY k.opened_at DESC, k.id DESC LIMIT %(most)s
)
SELECT k.cause, k.urgency, k.is_public, first.felt, last.felt, {bin},
       CASE WHEN t.state IN ('running', 'paused') THEN k.team_id END, CASE WHEN t.state IN ('running', 'paused') THEN {slot} END,
       t.state = 'paused', CASE WHEN t.state IN ('running', 'paused') THEN date_trunc('minute', t.spent) END,
       t.id IS NOT NULL, count(*), sum(word.kept), sum(word.decided)
  FROM k
  LEFT JOIN clocks_clock t ON t.about = 'case:' || k.id AND t.sort = 'first' AND t.number = 1
  LEFT JOIN LATERAL ({felt} ORDER BY m.at, m.id LIMIT 1) AS first ON true
  LEFT JOIN LATERAL (SELECT a.at FROM cases_message a WHERE a.case_id = k.id AND a.direction = 'outbound' AND NOT a.automatic
                      ORDER BY a.at, a.id LIMIT 1) AS answer ON true
  LEFT JOIN LATERAL ({felt} AND m.at > answer.at ORDER BY m.at DESC, m.id DESC LIMIT 1) AS last ON true
  LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE p.state = 'kept') AS kept,
             count(*) FILTER (WHERE p.state IN ('kept', 'late', 'broken')
                                  OR (p.state = 'moved' AND p.first_due <= %(now)s)) AS decided
        FROM promises_promise p
       WHERE p.about = 'case:' || k.id AND p.sort = 'deed' AND p.strength <> 'aim') AS word ON true
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""


def written(text: str, **parts: str) -> str:
    """The statement with what it shares with others, and its own *parts*."""
    shared = {
        "sight": within_sight_sql("k.team_id"),
        "team": TEAM.format(team="k.team_id"),
        "case_of": CASE_OF,
        "bin": BIN.format(span="t.spent"),
        "slot": SLOT,
        "late": LATE,
    }
    for name, part in (parts | shared).items():
        text = text.replace(f"{{{name}}}", part)
    return text

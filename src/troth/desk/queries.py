"""What Today shows: one list of what must be said before when, in one statement, and the figures above it in another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from troth.desk.called import Call, called_sql, calls
from troth.incidents.queries import END_UNHEARD
from troth.people.models import Staff
from troth.people.planned import planned_once
from troth.people.queries import sight_values, within_sight_sql
from troth.promises.queries import Window, tally
from troth.promises.rules.rates import Tally

#: Rows on one page; the rest is counted, and comes as the first are done.
ROWS_MOST = 100
SURPRISE_WINDOW = timedelta(days=90)
#: Later than anybody was met.
FAR = datetime(9000, 1, 1, tzinfo=UTC)

# That it does not happen again is owed, and nothing is to be done for it: its watch speaks up when it does.
_PROMISES = """
SELECT 'promise' AS sort, p.id, p.due, p.state, p.what, p.source_quote, p.warned_at, p.escalated_at, p.telling_at, p.about,
       c.id AS customer_id, COALESCE(NULLIF(c.name, ''), h.address, '') AS customer, s.name AS owner,
       COALESCE(k.emotion, '') AS emotion, p.sort AS about_sort, COALESCE(k.subject, '') AS subject, {again} AS again
  FROM ((SELECT * FROM promises_promise p
         WHERE p.state IN ('open', 'moved', 'late') AND p.done_at IS NULL AND p.sort <> 'not_again' {promise_filter} {promise_sight}
         ORDER BY p.due, p.id LIMIT {most})
        UNION
        (SELECT p.* FROM (SELECT id FROM cases_case WHERE again_of_id IS NOT NULL AND unanswered_since IS NOT NULL
                           ORDER BY answer_by, id LIMIT {most}) k
           JOIN promises_promise p ON p.about = 'case:' || k.id
          WHERE p.state IN ('open', 'moved', 'late') AND p.done_at IS NULL {promise_filter} {promise_sight})) AS p
  LEFT JOIN people_customer c ON c.id = p.customer_id
  LEFT JOIN LATERAL (SELECT address FROM people_handle WHERE customer_id = c.id ORDER BY id LIMIT 1) h ON c.name = ''
  LEFT JOIN people_staff s ON s.id = p.owner_id
  LEFT JOIN cases_case k ON k.id = CASE WHEN p.about ~ '^case:[0-9]+$' THEN substring(p.about FROM 6)::bigint END
"""
# The second time of the same trouble outranks everything; the first time may lie in a team that is closed to the reader.
_AGAIN = "EXISTS (SELECT FROM cases_case e WHERE e.id = k.again_of_id {sight})"
# Whoever has our word for an answer is on the list with that; the case does not stand there twice.
_CASE = """NOT k.imported {case_filter} {case_sight}
   AND NOT EXISTS (SELECT FROM promises_promise p WHERE p.about = 'case:' || k.id AND p.sort = 'answer'
                      AND p.state IN ('open', 'moved', 'late') AND p.done_at IS NULL OFFSET 0)"""
# An answer is asked for at once, word and an end only when they come near or have been missed.
_ASKS = "t.state = 'running' AND (t.sort IN ('first', 'next') OR t.warned_at IS NOT NULL OR t.missed_at IS NOT NULL)"
# With OFFSET 0 a case's promises are looked up for that case; joined, all promises of all cases would be read first. Each case
# is there once, with the nearest of its clocks; one that waits for an answer without a clock has no target of ours.
_CASES = """
SELECT 'case' AS sort, k.id, t.due, k.status AS state, k.subject AS what, '' AS source_quote,
       t.warned_at, t.escalated_at, NULL::timestamptz AS telling_at, '' AS about,
       c.id AS customer_id, COALESCE(NULLIF(c.name, ''), h.address, '') AS customer, s.name AS owner, k.emotion,
       COALESCE(t.sort, 'next') AS about_sort, k.subject, {again} AS again
  FROM ((SELECT k.* FROM clocks_clock t JOIN cases_case k ON k.id = substring(t.about FROM 6)::bigint
          WHERE {asks} AND {case} ORDER BY t.due, t.id LIMIT {most})
        UNION
        (SELECT * FROM cases_case k WHERE k.again_of_id IS NOT NULL AND k.unanswered_since IS NOT NULL AND {case}
          ORDER BY k.answer_by, k.id LIMIT {most})
        UNION
        (SELECT * FROM cases_case k WHERE k.answer_by IS NULL AND k.unanswered_since IS NOT NULL AND {case}
          ORDER BY k.answer_by, k.id LIMIT {most})) AS k
  LEFT JOIN LATERAL (SELECT * FROM clocks_clock t WHERE t.about = 'case:' || k.id AND {asks}
                      ORDER BY t.due, t.id LIMIT 1) t ON true
  JOIN people_customer c ON c.id = k.customer_id
  LEFT JOIN LATERAL (SELECT address FROM people_handle WHERE customer_id = c.id ORDER BY id LIMIT 1) h ON c.name = ''
  LEFT JOIN people_staff s ON s.id = k.assignee_id
"""
# What was not to happen again and may have: asked above everything else. Then those who were hurt before and do not know yet.
# That it held is told among what is due. All of it is little: a few watches, and what is found by them.
_AGAIN_AND_HELD = """
SELECT found.sort, found.id, found.due, found.state, i.title AS what, '' AS source_quote,
       NULL::timestamptz AS warned_at, NULL::timestamptz AS escalated_at, NULL::timestamptz AS telling_at,
       'incident:' || i.id AS about, c.id AS customer_id, COALESCE(NULLIF(c.name, ''), h.address, '') AS customer, s.name AS owner,
       COALESCE(k.emotion, '') AS emotion, found.about_sort, COALESCE(k.subject, '') AS subject, false AS again
  FROM (SELECT 'recurrence' AS sort, r.id, r.found_at AS due, r.state, r.case AS about_sort, w.incident_id,
               substring(r.case FROM 6)::bigint AS case_id
          FROM incidents_recurrence r JOIN incidents_watch w ON w.id = r.watch_id AND w.state = 'watching'
         WHERE r.state = 'found' AND r.is_strong
        UNION ALL
        SELECT 'recurred', w.id, w.ended_at, w.state, '', w.incident_id, NULL
          FROM incidents_watch w JOIN incidents_incident o ON o.id = w.incident_id AND o.state = 'open'
         WHERE w.state = 'broken' AND NOT EXISTS (SELECT FROM incidents_entry e
               WHERE e.incident_id = w.incident_id AND e.kind = 'recurred' AND e.said_at >= w.ended_at)
        UNION ALL
        SELECT 'held', w.id, w.ended_at, w.state, '', w.incident_id, NULL
          FROM incidents_watch w
         WHERE w.state = 'held' AND NOT EXISTS (SELECT FROM incidents_entry e
               WHERE e.incident_id = w.incident_id AND e.kind = 'held' AND e.said_at >= w.ended_at)
        UNION ALL
        SELECT 'unheard', i.id, i.end_said_at, i.state, '', i.id, NULL FROM incidents_incident i WHERE {end_unheard}) AS found
  JOIN incidents_incident i ON i.id = found.incident_id
  LEFT JOIN cases_case k ON k.id = found.case_id
  LEFT JOIN people_customer c ON c.id = k.customer_id
  LEFT JOIN LATERAL (SELECT address FROM people_handle WHERE customer_id = c.id ORDER BY id LIMIT 1) h ON c.name = ''
  LEFT JOIN people_staff s ON s.id = i.owner_id
 WHERE true {incident_filter} {incident_sight} {case_sight}
"""
#: These stand before everything, also before the second time of one customer.
_FIRST = "sort IN ('recurrence', 'recurred') DESC"
#: A figure above the list is counted so far; beyond, nobody reads it more exactly, and everybody would wait for it.
COUNTED_MOST = 1000
# Each in the order of an index, or the planner reads the table for them.
_FIGURES = """
SELECT (SELECT count(*) FROM (SELECT FROM promises_promise WHERE state IN ('open', 'moved', 'late') AND done_at IS NULL
           AND due >= %(now)s AND due < %(midnight)s {promise_sight} ORDER BY due LIMIT {most}) AS due_today),
       (SELECT count(*) FROM (
           (SELECT FROM promises_promise WHERE state IN ('open', 'moved', 'late') AND done_at IS NULL
               AND due < %(now)s {promise_sight} ORDER BY due LIMIT {most})
           UNION ALL
           (SELECT FROM promises_promise WHERE state IN ('open', 'moved', 'late') AND done_at IS NULL
               AND due >= %(now)s AND warned_at IS NOT NULL {promise_sight} ORDER BY due LIMIT {most})) AS at_risk),
       (SELECT count(*) FROM (SELECT FROM cases_case WHERE unanswered_since IS NOT NULL AND NOT imported {case_sight}
           ORDER BY answer_by LIMIT {most}) AS unanswered),
       (SELECT count(*) FROM post_letter WHERE NOT bulk AND state IN ('refused', 'unclear')),
       (SELECT name FROM people_company),
       (SELECT is_sample FROM people_company),
       (SELECT json_agg(json_build_array(name, GREATEST(heartbeat_at, started_at), last_problem) ORDER BY name)
          FROM email_mailbox
         WHERE enabled AND (last_problem <> '' AND last_problem_at > COALESCE(heartbeat_at, '-infinity')
            OR NOT is_archive AND COALESCE(GREATEST(heartbeat_at, started_at), '-infinity') < %(silent_before)s)),
       (SELECT count(*) FROM privacy_request WHERE answered_at IS NULL),
       (SELECT min(answer_by) FROM privacy_request WHERE answered_at IS NULL),
       {called}
"""
#: A mailbox answers every two minutes at the latest; what says nothing for this long is silent.
SILENT_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Whose:
    """Whose matters are shown: everyone's, one's own, or nobody's yet."""

    key: str = "all"

    @property
    def promise_filter(self) -> str:
        return {"mine": "AND p.owner_id = %(staff)s", "nobody": "AND p.owner_id IS NULL"}.get(self.key, "")

    @property
    def incident_filter(self) -> str:
        return {"mine": "AND i.owner_id = %(staff)s", "nobody": "AND i.owner_id IS NULL"}.get(self.key, "")

    @property
    def case_filter(self) -> str:
        return {"mine": "AND k.assignee_id = %(staff)s", "nobody": "AND k.assignee_id IS NULL"}.get(self.key, "")


@dataclass(frozen=True)
class Row:
    """One thing to be said: a promise owed, a case and the nearest of its clocks, or what came back or did not.

    *sort*: promise or case; recurrence (a case that may be what was not to happen again), recurred (those hurt before do not know
    that it came back), held (they do not know that it did not), unheard (those told that it began do not know that it is over).
    """

    sort: str
    id: int
    due: datetime | None
    state: str
    what: str
    source_quote: str
    warned_at: datetime | None
    escalated_at: datetime | None
    telling_at: datetime | None
    about: str
    customer_id: int | None
    customer: str
    owner: str | None
    emotion: str
    #: Of a promise its own sort, of a case its clock's.
    about_sort: str
    #: What the case is about, where there is one.
    subject: str
    #: The case is the same trouble once more.
    again: bool


def today_rows(staff: Staff, whose: Whose, *, most: int = ROWS_MOST) -> list[Row]:
    """What must be said: what has happened before first of all, then the nearest; one statement however much there is."""
    again = _AGAIN.format(sight=within_sight_sql("e.team_id", staff))
    promise_sight, case_sight = within_sight_sql("p.team_id", staff), within_sight_sql("k.team_id", staff)
    promises = _PROMISES.format(
        promise_filter=whose.promise_filter, promise_sight=promise_sight, again=again, most=int(most)
    )
    case = _CASE.format(case_filter=whose.case_filter, case_sight=case_sight)
    cases = _CASES.format(case=case, asks=_ASKS, again=again, most=int(most))
    back = _AGAIN_AND_HELD.format(
        end_unheard=END_UNHEARD,
        incident_filter=whose.incident_filter,
        incident_sight=within_sight_sql("i.team_id", staff),
        case_sight=within_sight_sql("k.team_id", staff),
    )
    sql = (
        f"SELECT * FROM (({promises})"  # noqa: S608 - fixed texts only
        f" UNION ALL ({cases}) UNION ALL ({back})) AS rows"
        f" ORDER BY {_FIRST}, again DESC, due NULLS LAST, sort, id LIMIT {int(most)}"
    )
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(sql, {"staff": staff.pk, **sight_values(staff)})
        return [Row(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Figures:
    due_today: int
    at_risk: int
    unanswered: int
    letters_failed: int
    #: None before there is one.
    company: str | None
    is_sample: bool
    silent: list[Silent]
    #: How many asked to be forgotten and wait for an answer, and by when the first has our word for one.
    asked: int
    asked_by: datetime | None
    #: What the reader is called for.
    called: list[Call]


@dataclass(frozen=True)
class Silent:
    """A mailbox that is not heard."""

    name: str
    #: None where it never was.
    since: datetime | None
    #: "" where nobody has noticed one: then the worker is away, or the line is dead.
    problem: str


def today_figures(staff: Staff, *, now: datetime, midnight: datetime) -> Figures:
    """The counts above the list, and the company's name, silent mailboxes and wishes on the way; one statement."""
    with planned_once(), connection.cursor() as cursor:
        sql = _FIGURES.format(
            most=COUNTED_MOST + 1,
            promise_sight=within_sight_sql("promises_promise.team_id", staff),
            case_sight=within_sight_sql("cases_case.team_id", staff),
            called=called_sql(staff),
        )
        values: dict[str, Any] = {
            "staff": staff.pk,
            "now": now,
            "midnight": midnight,
            "silent_before": now - SILENT_AFTER,
        }
        cursor.execute(sql, {**values, **sight_values(staff)})
        due_today, at_risk, unanswered, letters_failed, company, is_sample, silent, asked, asked_by, called = (
            cursor.fetchone()
        )
    return Figures(
        due_today=due_today,
        at_risk=at_risk,
        unanswered=unanswered,
        letters_failed=letters_failed,
        company=company,
        is_sample=bool(is_sample),
        silent=[_silent(*values) for values in silent or []],
        asked=asked,
        asked_by=asked_by,
        called=calls(called),
    )


def _silent(name: str, since: str | None, problem: str) -> Silent:
    return Silent(name=name, since=datetime.fromisoformat(since) if since else None, problem=problem)


def recent_tally(*, now: datetime, only: Q | None = None) -> Tally:
    """Decided promises whose first date lay in the last ninety days."""
    return tally(Window(since=now - SURPRISE_WINDOW, until=now), now=now, only=only)


#: Each of the two ways to find somebody gives as many as a page shows, by whichever index is the shorter way there.
_FOUND = """
(SELECT n.id FROM people_customer n
  WHERE n.root_id = n.id AND upper(n.name) LIKE upper(%(like)s) AND (n.met_at, n.id) < (%(met_at)s, %(id)s)
  ORDER BY n.met_at DESC, n.id DESC LIMIT %(most)s)
UNION
(SELECT r.id FROM people_handle h JOIN people_customer f ON f.id = h.customer_id JOIN people_customer r ON r.id = f.root_id
  WHERE upper(h.address) LIKE upper(%(like)s) AND (r.met_at, r.id) < (%(met_at)s, %(id)s)
  ORDER BY r.met_at DESC, r.id DESC LIMIT %(most)s)
"""


def customer_rows(
    staff: Staff, *, search: str, before: tuple[datetime, int] | None, most: int = 50
) -> list[dict[str, Any]]:
    """Customers, newest first, with what they are owed as far as *staff* sees; one statement."""
    case_sight, promise_sight = within_sight_sql("k.team_id"), within_sight_sql("p.team_id")
    sql = f"""
    SELECT c.id, COALESCE(NULLIF(c.name, ''), h.address, '') AS name, h.address AS handle, c.met_at,
           (SELECT count(*) FROM cases_case k WHERE k.customer_id = c.id AND k.status <> 'resolved' {case_sight}) AS cases,
           (SELECT count(*) FROM promises_promise p WHERE p.customer_id = c.id AND p.done_at IS NULL
               AND p.state IN ('open', 'moved', 'late') {promise_sight}) AS promises,
           (SELECT max(k.last_message_at) FROM cases_case k WHERE k.customer_id = c.id {case_sight}) AS last_at,
           t.kept, t.decided
      FROM (SELECT * FROM people_customer c WHERE c.root_id = c.id AND c.erased_at IS NULL AND (c.met_at, c.id) < (%(met_at)s, %(id)s)
               {f"AND c.id IN ({_FOUND})" if search else ""}
             ORDER BY c.met_at DESC, c.id DESC LIMIT %(most)s) AS c
      LEFT JOIN LATERAL (SELECT address FROM people_handle WHERE customer_id = c.id ORDER BY id LIMIT 1) h ON true
      LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'kept') AS kept,
               count(*) FILTER (WHERE state IN ('kept', 'late', 'broken') OR (state = 'moved' AND first_due <= now())) AS decided
               FROM promises_promise WHERE customer_id = c.id) t ON true
     ORDER BY c.met_at DESC, c.id DESC
    """  # noqa: S608 - our own text
    like = f"%{_plain(search)}%" if search else ""
    met_at, pk = before or (FAR, 2**62)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"like": like, "met_at": met_at, "id": pk, "most": most, **sight_values(staff)})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _plain(search: str) -> str:
    """*search* with LIKE's own signs taken literally."""
    return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

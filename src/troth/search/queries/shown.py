"""What is shown of the places that were found: their words in context, their cases, and customers by name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Value

from troth.people.models import Customer, Staff, Team
from troth.people.queries import sight_values, within_sight_sql
from troth.people.rules.roles import May, Role, allowed
from troth.search.models import PassageSort
from troth.search.queries.question import Question

#: What is marked in an excerpt; no text holds these where it is shown.
HIT_FROM, HIT_TO = "\x02", "\x03"


@dataclass(frozen=True)
class Excerpt:
    """The words of a place in their context, with what was found between HIT_FROM and HIT_TO; who said them."""

    ref: str
    sort: PassageSort
    at: datetime
    text: str
    #: "inbound", "outbound" or "note" of a message; the state of a promise.
    how: str
    who: str | None
    customer_id: int | None


_EXCERPTS = """
SELECT w.ref, w.sort, w.at,
       ts_headline(w.tongue::regconfig, translate(left(COALESCE(m.text, c.subject, concat_ws(' ', NULLIF(p.what, p.source_quote),
                   p.source_quote, p.condition)), 8000), E'\\x02\\x03', ''), %(question)s::tsquery,
                   E'StartSel=\\x02, StopSel=\\x03, FragmentDelimiter=" … ", MinWords=10, MaxWords=28, MaxFragments='
                   || CASE WHEN m.id IS NULL THEN 0 ELSE 2 END || ', HighlightAll=' || (m.id IS NULL)),
       COALESCE(m.direction, p.state, ''), s.name, p.customer_id
  FROM search_passage w
  LEFT JOIN cases_message m ON w.sort IN ('message', 'note') AND m.id = split_part(w.ref, ':', 2)::bigint
  LEFT JOIN promises_promise p ON w.sort = 'promise' AND p.id = split_part(w.ref, ':', 2)::bigint
  LEFT JOIN cases_case c ON w.sort = 'subject' AND c.id = w.case_id
  LEFT JOIN people_staff s ON s.id = COALESCE(m.staff_id, p.owner_id)
 WHERE w.ref = ANY (%(refs)s)
"""


def excerpts(question: Question, refs: Sequence[str]) -> dict[str, Excerpt]:
    """The words of each of these places; one statement."""
    if not refs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_EXCERPTS, {"question": question.text, "refs": list(refs)})
        rows = [Excerpt(row[0], PassageSort(row[1]), *row[2:]) for row in cursor.fetchall()]
    return {row.ref: row for row in rows}


@dataclass(frozen=True)
class CaseFound:
    """A case in which something was found, as a row tells it."""

    id: int
    subject: str
    status: str
    kind: str
    cause: str
    last_message_at: datetime
    unverified: bool
    for_staff_only: bool
    customer_id: int
    customer: str
    owner: str | None
    #: Those that stand in it: number, state, when due and words, the newest first; a few.
    promises: list[dict[str, Any]]


PROMISES_SHOWN = 4


def cases(staff: Staff, numbers: Sequence[int]) -> dict[int, CaseFound]:
    """The cases with these numbers that *staff* may see, with what was promised in them; one statement."""
    if not numbers:
        return {}
    sql = f"""
    SELECT c.id, c.subject, c.status, c.kind, c.cause, c.last_message_at, c.unverified, c.for_staff_only, r.id,
           COALESCE(NULLIF(r.name, ''), h.address, ''), s.name,
           ARRAY(SELECT jsonb_build_object('id', p.id, 'state', p.state, 'what', p.what, 'sort', p.sort)
                   FROM promises_promise p WHERE p.about = 'case:' || c.id AND p.sort <> 'answer' {within_sight_sql("p.team_id")}
                  ORDER BY p.made_at DESC, p.id DESC LIMIT {PROMISES_SHOWN})
      FROM cases_case c JOIN people_customer n ON n.id = c.customer_id JOIN people_customer r ON r.id = n.root_id
      LEFT JOIN LATERAL (SELECT address FROM people_handle WHERE customer_id = r.id ORDER BY id LIMIT 1) h ON r.name = ''
      LEFT JOIN people_staff s ON s.id = c.assignee_id
     WHERE c.id = ANY (%(numbers)s) {within_sight_sql("c.team_id")}
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, {"numbers": list(numbers), **sight_values(staff)})
        rows = [(*row[:-1], [json.loads(promise) for promise in row[-1]]) for row in cursor.fetchall()]
    return {row[0]: CaseFound(*row) for row in rows}


def owners_and_teams() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Whose cases can be asked for; one statement."""
    owners = Staff.objects.filter(is_active=True, role__in=[role for role in Role if allowed(role, May.ANSWER)])
    rows = owners.values_list(Value("owner"), "pk", "name").union(
        Team.objects.values_list(Value("team"), "pk", "name"), all=True
    )
    found = sorted(rows, key=lambda row: row[2])
    return (
        [(pk, name) for what, pk, name in found if what == "owner"],
        [(pk, name) for what, pk, name in found if what == "team"],
    )


@dataclass(frozen=True)
class CustomerFound:
    id: int
    name: str
    address: str
    #: The numbers of their latest cases that may be seen.
    cases: list[int]


#: Each way gives a few; a name or an address that holds every word.
_CUSTOMERS = """
SELECT r.id, r.name, COALESCE(h.address, ''),
       ARRAY(SELECT c.id FROM people_customer n JOIN cases_case c ON c.customer_id = n.id
              WHERE n.root_id = r.id {case_sight} ORDER BY c.opened_at DESC LIMIT 3) FROM (
    (SELECT root_id FROM people_customer WHERE {names} ORDER BY met_at DESC LIMIT %(most)s)
    UNION
    (SELECT n.root_id FROM people_handle a JOIN people_customer n ON n.id = a.customer_id
      WHERE {addresses} ORDER BY a.id DESC LIMIT %(most)s)) AS found
  JOIN people_customer r ON r.id = found.root_id AND r.erased_at IS NULL
  LEFT JOIN LATERAL (SELECT address FROM people_handle WHERE customer_id = r.id ORDER BY id LIMIT 1) h ON true
 ORDER BY r.met_at DESC LIMIT %(most)s
"""


def customers(staff: Staff, names: Sequence[str], *, most: int = 5) -> list[CustomerFound]:
    """Customers whose name or address holds all of these, the latest met first; one statement."""
    if not names:
        return []
    # One LIKE for each, for an index of trigrams takes no list of them.
    likes = {f"like_{nth}": f"%{_plain(name).upper()}%" for nth, name in enumerate(names)}
    sql = _CUSTOMERS.format(
        case_sight=within_sight_sql("c.team_id"),
        names=" AND ".join(f"upper(name) LIKE %({key})s" for key in likes),
        addresses=" AND ".join(f"upper(a.address) LIKE %({key})s" for key in likes),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**likes, "most": most, **sight_values(staff)})
        return [CustomerFound(*row) for row in cursor.fetchall()]


def _plain(typed: str) -> str:
    """*typed* with LIKE's own signs taken literally."""
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def customer_name(number: int) -> str:
    """Whom a search is narrowed to; empty where there is nobody by that number."""
    who = Customer.objects.filter(pk=number, erased_at=None).first()
    return str(who) if who else ""

"""What is shown of the places that were found: their words in context, their cases, and customers by name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from troth.people.models import Customer, Staff
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
                   || CASE WHEN m.id IS NULL THEN 0 ELSE 2 END || ', HighlightAll=' || (m.id IS NULL)) AS text,
       COALESCE(m.direction, p.state, '') AS how, s.name AS who, p.customer_id
  FROM search_passage w
  LEFT JOIN cases_message m ON w.sort IN ('message', 'note') AND m.id = split_part(w.ref, ':', 2)::bigint
  LEFT JOIN promises_promise p ON w.sort = 'promise' AND p.id = split_part(w.ref, ':', 2)::bigint
  LEFT JOIN cases_case c ON w.sort = 'subject' AND c.id = w.case_id
  LEFT JOIN people_staff s ON s.id = COALESCE(m.staff_id, p.owner_id)
 WHERE w.ref = ANY (%(refs)s)
"""


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


_CASES = """
SELECT c.id, c.subject, c.status, c.kind, c.cause, c.last_message_at, c.unverified, c.for_staff_only, r.id AS customer_id,
       COALESCE(NULLIF(r.name, ''), h.address, '') AS customer, s.name AS owner,
       ARRAY(SELECT jsonb_build_object('id', p.id, 'state', p.state, 'what', p.what, 'sort', p.sort)
               FROM promises_promise p WHERE p.about = 'case:' || c.id AND p.sort <> 'answer' {promise_sight}
              ORDER BY p.made_at DESC, p.id DESC LIMIT {most}) AS promises
  FROM cases_case c JOIN people_customer n ON n.id = c.customer_id JOIN people_customer r ON r.id = n.root_id
  LEFT JOIN LATERAL (SELECT address FROM people_handle WHERE customer_id = r.id ORDER BY id LIMIT 1) h ON r.name = ''
  LEFT JOIN people_staff s ON s.id = c.assignee_id
 WHERE c.id = ANY (%(numbers)s) {case_sight}
"""
_OWNERS = "SELECT id, name FROM people_staff WHERE is_active AND role = ANY (%(roles)s)"
_TEAMS = "SELECT id, name FROM people_team"

Choices = list[tuple[int, str]]


@dataclass(frozen=True)
class Shown:
    """What a page tells of what was found."""

    cases: dict[int, CaseFound] = field(default_factory=dict)
    excerpts: dict[str, Excerpt] = field(default_factory=dict)
    #: Whose cases can be asked for, where that was wanted.
    owners: Choices = field(default_factory=list)
    teams: Choices = field(default_factory=list)


def shown(
    staff: Staff,
    *,
    numbers: Sequence[int] = (),
    question: Question,
    refs: Sequence[str] = (),
    with_choices: bool = False,
) -> Shown:
    """The cases with these *numbers* that *staff* may see, the words of these places, and what can be chosen; one statement."""
    parts = {}
    if numbers:
        parts["case"] = _CASES.format(
            promise_sight=within_sight_sql("p.team_id"), case_sight=within_sight_sql("c.team_id"), most=PROMISES_SHOWN
        )
    if refs:
        parts["excerpt"] = _EXCERPTS
    if with_choices:
        parts |= {"owner": _OWNERS, "team": _TEAMS}
    if not parts:
        return Shown()
    sql = " UNION ALL ".join(
        f"(SELECT '{what}', to_jsonb(found) FROM ({part}) AS found)"  # noqa: S608 - our own text
        for what, part in parts.items()
    )
    values: dict[str, Any] = {
        "numbers": list(numbers),
        "question": question.text,
        "refs": list(refs),
        "roles": [role.value for role in Role if allowed(role, May.ANSWER)],
    }
    found: dict[str, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, **sight_values(staff)})
        for what, plain in cursor.fetchall():
            found.setdefault(what, []).append(json.loads(plain))
    cases = [
        CaseFound(**{**plain, "last_message_at": datetime.fromisoformat(plain["last_message_at"])})
        for plain in found.get("case", [])
    ]
    excerpts = [
        Excerpt(**{**plain, "sort": PassageSort(plain["sort"]), "at": datetime.fromisoformat(plain["at"])})
        for plain in found.get("excerpt", [])
    ]
    return Shown(
        cases={one.id: one for one in cases},
        excerpts={one.ref: one for one in excerpts},
        owners=_by_name(found.get("owner", [])),
        teams=_by_name(found.get("team", [])),
    )


def _by_name(found: list[dict[str, Any]]) -> Choices:
    return sorted(((one["id"], one["name"]) for one in found), key=lambda one: one[1])


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

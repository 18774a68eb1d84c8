"""Cases like the one at hand: what was promised in them, how that ended, and how the answer began."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from django.core.cache import caches
from django.db import connection

from troth.cases.models import Case
from troth.cases.rules import kept
from troth.ledger import queries as ledger
from troth.people.models import Staff
from troth.people.queries import sight_values, within_sight_sql
from troth.search.models import PassageSort
from troth.search.queries import Narrowed, Question, walk
from troth.search.rules.likeness import alike, likeness, shared, telling, weighed
from troth.words.refs import ref

SHOWN = 3
#: Of the newest passages that share words, so many; of those the best matching are compared by meaning.
COMPARED = 80
#: Among so many of the latest cases those of the same cause are compared, too.
LATEST = 3000
#: The most pairs of words that are asked for at once.
PAIRS = 28
BEGINNING = 280
#: How often each word stands in a passage; its marks have no places.
_COUNTS = "(SELECT jsonb_object_agg(lexeme, cardinality(positions)) FROM unnest(w.words) WHERE positions IS NOT NULL)"


@dataclass(frozen=True)
class Like:
    """A case like this one, and what came of it."""

    id: int
    subject: str
    customer: str
    status: str
    likeness: float
    #: Number, state and words of each promise, the newest first.
    promises: list[dict[str, Any]]
    #: From its opening until it was resolved last; None while it is not.
    took: timedelta | None
    #: How the first answer by a person began.
    began: str


@dataclass(frozen=True)
class _Candidate:
    id: int
    root: int
    cause: str
    #: How often each word stands in its first message.
    counts: dict[str, int]
    embedding: tuple[float, ...]


def like(staff: Staff, case: Case, *, now: datetime, most: int = SHOWN) -> list[Like]:
    """The nearest answered cases of other people that *staff* may see, each person once; five statements."""
    opening = _opening(case.pk)
    if opening is None:
        return []
    counts, embedding = opening
    words = telling(counts, shares())
    found = _candidates(staff, case, words, now=now)
    own = weighed(counts, shares())

    def how_like(one: _Candidate) -> float:
        return likeness(
            meaning=alike(embedding, one.embedding),
            shared=shared(own, weighed(one.counts, shares())),
            same_cause=bool(case.cause) and one.cause == case.cause,
        )

    sure = {one.id: how_like(one) for one in found}
    nearest: dict[int, tuple[int, float]] = {}
    for one in sorted(found, key=lambda one: -sure[one.id]):
        nearest.setdefault(one.root, (one.id, sure[one.id]))
    return _told(staff, dict(list(nearest.values())[:most]))


def _opening(number: int) -> tuple[dict[str, int], tuple[float, ...]] | None:
    """How often each word stands in the case's first message, and what was read in it."""
    sql = f"""
    SELECT {_COUNTS}, m.reading
      FROM cases_message m JOIN search_passage w ON w.ref = 'message:' || m.id
     WHERE m.case_id = %(number)s AND m.direction = 'inbound' AND NOT m.automatic ORDER BY m.id LIMIT 1
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, {"number": number})
        row = cursor.fetchone()
    if row is None or not row[0]:
        return None
    return json.loads(row[0]), kept.from_plain(json.loads(row[1] or "{}")).embedding


def shares() -> Mapping[str, float]:
    """In which share of all passages the commonest words stand, as the last ANALYZE counted; some minutes old at most."""
    found: dict[str, float] | None = caches["process"].get("search.shares")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
                " WHERE schemaname = current_schema() AND tablename = 'search_passage' AND attname = 'words'"
            )
            row = cursor.fetchone()
        found = dict(zip(row[0], row[1], strict=False)) if row and row[0] and row[1] else {}
        caches["process"].set("search.shares", found, 600)
    return found


def _candidates(staff: Staff, case: Case, words: list[str], *, now: datetime) -> list[_Candidate]:
    """Cases whose first words share some with this one's, and late ones of the same cause; one statement."""
    if not words:
        return []
    quoted = ["'" + word.replace("'", "''") + "'" for word in words]
    pairs = list(combinations(quoted[:8], 2))[:PAIRS]
    either = " | ".join(f"{one} & {other}" for one, other in pairs) or quoted[0]
    values: dict[str, Any] = {
        "all": " | ".join(quoted),
        "examined": 1001,
        "own": case.pk,
        "root": case.customer.root_pk,
        "cause": case.cause,
        "compared": COMPARED,
        "latest": LATEST,
        **sight_values(staff),
    }
    newest = walk(Question(either), Narrowed(where=(PassageSort.MESSAGE,)), values, now=now)
    answered = """c.id <> %(own)s AND c.unanswered_since IS NULL AND NOT c.for_staff_only AND r.root_id <> %(root)s"""
    sql = f"""
    WITH hit AS MATERIALIZED (SELECT * FROM ({newest}) AS walk LIMIT %(examined)s),
    shared AS (
        SELECT h.case_id, max(ts_rank(w.words, %(all)s::tsquery, 1)) AS shared
          FROM hit h JOIN search_passage w ON w.ref = h.ref GROUP BY h.case_id),
    near AS (
        (SELECT c.id, r.root_id, c.cause FROM shared s
           JOIN cases_case c ON c.id = s.case_id JOIN people_customer r ON r.id = c.customer_id
          WHERE {answered} {within_sight_sql("c.team_id")} ORDER BY s.shared DESC LIMIT %(compared)s)
        UNION
        (SELECT c.id, r.root_id, c.cause FROM (SELECT * FROM cases_case ORDER BY last_message_at DESC LIMIT %(latest)s) c
           JOIN people_customer r ON r.id = c.customer_id
          WHERE %(cause)s <> '' AND c.cause = %(cause)s AND {answered} {within_sight_sql("c.team_id")} LIMIT %(compared)s))
    SELECT n.id, n.root_id, n.cause, m.counts, m.reading ->> 'embedding' FROM near n
      JOIN LATERAL (SELECT m.reading, {_COUNTS} AS counts
                      FROM cases_message m JOIN search_passage w ON w.ref = 'message:' || m.id
                     WHERE m.case_id = n.id AND m.direction = 'inbound' AND NOT m.automatic ORDER BY m.id LIMIT 1) m ON true
     WHERE EXISTS (SELECT FROM cases_message a WHERE a.case_id = n.id AND a.direction = 'outbound')
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return [
        _Candidate(id, root, cause, json.loads(counts or "{}"), kept.from_plain({"embedding": packed or ""}).embedding)
        for id, root, cause, counts, packed in rows
    ]


def _told(staff: Staff, near: dict[int, float]) -> list[Like]:
    """What came of these cases; two statements, and one more where the ledger's payloads are opened."""
    if not near:
        return []
    sql = f"""
    SELECT c.id, c.subject, COALESCE(NULLIF(n.name, ''), ''), c.status, c.opened_at,
           ARRAY(SELECT jsonb_build_object('id', p.id, 'state', p.state, 'what', p.what) FROM promises_promise p
                  WHERE p.about = 'case:' || c.id AND p.sort <> 'answer' {within_sight_sql("p.team_id")}
                  ORDER BY p.made_at DESC, p.id DESC LIMIT 3),
           (SELECT left(m.text, 1000) FROM cases_message m
             WHERE m.case_id = c.id AND m.direction = 'outbound' AND NOT m.automatic AND m.text <> '' ORDER BY m.id LIMIT 1)
      FROM cases_case c JOIN people_customer n ON n.id = c.customer_id WHERE c.id = ANY (%(numbers)s)
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, {"numbers": list(near), **sight_values(staff)})
        rows = cursor.fetchall()
    resolved = _resolved_at(list(near))
    found = [
        Like(
            id=id,
            subject=subject,
            customer=customer,
            status=status,
            likeness=near[id],
            promises=[json.loads(one) for one in promises],
            took=resolved[id] - opened_at if status == "resolved" and id in resolved else None,
            began=_beginning(text or ""),
        )
        for id, subject, customer, status, opened_at, promises, text in rows
    ]
    return sorted(found, key=lambda one: -one.likeness)


def _resolved_at(numbers: list[int]) -> dict[int, datetime]:
    """When each was resolved last, as the ledger tells."""
    facts = ledger.facts_about_each([ref("case", number) for number in numbers])
    return {
        number: max(ends)
        for number in numbers
        if (
            ends := [
                at
                for kind, values, at in facts[ref("case", number)]
                if kind == "CaseChanged" and values.get("field") == "status" and values.get("after") == "resolved"
            ]
        )
    }


def _beginning(text: str) -> str:
    """The first sentences of an answer, the greeting and the name in it left out."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) > 1 and len(lines[0]) <= 60 and lines[0].endswith((",", "!", ":")):
        lines = lines[1:]
    paragraph = ""
    for line in lines:
        if not line and paragraph:
            break
        paragraph = f"{paragraph} {line}".strip()
    if len(paragraph) <= BEGINNING:
        return paragraph
    cut = max(paragraph.rfind(end, 0, BEGINNING) for end in (". ", "! ", "? "))
    return paragraph[: cut + 1] if cut > 40 else paragraph[:BEGINNING].rsplit(" ", 1)[0] + "…"

"""Where a question is answered: the newest places first, a bounded number of them, ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from troth.people.models import Customer, Staff
from troth.people.queries import family, sight_values, within_sight_sql
from troth.search.models import PassageSort
from troth.search.queries.question import Question, understood
from troth.search.rules.asked import asked
from troth.search.rules.spans import Span, spans

#: So many places of the words are looked at, the newest first; with filters more, for most of them may be filtered away.
EXAMINED, EXAMINED_FILTERED = 1001, 6000
#: The newest of those are ranked.
RANKED = 400
#: The first sign of the marks that stand among a passage's words.
MARK = "\x01"


@dataclass(frozen=True)
class Narrowed:
    """What was chosen beside the words."""

    customer: int | None = None
    kind: str = ""
    cause: str = ""
    promise_state: str = ""
    #: A number, or 0 for nobody.
    owner: int | None = None
    team: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    where: tuple[PassageSort, ...] = ()

    @property
    def by_case(self) -> bool:
        return bool(self.kind or self.cause or self.promise_state or self.owner is not None or self.team is not None)

    @property
    def is_narrow(self) -> bool:
        return self != Narrowed()


@dataclass(frozen=True)
class Place:
    """One passage that was found."""

    ref: str
    sort: PassageSort
    case_id: int | None
    at: datetime
    score: float


@dataclass(frozen=True)
class Found:
    places: list[Place] = field(default_factory=list)
    #: There are more places than were looked at.
    is_cut: bool = False


def found(
    staff: Staff,
    question: Question,
    narrowed: Narrowed,
    *,
    newest_first: bool = False,
    most: int = RANKED,
    now: datetime,
) -> Found:
    """The newest places the question is answered in as far as *staff* sees, ranked unless *newest_first*; one statement."""
    if not question.text:
        return Found()
    examined = EXAMINED_FILTERED if narrowed.by_case else EXAMINED
    values: dict[str, Any] = {
        "question": question.text,
        "examined": examined,
        "most": most,
        "now": now,
        "kind": narrowed.kind,
        "cause": narrowed.cause,
        "owner": narrowed.owner,
        "team": narrowed.team,
        "promise_state": narrowed.promise_state,
        **sight_values(staff),
    }
    places = _of_customer(narrowed, values) if narrowed.customer else walk(question, narrowed, values, now=now)
    score = "0.0" if newest_first else _SCORE
    order = "at DESC" if newest_first else "score DESC, at DESC"
    sql = f"""
    WITH hit AS MATERIALIZED (SELECT * FROM ({places}) AS walk LIMIT %(examined)s),
    seen AS MATERIALIZED (
        SELECT h.ref, h.sort, h.case_id, h.at FROM hit h
          LEFT JOIN cases_case c ON c.id = h.case_id
          LEFT JOIN promises_promise p ON h.sort = 'promise' AND p.id = split_part(h.ref, ':', 2)::bigint
         WHERE true {within_sight_sql("c.team_id")} {within_sight_sql("p.team_id")} {_only(narrowed)}
         ORDER BY h.at DESC LIMIT %(most)s)
    SELECT s.ref, s.sort, s.case_id, s.at, {score} AS score, (SELECT count(*) FROM hit)
      FROM seen s JOIN search_passage w ON w.ref = s.ref ORDER BY {order}
    """  # noqa: S608 - our own text
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return Found(
        places=[
            Place(ref, PassageSort(sort), case_id, at, float(score)) for ref, sort, case_id, at, score, _count in rows
        ],
        is_cut=bool(rows) and (rows[0][5] >= examined or len(rows) >= most),
    )


#: How near the words stand together and how much their place weighs, less with age: half of it is gone in four months.
_SCORE = """ts_rank_cd('{0.15, 0.4, 0.6, 1.0}', w.words, %(question)s::tsquery, 1)
    * (0.25 + 0.75 * exp(-greatest(extract(epoch FROM %(now)s - s.at), 0) / 15000000.0))"""


def walk(question: Question, narrowed: Narrowed, values: dict[str, Any], *, now: datetime) -> str:
    """The spans, one after the other: PostgreSQL looks into a further one only while it has not enough."""
    parts = []
    for number, span in enumerate(spans(now=now, since=narrowed.since, until=narrowed.until)):
        values |= {
            f"question_{number}": _within(question, span, narrowed.where),
            f"since_{number}": span.since,
            f"until_{number}": span.until,
        }
        parts.append(
            f"(SELECT p.ref, p.sort, p.case_id, p.at FROM search_passage p WHERE p.words @@ %(question_{number})s::tsquery"  # noqa: S608
            f" AND p.at >= %(since_{number})s AND p.at < %(until_{number})s ORDER BY p.at DESC LIMIT %(examined)s)"
        )
    return " UNION ALL ".join(parts) or (
        "SELECT p.ref, p.sort, p.case_id, p.at FROM search_passage p WHERE false"  # a span that ends before it begins
    )


def _within(question: Question, span: Span, where: Sequence[PassageSort]) -> str:
    asked = f"({question.text}) & ({_marks(span.marks)})"
    return f"{asked} & ({_marks(where)})" if where else asked


def _marks(names: Iterable[str]) -> str:
    return " | ".join(f"'{MARK}{name}'" for name in names)


def _of_customer(narrowed: Narrowed, values: dict[str, Any]) -> str:
    """What one customer's cases and promises hold; few enough to be looked at one by one."""
    values |= {
        "customers": family(narrowed.customer or 0),
        "since": narrowed.since,
        "until": narrowed.until,
        "where": list(narrowed.where) or list(PassageSort),
    }
    own = """words @@ %(question)s::tsquery AND sort = ANY (%(where)s::text[])
        AND at >= COALESCE(%(since)s, '-infinity'::timestamptz) AND at < COALESCE(%(until)s, 'infinity'::timestamptz)"""
    return f"""
    SELECT ref, sort, case_id, at FROM (
        SELECT p.* FROM search_passage p
         WHERE p.case_id IN (SELECT id FROM cases_case WHERE customer_id = ANY (%(customers)s)) OFFSET 0) AS theirs WHERE {own}
    UNION ALL
    SELECT ref, sort, case_id, at FROM (
        SELECT p.* FROM promises_promise m JOIN search_passage p ON p.ref = 'promise:' || m.id
         WHERE m.customer_id = ANY (%(customers)s) AND p.case_id IS NULL OFFSET 0) AS promised WHERE {own}
    """  # noqa: S608 - our own text


def _only(narrowed: Narrowed) -> str:
    """The chosen filters; a promise outside of any case has its own owner and team, and no kind and no cause."""
    found = []
    if narrowed.kind:
        found.append("AND c.kind = %(kind)s")
    if narrowed.cause:
        found.append("AND c.cause = %(cause)s")
    if narrowed.owner is not None:
        whose = "CASE WHEN h.sort = 'promise' THEN p.owner_id ELSE c.assignee_id END"
        found.append(f"AND {whose} IS NULL" if narrowed.owner == 0 else f"AND {whose} = %(owner)s")
    if narrowed.team is not None:
        found.append("AND COALESCE(c.team_id, p.team_id) = %(team)s")
    if narrowed.promise_state:
        found.append(
            "AND (p.state = %(promise_state)s OR h.sort <> 'promise' AND EXISTS (SELECT FROM promises_promise made"
            " WHERE made.about = 'case:' || h.case_id AND made.state = %(promise_state)s OFFSET 0))"
        )
    return " ".join(found)


def promised(staff: Staff, typed: str, *, now: datetime) -> tuple[list[int], list[int]]:
    """The promises that hold these words, the newest few hundred, and the customers of that name."""
    words = asked(typed)
    places = found(staff, understood(words), Narrowed(where=(PassageSort.PROMISE,)), newest_first=True, now=now)
    names = [Q(name__icontains=name) for name in words.names]
    whose = Customer.objects.filter(*names).order_by("-met_at")[:EXAMINED].values_list("pk", flat=True) if names else []
    return [int(place.ref.partition(":")[2]) for place in places.places], list(whose)


def before(narrowed: Narrowed, until: datetime) -> Narrowed:
    """The same, older than what was shown last."""
    return replace(narrowed, until=min(until, narrowed.until) if narrowed.until else until)

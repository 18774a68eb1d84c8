"""Finding: a question understood in every language that is read here, its newest and best places, and their words in context.

However many passages hold a common word, a bounded number is looked at: spans of time are gone through from the newest back
until enough was found, and only what was found last is ranked. A count beyond that is not taken; "more than" is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import Q, Value

from troth.people.models import Customer, Staff, Team
from troth.people.queries import family, sight_values, within_sight_sql
from troth.people.rules.roles import May, Role, allowed
from troth.search.models import PassageSort
from troth.search.rules.asked import Asked, asked
from troth.search.rules.spans import Span, spans

TONGUES = ("english", "german", "spanish", "french", "simple")
#: So many places of the words are looked at, the newest first; with filters more, for most of them may be filtered away.
EXAMINED, EXAMINED_FILTERED = 1001, 6000
#: The newest of those are ranked.
RANKED = 400
#: Lexemes that begin like the last word, where many passages hold some.
BEGINNINGS_MOST = 16
#: The first sign of the marks that stand among a passage's words.
MARK = "\x01"
#: What is marked in an excerpt; no text holds these where it is shown.
HIT_FROM, HIT_TO = "\x02", "\x03"


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
class Question:
    """What is asked of the index, as PostgreSQL writes a tsquery; empty where there is no word in it."""

    text: str
    #: In some tongue every word of it is too common to be kept.
    is_common: bool = False


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


def understood(words: Asked) -> Question:
    """The same question in every tongue at once: a passage is stemmed by its own, and finds itself in one of them.

    One statement. Words that a tongue does not keep ("the") ask nothing in it; what must not stand there may not in any.
    """
    if not words.wanted:
        return Question("")
    parts = [*words.wanted, *words.unwanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ARRAY(SELECT phraseto_tsquery(tongue::regconfig, part)::text"
            " FROM unnest(%(parts)s::text[]) WITH ORDINALITY AS p(part, place) ORDER BY place)"
            " FROM unnest(%(tongues)s::text[]) WITH ORDINALITY AS t(tongue, place) ORDER BY place",
            {"parts": parts, "tongues": list(TONGUES)},
        )
        said = [row[0] for row in cursor.fetchall()]
    count = len(words.wanted)
    wanted: list[str] = []
    for each in said:
        own = each[:count]
        if words.begins and own[-1]:
            own = [*own[:-1], _beginning(own[-1])]
        wanted.append(" & ".join(f"({part})" for part in own if part))
    unwanted = [part for each in said for part in each[count:] if part]
    either = _any_of(wanted)
    text = f"({either}) & !({_any_of(unwanted)})" if either and unwanted else either
    return Question(text, is_common=not all(wanted))


def _any_of(parts: Iterable[str]) -> str:
    return " | ".join(f"({part})" for part in dict.fromkeys(parts) if part)


def _beginning(lexeme: str) -> str:
    """*lexeme*, or what begins with it. Where common words do, those: to gather all would read half the index."""
    plain = lexeme.strip("'")
    if not plain.isalnum():
        return lexeme
    begun = [word for word in _common() if word.startswith(plain) and word.isalnum()]
    if not begun:
        return f"'{plain}':*"
    return _any_of(f"'{word}'" for word in [plain, *sorted(begun, key=len)][:BEGINNINGS_MOST])


def _common() -> list[str]:
    """The commonest lexemes as the last ANALYZE counted them; some minutes old at most."""
    found: list[str] | None = caches["process"].get("search.common")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_elems::text::text[] FROM pg_stats"
                " WHERE schemaname = current_schema() AND tablename = 'search_passage' AND attname = 'words'"
            )
            row = cursor.fetchone()
        found = list(row[0]) if row and row[0] else []
        caches["process"].set("search.common", found, 600)
    return found


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


# What is shown of it


def promised(staff: Staff, typed: str, *, now: datetime) -> tuple[list[int], list[int]]:
    """The promises that hold these words, the newest few hundred, and the customers of that name."""
    words = asked(typed)
    places = found(staff, understood(words), Narrowed(where=(PassageSort.PROMISE,)), newest_first=True, now=now)
    names = [Q(name__icontains=name) for name in words.names]
    whose = Customer.objects.filter(*names).order_by("-met_at")[:EXAMINED].values_list("pk", flat=True) if names else []
    return [int(place.ref.partition(":")[2]) for place in places.places], list(whose)


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


def before(narrowed: Narrowed, until: datetime) -> Narrowed:
    """The same, older than what was shown last."""
    return replace(narrowed, until=min(until, narrowed.until) if narrowed.until else until)

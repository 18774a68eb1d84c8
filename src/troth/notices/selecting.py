"""Conditions as one SQL select: everybody who meets them, once, and by what.

Each condition becomes a set of persons, a person being the root of all their records; groups join, unite or subtract these sets. An
address of an uploaded list that is no customer's is a person, too, under a number below nought. Everything somebody typed is a
parameter; the text of the statement is made of words of ours alone.

Nobody who was forgotten is chosen, nor the place where mail stands whose sender could not be told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from troth.notices.rules.conditions import (
    Between,
    Conditions,
    Every,
    Leaf,
    Listed,
    Not,
    OfCases,
    OfCustomers,
    OfHandles,
    OfOrders,
    Some,
    Stands,
    lists_of,
)
from troth.people.rules.addresses import NOBODY

#: References kept of one condition, and of one member in all.
WHY_EACH, WHY_MOST = 3, 6
#: Customers by their numbers, then addresses: the order in which they become members.
ORDER = "ORDER BY customer NULLS LAST, address"
#: A person's records are many and their person is one.
_PERSON = "JOIN people_customer AS c ON c.id = {}"


@dataclass(frozen=True)
class Select:
    """SQL that gives (customer, address, name, why) in no order, with its parameters by name."""

    sql: str
    values: dict[str, Any]


@dataclass
class _Text:
    """The parts of the statement while it is put together."""

    now: datetime
    parts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def value(self, value: object) -> str:
        """A parameter, as it stands in the text."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def named(self, sql: str) -> str:
        """A part of the statement under a name of its own."""
        name = f"s{len(self.parts)}"
        self.parts.append(f"{name} AS ({sql})")
        return name


def select(conditions: Conditions, *, now: datetime) -> Select:
    """Everybody who meets *conditions* at *now*."""
    text = _Text(now)
    lists = lists_of(conditions)
    if lists:
        text.parts.append(f"strangers AS ({_strangers(text, lists)})")
    chosen = _set(conditions, text, is_listed=bool(lists))
    address, name, strangers = "''", "''", ""
    if lists:
        address, name = "coalesce(stranger.address, '')", "coalesce(stranger.name, '')"
        strangers = "LEFT JOIN strangers AS stranger ON stranger.who = chosen.who"
    sql = f"""
        WITH {", ".join(text.parts)}
        SELECT CASE WHEN chosen.who > 0 THEN chosen.who END AS customer, {address} AS address, {name} AS name,
            {_short("chosen.why")} AS why
        FROM {chosen} AS chosen {strangers}
        WHERE NOT EXISTS (
            SELECT FROM people_customer AS gone WHERE gone.root_id = chosen.who AND gone.erased_at IS NOT NULL
        ) AND NOT EXISTS (
            SELECT FROM people_handle AS h JOIN people_customer AS c ON c.id = h.customer_id
            WHERE h.kind = 'email' AND h.address = {text.value(NOBODY)} AND c.root_id = chosen.who
        )
    """  # noqa: S608 -- words of ours; what was typed is a parameter
    return Select(sql, text.values)


def _short(why: str) -> str:
    """The first references, each once. One reference, as most have, costs nothing."""
    return f"""CASE WHEN strpos({why}, ' ') = 0 THEN {why} ELSE (
        SELECT string_agg(word, ' ' ORDER BY place) FROM (
            SELECT word, min(place) AS place FROM unnest(string_to_array({why}, ' ')) WITH ORDINALITY AS one(word, place)
            WHERE word <> '' GROUP BY word ORDER BY min(place) LIMIT {WHY_MOST}
        ) AS first) END"""  # noqa: S608 -- words of ours


# Groups


def _set(conditions: Conditions, text: _Text, *, is_listed: bool) -> str:
    """The name of the part that gives (who, why) of everybody who meets it, each once."""
    match conditions:
        case Every(parts):
            return text.named(_every(parts, text, is_listed=is_listed))
        case Some(parts):
            return text.named(_some(parts, text, is_listed=is_listed))
        case Not(part):
            return text.named(_but((), (_set(part, text, is_listed=is_listed),), is_listed=is_listed))
        case leaf:
            return text.named(_leaf(leaf, text))


def _every(parts: Sequence[Conditions], text: _Text, *, is_listed: bool) -> str:
    if not parts:
        return _NOBODY
    wanted = tuple(_set(part, text, is_listed=is_listed) for part in parts if not isinstance(part, Not))
    unwanted = tuple(_set(part.part, text, is_listed=is_listed) for part in parts if isinstance(part, Not))
    return _but(wanted, unwanted, is_listed=is_listed)


def _but(wanted: Sequence[str], unwanted: Sequence[str], *, is_listed: bool) -> str:
    """Who is in all of *wanted*, everybody where that is none, and in none of *unwanted*."""
    if wanted:
        first, *others = wanted
        why = " || ' ' || ".join(f"{name}.why" for name in wanted)
        rows = " ".join([first, *(f"JOIN {name} ON {name}.who = {first}.who" for name in others)])
    else:
        first, why, rows = "everybody", "''", f"({_EVERYBODY}{_AND_STRANGERS if is_listed else ''}) AS everybody"
    gone = " AND ".join(f"NOT EXISTS (SELECT FROM {name} WHERE {name}.who = {first}.who)" for name in unwanted)
    return f"SELECT {first}.who, {why} AS why FROM {rows} {f'WHERE {gone}' if gone else ''}"  # noqa: S608 -- words of ours


def _some(parts: Sequence[Conditions], text: _Text, *, is_listed: bool) -> str:
    if not parts:
        return _NOBODY
    names = [_set(part, text, is_listed=is_listed) for part in parts]
    rows = " UNION ALL ".join(f"SELECT who, why, {nth} AS nth FROM {name}" for nth, name in enumerate(names))  # noqa: S608 -- words of ours
    return f"SELECT who, string_agg(why, ' ' ORDER BY nth) AS why FROM ({rows}) AS one GROUP BY who"  # noqa: S608 -- words of ours


_NOBODY = "SELECT NULL::bigint AS who, '' AS why WHERE false"
_EVERYBODY = "SELECT id AS who FROM people_customer WHERE root_id = id AND erased_at IS NULL"
_AND_STRANGERS = " UNION ALL SELECT who FROM strangers"


# Conditions


def _leaf(leaf: Leaf, text: _Text) -> str:
    match leaf:
        case OfCustomers():
            return _customers(leaf, text)
        case OfCases():
            return _cases(leaf, text)
        case OfOrders():
            return _orders(leaf, text)
        case OfHandles():
            return _handles(leaf, text)
        case Listed():
            return _listed(leaf, text)


def _persons(word: str, row: str, rows: str, where: Sequence[str]) -> str:
    """Whose rows these are, and the first of them as references."""
    meets = " AND ".join(where) or "true"
    why = f"array_to_string((array_agg('{word}:' || {row} ORDER BY {row}))[1:{WHY_EACH}], ' ')"
    return f"SELECT c.root_id AS who, {why} AS why FROM {rows} WHERE {meets} GROUP BY c.root_id"  # noqa: S608 -- words of ours


def _customers(leaf: OfCustomers, text: _Text) -> str:
    where = [
        *_among('c."group"', leaf.groups, text),
        *_among("c.zone", leaf.zones, text),
        *_between("c.met_at", leaf.met, text),
    ]
    if leaf.languages:
        where.append(f"c.root_id IN ({_LAST_LANGUAGE.format(text.value(list(leaf.languages)))})")
    # A condition that asks nothing is everybody: who they are is all there is to say, and no row need be gathered.
    if not where:
        return (
            "SELECT id AS who, 'customer:' || id AS why FROM people_customer WHERE root_id = id AND erased_at IS NULL"
        )
    return _persons("customer", "c.id", "people_customer AS c", where)


#: Whose last words that were read are in one of these languages.
_LAST_LANGUAGE = """
    SELECT who FROM (
        SELECT DISTINCT ON (w.root_id) w.root_id AS who, m.reading ->> 'language' AS language
        FROM cases_message AS m JOIN cases_case AS k ON k.id = m.case_id JOIN people_customer AS w ON w.id = k.customer_id
        WHERE m.direction = 'inbound' AND coalesce(m.reading ->> 'language', 'unknown') NOT IN ('', 'unknown')
        ORDER BY w.root_id, m.at DESC, m.id DESC
    ) AS last WHERE language = ANY ({})
"""


def _cases(leaf: OfCases, text: _Text) -> str:
    where = [
        *_among("k.kind", leaf.kinds, text),
        *_among("k.cause", leaf.causes, text),
        *_among("k.channel", leaf.channels, text),
        *_among("k.incident", leaf.incidents, text),
        *_between("k.opened_at", leaf.opened, text),
        *(_said(words, text) for words in (leaf.words, leaf.products) if words),
    ]
    return _persons("case", "k.id", f"cases_case AS k {_PERSON.format('k.customer_id')}", where)


def _said(words: Sequence[str], text: _Text) -> str:
    """One of these stands in the subject, or in what the customer wrote."""
    patterns = text.value([f"%{_plain(word)}%" for word in words])
    return (
        f"(k.subject ILIKE ANY ({patterns}) OR EXISTS (SELECT FROM cases_message AS m"
        f" WHERE m.case_id = k.id AND m.direction = 'inbound' AND m.text ILIKE ANY ({patterns})))"
    )


def _plain(word: str) -> str:
    """Its signs as themselves, in a pattern of LIKE."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _orders(leaf: OfOrders, text: _Text) -> str:
    where = [
        *_among("o.reference", leaf.references, text),
        *_among("o.product", leaf.products, text),
        *_among("o.variant", leaf.variants, text),
        *_among("o.place", leaf.places, text),
        *_between("o.ordered_at", leaf.ordered, text),
        *_between("o.promised_for", leaf.promised, text),
        *_between("o.delivered_at", leaf.delivered, text),
    ]
    if leaf.stands:
        ways = [_STANDS[Stands(one)](text) for one in leaf.stands]
        where.append(f"({' OR '.join(ways)})")
    return _persons("order", "o.id", f"orders_order AS o {_PERSON.format('o.customer_id')}", where)


_STANDS: dict[Stands, Callable[[_Text], str]] = {
    Stands.OUTSTANDING: lambda text: "(o.delivered_at IS NULL AND o.cancelled_at IS NULL)",
    Stands.LATE: lambda text: (
        f"(o.cancelled_at IS NULL AND o.promised_for < coalesce(o.delivered_at, {text.value(text.now)}))"
    ),
    Stands.DELIVERED: lambda text: "o.delivered_at IS NOT NULL",
    Stands.CANCELLED: lambda text: "o.cancelled_at IS NOT NULL",
}


def _handles(leaf: OfHandles, text: _Text) -> str:
    where = _among("h.kind", leaf.kinds, text)
    if leaf.domains:
        where.append(f"(h.kind = 'email' AND split_part(h.address, '@', -1) = ANY ({text.value(list(leaf.domains))}))")
    return _persons("handle", "h.id", f"people_handle AS h {_PERSON.format('h.customer_id')}", where)


def _listed(leaf: Listed, text: _Text) -> str:
    """Who a line names as a customer, or by an address: of a customer by now, or of a stranger still."""
    upload = text.value(leaf.upload)
    return f"""
        SELECT who, array_to_string((array_agg('line:' || id ORDER BY id))[1:{WHY_EACH}], ' ') AS why FROM (
            SELECT coalesce(c.root_id, of_address.root_id, stranger.who) AS who, l.id FROM notices_line AS l
            LEFT JOIN people_customer AS c ON c.id = l.customer_id
            LEFT JOIN people_handle AS h ON l.customer_id IS NULL AND h.kind = 'email' AND h.address = l.address
            LEFT JOIN people_customer AS of_address ON of_address.id = h.customer_id
            LEFT JOIN strangers AS stranger ON l.customer_id IS NULL AND h.id IS NULL AND stranger.address = l.address
            WHERE l.upload_id = {upload}
        ) AS line WHERE who IS NOT NULL GROUP BY who
    """  # noqa: S608 -- words of ours


def _strangers(text: _Text, lists: Sequence[int]) -> str:
    """Every address of these lists that is no customer's, once, under a number of its own."""
    return f"""
        SELECT -min(l.id) AS who, l.address, coalesce(min(nullif(l.name, '')), '') AS name FROM notices_line AS l
        WHERE l.upload_id = ANY ({text.value(list(lists))}) AND l.customer_id IS NULL AND l.address <> ''
        AND NOT EXISTS (SELECT FROM people_handle AS h WHERE h.kind = 'email' AND h.address = l.address)
        GROUP BY l.address
    """  # noqa: S608 -- words of ours


def _among(column: str, values: Sequence[str], text: _Text) -> list[str]:
    return [f"{column} = ANY ({text.value(list(values))})"] if values else []


def _between(column: str, between: Between, text: _Text) -> list[str]:
    ends = ((">=", between.since), ("<", between.until))
    return [f"{column} {sign} {text.value(at)}" for sign, at in ends if at is not None]


# Asked


@dataclass(frozen=True)
class Chosen:
    """Somebody who meets the conditions."""

    customer: int | None
    address: str
    name: str
    why: str


@dataclass(frozen=True)
class Preview:
    """How many there are, and the first of them."""

    count: int
    sample: tuple[Chosen, ...]


def preview(conditions: Conditions, *, now: datetime, most: int = 10) -> Preview:
    """How many would be frozen now, and some of them; one statement."""
    found = select(conditions, now=now)
    sql = f"""
        WITH chosen AS MATERIALIZED ({found.sql})
        SELECT total.count, first.* FROM (SELECT count(*) FROM chosen) AS total
        LEFT JOIN (SELECT * FROM chosen {ORDER} LIMIT %(most)s) AS first ON true {ORDER}
    """  # noqa: S608 -- words of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, {**found.values, "most": most})
        rows = cursor.fetchall()
    return Preview(rows[0][0], tuple(Chosen(*row[1:]) for row in rows if row[4] is not None))

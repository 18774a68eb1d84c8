"""The one statement that conditions become finds exactly whom a plain reading of them finds."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.people_and_things import DAY, HOUR, NOW, company

from troth.cases.models import Case, Message
from troth.notices.models import Line, Upload
from troth.notices.rules.conditions import (
    Between,
    Conditions,
    Every,
    Listed,
    Not,
    OfCases,
    OfCustomers,
    OfHandles,
    OfOrders,
    Some,
    from_plain,
    to_plain,
)
from troth.notices.selecting import preview
from troth.notices.tests.trees import between, trees
from troth.orders.models import Order
from troth.people.models import Customer, Handle
from troth.people.rules.addresses import NOBODY

pytestmark = pytest.mark.django_db

#: A person, or an address that is nobody's, and the references that made them one of those who are meant.
Found = dict[int | str, set[str]]


@dataclass
class World:
    """A few people, and what a plain reading knows of them."""

    customers: list[Customer] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def root(self, customer: int) -> int:
        return next(one.root_pk for one in self.customers if one.pk == customer)

    def owner(self, address: str) -> int | None:
        return next((self.root(one.customer_id) for one in self.handles if one.address == address), None)


def world(seed: int) -> World:
    """Persons of one record and of several, one of them forgotten, and what they bought, said and stand on."""
    draw, made = random.Random(seed), World()  # noqa: S311 -- a world that is the same each time
    for number in range(9):
        made.customers.append(
            Customer.objects.create(
                name=f"C{number}",
                group=draw.choice(["", "vip", "trade"]),
                zone=draw.choice(["", "Europe/Berlin", "Europe/London"]),
                met_at=NOW - draw.randrange(9) * DAY,
            )
        )
        made.handles.append(
            Handle.objects.create(
                customer=made.customers[-1],
                kind=draw.choice(["email", "email", "phone"]),
                address=f"c{number}@{draw.choice(['a.example', 'b.example'])}",
            )
        )
    for one, other in ((1, 0), (2, 0), (4, 3)):
        Customer.objects.filter(pk=made.customers[one].pk).update(root=made.customers[other])
    Customer.objects.filter(pk=made.customers[5].pk).update(erased_at=NOW)
    Handle.objects.filter(pk=made.handles[6].pk).update(address=NOBODY, kind="email")
    for number in range(14):
        whose = draw.choice(made.customers)
        made.orders.append(_order(whose, draw, f"A{number}"))
        made.cases.append(_case(whose, draw))
        at = made.cases[-1].opened_at
        made.messages.append(
            Message.objects.create(
                case=made.cases[-1],
                direction=draw.choice(["inbound", "inbound", "outbound"]),
                at=at + timedelta(minutes=number),
                text=draw.choice(["It leaks", "Where is it?", "KETTLE"]),
                reading=draw.choice([{}, {"language": "en"}, {"language": "de"}, {"language": "unknown"}]),
            )
        )
    for _nth in range(2):
        made.uploads.append(Upload.objects.create(name="L", at=NOW, digest="0"))
        for number in range(5):
            of = draw.choice([None, draw.choice(made.customers)])
            address = (
                "" if of else draw.choice(["new@c.example", "newer@c.example", "c8@a.example", "c7@b.example", ""])
            )
            made.lines.append(Line.objects.create(upload=made.uploads[-1], number=number, customer=of, address=address))
    for rows in (made.customers, made.handles):
        for row in rows:
            row.refresh_from_db()  # type: ignore[attr-defined]
    return made


def _order(whose: Customer, draw: random.Random, reference: str) -> Order:
    cancelled = draw.choice([None, None, NOW - HOUR])
    return Order.objects.create(
        reference=reference,
        customer=whose,
        product=draw.choice(["kettle", "lamp"]),
        place=draw.choice(["Leeds", "York"]),
        variant=draw.choice(["", "red"]),
        ordered_at=NOW - draw.randrange(9) * DAY,
        promised_for=draw.choice([None, NOW - draw.randrange(1, 9) * DAY]),
        delivered_at=draw.choice([None, NOW - draw.randrange(1, 9) * DAY]),
        cancelled_at=cancelled,
        cancelled_by="company" if cancelled else "",
        noted_at=NOW,
        changed_at=NOW,
    )


def _case(whose: Customer, draw: random.Random) -> Case:
    at = NOW - draw.randrange(9) * DAY
    return Case.objects.create(
        customer=whose,
        subject=draw.choice(["My Kettle", "A 100%_lamp", "Hello"]),
        kind=draw.choice(["complaint", "enquiry"]),
        cause=draw.choice(["", "late"]),
        channel=draw.choice(["email", "chat"]),
        incident=draw.choice(["", "incident:3"]),
        opened_at=at,
        last_message_at=at,
    )


# A plain reading


def plainly(conditions: Conditions, of: World) -> Found:
    """Who is meant, asked person by person."""
    lists = {leaf["listed"]["list"] for leaf in _leaves(to_plain(conditions)) if "listed" in leaf}
    strangers = {line.address for line in of.lines if line.upload_id in lists and not line.customer_id and line.address}
    everybody: set[int | str] = {one.root_pk for one in of.customers}
    everybody |= {address for address in strangers if of.owner(address) is None}
    gone = {one.root_pk for one in of.customers if one.erased_at} | {of.owner(NOBODY)}
    found = _who(conditions, of, everybody)
    return {who: why for who, why in found.items() if who not in gone}


def _leaves(plain: dict[str, Any]) -> Iterable[dict[str, Any]]:
    ((name, value),) = plain.items()
    if name in {"all", "any"}:
        for part in value:
            yield from _leaves(part)
    elif name == "not":
        yield from _leaves(value)
    else:
        yield plain


def _who(conditions: Conditions, of: World, everybody: set[int | str]) -> Found:
    match conditions:
        case Every(parts):
            each = [_who(part, of, everybody) for part in parts]
            both = set.intersection(*(set(one) for one in each)) if each else set()
            return {who: set().union(*(one[who] for one in each)) for who in both}
        case Some(parts):
            found: Found = {}
            for part in parts:
                for who, why in _who(part, of, everybody).items():
                    found.setdefault(who, set()).update(why)
            return found
        case Not(part):
            return {who: set() for who in everybody - set(_who(part, of, everybody))}
    return _meets(conditions, of)


def _meets(leaf: Any, of: World) -> Found:
    found: Found = {}

    def met(who: int | str, why: str) -> None:
        found.setdefault(who, set()).add(why)

    match leaf:
        case OfCustomers():
            last = _last_languages(of)
            for one in of.customers:
                if (
                    _in(one.group, leaf.groups)
                    and _in(one.zone, leaf.zones)
                    and _when(one.met_at, leaf.met)
                    and _in(last.get(one.root_pk, ""), leaf.languages)
                    and (leaf != OfCustomers() or one.root_pk == one.pk)
                ):
                    met(one.root_pk, f"customer:{one.pk}")
        case OfCases():
            for case, message in zip(of.cases, of.messages, strict=True):
                text = f"{case.subject} {message.text if message.direction == 'inbound' else ''}".lower()
                if (
                    _in(case.kind, leaf.kinds)
                    and _in(case.cause, leaf.causes)
                    and _in(case.channel, leaf.channels)
                    and _in(case.incident, leaf.incidents)
                    and _when(case.opened_at, leaf.opened)
                    and all(
                        not words or any(word.lower() in text for word in words)
                        for words in (leaf.words, leaf.products)
                    )
                ):
                    met(of.root(case.customer_id), f"case:{case.pk}")
        case OfOrders():
            for order in of.orders:
                if (
                    _in(order.reference, leaf.references)
                    and _in(order.product, leaf.products)
                    and _in(order.variant, leaf.variants)
                    and _in(order.place, leaf.places)
                    and _when(order.ordered_at, leaf.ordered)
                    and _when(order.promised_for, leaf.promised)
                    and _when(order.delivered_at, leaf.delivered)
                    and (not leaf.stands or any(_stands(order, how) for how in leaf.stands))
                ):
                    met(of.root(order.customer_id), f"order:{order.pk}")
        case OfHandles():
            for handle in of.handles:
                behind = handle.kind == "email" and handle.address.partition("@")[2]
                if _in(handle.kind, leaf.kinds) and (not leaf.domains or behind in leaf.domains):
                    met(of.root(handle.customer_id), f"handle:{handle.pk}")
        case Listed():
            for line in of.lines:
                if line.upload_id == leaf.upload and (line.customer_id or line.address):
                    who = of.root(line.customer_id) if line.customer_id else of.owner(line.address) or line.address
                    met(who, f"line:{line.pk}")
    return found


def _in(value: str, values: tuple[str, ...]) -> bool:
    return not values or value in values


def _when(at: datetime | None, asked: Between) -> bool:
    if not asked:
        return True
    return at is not None and (asked.since is None or at >= asked.since) and (asked.until is None or at < asked.until)


def _stands(order: Order, how: str) -> bool:
    promised = order.promised_for
    return {
        "outstanding": not order.delivered_at and not order.cancelled_at,
        "late": not order.cancelled_at and promised is not None and promised < (order.delivered_at or NOW),
        "delivered": bool(order.delivered_at),
        "cancelled": bool(order.cancelled_at),
    }[how]


def _last_languages(of: World) -> dict[int, str]:
    read = [
        (message.at, message.pk, of.root(case.customer_id), message.reading["language"])
        for case, message in zip(of.cases, of.messages, strict=True)
        if message.direction == "inbound" and message.reading.get("language") in {"en", "de"}
    ]
    return {who: language for _at, _pk, who, language in sorted(read)}


# Held against it


@pytest.mark.parametrize("seed", [1, 2])
def test_the_statement_finds_whom_a_plain_reading_finds(seed: int) -> None:
    company()
    of = world(seed)
    values = {
        "groups": ["vip", "trade"], "languages": ["en", "de"], "zones": ["Europe/Berlin", "Europe/London"],
        "words": ["kettle", "100%_", "leaks", "no such word"], "products": ["lamp", "kettle"], "variants": ["red"],
        "places": ["Leeds", "York"], "references": [one.reference for one in of.orders], "incidents": ["incident:3", "incident:4"],
        "domains": ["a.example", "b.example"], "lists": [one.pk for one in of.uploads],
    }  # fmt: skip
    met: set[int] = set()

    @settings(max_examples=70, suppress_health_check=list(HealthCheck), deadline=None)
    @given(trees(values, between(NOW - 10 * DAY, 12)))
    def holds(conditions: Conditions) -> None:
        expected = plainly(conditions, of)
        found = preview(from_plain(to_plain(conditions)) if expected else conditions, now=NOW, most=50)

        who = [one.customer or one.address for one in found.sample]
        assert sorted(map(str, who)) == sorted(map(str, expected)), conditions
        assert found.count == len(expected)
        for one in found.sample:
            why = one.why.split()
            references = expected[one.customer or one.address]
            assert len(why) == len(set(why)) <= 6
            assert set(why) <= references
            assert bool(why) == bool(references)
        met.add(len(expected))

    holds()
    assert len(met) > 4  # nobody, somebody, most

"""Looking for what standards wait for: facts about promises and orders, in their order, each looked at once.

What failed is judged by the policy that held when it failed, so that a history which is brought in raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from troth.ledger import queries as ledger
from troth.ledger.actions import append_all
from troth.ledger.rules.event import Event
from troth.orders.models import Order
from troth.people.models import Customer
from troth.people.queries import hours_of
from troth.promises.models import Promise
from troth.remedies import queries
from troth.remedies.actions import facts_of
from troth.remedies.actions.raising import Raised, raise_all
from troth.remedies.models import Mark, Remedy
from troth.remedies.rules.due import is_short_notice
from troth.remedies.rules.life import Act, raises_second, step
from troth.remedies.rules.policy import Policy, pays_second
from troth.words import facts
from troth.words.promises import State as Word
from troth.words.refs import number_of, ref
from troth.words.remedies import Occasion, State

#: So many facts, and so many remedies, are looked at in one transaction.
BATCH = 500
KINDS = ("PromiseLate", "PromiseMoved", "PromiseBroken", "OrderNoted", "OrderChanged")


@transaction.atomic
def look_at_facts(*, now: datetime, most: int = BATCH) -> int:
    """Raise what the next facts call for; how many were looked at. Repeat until 0."""
    if not any(policy.standards for _version, _at, policy in queries.versions()):
        return 0
    mark = Mark.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if mark is None:
        return 0
    head = ledger.head()
    if head <= mark.position:
        return 0
    events = ledger.events(mark.position, most=most, kinds=KINDS)
    raise_all(list(_found(events)), now=now)
    mark.position = events[-1].position if len(events) == most else max([head, *(e.position for e in events)])
    mark.save(update_fields=["position"])
    return len(events)


def _found(events: Sequence[Event]) -> Iterator[Raised]:
    """What the standards say to these facts."""
    of_promises = [event for event in events if event.kind.startswith("Promise")]
    of_orders = [event for event in events if event.kind.startswith("Order")]
    rows = Promise.objects.select_related("customer").filter(imported=False, customer__isnull=False)
    made = rows.in_bulk({number_of(event.about, "promise") for event in of_promises})
    for event in of_promises:
        if promise := made.get(number_of(event.about, "promise")):
            yield from _of_promise(promise, event)
    orders = Order.objects.select_related("customer").in_bulk({number_of(one.about, "order") for one in of_orders})
    for event in of_orders:
        if order := orders.get(number_of(event.about, "order")):
            yield from _of_order(order, event)


def _of_promise(promise: Promise, event: Event) -> Iterator[Raised]:
    failed_at = _at(event, "from_due" if event.kind == "PromiseMoved" else "due")
    if failed_at is None or promise.customer is None:
        return
    if promise.about.startswith("order:"):
        if event.kind == "PromiseLate":
            yield from _raised(Occasion.LATE_DELIVERY, promise.about, failed_at, promise=promise)
        return
    starts_at = _appointment(promise, due=failed_at)
    if starts_at is None:
        return
    missed = event.kind == "PromiseLate" or is_short_notice(
        told_at=event.recorded_at, starts_at=starts_at, hours=hours_of(promise.team_id)
    )
    if missed and not (event.kind == "PromiseBroken" and event.fields.get("reason") != "said_so"):
        yield from _raised(Occasion.MISSED_APPOINTMENT, ref("promise", promise.pk), failed_at, promise=promise)


def _appointment(promise: Promise, *, due: datetime) -> datetime | None:
    """When the appointment that ended at *due* began: a promise with a beginning and an end is one.

    A moved one is as long as it was at first.
    """
    if promise.window_start is None or promise.first_due is None:
        return None
    return due - (promise.first_due - promise.window_start)


def _of_order(order: Order, event: Event) -> Iterator[Raised]:
    """An order whose day was told too late to be promised; of all others their promise tells."""
    told_at, due = event.recorded_at, order.promised_for
    if order.promise_id is not None or due is None or order.cancelled_at is not None:
        return
    if (order.delivered_at or told_at) > due:
        yield from _raised(Occasion.LATE_DELIVERY, ref("order", order.pk), due, customer=order.customer)


def _raised(
    on: Occasion, occasion: str, at: datetime, *, promise: Promise | None = None, customer: Customer | None = None
) -> Iterator[Raised]:
    policy, version = queries.in_force(at)
    whose = promise.customer if promise else customer
    assert whose is not None
    for standard in policy.on(on):
        yield Raised(
            standard=standard,
            pays=standard.pays,
            version=version,
            customer=whose,
            team_id=promise.team_id if promise else None,
            about=(promise.about if promise else "") or occasion,
            occasion=occasion,
            occasion_at=at,
        )


def _at(event: Event, field: str) -> datetime | None:
    said = event.fields.get(field)
    return datetime.fromisoformat(said) if isinstance(said, str) and said else None


@transaction.atomic
def miss(*, now: datetime, most: int = BATCH) -> int:
    """Say of every remedy whose date passed without proof that it was missed, and raise what is owed for that; how many.

    One that rests on somebody's word is late when its promise is; one that a standard raised, at its own date, whatever was
    said since. The promise itself tells the customer that it is late.
    """
    late = Q(promise__done_at=None, promise__due__lte=now) | ~Q(standard="")
    rows = list(
        Remedy.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("customer", "promise", "policy")
        .filter(late, state__in=[State.ACCEPTED, State.DUE], due__lte=now)
        .exclude(promise__state__in=[Word.RELEASED, Word.VOID])
        .order_by("due", "pk")[:most]
    )
    if not rows:
        return 0
    for row in rows:
        row.state, row.missed_at = step(State(row.state), Act.MISS), now
    Remedy.objects.bulk_update(rows, ["state", "missed_at"])
    append_all([facts.RemedyMissed(due=row.due, **facts_of.of(row)) for row in rows if row.due], now=now)
    there = set(Remedy.objects.filter(second_of__in=rows).values_list("second_of_id", flat=True))
    raise_all([one for row in rows for one in _second(row, has_second=row.pk in there)], now=now)
    return len(rows)


def _second(row: Remedy, *, has_second: bool) -> Iterator[Raised]:
    """What is owed because this one was not given in time, by the version it was raised under."""
    if not raises_second(is_second=row.second_of_id is not None, has_second=has_second) or row.due is None:
        return
    if row.standard and row.policy:
        policy, version = Policy.from_plain(row.policy.plain), row.policy_id
    else:
        policy, version = queries.in_force(row.due)
    if standard := policy.second_for(standard=row.standard):
        yield Raised(
            standard=standard,
            pays=pays_second(standard),
            version=version,
            customer=row.customer,
            team_id=row.team_id,
            about=row.about,
            occasion=ref("remedy", row.pk),
            occasion_at=row.due,
            second_of=row,
        )


@transaction.atomic
def follow_promises(*, now: datetime, most: int = BATCH) -> int:
    """Where a promise was let go of on its own page, so is the remedy that it stands for; how many."""
    rows = list(
        Remedy.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("promise")
        .filter(
            state__in=[State.OFFERED, State.ACCEPTED, State.DUE, State.MISSED],
            promise__state__in=[Word.RELEASED, Word.VOID],
        )
        .order_by("pk")[:most]
    )
    for row in rows:
        assert row.promise is not None
        row.state, row.ended_at, row.reason = step(State(row.state), Act.RELEASE), now, row.promise.reason
    Remedy.objects.bulk_update(rows, ["state", "ended_at", "reason"])
    append_all([facts.RemedyDeclined(by="", **facts_of.of(row)) for row in rows], now=now)
    return len(rows)

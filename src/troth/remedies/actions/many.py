"""The same offered to many in one act: all of those hit by an incident, say. It can be taken back while it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from troth.ledger.actions import append, append_all
from troth.people.models import Customer, Staff
from troth.people.queries import hours_of
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.promises.rules.words import fresh_salt
from troth.remedies import queries
from troth.remedies.actions import facts_of
from troth.remedies.actions.offering import NotAllowed
from troth.remedies.models import Offering, Remedy
from troth.remedies.rules.authority import Verdict
from troth.remedies.rules.due import due_at
from troth.remedies.rules.life import Act, step
from troth.remedies.rules.money import Money, plain
from troth.remedies.sayings import what_words
from troth.words import facts
from troth.words.promises import State as Word
from troth.words.refs import ref

#: So long the whole act can be taken back.
HOLD = timedelta(minutes=2)
#: So many get their remedy in one transaction.
BATCH = 1_000


@transaction.atomic
def offer_all(
    *,
    about: str,
    customer_ids: Iterable[int],
    sort: str,
    what: str = "",
    money: Money | None = None,
    days: int = 10,
    asks: bool = False,
    team_id: int | None = None,
    by: Staff,
    now: datetime,
) -> Offering:
    """Offer the same to each of these customers, once the hold is over; what is beyond *by*'s authority is not offered at all.

    They are told by the notice that whoever calls this sends them, not by letters of this room. *customer_ids* may be a query.
    Raises NotAllowed.
    """
    policy, version = queries.in_force(now)
    if queries.may_offer(by, sort=sort, money=money, policy=policy) is not Verdict.YES:
        raise NotAllowed("This is beyond your authority. Ask somebody who has it to offer it to all of them.")
    amount, currency = (money.amount, money.currency) if money else (None, "")
    row = Offering.objects.create(
        about=about,
        sort=sort,
        amount=amount,
        currency=currency,
        what=" ".join(what.split()) or what_words(sort, amount, currency),
        asks=asks,
        days=days,
        policy_id=version,
        by=by,
        team_id=team_id,
        customers=sorted(set(customer_ids)),
        made_at=now,
        holds_until=now + HOLD,
    )
    append(
        facts.RemediesOffered(
            about=ref("offering", row.pk),
            matter=about,
            count=len(row.customers),
            sort=sort,
            amount=plain(amount),
            currency=currency,
            asks=asks,
            until=row.holds_until,
            policy=facts_of.version_ref(version),
            by=by.reference,
        ),
        now=now,
    )
    return row


@transaction.atomic
def take_back(offering: Offering, *, by: Staff, now: datetime) -> bool:
    """Nobody is offered anything; False when the first of them has it already."""
    row = Offering.objects.select_for_update(of=("self",)).get(pk=offering.pk)
    if row.taken_back_at or row.made_up_to or row.finished_at or row.holds_until <= now:
        return False
    Offering.objects.filter(pk=row.pk).update(taken_back_at=now)
    append(facts.OfferingTakenBack(about=ref("offering", row.pk), by=by.reference), now=now)
    return True


@transaction.atomic
def give_out(*, now: datetime, most: int = BATCH) -> int:
    """Let the next of those whose hold is over have their remedy; how many it are. Repeat until 0.

    The rows and how far they reach are written together: killed at any line, nobody is passed over, and nobody has it twice.
    """
    waiting = Offering.objects.filter(finished_at=None, taken_back_at=None, holds_until__lte=now)
    row = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("by").order_by("holds_until").first()
    if row is None:
        return 0
    numbers = row.customers[row.made_up_to : row.made_up_to + most]
    _give_out(row, _each_person_once(row, numbers), now=now)
    done = row.made_up_to + len(numbers)
    finished = now if done >= len(row.customers) else None
    Offering.objects.filter(pk=row.pk).update(made_up_to=F("made_up_to") + len(numbers), finished_at=finished)
    return len(numbers)


def _each_person_once(offering: Offering, numbers: Sequence[int]) -> list[Customer]:
    """The customers with these *numbers* who are there still; of those who turned out to be one person since, one."""
    rows = list(Customer.objects.filter(pk__in=numbers, erased_at=None).order_by("pk"))
    roots = {one.root_pk for one in rows}
    had = Remedy.objects.filter(offering=offering, customer__root__in=roots)
    there = set(had.values_list("customer__root_id", flat=True))
    first: dict[int, Customer] = {}
    for one in rows:
        if one.root_pk not in there:
            first.setdefault(one.root_pk, one)
    return list(first.values())


def _give_out(offering: Offering, customers: list[Customer], *, now: datetime) -> None:
    hours = hours_of(offering.team_id)
    due = None if offering.asks else due_at(offering.made_at, days=offering.days, hours=hours, now=now)
    made = [
        promises.unsaved(
            customer=customer,
            what=offering.what,
            due=due,
            said_at=now,
            state=Word.ARMED if offering.asks else Word.OPEN,
            condition=_("you accept it") if offering.asks else "",
            owner=offering.by,
            team_id=offering.team_id,
            about=offering.about,
            hours=hours,
        )
        for customer in customers
    ]
    Promise.objects.bulk_create(made)
    state = step(None, Act.OFFER if offering.asks else Act.OWE)
    rows = [
        Remedy(
            about=offering.about,
            customer=customer,
            team_id=offering.team_id,
            sort=offering.sort,
            state=state,
            amount=offering.amount,
            currency=offering.currency,
            what=offering.what,
            words_salt=fresh_salt(),
            made_at=now,
            offered_at=now,
            offered_by=offering.by,
            asks=offering.asks,
            days=offering.days,
            policy_id=offering.policy_id,
            promise=promise,
            due=due,
            offering=offering,
        )
        for customer, promise in zip(customers, made, strict=True)
    ]
    Remedy.objects.bulk_create(rows)
    append_all([promises.made(promise) for promise in made], now=now)
    by = offering.by
    append_all(
        [facts_of.offered(row, waits=False, by=by) if row.asks else facts_of.owed(row, by=by) for row in rows], now=now
    )

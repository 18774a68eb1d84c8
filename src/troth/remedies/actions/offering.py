"""A remedy is sought, offered or owed; what is beyond somebody's authority waits for a person who has it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from troth.ledger.actions import append
from troth.people.models import Customer, Staff
from troth.people.queries import hours_of, refuse_erased
from troth.post.actions import hand_over_new
from troth.promises import actions as promises
from troth.promises.letters import around
from troth.promises.models import Promise
from troth.promises.rules.words import fresh_salt
from troth.remedies import letters, queries
from troth.remedies.actions import facts_of
from troth.remedies.models import Remedy
from troth.remedies.rules.authority import Verdict
from troth.remedies.rules.due import due_at
from troth.remedies.rules.life import Act, step
from troth.remedies.rules.money import Money
from troth.remedies.sayings import what_words
from troth.words import facts
from troth.words.promises import State as Word
from troth.words.refs import ref
from troth.words.remedies import State


class NotAllowed(PermissionError):
    """This person may offer nothing, or not say yes to this."""


class NotTheirs(ValueError):
    """The promise is another customer's, is settled, or stands for another remedy already."""


@transaction.atomic
def seek(
    *,
    about: str,
    customer: Customer,
    team_id: int | None,
    sort: str,
    what: str = "",
    money: Money | None = None,
    by: Staff | None,
    now: datetime,
) -> Remedy:
    """The customer asks for this; the one that is sought already where they asked for the same before. Raises NobodyLeft."""
    refuse_erased(customer.pk)
    Customer.objects.select_for_update().get(pk=customer.pk)  # so that of two who write it down one finds the other's
    found = Remedy.objects.filter(about=about, customer=customer, sort=sort, state=State.SOUGHT).first()
    if found:
        return found
    remedy = _fresh(about=about, customer=customer, team_id=team_id, sort=sort, what=what, money=money, now=now)
    remedy.state, remedy.sought_at = step(None, Act.SEEK), now
    remedy.save(force_insert=True)
    append(facts.RemedySought(by=facts_of.by_ref(by), **facts_of.what(remedy)), now=now)
    return remedy


def _fresh(
    *, about: str, customer: Customer, team_id: int | None, sort: str, what: str, money: Money | None, now: datetime
) -> Remedy:
    amount, currency = (money.amount, money.currency) if money else (None, "")
    return Remedy(
        about=about,
        customer=customer,
        team_id=team_id,
        sort=sort,
        amount=amount,
        currency=currency,
        what=" ".join(what.split()) or what_words(sort, amount, currency),
        words_salt=fresh_salt(),
        made_at=now,
    )


@transaction.atomic
def offer(
    *,
    about: str,
    customer: Customer,
    team_id: int | None,
    sort: str,
    what: str = "",
    money: Money | None = None,
    days: int = 10,
    asks: bool = True,
    sought: Remedy | None = None,
    promise: Promise | None = None,
    tell: bool = True,
    by: Staff,
    now: datetime,
) -> Remedy:
    """Offer it, or say that it is owed (*asks* is False); beyond *by*'s authority it waits for somebody who has it.

    *sought*: the one that the customer asked for. *promise*: what a reply promised already, which is tied to the remedy instead
    of another being made; the customer knows of it, and is not told again. Raises NotAllowed, NotNow, NotTheirs, NobodyLeft.
    """
    refuse_erased(customer.pk)
    policy, version = queries.in_force(now)
    verdict = queries.may_offer(by, sort=sort, money=money, policy=policy)
    if verdict is Verdict.NO:
        raise NotAllowed("Your role offers nothing to customers.")
    row = held(sought) if sought else None
    fresh = _fresh(about=about, customer=customer, team_id=team_id, sort=sort, what=what, money=money, now=now)
    if row:
        for name in ("sort", "amount", "currency", "what", "words_salt"):
            setattr(row, name, getattr(fresh, name))
    remedy = row or fresh
    remedy.days, remedy.asks, remedy.policy_id = days, asks and promise is None, version
    remedy.offered_by = by
    remedy.promise = _tied(promise, customer=customer) if promise else None
    if verdict is Verdict.WAITS:
        remedy.state = step(State(row.state) if row else None, Act.PROPOSE)
        remedy.offered_at, remedy.waited = now, True
        remedy.save()
        append(facts_of.offered(remedy, waits=True, by=by), now=now)
        return remedy
    _stands(remedy, before=State(row.state) if row else None, tell=tell and promise is None, by=by, now=now)
    return remedy


def _tied(promise: Promise, *, customer: Customer) -> Promise:
    """The promise that a reply made, if it can stand for a remedy of this customer."""
    row = Promise.objects.select_for_update(of=("self",)).get(pk=promise.pk)
    whose = row.customer_id is not None and row.customer.root_pk == customer.root_pk  # type: ignore[union-attr]
    if not whose or not row.is_owed or row.due is None or Remedy.objects.filter(promise=row).exists():
        raise NotTheirs("Choose a promise to this customer that is still owed and stands for no other remedy.")
    return row


def _stands(remedy: Remedy, *, before: State | None, tell: bool, by: Staff, now: datetime) -> None:
    """It is allowed: offered, or owed; promised, said in a fact, and told to the customer."""
    tied = remedy.promise
    remedy.state = step(before, Act.OFFER if remedy.asks else Act.OWE)
    remedy.offered_at = remedy.offered_at or now
    if tied:
        remedy.due = tied.due
    elif not remedy.asks:
        remedy.due = due_at(now, days=remedy.days, hours=hours_of(remedy.team_id), now=now)
    if tied is None:
        remedy.promise = _promised(remedy, by=by, now=now)
    remedy.save()
    if remedy.waited:
        assert remedy.authorised_by
        promise = ref("promise", remedy.promise_id or 0)
        append(
            facts.RemedyAuthorised(promise=promise, by=remedy.authorised_by.reference, **facts_of.of(remedy)), now=now
        )
    elif remedy.asks:
        append(facts_of.offered(remedy, waits=False, by=by), now=now)
    if not remedy.asks:
        append(facts_of.owed(remedy, by=by), now=now)
    if tell:
        told(remedy, saying="offer" if remedy.asks else "owed", now=now)


def _promised(remedy: Remedy, *, by: Staff | None, now: datetime) -> Promise:
    """That it is given: owed from now on, or once the customer says yes."""
    values: dict[str, Any] = {}
    if remedy.asks:
        values = {"state": Word.ARMED, "condition": _("you accept it")}
    return promises.record(
        customer=remedy.customer,
        what=remedy.what,
        due=remedy.due,
        said_at=now,
        now=now,
        owner=by,
        team_id=remedy.team_id,
        about=remedy.about,
        **values,
    )


def told(remedy: Remedy, *, saying: str, now: datetime) -> None:
    """Write to its customer, in the caller's transaction; who has no address sees it on their page."""
    if remedy.promise is None:
        return
    letter = letters.written(remedy, saying=saying, around=around(tell=[remedy.promise], now=now), now=now)
    if letter:
        hand_over_new(letter, now=now)


@transaction.atomic
def authorise(remedy: Remedy, *, by: Staff, now: datetime) -> bool:
    """Somebody with the authority says yes; False if it waits no longer. Raises NotAllowed."""
    row = held(remedy)
    if row.state != State.WAITING:
        return False
    _may_decide(row, by=by, now=now)
    row.authorised_by, row.authorised_at = by, now
    if row.promise and not row.promise.is_owed:
        row.promise = None  # what was promised in a reply came to its end meanwhile; another is made
    tied = row.promise is not None
    _stands(row, before=State.WAITING, tell=not tied, by=row.offered_by or by, now=now)
    return True


@transaction.atomic
def refuse(remedy: Remedy, *, reason: str, by: Staff, now: datetime) -> bool:
    """Somebody with the authority says no: what the customer asked for is sought again; False if it waits no longer."""
    row = held(remedy)
    if row.state != State.WAITING:
        return False
    _may_decide(row, by=by, now=now)
    row.state = step(State.WAITING, Act.REFUSE, was_sought=row.sought_at is not None)
    row.reason, row.waited, row.promise = reason.strip(), False, None
    if row.state == State.SOUGHT:
        row.offered_at = None
    else:
        row.ended_at = now
    row.save()
    append(facts.RemedyRefused(state=row.state, by=by.reference, **facts_of.of(row)), now=now)
    return True


def _may_decide(remedy: Remedy, *, by: Staff, now: datetime) -> None:
    policy, _of = queries.in_force(now)
    money = Money(remedy.amount, remedy.currency) if remedy.amount is not None else None
    if queries.may_offer(by, sort=remedy.sort, money=money, policy=policy) is not Verdict.YES:
        raise NotAllowed("This is beyond your own authority too.")


def held(remedy: Remedy) -> Remedy:
    """The row as it stands, locked."""
    rows = Remedy.objects.select_for_update(of=("self",)).select_related("customer", "promise", "offered_by")
    return rows.get(pk=remedy.pk)

"""Forgetting a person, whole and for good; asking for it; and what forbids it for a while.

An erasure is put on record first (`begin`). Then the words go from the tables, in one transaction with its fact, and only then is
the key destroyed, which no transaction could take back. Killed at any line it leaves an erasure that is not at its end,
and whoever finds it goes on (`carry_out`, by the worker's lane); each part finds nothing where it has been before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from troth.cases import erasing as cases
from troth.drafting import erasing as drafting
from troth.hooks import erasing as hooks
from troth.inbox import erasing as inbox
from troth.ledger import keys
from troth.ledger.actions import append, append_all
from troth.notices import erasing as notices
from troth.orders import erasing as orders
from troth.people import erasing as people
from troth.people.models import Customer, Staff
from troth.people.queries import family, hours_of
from troth.post import erasing as post
from troth.privacy import letters, queries
from troth.privacy.models import Erasure, Hold, Request
from troth.privacy.queries import PROGRESS, Reach
from troth.privacy.rules.asking import answer_by
from troth.promises import actions as word
from troth.promises import erasing as promises
from troth.remedies import erasing as remedies
from troth.status import erasing as status
from troth.words import facts
from troth.words.refs import ref

log = logging.getLogger(__name__)

#: So many rows go while somebody waits for the page; more are left to the worker.
AT_ONCE_MOST = 5_000
#: Advisory lock of the one who compares the tables with the register.
COMPARING = 0x7207_F0E7


class IsHeld(ValueError):
    """A hold stands: what is kept of this person must stay until a day."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        super().__init__("A hold stands: what is kept of this person must stay for now.")
        self.holds = tuple(holds)


class NotAPerson(ValueError):
    """Mail whose sender could not be told stands under this record; it is nobody's."""


class ErasedAlready(ValueError):
    """This person was forgotten already, or is being forgotten."""


class AskedAlready(ValueError):
    """A request of theirs is open."""


class StillArriving(RuntimeError):
    """A message of theirs waits to be read; it is read within seconds, and goes with the rest."""


class HeldMeanwhile(RuntimeError):
    """Somebody for whom a hold stands was merged with them since it began."""


# Asking


@transaction.atomic
def ask(customer: Customer, *, by: Staff | None, now: datetime) -> Request:
    """They ask to be forgotten; by when they have an answer is promised. *by* put it on record for them. Raises AskedAlready."""
    ids = _locked(customer.pk)
    if queries.is_erased(ids):
        raise ErasedAlready("This person was forgotten already.")
    if queries.open_request(ids):
        raise AskedAlready("They asked already, and wait for an answer.")
    hours = hours_of()
    request = Request.objects.create(
        customer_id=customer.pk, asked_at=now, answer_by=answer_by(now, zone=hours.zone), by=by
    )
    request.promise = word.record(
        customer=customer,
        what=_("An answer to your wish to be forgotten"),
        due=request.answer_by,
        said_at=now,
        now=now,
        about=ref("customer", customer.pk),
    )
    request.save(update_fields=["promise"])
    append(
        facts.ErasureAsked(
            about=request.reference,
            customer=ref("customer", customer.pk),
            answer_by=request.answer_by,
            by=by.reference if by else "",
        ),
        now=now,
    )
    return request


@transaction.atomic
def withdraw(request: Request, *, now: datetime) -> bool:
    """They take their wish back; False if it was answered already."""
    if not _answer(request, Request.Answer.WITHDRAWN, by=None, words="", now=now):
        return False
    if request.promise:
        word.release(request.promise, reason="", by=None, now=now)
    append(
        facts.ErasureWithdrawn(about=request.reference, customer=ref("customer", request.customer_id)),
        now=now,
    )
    return True


@transaction.atomic
def refuse(request: Request, *, words: str, by: Staff, now: datetime) -> bool:
    """They are told why they are not forgotten (GDPR 12(4)); False if it was answered already."""
    if not words.strip():
        raise ValueError("Say why: the person reads it.")
    if not _answer(request, Request.Answer.REFUSED, by=by, words=words.strip(), now=now):
        return False
    letters.refused(request, words=words.strip(), by=by, now=now)
    if request.promise:
        word.keep(request.promise, by=by, now=now)
    append(
        facts.ErasureRefused(about=request.reference, customer=ref("customer", request.customer_id), by=by.reference),
        now=now,
    )
    return True


def _answer(request: Request, answer: Request.Answer, *, by: Staff | None, words: str, now: datetime) -> bool:
    waiting = Request.objects.filter(pk=request.pk, answered_at=None)
    if by:
        return waiting.update(answer=answer, answered_at=now, words=words, by=by) == 1
    return waiting.update(answer=answer, answered_at=now, words=words) == 1


# What forbids it


@transaction.atomic
def hold(customer: Customer, *, reason: str, words: str, until: datetime, by: Staff, now: datetime) -> Hold:
    """Until that day what is kept of them must stay. Raises ErasedAlready, ValueError where a reason or the day is missing."""
    ids = _locked(customer.pk)
    if queries.is_erased(ids) or Erasure.objects.filter(customers__overlap=ids, done_at=None).exists():
        raise ErasedAlready("This person is being forgotten, or was already.")
    if not words.strip():
        raise ValueError("Say which law or which dispute: the person reads it.")
    if until <= now:
        raise ValueError("The day lies in the past.")
    made = Hold.objects.create(
        customer_id=customer.pk, reason=Hold.Reason(reason), words=words.strip(), until=until, by=by, made_at=now
    )
    append(
        facts.HoldPlaced(
            about=ref("hold", made.pk),
            customer=ref("customer", customer.pk),
            reason=made.reason,
            until=until,
            by=by.reference,
        ),
        now=now,
    )
    return made


@transaction.atomic
def lift(held: Hold, *, by: Staff, now: datetime) -> bool:
    """It is not needed any more; False if that was said already."""
    if Hold.objects.filter(pk=held.pk, lifted_at=None).update(lifted_at=now, lifted_by=by) != 1:
        return False
    append(
        facts.HoldLifted(about=ref("hold", held.pk), customer=ref("customer", held.customer_id), by=by.reference),
        now=now,
    )
    return True


# Forgetting


def erase(customer: Customer, *, also: Sequence[int] = (), by: Staff | None, now: datetime) -> Erasure:
    """Forget this person, with every record merged into them, and *also* these. Raises IsHeld, NotAPerson, ErasedAlready."""
    return carry_out(begin(customer, also=also, by=by, now=now).pk, now=now)


@transaction.atomic
def begin(customer: Customer, *, also: Sequence[int] = (), by: Staff | None, now: datetime) -> Erasure:
    """Put on record that they are to be forgotten; from here on nothing but the end of it can come."""
    ids = _locked(customer.pk, *also)
    if queries.is_nobody(ids):
        raise NotAPerson("Mail whose sender could not be told stands here; it is nobody's record.")
    if queries.is_erased(ids) or Erasure.objects.filter(customers__overlap=ids, done_at=None).exists():
        raise ErasedAlready("This person is being forgotten, or was already.")
    if standing := queries.holds(ids, now=now):
        raise IsHeld(standing)
    request = queries.open_request(ids)
    return Erasure.objects.create(
        customers=ids,
        because=Erasure.Because.ASKED if request else Erasure.Because.DECIDED,
        by=by,
        request=request,
        begun_at=now,
    )


def carry_out(erasure_id: int, *, now: datetime) -> Erasure:
    """Do what is left of an erasure. Where something of theirs is under way at this moment it waits, and says for what."""
    try:
        _empty_tables(erasure_id, now=now)
    except (post.Leaving, StillArriving, HeldMeanwhile) as waits:
        Erasure.objects.filter(pk=erasure_id).update(problem=str(waits))
        return Erasure.objects.get(pk=erasure_id)
    erasure = Erasure.objects.get(pk=erasure_id)
    keys.destroy(erasure.customers, now=now)
    post.forget_copies(queries.reach(erasure.customers).letters)
    Erasure.objects.filter(pk=erasure_id, done_at=None).update(done_at=now, problem="")
    erasure.refresh_from_db()
    return erasure


@transaction.atomic
def _empty_tables(erasure_id: int, *, now: datetime) -> None:
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure_id)
    if erasure.rows_at:
        return
    # What a restored backup merged says nothing: the register tells whom.
    ids = erasure.customers if erasure.because == Erasure.Because.RESTORED else _locked(*erasure.customers)
    if erasure.because != Erasure.Because.RESTORED and queries.holds(ids, now=now):
        raise HeldMeanwhile("A hold stands for who was merged with them.")
    if inbox.waiting(queries.mail_addresses(ids)):
        raise StillArriving("A message of theirs waits to be read.")
    found = queries.reach(ids)
    gone = queries.counts(found)
    if erasure.request:
        _answer_by_erasing(erasure, now=now)
    letters.erased(erasure, customers=ids, now=now)
    _empty(found, asked=erasure.because == Erasure.Because.ASKED, by=erasure.by, erasure=erasure.pk, now=now)
    by = erasure.by.reference if erasure.by else ""
    append_all([facts.CustomerErased(about=ref("customer", pk), because=erasure.because, by=by) for pk in ids], now=now)
    Erasure.objects.filter(pk=erasure.pk).update(customers=list(ids), gone=gone, rows_at=now)


def _answer_by_erasing(erasure: Erasure, *, now: datetime) -> None:
    """Being forgotten is the answer they were promised, and kept while it can still be told from the rest."""
    request = erasure.request
    assert request is not None
    if _answer(request, Request.Answer.ERASED, by=erasure.by, words="", now=now) and request.promise:
        word.keep(request.promise, by=erasure.by, now=now)


def _empty(found: Reach, *, asked: bool, by: Staff | None, erasure: int = 0, now: datetime) -> None:
    """Every room empties its tables. Promises first, while it can be read what became of their letters; people last."""
    customers, every = found.customers, found.cases
    parts: list[Callable[[], object]] = [
        lambda: promises.erase(customers, every, asked=asked, now=now),
        lambda: orders.erase(customers),
        lambda: notices.erase(customers, people.addresses(customers)),
        lambda: remedies.erase(customers, now=now),
        lambda: inbox.erase(found.arrivals),
        lambda: post.erase(found.letters, now=now),
        lambda: cases.erase(every, by=by, now=now),
        lambda: drafting.erase(every),
        lambda: hooks.erase(customers),
        lambda: cases.part_with(customers),
        lambda: status.erase(queries.mail_addresses(customers), now=now),  # before people, who know the addresses
        lambda: people.erase(customers, cases=every, arrivals=found.arrivals, by=by, now=now),
        lambda: _erase_own(customers),
    ]
    for step, part in enumerate(parts, start=1):
        _say_how_far(erasure, step, len(parts))
        part()


def _erase_own(customers: Sequence[int]) -> None:
    Request.objects.filter(customer_id__in=customers).update(words="")
    Hold.objects.filter(customer_id__in=customers).update(words="")


def _say_how_far(erasure: int, step: int, steps: int) -> None:
    """In the name of this connection, which others see before anything is committed; it ends with the transaction."""
    with connection.cursor() as cursor:
        name = PROGRESS.format(number=erasure, step=step, steps=steps)
        cursor.execute("SELECT set_config('application_name', %s, true)", [name])


def _locked(*customers: int) -> list[int]:
    """Every number of these persons, held until the end of the transaction: nobody is merged meanwhile."""
    ids = queries.whole(customers)
    while True:
        list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))
        again = sorted({member for pk in ids for member in family(pk)})
        if again == ids:
            return ids
        ids = again


# Going on, and holding the tables against the register


def go_on(*, now: datetime) -> int:
    """Bring every erasure that was begun to its end; how many. Safe to repeat and to run side by side."""
    return sum(carry_out(pk, now=now).done_at is not None for pk in queries.under_way())


def compare(*, now: datetime) -> int:
    """Hold the tables against the register of destroyed keys, both ways; how many were forgotten (again).

    Who stands in the register and has rows came back with a backup, and is forgotten again. Whose rows are gone and whose key
    is there had the keys put back from a backup: their key is destroyed again. Of several at once one does it.
    """
    with _alone() as alone:
        return _compare(now=now) if alone else 0


def _compare(*, now: datetime) -> int:
    register = set(keys.destroyed())
    erased, under_way = people.erased(), _being_erased()
    if lost := erased - register - under_way:
        keys.destroy(lost, now=now)
    _never_again(register)
    back = sorted(people.standing(register - erased - under_way))
    if back:
        log.warning("%s customers whose keys were destroyed are here again: a backup was put back.", len(back))
    for number in back:
        made = Erasure.objects.create(customers=[number], because=Erasure.Because.RESTORED, begun_at=now)
        carry_out(made.pk, now=now)
    return len(back)


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [COMPARING])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [COMPARING])


def _being_erased() -> set[int]:
    return {pk for ids in Erasure.objects.filter(done_at=None).values_list("customers", flat=True) for pk in ids}


def _never_again(register: set[int]) -> None:
    """A restored table counts on from where it was: no new customer may get the number of one who was forgotten."""
    if not register:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('people_customer_id_seq', %s) WHERE %s > (SELECT last_value FROM people_customer_id_seq)",
            [max(register), max(register)],
        )


def sweep_up(*, now: datetime) -> int:
    """Empty what was written about somebody in the very moment in which they were forgotten; how many persons."""
    found = queries.left() - _being_erased()
    for number in sorted(found):
        with transaction.atomic():
            try:
                _empty(queries.reach([number]), asked=False, by=None, now=now)
            except post.Leaving:
                continue
    letters.empty_last()
    return len(found)

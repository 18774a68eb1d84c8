"""Every write about orders: told of by a shop, one or many at once, and by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from troth.ledger.actions import append_all, one_stroke
from troth.orders.models import Order, Upload
from troth.orders.rules.given import Given, NotAnOrder, Word, merged, word
from troth.people.actions import Stranger, meet_all
from troth.people.models import Customer, Staff
from troth.people.queries import hours_of
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words import facts
from troth.words.refs import ref

#: So many orders are noted in one transaction.
BATCH = 500
#: So many refused rows of a file are kept with their reasons; the others are counted.
REFUSALS_MOST = 1_000


@dataclass(frozen=True)
class Noted:
    """What came of one that was told."""

    given: Given
    order: Order | None
    is_new: bool = False
    is_changed: bool = False
    #: Why it was not taken; then there is no order.
    problem: NotAnOrder | None = None


def note(given: Given, *, by: Staff | None, now: datetime, by_itself: bool = False) -> Noted:
    """Note one order, new or known; raises NotAnOrder."""
    noted = note_all([given], by=by, now=now, by_itself=by_itself)[0]
    if noted.problem:
        raise noted.problem
    return noted


def note_all(
    givens: Sequence[Given], *, by: Staff | None, now: datetime, by_itself: bool = False, channel: str = "orders"
) -> list[Noted]:
    """Note orders, each new or known by its reference, in one transaction and a handful of statements; in their order.

    Of one reference told twice the later is laid over the former. *by_itself*: their customers hear from Troth by itself before
    a date slips (`Promise.by_itself`). What cannot be so is answered with its problem and hinders no other.
    """
    try:
        return _noted(givens, by=by, now=now, by_itself=by_itself, channel=channel)
    except IntegrityError:  # somebody else noted one of them, or met its customer, in the same moment
        return _noted(givens, by=by, now=now, by_itself=by_itself, channel=channel)


@transaction.atomic
def _noted(givens: Sequence[Given], *, by: Staff | None, now: datetime, by_itself: bool, channel: str) -> list[Noted]:
    sound: list[Given] = []
    problems: dict[int, NotAnOrder] = {}
    for place, given in enumerate(givens):
        try:
            sound.append(given.checked(now=now))
        except NotAnOrder as error:
            problems[place] = error
    with one_stroke():
        whose = _whose(sound, channel=channel, now=now)
        known = {
            order.reference: order
            for order in Order.objects.select_for_update(of=("self",))
            .select_related("promise", "customer")
            .filter(reference__in={given.reference for given in sound})
            .order_by("pk")
        }
        fresh: dict[str, Order] = {}
        found: list[Noted] = []
        for place, given in enumerate(givens):
            if place in problems:
                found.append(Noted(given, None, problem=problems[place]))
                continue
            customer = whose.get(_who(given, now=now))
            order = known.get(given.reference) or fresh.get(given.reference)
            if customer is None:
                found.append(Noted(given, None, problem=NotAnOrder("customer", _("There is no such customer."))))
            elif order is None:
                fresh[given.reference] = _fresh(given, customer, now=now)
                found.append(Noted(given, fresh[given.reference], is_new=True))
            elif (order.customer.root_id or order.customer_id) != (customer.root_id or customer.pk):
                words = _("This order is somebody else’s: what the shop calls it is taken.")
                found.append(Noted(given, None, problem=NotAnOrder("reference", words)))
            else:
                changes = merged(vars(order), given)
                for name, value in changes.items():
                    setattr(order, name, value)
                found.append(Noted(given, order, is_changed=bool(changes) and order.pk is not None))
        changed = list({one.order.pk: one.order for one in found if one.is_changed and one.order}.values())
        _save(list(fresh.values()), changed, by=by, by_itself=by_itself, now=now)
    return found


def _who(given: Given, *, now: datetime) -> int | Stranger:
    if given.customer is not None:
        return given.customer
    return Stranger(kind=given.kind, address=given.address, name=given.name, met_at=now)


def _whose(sound: Sequence[Given], *, channel: str, now: datetime) -> dict[int | Stranger, Customer]:
    """Whose orders these are, new ones made known."""
    named = {_who(given, now=now) for given in sound}
    there = Customer.objects.filter(pk__in=[who for who in named if isinstance(who, int)], erased_at=None)
    met = meet_all([who for who in named if isinstance(who, Stranger)], channel=channel, now=now)
    return {customer.pk: customer for customer in there} | {who: customer for who, (customer, _handle) in met.items()}


def _fresh(given: Given, customer: Customer, *, now: datetime) -> Order:
    told: dict[str, Any] = {"ordered_at": now, **given.told()}
    return Order(reference=given.reference, customer=customer, noted_at=now, changed_at=now, **told)


def _save(fresh: list[Order], changed: list[Order], *, by: Staff | None, by_itself: bool, now: datetime) -> None:
    """Put orders into the table, with what becomes of their promises, and their facts."""
    Order.objects.bulk_create(fresh)
    made = [order for order in (*fresh, *changed) if _word(order, now=now) is Word.MAKE]
    _promise(made, by_itself=by_itself, now=now)
    for order in changed:
        order.changed_at = now
        _settle(order, by=by, now=now)
    if changed:
        names = ["product", "variant", "place", "quantity", "amount", "currency", "promise", "changed_at"]
        times = ["ordered_at", "promised_for", "delivered_at", "cancelled_at", "cancelled_by"]
        Order.objects.bulk_update(changed, [*names, *times])
    new = {order.pk for order in fresh}
    if linked := [order for order in made if order.pk in new]:
        Order.objects.bulk_update(linked, ["promise"])
    append_all([facts.OrderNoted(**_told(order, by=by)) for order in fresh], now=now)
    append_all([facts.OrderChanged(**_told(order, by=by)) for order in changed], now=now)


def _word(order: Order, *, now: datetime) -> Word:
    return word(
        has_promise=order.promise_id is not None,
        promised_for=order.promised_for,
        delivered_at=order.delivered_at,
        cancelled_at=order.cancelled_at,
        cancelled_by=order.cancelled_by,
        now=now,
    )


def _promise(orders: Sequence[Order], *, by_itself: bool, now: datetime) -> None:
    """The date of their delivery is our word from now on."""
    if not orders:
        return
    hours = hours_of()
    rows = [
        promises.unsaved(
            customer=order.customer,
            what=_what(order),
            due=order.promised_for,
            said_at=min(order.ordered_at, now),
            hours=hours,
            about=ref("order", order.pk),
            by_itself=by_itself,
        )
        for order in orders
    ]
    Promise.objects.bulk_create(rows)
    for row in rows:
        said = promises.made(row)
        append_all([said], now=now, happened_at=row.said_at)
    for order, row in zip(orders, rows, strict=True):
        order.promise = row


def _what(order: Order) -> str:
    if order.product:
        return _("Your order %(reference)s, %(product)s, is delivered.") % vars(order)
    return _("Your order %(reference)s is delivered.") % vars(order)


def _settle(order: Order, *, by: Staff | None, now: datetime) -> None:
    """What the shop says now decides about the word that was given."""
    becomes, promise = _word(order, now=now), order.promise
    if promise is None:
        return
    if becomes is Word.KEEP:
        promises.keep(promise, by=by, now=now, done_at=order.delivered_at)
    elif becomes is Word.RELEASE:
        promises.release(promise, reason=_("The customer cancelled the order."), by=by, now=now)
    elif becomes is Word.BREAK:
        promises.give_up(promise, reason="", by=by, now=now)


def _told(order: Order, *, by: Staff | None) -> dict[str, Any]:
    """What both facts say."""
    return {
        "about": ref("order", order.pk),
        "customer": ref("customer", order.customer_id),
        "ordered_at": order.ordered_at,
        "promised_for": order.promised_for,
        "delivered_at": order.delivered_at,
        "cancelled_at": order.cancelled_at,
        "cancelled_by": order.cancelled_by,
        "promise": ref("promise", order.promise_id) if order.promise_id else "",
        "by": by.reference if by else "",
    }


# Files


def keep_file(*, name: str, raw: bytes, columns: dict[str, Any], rows: int, by: Staff | None, now: datetime) -> Upload:
    """Keep a file that was looked at, until it is brought in or thrown away."""
    return Upload.objects.create(name=name, raw=raw, columns=columns, rows=rows, by=by, made_at=now)


def choose_columns(upload: Upload, *, columns: dict[str, Any], by_itself: bool, rows: int) -> bool:
    """Which column holds what, said anew; False once it is being brought in."""
    waiting = Upload.objects.filter(pk=upload.pk, state=Upload.State.LOOKED_AT)
    return waiting.update(columns=columns, by_itself=by_itself, rows=rows) == 1


def bring_in(upload: Upload) -> bool:
    """Let the worker bring it in; False where that was said already."""
    waiting = Upload.objects.filter(pk=upload.pk, state=Upload.State.LOOKED_AT)
    return waiting.update(state=Upload.State.BRINGING) == 1


def throw_away(upload: Upload) -> bool:
    """Let go of a file that was only looked at; False once it is being brought in."""
    found, _rows = Upload.objects.filter(pk=upload.pk, state=Upload.State.LOOKED_AT).delete()
    return found == 1


@transaction.atomic
def note_rows(
    upload_id: int, rows: Sequence[tuple[int, Given | NotAnOrder]], *, dealt_with: int, now: datetime
) -> bool:
    """The next rows of a file, each with its line: noted, and counted with that, in one transaction.

    *dealt_with* is how many rows were dealt with before these; False where another worker did these meanwhile.
    """
    upload = Upload.objects.select_for_update(of=("self",)).select_related("by").defer("raw").get(pk=upload_id)
    if upload.done != dealt_with or upload.state != Upload.State.BRINGING:
        return False
    sound = [(line, given) for line, given in rows if isinstance(given, Given)]
    noted = note_all([given for _line, given in sound], by=upload.by, now=now, by_itself=upload.by_itself)
    wrong = {line: str(given) for line, given in rows if isinstance(given, NotAnOrder)}
    wrong |= {line: str(one.problem) for (line, _given), one in zip(sound, noted, strict=True) if one.problem}
    upload.refusals = [*upload.refusals, *([line, words] for line, words in sorted(wrong.items()))][:REFUSALS_MOST]
    upload.refused += len(wrong)
    upload.new += sum(one.is_new for one in noted)
    upload.changed += sum(one.is_changed for one in noted)
    upload.done += len(rows)
    upload.save(update_fields=["refusals", "refused", "new", "changed", "done"])
    return True


def brought_in(upload_id: int, *, now: datetime) -> None:
    """The last row was dealt with: the file itself goes."""
    waiting = Upload.objects.filter(pk=upload_id, state=Upload.State.BRINGING)
    waiting.update(state=Upload.State.DONE, done_at=now, raw=b"")

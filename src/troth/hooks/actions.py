"""Every write about endpoints: make, change, exchange the secret, switch off and on, send anew, remove."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Least

from troth.hooks import door
from troth.hooks.models import Delivery, DeliveryState, Endpoint
from troth.hooks.rules.message import SECRET_BYTES, written_secret
from troth.hooks.rules.schedule import Why
from troth.ledger import queries as ledger
from troth.ledger.actions import append
from troth.people import seal
from troth.people.actions import note_security
from troth.people.models import Staff
from troth.people.rules.security import SecurityKind
from troth.words.facts import WebhookChanged, WebhookMade, WebhookRemoved
from troth.words.facts import kinds as known_kinds

#: So long the old secret signs beside the new one.
BOTH_SECRETS = timedelta(hours=24)
#: What is written down where everything since a moment leaves once more.
SENT_ANEW = "sent_anew"


class KindUnknown(ValueError):
    """Nothing of this kind ever happens."""


class MadeAlready(RuntimeError):
    """The same form was sent before, and its endpoint is there; its secret was shown then."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__("This webhook was made already.")
        self.endpoint = endpoint


@dataclass(frozen=True)
class Who:
    """Who does it, and from where; for the record of what touches the safety of the installation."""

    staff: Staff
    origin: str = ""


def make(*, name: str, url: str, kinds: Sequence[str], once: str, by: Who, now: datetime) -> tuple[Endpoint, str]:
    """An endpoint that hears of what is sealed from now on, and its secret, which is told this once.

    Raises NotAllowed, KindUnknown, MadeAlready.
    """
    _check_kinds(kinds)
    door.check(url)
    try:
        with transaction.atomic():
            endpoint = Endpoint.objects.create(
                name=name, url=url, kinds=sorted(kinds), once=once, made_by=by.staff, made_at=now, secret_made_at=now,
                position=ledger.head(),
            )  # fmt: skip
            secret = _new_secret(endpoint)
            _note(SecurityKind.WEBHOOK_MADE, endpoint, "", by=by, now=now)
    except IntegrityError as error:
        raise MadeAlready(Endpoint.objects.get(once=once)) from error
    return endpoint, secret


def change(endpoint: Endpoint, *, name: str, url: str, kinds: Sequence[str], by: Who, now: datetime) -> bool:
    """Another name, address or choice of kinds; False if all was so already. Raises NotAllowed, KindUnknown.

    What waits already goes to the new address. Kinds count for what is sealed from now on.
    """
    said = {"name": name, "url": url, "kinds": sorted(kinds)}
    news = {field: value for field, value in said.items() if value != getattr(endpoint, field)}
    if not news:
        return False
    _check_kinds(kinds)
    if "url" in news:
        door.check(url)
    with transaction.atomic():
        Endpoint.objects.filter(pk=endpoint.pk).update(**news)
        if "url" in news:
            _forget_failures(endpoint)
        _note(SecurityKind.WEBHOOK_CHANGED, endpoint, " ".join(sorted(news)), by=by, now=now)
    return True


@transaction.atomic
def exchange_secret(endpoint: Endpoint, *, made_at: datetime, by: Who, now: datetime) -> str | None:
    """A new secret, told this once; the one before signs beside it for a day. None if *made_at* is not the present one's."""
    locked = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if locked.secret_made_at != made_at:
        return None
    try:
        seal.keep(locked, "old_secret", seal.tell(locked, "secret"))
    except seal.CannotUnseal:
        seal.keep(locked, "old_secret", "")  # nobody can sign with it any more: the new one mends that
    Endpoint.objects.filter(pk=locked.pk).update(secret_made_at=now, old_secret_until=now + BOTH_SECRETS)
    _note(SecurityKind.WEBHOOK_CHANGED, locked, "secret", by=by, now=now)
    return _new_secret(locked)


@transaction.atomic
def switch_off(endpoint: Endpoint, *, by: Who, now: datetime) -> bool:
    """Nothing more is sent to it; what happens meanwhile is kept for it. False if staff switched it off before."""
    was_on = Endpoint.objects.filter(pk=endpoint.pk).exclude(off_because=Why.STAFF)
    if was_on.update(off_because=Why.STAFF, off_at=now) != 1:
        return False
    _note(SecurityKind.WEBHOOK_CHANGED, endpoint, "off", by=by, now=now)
    return True


@transaction.atomic
def switch_on(endpoint: Endpoint, *, from_now: bool, by: Who, now: datetime) -> bool:
    """Send again what happened meanwhile, or *from_now* only what is to come; False if it was on."""
    was_off = Endpoint.objects.filter(pk=endpoint.pk).exclude(off_because="")
    if was_off.update(off_because="", off_at=None) != 1:
        return False
    _forget_failures(endpoint)
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    if from_now:
        Endpoint.objects.filter(pk=endpoint.pk).update(position=ledger.head())
        waiting.update(state=DeliveryState.GIVEN_UP)
    else:
        waiting.update(next_try_at=now)
    _note(SecurityKind.WEBHOOK_CHANGED, endpoint, "on", by=by, now=now)
    return True


@transaction.atomic
def remove(endpoint: Endpoint, *, by: Who, now: datetime) -> None:
    """It is gone, with its secret and with the record of what was sent to it."""
    _note(SecurityKind.WEBHOOK_REMOVED, endpoint, "", by=by, now=now)
    Endpoint.objects.filter(pk=endpoint.pk).delete()


# Sending anew


@transaction.atomic
def send_again(delivery: Delivery, *, now: datetime) -> bool:
    """One event leaves once more, with the same id; False if it waits already or was only a trial."""
    done = Delivery.objects.filter(pk=delivery.pk, position__isnull=False).exclude(state=DeliveryState.WAITING)
    return done.update(state=DeliveryState.WAITING, attempts=0, next_try_at=now) == 1


@transaction.atomic
def send_again_since(endpoint: Endpoint, *, since: datetime, by: Who, now: datetime) -> int:
    """Everything that was sealed from *since* on leaves once more, taken or not; how many facts are looked at again.

    What was recorded of it begins anew; what was never queued, because it came before the endpoint or was cleared away,
    is found in the ledger.
    """
    start = ledger.head_before(since)
    Delivery.objects.filter(endpoint=endpoint, position__gt=start).exclude(state=DeliveryState.WAITING).update(
        state=DeliveryState.WAITING, attempts=0, next_try_at=now
    )
    Endpoint.objects.filter(pk=endpoint.pk).update(position=Least(F("position"), start))
    _note(SecurityKind.WEBHOOK_CHANGED, endpoint, SENT_ANEW, by=by, now=now)
    return ledger.head() - start


@transaction.atomic
def make_trial(endpoint: Endpoint, *, now: datetime) -> Delivery:
    """Something to try the endpoint with. It is held back from the lane, for whoever asked sends it."""
    return Delivery.objects.create(
        endpoint=endpoint, message_id=f"test_{secrets.token_hex(16)}", state=DeliveryState.GIVEN_UP, made_at=now,
        next_try_at=now,
    )  # fmt: skip


# Small things


def _new_secret(endpoint: Endpoint) -> str:
    secret = written_secret(os.urandom(SECRET_BYTES))
    seal.keep(endpoint, "secret", secret)
    return secret


def _check_kinds(kinds: Sequence[str]) -> None:
    unknown = sorted(set(kinds) - set(known_kinds()))
    if unknown:
        raise KindUnknown(f"There is no kind of event called {unknown[0]}.")


def _forget_failures(endpoint: Endpoint) -> None:
    Endpoint.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, rest_until=None)


def _note(kind: SecurityKind, endpoint: Endpoint, how: str, *, by: Who, now: datetime) -> None:
    """In the record of what touches the safety of the installation, and in the ledger."""
    about, who = endpoint.reference, by.staff.reference
    note_security(kind=kind, staff=by.staff, about=about, how=how, origin=by.origin, now=now)
    if kind is SecurityKind.WEBHOOK_MADE:
        append(WebhookMade(about=about, by=who), now=now)
    elif kind is SecurityKind.WEBHOOK_REMOVED:
        append(WebhookRemoved(about=about, by=who), now=now)
    else:
        append(WebhookChanged(about=about, changed=how, by=who), now=now)

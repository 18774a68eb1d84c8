"""The writes of sending: queue what was sealed, claim what is due, write down what came of it.

Killed at any line, a delivery is found again when its lease ends: it is sent at least once, and perhaps once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from troth.hooks import letters
from troth.hooks.door import Answer
from troth.hooks.models import Delivery, DeliveryState, Endpoint
from troth.hooks.rules.message import body_of, id_of, trial_body
from troth.hooks.rules.schedule import next_try_at, rest, switch_off
from troth.hooks.rules.turns import Waiting, turns
from troth.ledger import queries as ledger
from troth.ledger.actions import append
from troth.ledger.queries import Place
from troth.people import seal
from troth.words.facts import WebhookChanged

#: Longer than a request may take with all around it; a claimed delivery is left alone by other workers until then.
LEASE = timedelta(seconds=30)
#: More than this does not wait for one endpoint; the rest stays in the ledger until there is room.
WAITING_MOST = 5_000
#: What was taken or given up is remembered this long.
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True)
class Request:
    """One delivery, ready to leave."""

    delivery: int
    endpoint: int
    attempts: int
    url: str
    message_id: str
    secrets: tuple[str, ...]
    #: None where the ledger has forgotten what it was.
    body: bytes | None
    #: Why it cannot be signed, or "".
    closed: str
    is_troubled: bool


@transaction.atomic
def fan_out(*, now: datetime, most: int = 1_000) -> int:
    """Queue sealed facts for every endpoint that wants to hear of them; how many deliveries are new.

    Each endpoint has its own place in the one order of the ledger, and both are written together: nothing is passed over,
    and what is looked at twice is queued once.
    """
    made = 0
    read: dict[int, list[Place]] = {}
    behind = Endpoint.objects.filter(off_because="", position__lt=ledger.head()).order_by("pk")
    for endpoint in behind.select_for_update(skip_locked=True):
        waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
        if waiting[:WAITING_MOST].count() >= WAITING_MOST:
            continue
        if endpoint.position not in read:
            read[endpoint.position] = ledger.places(endpoint.position, most=most)
        places = read[endpoint.position]
        # What an import brings happened long ago and elsewhere: a hundred thousand tellings of it would help nobody. And
        # what was done with a webhook itself whoever did it knows.
        news = [place for place in places if not place.is_past and place.about != endpoint.reference]
        wanted = [place for place in news if not endpoint.kinds or place.kind in endpoint.kinds]
        queued = [
            Delivery(
                endpoint=endpoint, position=place.position, message_id=id_of(place.leaf_hash), kind=place.kind,
                made_at=now, next_try_at=now,
            )
            for place in wanted
        ]  # fmt: skip
        Delivery.objects.bulk_create(queued, ignore_conflicts=True)
        Endpoint.objects.filter(pk=endpoint.pk).update(position=places[-1].position)
        made += len(queued)
    return made


@transaction.atomic
def claim(*, under_way: Mapping[int, int], troubled_under_way: int, now: datetime) -> list[Request]:
    """What may leave now, fairly shared between the endpoints; nobody else gets it while the lease lasts."""
    due = Delivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.WAITING, next_try_at__lte=now)
    rested = Q(rest_until=None) | Q(rest_until__lte=now)
    endpoints = {
        endpoint.pk: endpoint
        for endpoint in Endpoint.objects.filter(rested, Exists(due), off_because="").order_by("pk")
    }
    waiting = [Waiting(pk, endpoint.failures > 0) for pk, endpoint in endpoints.items()]
    claimed: list[Delivery] = []
    for pk, count in turns(waiting, under_way=under_way, troubled_under_way=troubled_under_way).items():
        rows = Delivery.objects.filter(endpoint=pk, state=DeliveryState.WAITING, next_try_at__lte=now)
        claimed += rows.order_by("next_try_at", "pk").select_for_update(skip_locked=True)[:count]
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in claimed]).update(next_try_at=now + LEASE)
    events = ledger.events_at([delivery.position for delivery in claimed if delivery.position])
    bodies = {position: body_of(event) for position, event in events.items()}
    keys = {pk: _secrets(endpoints[pk], now=now) for pk in {delivery.endpoint_id for delivery in claimed}}
    return [
        _request(
            delivery, endpoints[delivery.endpoint_id], bodies.get(delivery.position or 0), keys[delivery.endpoint_id]
        )
        for delivery in claimed
    ]


def trial(delivery: Delivery, *, now: datetime) -> Request:
    """The request of a trial, which is in nobody's queue."""
    endpoint = delivery.endpoint
    body = trial_body(endpoint=endpoint.reference, now=now)
    return _request(delivery, endpoint, body, _secrets(endpoint, now=now))


@transaction.atomic
def record(request: Request, answer: Answer, *, now: datetime, chance: float) -> None:
    """What came of a try. Says so to the endpoint as well: good ends its trouble, bad lets it rest or switches it off."""
    tried = Delivery.objects.filter(pk=request.delivery, attempts=request.attempts)
    said = {
        "attempts": request.attempts + 1,
        "last_try_at": now,
        "last_status": answer.status,
        "last_said": answer.said,
        "last_millis": answer.millis,
    }
    if answer.is_good:
        tried.update(state=DeliveryState.TAKEN, **said)
        Endpoint.objects.filter(pk=request.endpoint, failures__gt=0).update(
            failures=0, failing_since=None, rest_until=None
        )
        return
    again_at = next_try_at(request.attempts + 1, now=now, chance=chance) if request.body is not None else None
    if again_at:
        tried.filter(state=DeliveryState.WAITING).update(next_try_at=again_at, **said)
    else:
        tried.update(state=DeliveryState.GIVEN_UP, **said)
    _failed(request.endpoint, answer, now=now)


def record_trial(request: Request, answer: Answer, *, now: datetime) -> None:
    """What came of a trial; the endpoint's own standing does not change by it."""
    Delivery.objects.filter(pk=request.delivery).update(
        state=DeliveryState.TAKEN if answer.is_good else DeliveryState.GIVEN_UP, attempts=1, last_try_at=now,
        last_status=answer.status, last_said=answer.said, last_millis=answer.millis,
    )  # fmt: skip


def _failed(endpoint_id: int, answer: Answer, *, now: datetime) -> None:
    Endpoint.objects.filter(pk=endpoint_id).update(
        failures=F("failures") + 1, failing_since=Coalesce("failing_since", now)
    )
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id, off_because="").first()
    if endpoint is None or endpoint.failing_since is None:
        return
    why = switch_off(status=answer.status, failing_since=endpoint.failing_since, now=now)
    if why:
        Endpoint.objects.filter(pk=endpoint_id).update(off_because=why, off_at=now)
        append(WebhookChanged(about=endpoint.reference, changed="off", by=""), now=now)
        letters.tell_admins(endpoint, why=why, said=answer.said, now=now)
        return
    rest_until = now + rest(endpoint.failures, asked_seconds=answer.retry_after_seconds)
    Endpoint.objects.filter(pk=endpoint_id).update(rest_until=rest_until)


def clear_away(*, now: datetime) -> int:
    """Forget what was done with long ago; how many deliveries. The ledger still has the facts."""
    done = Delivery.objects.filter(made_at__lt=now - REMEMBERED).exclude(state=DeliveryState.WAITING)
    return done.delete()[0]


def _secrets(endpoint: Endpoint, *, now: datetime) -> tuple[tuple[str, ...], str]:
    """What signs, the newest first; and why nothing does."""
    try:
        found = [seal.tell(endpoint, "secret")]
        if endpoint.old_secret and endpoint.old_secret_until and now < endpoint.old_secret_until:
            found.append(seal.tell(endpoint, "old_secret"))
    except seal.CannotUnseal as error:
        return (), str(error)
    return tuple(found), ""


def _request(delivery: Delivery, endpoint: Endpoint, body: bytes | None, keys: tuple[tuple[str, ...], str]) -> Request:
    return Request(
        delivery=delivery.pk, endpoint=endpoint.pk, attempts=delivery.attempts, url=endpoint.url,
        message_id=delivery.message_id, secrets=keys[0], closed=keys[1], body=body, is_troubled=endpoint.failures > 0,
    )  # fmt: skip


def count_under_way(requests: list[Request]) -> tuple[Counter[int], int]:
    """How many requests each endpoint has under way, and how many of them go to troubled ones."""
    return Counter(request.endpoint for request in requests), sum(request.is_troubled for request in requests)

"""Who wants to be written to: asked by a form, said yes by a link in a letter, ended by a link in every other.

Whoever types an address may be somebody else. So the form always answers the same; one letter an hour goes to an address, and it
holds not a word that was typed (reliability T3, T7); and nothing more is sent before whoever reads there says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from troth.ledger.actions import append
from troth.people import limits
from troth.people.models import Staff
from troth.post import actions as post
from troth.post import erasing as post_erasing
from troth.post.models import Letter
from troth.status import letters
from troth.status.models import Component, Place, Subscriber
from troth.words import facts
from troth.words.refs import ref

#: To one address, and to all of them together: a form is no cannon.
ONE_ADDRESS = limits.Pace(1, timedelta(hours=1))
ALL_ADDRESSES = limits.Pace(60, timedelta(minutes=1))
#: Who did not say yes within so long is forgotten.
PENDING = timedelta(days=7)


def ask(address: str, *, components: Sequence[int], places: Sequence[int], now: datetime) -> None:
    """Ask whoever reads at *address*, a sound one, whether they want to be written to; of these, or of everything.

    Nothing tells the caller what became of it. Whoever is subscribed gets the link to their choice instead.
    """
    if limits.take("status-letter", address, ONE_ADDRESS, now=now) or limits.take(
        "status-letters", "all", ALL_ADDRESSES, now=now
    ):
        return
    with transaction.atomic():
        row = _row(address, components=_known(Component, components), places=_known(Place, places), now=now)
        key = f"status-ask:{row.pk}:{now:%Y%m%dT%H%M%S}"
        post.hand_over(**letters.question(row, key=key), now=now)


def _row(address: str, *, components: list[int], places: list[int], now: datetime) -> Subscriber:
    row = Subscriber.objects.select_for_update().filter(address=address).first()
    if row is None:
        return Subscriber.objects.create(
            address=address, nonce=secrets.token_urlsafe(16), components=components, places=places, asked_at=now
        )
    if row.confirmed_at is None:  # what was chosen last is meant; what is confirmed only its reader changes
        row.components, row.places, row.asked_at = components, places, now
        row.save(update_fields=["components", "places", "asked_at"])
    return row


def _known(model: type[Component] | type[Place], numbers: Sequence[int]) -> list[int]:
    return sorted(model.objects.filter(pk__in=numbers, retired_at=None).values_list("pk", flat=True))


@transaction.atomic
def confirm(subscriber: Subscriber, *, now: datetime) -> bool:
    """They said yes; False where they had."""
    if Subscriber.objects.filter(pk=subscriber.pk, confirmed_at=None, ended_at=None).update(confirmed_at=now) != 1:
        return False
    append(facts.SubscriberConfirmed(about=ref("subscriber", subscriber.pk)), now=now)
    return True


def choose(subscriber: Subscriber, *, components: Sequence[int], places: Sequence[int]) -> None:
    """From now on they hear of these; of none: of everything."""
    Subscriber.objects.filter(pk=subscriber.pk, ended_at=None).update(
        components=_known(Component, components), places=_known(Place, places)
    )


@transaction.atomic
def end(subscriber: Subscriber, *, how: str, by: Staff | None = None, now: datetime) -> bool:
    """Write to them no more, and keep neither the address nor the letters to it; False where it was ended already.

    Raises post.erasing.Leaving while a letter to them is being handed over at this very moment, where *how* is "forgotten".
    """
    held = Subscriber.objects.select_for_update().filter(pk=subscriber.pk, ended_at=None).first()
    if held is None:
        return False
    Subscriber.objects.filter(pk=held.pk).update(address="", ended_at=now)
    append(facts.SubscriberEnded(about=ref("subscriber", held.pk), how=how, by=by.reference if by else ""), now=now)
    if how == "forgotten":
        post_erasing.erase(to_them([held.pk]), now=now)
    return True


def to_them(numbers: Sequence[int]) -> QuerySet[Letter]:
    """The letters to these subscribers."""
    return Letter.objects.filter(because__in=[ref("subscriber", pk) for pk in numbers])


def let_go(*, now: datetime) -> int:
    """Forget who never said yes, and empty the letters to those who ended; how many of them."""
    with transaction.atomic():
        never = list(
            Subscriber.objects.select_for_update(skip_locked=True)
            .filter(confirmed_at=None, ended_at=None, asked_at__lt=now - PENDING)
            .values_list("pk", flat=True)[:200]
        )
        post_erasing.empty(to_them(never))
        gone = Subscriber.objects.filter(pk__in=never).delete()[0]
    lately = Subscriber.objects.filter(ended_at__gt=now - timedelta(days=1)).values_list("pk", flat=True)
    return gone + post_erasing.empty(to_them(list(lately)))

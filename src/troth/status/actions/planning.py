"""Planned work: announced, announced otherwise, called off. Nothing that was said is changed: each saying is a version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from troth.ledger.actions import append
from troth.people.models import Staff
from troth.status.models import Component, Place, Planned, PlannedVersion
from troth.status.rules import digests
from troth.words import facts
from troth.words.refs import ref


class NoTitle(ValueError):
    """Planned work says in a few words what it is."""


class WrongTimes(ValueError):
    """It ends after it begins, and is announced before it ends."""


class NotAhead(ValueError):
    """It is over, or was called off."""


@transaction.atomic
def say(
    planned: Planned | None,
    *,
    title: str,
    words: str,
    from_at: datetime,
    until: datetime,
    components: Sequence[int] = (),
    places: Sequence[int] = (),
    by: Staff | None,
    now: datetime,
) -> Planned:
    """Announce planned work (*planned* is None), or announce it otherwise; the same words once more change nothing.

    Raises NoTitle, WrongTimes, NotAhead.
    """
    title, words = " ".join(title.split()), words.strip()
    if not title:
        raise NoTitle("Say in a few words what is done.")
    if until <= from_at or until <= now:
        raise WrongTimes("It ends after it begins, and not in the past.")
    known = sorted(Component.objects.filter(pk__in=components).values_list("pk", flat=True))
    known_places = sorted(Place.objects.filter(pk__in=places).values_list("pk", flat=True))
    last = None
    if planned is None:
        planned = Planned.objects.create()
    else:
        planned, last = _ahead(planned, now=now)
        same = (last.title, last.words, last.from_at, last.until, last.components, last.places)
        if same == (title, words, from_at, until, known, known_places):
            return planned
    version = PlannedVersion.objects.create(
        planned=planned, number=last.number + 1 if last else 1, title=title, words=words, from_at=from_at, until=until,
        components=known, places=known_places, said_at=now, by=by,
    )  # fmt: skip
    append(
        facts.PlannedWorkSaid(
            about=ref("planned", planned.pk),
            number=version.number,
            from_at=from_at,
            until=until,
            words_digest=digests.of(title, words),
            by=by.reference if by else "",
        ),
        now=now,
    )
    return planned


@transaction.atomic
def cancel(planned: Planned, *, by: Staff | None, now: datetime) -> None:
    """Call it off; it stays on the page, marked so. Raises NotAhead."""
    planned, _last = _ahead(planned, now=now)
    Planned.objects.filter(pk=planned.pk).update(cancelled_at=now)
    append(facts.PlannedWorkCancelled(about=ref("planned", planned.pk), by=by.reference if by else ""), now=now)


def _ahead(planned: Planned, *, now: datetime) -> tuple[Planned, PlannedVersion]:
    held = Planned.objects.select_for_update().get(pk=planned.pk)
    last = held.versions.order_by("-number")[0]
    if held.cancelled_at or last.until <= now:
        raise NotAhead("It is over, or was called off.")
    return held, last

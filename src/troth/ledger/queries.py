"""Reading the ledger: a thing's history, a cursor over everything, and whether sealing has work."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from troth.ledger.models import Entry, Seal, Unsealed
from troth.ledger.rules.event import Event, event_of


def facts_about(reference: str) -> list[tuple[str, dict[str, Any], datetime]]:
    """Kind, values and moment of every fact about *reference*, in the order they were written."""
    rows = Entry.objects.filter(about=reference).order_by("id").values_list("kind", "body", "happened_at")
    return [(kind, json.loads(bytes(body)), happened_at) for kind, body, happened_at in rows]


def facts_about_each(references: Sequence[str]) -> dict[str, list[tuple[str, dict[str, Any], datetime]]]:
    """The same for each of many references, in one statement."""
    rows = Entry.objects.filter(about__in=list(references)).order_by("id")
    found: dict[str, list[tuple[str, dict[str, Any], datetime]]] = {reference: [] for reference in references}
    for about, kind, body, happened_at in rows.values_list("about", "kind", "body", "happened_at"):
        found[about].append((kind, json.loads(bytes(body)), happened_at))
    return found


def kinds_about(reference: str) -> list[str]:
    """The kinds of facts about *reference*, oldest first."""
    return list(Entry.objects.filter(about=reference).order_by("id").values_list("kind", flat=True))


def after(position: int, *, most: int = 1000) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Sealed entries beyond *position*, in order: position, kind, values."""
    rows = (
        Seal.objects.filter(position__gt=position)
        .order_by("position")
        .values_list("position", "entry__kind", "entry__body")[:most]
    )
    for place, kind, body in rows:
        yield place, kind, json.loads(bytes(body))


def events(after: int, *, most: int, kinds: Sequence[str] = (), about: str = "", customer: str = "") -> list[Event]:
    """Sealed entries beyond position *after*, in their order, as other programs are told of them; one statement."""
    rows = Seal.objects.filter(position__gt=after)
    if kinds:
        rows = rows.filter(entry__kind__in=list(kinds))
    if about:
        rows = rows.filter(entry__about=about)
    if customer:
        rows = rows.filter(entry__customer=customer)
    return _events(rows.order_by("position")[:most])


def _events(rows: QuerySet[Seal]) -> list[Event]:
    wanted = ("position", "entry_id", "entry__body", "entry__happened_at", "entry__recorded_at")
    return [
        event_of(position=position, entry=entry, body=bytes(body), happened_at=happened_at, recorded_at=recorded_at)
        for position, entry, body, happened_at, recorded_at in rows.values_list(*wanted)
    ]


@dataclass(frozen=True)
class Place:
    """A sealed entry, as far as must be known to choose it."""

    position: int
    kind: str
    leaf_hash: bytes


def places(after: int, *, most: int) -> list[Place]:
    """Sealed entries beyond position *after*, in their order, without what they say."""
    rows = Seal.objects.filter(position__gt=after).order_by("position")
    wanted = rows.values_list("position", "entry__kind", "entry__leaf_hash")[:most]
    return [Place(position, kind, bytes(leaf)) for position, kind, leaf in wanted]


def head() -> int:
    """The last position there is; 0 before the first."""
    return Seal.objects.order_by("-position").values_list("position", flat=True).first() or 0


def head_before(moment: datetime) -> int:
    """The last position that was given before *moment*; found from the newest back."""
    rows = Seal.objects.filter(sealed_at__lt=moment).order_by("-position")
    return rows.values_list("position", flat=True).first() or 0


def events_at(positions: Sequence[int]) -> dict[int, Event]:
    """The sealed entries at these positions, as other programs are told of them; one statement."""
    return {event.position: event for event in _events(Seal.objects.filter(position__in=list(positions)))}


def count() -> int:
    return Entry.objects.count()


def unsealed_since() -> datetime | None:
    """Since when the oldest entry without a place waits for it."""
    return Unsealed.objects.order_by("entry_id").values_list("entry__recorded_at", flat=True).first()

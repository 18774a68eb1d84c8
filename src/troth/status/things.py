"""What the ledger tells of in this room: what stands on the public page, planned work, and who wants to be written to."""

from __future__ import annotations

from collections.abc import Sequence

from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.status.actions.arranging import words_digest
from troth.status.models import Component, Place, Planned, PlannedVersion, Subscriber
from troth.status.rules import digests
from troth.status.rules.replay import part_told, planned_told, subscriber_told


def components(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these components, as their facts would put them."""
    return {row.pk: _part(row) for row in Component.objects.filter(pk__in=numbers)}


def places(numbers: Sequence[int]) -> dict[int, Columns]:
    return {row.pk: _part(row) for row in Place.objects.filter(pk__in=numbers)}


def _part(row: Component | Place) -> Columns:
    return {"words_digest": words_digest(row), "retired_at": row.retired_at}


def planned(numbers: Sequence[int]) -> dict[int, Columns]:
    said: dict[int, list[PlannedVersion]] = {}
    for version in PlannedVersion.objects.filter(planned__in=numbers).order_by("planned", "number"):
        said.setdefault(version.planned_id, []).append(version)
    return {
        row.pk: {
            "PlannedWorkSaid": len(versions),
            "number": versions[-1].number,
            "from_at": versions[-1].from_at,
            "until": versions[-1].until,
            "words_digest": digests.of(versions[-1].title, versions[-1].words),
            "cancelled_at": row.cancelled_at,
        }
        for row in Planned.objects.filter(pk__in=numbers)
        if (versions := said.get(row.pk))
    }


def subscribers(numbers: Sequence[int]) -> dict[int, Columns]:
    rows = Subscriber.objects.filter(pk__in=numbers).values_list("pk", "confirmed_at", "ended_at")
    return {pk: {"confirmed_at": confirmed_at, "ended_at": ended_at} for pk, confirmed_at, ended_at in rows}


THINGS = (
    Thing(word="component", model=Component, rows=components, told=part_told),
    Thing(word="place", model=Place, rows=places, told=part_told),
    Thing(word="planned", model=Planned, rows=planned, told=planned_told),
    Thing(word="subscriber", model=Subscriber, rows=subscribers, told=subscriber_told),
)

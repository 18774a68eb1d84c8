"""What is held of a person here, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from troth.status.erasing import theirs
from troth.status.models import Component, Place


def subscriptions(addresses: Sequence[str]) -> Iterator[dict[str, Any]]:
    components, places = (dict(model.objects.values_list("pk", "name")) for model in (Component, Place))
    for one in theirs(addresses).order_by("pk"):
        yield {
            "address": one.address,
            "components": [components[pk] for pk in one.components if pk in components],
            "places": [places[pk] for pk in one.places if pk in places],
            "asked_at": one.asked_at,
            "confirmed_at": one.confirmed_at,
        }

"""What the tests of this room begin with: two components, a place, and incidents said in public."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from django.test import Client
from tests import people_and_things as things
from tests.people_and_things import NOW

from troth.incidents import actions as incidents
from troth.incidents.models import Entry, Incident
from troth.people.kept import drop_all
from troth.status.models import Component, Place

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def parts() -> tuple[Component, Component, Place]:
    things.company()
    drop_all()
    long_ago = NOW - 200 * DAY
    return (
        Component.objects.create(name="Shop", order=1, made_at=long_ago),
        Component.objects.create(name="Deliveries", order=2, made_at=long_ago),
        Place.objects.create(name="Leeds", order=1, made_at=long_ago),
    )


def incident(
    title: str = "Vans stand still", *, at: datetime = NOW - 2 * HOUR, said: str = "No van left.", **values: Any
) -> Incident:
    """Begun *at*, and said in public an hour later."""
    things.company()
    given = {"sort": "late", "severity": "major", "components": ["Deliveries"]} | values
    begun = incidents.begin(title=title, happened_at=at, next_word_at=at + DAY, by=None, now=at, **given)
    incidents.say(
        begun, kind="began", words=said, happened_at=at, by=None, now=at + HOUR, next_word_at=at + DAY, in_public=True
    )
    return begun


def update(of: Incident, words: str, *, at: datetime) -> Entry:
    return incidents.say(
        of, kind="update", words=words, happened_at=at, by=None, now=at, next_word_at=at + DAY, in_public=True
    )


def end(of: Incident, *, at: datetime, words: str = "All vans are out again.") -> Entry:
    return incidents.end(of, words=words, happened_at=at, by=None, now=at, in_public=True)


def feed() -> ElementTree.Element:
    """The feed as a reader parses it."""
    return ElementTree.fromstring(Client().get("/status/feed.atom").content)  # noqa: S314 - our own

"""Letters to subscribers: of each line said in public and each moment of planned work, to each who wants it, exactly once.

What is to be written becomes a row of its own first. Then, some hundreds of subscribers at a time, the letters, the rows that say
who was written to, and how far it is are written in one transaction: killed anywhere, it goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from troth.incidents.models import Entry
from troth.post import actions as post
from troth.post.models import Letter
from troth.status import letters, models
from troth.status.models import Announcement, Subscriber, Written
from troth.status.rules.snapshot import Planned, Snapshot, matching
from troth.words.addresses import AddressNotSound
from troth.words.refs import ref

BATCH = 500
#: What was said longer ago is not news any more when it first can be written.
NEWS = timedelta(days=2)
#: So long before it begins subscribers are reminded of planned work they heard of longer ago than that.
REMINDER = timedelta(hours=24)


@dataclass(frozen=True)
class Item:
    """Something to be written."""

    item: str
    about: str
    said_at: datetime
    subject: str
    words: str
    #: Names of components and places, as the page has them.
    components: tuple[str, ...]
    places: tuple[str, ...]
    #: It goes to whoever was told of the beginning as well.
    ends: bool


def announce(snapshot: Snapshot, *, now: datetime) -> int:
    """Write to subscribers what was said and is not written yet; how many letters."""
    items = {one.item: one for one in _items(snapshot, now=now)}
    known = set(Announcement.objects.filter(item__in=items).values_list("item", flat=True))
    fresh = [
        Announcement(item=one.item, about=one.about, said_at=one.said_at)
        for one in items.values()
        if one.item not in known
    ]
    Announcement.objects.bulk_create(fresh, ignore_conflicts=True)
    total = 0
    for pk, item in Announcement.objects.filter(done_at=None).order_by("pk").values_list("pk", "item"):
        if item not in items:  # taken off the public page meanwhile: there is nothing to say any more
            Announcement.objects.filter(pk=pk, done_at=None).update(done_at=now)
            continue
        while (written := _some(pk, items[item], now=now)) is not None:
            total += written
    return total


def _items(snapshot: Snapshot, *, now: datetime) -> Iterator[Item]:
    lately = [one for one in snapshot.incidents if one.changed_at > now - NEWS]
    numbers = _numbers([one.number for one in lately])
    for incident in lately:
        for line in incident.lines:
            if line.said_at > now - NEWS and (number := numbers.get((incident.number, line.number))):
                subject, words = letters.of_line(incident, line)
                yield Item(
                    ref("entry", number), ref("incident", incident.number), line.said_at, subject, words,
                    incident.components, incident.places, ends=line.kind != "began",
                )  # fmt: skip
    for planned in snapshot.planned:
        for what, at in _moments(planned, now=now):
            subject, words = letters.of_planned(planned, what)
            yield Item(
                f"planned:{planned.number}.{what}", ref("planned", planned.number), at, subject, words,
                planned.now.components, planned.now.places, ends=what not in {"1", "reminder"},
            )  # fmt: skip


def _numbers(incidents: Sequence[int]) -> dict[tuple[int, int], int]:
    """The row of each line that was first said, by incident and its place in the timeline."""
    found: dict[tuple[int, int], int] = {}
    rows = Entry.objects.filter(incident__in=incidents, in_public=True, changes=None).order_by("said_at", "pk")
    counted: dict[int, int] = {}
    for pk, incident in rows.values_list("pk", "incident_id"):
        counted[incident] = counted.get(incident, 0) + 1
        found[incident, counted[incident]] = pk
    return found


def _moments(planned: Planned, *, now: datetime) -> Iterator[tuple[str, datetime]]:
    """What is to be said of it by now: its newest version, that it is called off, or that it begins soon."""
    if planned.cancelled_at:
        if planned.cancelled_at > now - NEWS:
            yield "cancelled", planned.cancelled_at
        return
    version = planned.now
    if version.said_at > now - NEWS and version.until > now:
        yield str(len(planned.versions)), version.said_at
    remind_at = version.from_at - REMINDER
    if version.said_at < remind_at <= now < version.from_at:
        yield "reminder", remind_at


@transaction.atomic
def _some(pk: int, item: Item, *, now: datetime) -> int | None:
    """Write to the next some; None when nobody is left, or another worker is at it."""
    row = Announcement.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if row is None:
        return None
    some = list(_wanting(row, item).filter(pk__gt=row.made_up_to).order_by("pk")[:BATCH])
    if some:
        made = {one.pk: letter for one in some if (letter := _letter(row, item, one, now=now))}
        numbers = post.hand_over_bulk(list(made.values()), now=now)
        Written.objects.bulk_create(
            Written(announcement=row, subscriber_id=number, letter_id=numbers[letter.key])
            for number, letter in made.items()
        )
        row.made_up_to = some[-1].pk
    if len(some) < BATCH:
        row.done_at = now
    row.save(update_fields=["made_up_to", "done_at"])
    return len(some) if row.done_at is None else (len(some) or None)


def _wanting(row: Announcement, item: Item) -> QuerySet[Subscriber]:
    """Who said yes before it was said and wants to hear of it; and of an end, whoever was told the beginning."""
    components, places = _parts(models.Component, item.components), _parts(models.Place, item.places)
    wants = Q(components=[], places=[]) | Q(components__overlap=components) | Q(places__overlap=places)
    if item.ends:
        told = Written.objects.filter(announcement__about=row.about).values("subscriber")
        wants |= Q(pk__in=told)
    return Subscriber.objects.filter(wants, ended_at=None, confirmed_at__lte=row.said_at)


def _parts(model: type[models.Component] | type[models.Place], names: Sequence[str]) -> list[int]:
    """The numbers of what is named so, or was."""
    return [one.pk for one in model.objects.all() if matching(names, (one.name, *one.former))] if names else []


def _letter(row: Announcement, item: Item, subscriber: Subscriber, *, now: datetime) -> Letter | None:
    try:
        return post.written(
            post.Outgoing(
                key=f"status:{row.pk}:{subscriber.pk}",
                to_address=subscriber.address,
                subject=item.subject,
                text=letters.with_way_out(item.words, subscriber),
                because=ref("subscriber", subscriber.pk),
                customer_id=None,
                automatic=True,
                list_id=letters.list_id(),
                unsubscribe=f"{letters.own_page(subscriber)}end/",
            ),
            now=now,
        )
    except AddressNotSound:  # it was sound when it was asked for; nobody else's letter waits for it
        return None

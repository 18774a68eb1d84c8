"""Components and places, planned work and its versions; who asked to be written to, and what was written to them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from troth.people.models import Staff


class Part(models.Model):
    """Something of which the page says how it stands. That is worked out from incidents and planned work, never typed."""

    name = models.TextField()
    #: What it was called before: an incident that names it so still means it.
    former = ArrayField(models.TextField(), default=list, db_default=[])
    order = models.IntegerField(default=0)
    description = models.TextField(blank=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Component(Part):
    """A part of what the company offers: its shop, its deliveries, its telephone."""

    group = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="a_component_has_its_name_alone")]


class Place(Part):
    """Where customers are: a town, a shop, an area of delivery."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="a_place_has_its_name_alone")]


class Planned(models.Model):
    """Work that is announced. What is said of it are its versions, of which the newest counts and every one stays to be read."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="planned_ahead", condition=Q(cancelled_at=None))]


class PlannedVersion(models.Model):
    """What was said of planned work at one moment; the database refuses to change it."""

    planned = models.ForeignKey(Planned, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.IntegerField()
    title = models.TextField()
    words = models.TextField(blank=True)
    components = ArrayField(models.BigIntegerField(), default=list)
    places = ArrayField(models.BigIntegerField(), default=list)
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    said_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["planned", "number"], name="versions_of_planned_work_are_counted"),
            models.CheckConstraint(condition=Q(until__gt=F("from_at")), name="planned_work_takes_time"),
        ]


class Subscriber(models.Model):
    """An address that wants to be written to. Nothing is but the one question whether it does, until it says yes."""

    #: Empty once it wants no more.
    address = models.TextField()
    #: Random, 128 bits; what the signature of its links covers beside the number.
    nonce = models.TextField(unique=True)
    #: Of which components and places; both empty: of everything.
    components = ArrayField(models.BigIntegerField(), default=list)
    places = ArrayField(models.BigIntegerField(), default=list)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="an_address_subscribes_once", condition=~Q(address="")),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(address=""), name="of_who_wants_no_more_no_address_is_kept"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="subscriber_confirmed", condition=Q(confirmed_at__isnull=False)),
            models.Index(fields=["asked_at"], name="subscriber_asked", condition=Q(confirmed_at=None)),
        ]


class Announcement(models.Model):
    """Something that subscribers are written: an entry of an incident's timeline, or a moment of planned work."""

    #: "entry:12", or "planned:4" with the number of its version, "reminder" or "cancelled" behind a dot. Each is made once.
    item = models.TextField(unique=True)
    #: "incident:3" or "planned:4": who was told of its beginning is told of its end.
    about = models.TextField()
    said_at = models.DateTimeField()
    #: Up to which subscriber letters were written.
    made_up_to = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="announcement_under_way", condition=Q(done_at=None)),
            models.Index(fields=["about"], name="announcement_about"),
        ]


class Written(models.Model):
    """One letter to one subscriber: the row makes that each is written once."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="written", db_index=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="written")
    letter_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "subscriber"], name="each_subscriber_is_written_to_once")
        ]

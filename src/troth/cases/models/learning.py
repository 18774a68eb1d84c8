"""What staff said of readings, what was learned from it, and the rounds in which all is read anew."""

from __future__ import annotations

from django.db import models

from troth.cases.models.message import Message
from troth.cases.rules.corrections import Field
from troth.people.models import Staff


class Correction(models.Model):
    """What somebody said of one field of a message's reading: that it is right, or what it is instead.

    Never changed but for its end. What was read stands beside it as it was then, whatever reads the message later.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="corrections")
    field = models.TextField(choices=[(field.value, field.value) for field in Field])
    #: What was read, surest first: value and confidence of each.
    read = models.JSONField()
    #: What read it.
    version = models.TextField(blank=True)
    #: What it is: the values, none if there is nothing of the kind.
    said = models.JSONField()
    #: The message was drawn at random to be looked at, not come across.
    drawn = models.BooleanField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: Until when it held: it was replaced or undone then.
    until = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    #: What it took the place of, and what holds again if it is undone.
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "field"], name="one_word_holds_of_a_field", condition=models.Q(until=None)
            ),
            models.CheckConstraint(
                condition=models.Q(undone_by=None) | models.Q(until__isnull=False), name="what_is_undone_has_ended"
            ),
        ]

    @property
    def values_read(self) -> tuple[str, ...]:
        return tuple(found["value"] for found in self.read)


class Learned(models.Model):
    """What the corrections up to a moment taught. At most one is in use; what is not stays, so that it can be gone back to."""

    #: The same corrections give the same version.
    version = models.TextField(unique=True)
    #: What `reading.Learned` wrote.
    plain = models.JSONField()
    corrections = models.IntegerField()
    #: How often the corrected value was read without and with it, on corrections held back: before, after, n; and by field.
    comparison = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_on"], name="one_is_in_use", condition=models.Q(is_on=True)),
        ]


class Rereading(models.Model):
    """A round in which messages are read anew. What is left to do the messages themselves tell; this tells how far it is."""

    #: The version that all of them are to be read by.
    version = models.TextField()
    total = models.IntegerField()
    read = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], name="one_round_a_version", condition=models.Q(ended_at=None)),
        ]

"""Drafts that people asked a language model for."""

from __future__ import annotations

from django.db import models

from troth.cases.models import Case
from troth.people.models import Staff


class Draft(models.Model):
    class State(models.TextChoices):
        ASKED = "asked"
        WRITING = "writing"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"
        #: Somebody put it into their answer.
        TAKEN = "taken"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, default=State.ASKED)
    #: The model that wrote it, as the host calls it.
    model = models.TextField()
    text = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    #: So much of it has come in.
    chars = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    asked_at = models.DateTimeField()
    #: Before then nobody begins it; being written, after then whoever wrote it has gone.
    not_before = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "staff"], name="one_draft_asked_for", condition=models.Q(state__in=["asked", "writing"])
            )
        ]
        indexes = [
            models.Index(fields=["not_before"], name="draft_due", condition=models.Q(state__in=["asked", "writing"])),
            models.Index(fields=["case", "staff", "-id"], name="draft_of_case"),
        ]


class Understood(models.Model):
    """Somebody was told what is sent where, and asked for a draft all the same; asked anew when it goes elsewhere."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    #: Where to: the endpoint's host.
    place = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "place"], name="understood_once_a_place")]

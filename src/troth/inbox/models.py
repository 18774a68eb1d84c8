"""What arrived, as it arrived."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from troth.words.refs import ref


class Arrival(models.Model):
    """The raw source of one message, kept once and before anyone looked inside."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits to be read"
        MESSAGE = "message", "Became a message"
        DUPLICATE = "duplicate", "Was here already"
        QUARANTINED = "quarantined", "Could not be read"

    channel = models.TextField()
    outside_id = models.TextField(help_text="Its name where it came from, such as mailbox, UIDVALIDITY and UID.")
    digest = models.TextField(help_text="SHA-256 of the source, hexadecimal.")
    digest_salt = models.BinaryField(
        db_default=b"", help_text="What the digest in the ledger is salted with; goes with the source."
    )
    source = models.BinaryField()
    received_at = models.DateTimeField(help_text="When our side's server took it; what clocks count from.")
    arrived_at = models.DateTimeField(help_text="When it was kept here.")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    next_try_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    is_slow = models.BooleanField(
        db_default=False, help_text="Reading it takes long; the others are not to wait for it."
    )
    message_id = models.TextField(blank=True)
    same_digest = models.TextField(
        blank=True, help_text="Digest of who, when and what; with the Message-ID, what is one message."
    )
    refers_to = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        help_text="Message-IDs it names without proof, the nearest first; kept while they may still say where it belongs.",
    )
    message_ref = models.TextField(blank=True, help_text='What became of it: "message:5", "letter:9" or "arrival:3".')
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "outside_id"], name="arrival_is_kept_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "message", "duplicate", "quarantined"]), name="arrival_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | ~Q(message_ref=""), name="arrival_says_what_became_of_it"
            ),
        ]
        indexes = [
            models.Index(F("is_slow"), F("next_try_at"), F("id"), name="arrival_waiting", condition=Q(state="waiting")),
            models.Index(fields=["message_id"], name="arrival_message_id", condition=~Q(message_id="")),
            models.Index(fields=["digest"], name="arrival_digest"),
            GinIndex(fields=["refers_to"], name="arrival_refers_to", condition=~Q(refers_to=[])),
            models.Index(F("id").desc(), name="arrival_quarantined", condition=Q(state="quarantined")),
        ]

    @property
    def reference(self) -> str:
        return ref("arrival", self.pk)

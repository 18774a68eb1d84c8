"""What was said in a case, and the files that came with it."""

from __future__ import annotations

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from troth.cases.models.case import Case
from troth.people.models import Handle, Staff

#: What read a message; empty if nothing did.
READ_BY = Coalesce(KT("reading__version"), models.Value(""), output_field=models.TextField())


class Message(models.Model):
    """One thing said: by the customer, to the customer, or among staff."""

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        OUTBOUND = "outbound"
        NOTE = "note"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    direction = models.TextField(choices=Direction.choices)
    channel = models.TextField(default="email")
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    handle = models.ForeignKey(Handle, on_delete=models.PROTECT, null=True)
    #: What is new in it, as plain text.
    text = models.TextField(blank=True)
    #: What it repeats of earlier messages, and the signature.
    quoted = models.TextField(blank=True)
    #: Cleaned by the strict list; shown only in a sandboxed frame.
    html = models.TextField(blank=True)
    message_id = models.TextField(blank=True)
    #: "arrival:7" for what came in, "letter:9" for what went out.
    source = models.TextField(blank=True)
    #: The sender is who the mail says.
    verified = models.BooleanField(default=False)
    automatic = models.BooleanField(default=False)
    #: What was read in it (cases.rules.kept).
    reading = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(direction__in=["inbound", "outbound", "note"]), name="message_direction_is_known"
            ),
            models.UniqueConstraint(fields=["source"], name="one_message_a_source", condition=~models.Q(source="")),
        ]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="message_of_case"),
            models.Index(fields=["message_id"], name="message_id", condition=~models.Q(message_id="")),
            models.Index(READ_BY, "id", name="message_read_by", condition=models.Q(direction="inbound")),
        ]


class Blob(models.Model):
    """Bytes by their digest, kept once however often they were sent."""

    digest = models.TextField(primary_key=True)
    content = models.BinaryField()


class Attachment(models.Model):
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    name = models.TextField()
    content_type = models.TextField()
    size = models.BigIntegerField()
    #: What its own first bytes say it is (cases.rules.sniffed); empty where it is only offered, never shown.
    seen_as = models.TextField(blank=True, db_default="")
    #: What the letter's HTML calls it (RFC 2392), where it stands in its words.
    content_id = models.TextField(blank=True, db_default="")

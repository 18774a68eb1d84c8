"""Mailboxes: where letters come in, and the archive where copies of ours are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from troth.people.seal import SealedText, is_sealed


class Mailbox(models.Model):
    class Tls(models.TextChoices):
        NONE = "none", "None"
        STARTTLS = "starttls", "STARTTLS"
        TLS = "tls", "TLS"

    name = models.TextField(unique=True)
    address = models.TextField()
    host = models.TextField()
    port = models.IntegerField(default=993)
    tls = models.TextField(choices=Tls.choices, default=Tls.TLS)
    user = models.TextField()
    password = SealedText(blank=True, help_text="Written, never shown again.")
    folder = models.TextField(default="INBOX")
    #: Holds a copy of every letter of ours; nothing is received from it.
    is_archive = models.BooleanField(default=False)
    enabled = models.BooleanField(default=True)
    #: The mail server whose Authentication-Results we believe (RFC 8601). Empty: nobody vouches for senders.
    trusted_authserv_id = models.TextField(blank=True)
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    #: Since when it is to be watched; a mailbox nobody has heard is silent from here on.
    started_at = models.DateTimeField(null=True, blank=True)
    #: When the server last answered; a silent channel is shown to staff.
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    last_problem = models.TextField(blank=True)
    last_problem_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tls__in=["none", "starttls", "tls"]), name="mailbox_tls_is_known"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="mailbox_port_is_one"),
            models.UniqueConstraint(fields=["host", "port", "user", "folder"], name="mailbox_is_watched_once"),
            models.CheckConstraint(condition=is_sealed("password"), name="mailbox_password_is_sealed"),
            models.UniqueConstraint(fields=["is_archive"], condition=Q(is_archive=True), name="there_is_one_archive"),
        ]

    def __str__(self) -> str:
        return self.name

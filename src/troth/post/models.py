"""Letters and the attempts to send them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from troth.words.refs import ref


class LetterState(models.TextChoices):
    QUEUED = "queued", "Waits to leave"
    SENDING = "sending", "Being handed over"  # nothing of it has left yet: safe to begin again
    DATA = "data", "Leaving"  # its bytes may have left: only the archive can tell
    SENT = "sent", "Delivered"
    REFUSED = "refused", "Refused"
    UNCLEAR = "unclear", "Not known whether it arrived"
    TAKEN_BACK = "taken_back", "Taken back"


#: States in which the sweep still has something to do.
UNDER_WAY = (LetterState.QUEUED, LetterState.SENDING, LetterState.DATA)
#: How the keys of letters about accounts of staff begin: invitations, new passwords.
OF_ACCOUNTS = "account:"


class Letter(models.Model):
    """One letter to one address. Its bytes are fixed from the first moment; the database refuses to change them.

    But once: before it leaves, the receipts of what it promises may be put into it (see `enclosing.py`).
    """

    key = models.TextField(unique=True, help_text="One intent, one letter: the same key never makes a second.")
    to_address = models.TextField()
    envelope_from = models.TextField(
        blank=True, help_text="Empty for automatic letters, so that nothing bounces back and forth."
    )
    message_id = models.TextField(unique=True)
    subject = models.TextField(blank=True)
    raw = models.BinaryField()
    because = models.TextField(help_text='What the letter is about, such as "case:3".')
    customer_id = models.BigIntegerField(null=True, blank=True)
    automatic = models.BooleanField(default=False)
    bulk = models.BooleanField(
        default=False, db_default=False, help_text="One of very many: it leaves in a lane of its own, in batches."
    )
    state = models.TextField(choices=LetterState.choices, default=LetterState.QUEUED)
    created_at = models.DateTimeField()
    leaves_at = models.DateTimeField(help_text="Until then it can be taken back.")
    next_try_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    left_at = models.DateTimeField(null=True, blank=True, help_text="When its bytes last began to leave.")
    last_code = models.IntegerField(default=0)
    last_reply = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    verified = models.BooleanField(default=False, help_text="Found in the archive after an unclear send.")
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.TextField(blank=True)
    encloses = ArrayField(
        models.TextField(),
        default=list,
        db_default=[],
        blank=True,
        help_text='Of what it carries the receipts, such as "promise:31"; they are put in before it leaves.',
    )
    enclosed = models.IntegerField(
        null=True, blank=True, help_text="How many receipts it carries; 0 where it leaves without. Empty until known."
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When its receipts were first asked for and were not ready."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SENT) | Q(delivered_at__isnull=False), name="sent_letter_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.DATA) | Q(left_at__isnull=False), name="leaving_letter_says_since_when"
            ),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="letter_attempts_count_up"),
            models.CheckConstraint(
                condition=Q(next_try_at__gte=F("leaves_at")), name="letter_not_tried_before_it_leaves"
            ),
            models.CheckConstraint(condition=Q(enclosed__gte=0), name="letter_receipts_count_up"),
        ]
        indexes = [
            # The letters of each lane lie together, so that a look for a few ordinary ones passes no million of the others.
            models.Index(
                fields=["bulk", "next_try_at", "id"],
                name="letter_due",
                condition=Q(state__in=["queued", "sending", "data"]),
            ),
            models.Index(fields=["because", "id"], name="letter_because"),
            # Which of very many may have arrived twice: those that left more than once, usually none.
            models.Index(fields=["because"], name="letter_in_bulk_again", condition=Q(bulk=True, attempts__gt=1)),
            models.Index(fields=["customer_id"], name="letter_of_customer", condition=Q(customer_id__isnull=False)),
            models.Index(fields=["to_address", "created_at"], name="letter_to"),
            models.Index(
                fields=["created_at"], name="letter_automatic_lately", condition=Q(automatic=True, bulk=False)
            ),
            models.Index(
                F("id").desc(), name="letter_failed", condition=Q(state__in=["refused", "unclear"], bulk=False)
            ),
            models.Index(
                F("id").desc(),
                name="letter_bounced",
                condition=Q(state="sent", bounced_at__isnull=False, bulk=False),
            ),
            # Whoever wrote to very many looks for them, to go on with each reader's next address.
            models.Index(
                fields=["id"],
                name="letter_in_bulk_bounced",
                condition=Q(state="sent", bounced_at__isnull=False, bulk=True),
            ),
        ]

    @property
    def reference(self) -> str:
        return ref("letter", self.pk)

    @property
    def customer(self) -> str:
        return ref("customer", self.customer_id) if self.customer_id else ""

    @property
    def awaits_receipts(self) -> bool:
        """Whether it is still to be known which receipts go with it; until then it does not begin to leave."""
        return self.state == LetterState.QUEUED and bool(self.encloses) and self.enclosed is None

    @property
    def opens_account(self) -> bool:
        """Its link is for one person of staff alone, and the archive has other readers: no copy of it goes there."""
        return self.key.startswith(OF_ACCOUNTS)


class Attempt(models.Model):
    """One dialogue with the other side."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="tries")
    started_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True, help_text="When the letter's bytes began to leave.")
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    code = models.IntegerField(default=0)
    reply = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["letter", "id"], name="attempt_of_letter")]

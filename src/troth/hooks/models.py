"""Endpoints, and what was sent to each."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from troth.hooks.rules.schedule import Why
from troth.people.models import Staff
from troth.people.seal import SealedText, is_sealed
from troth.words.refs import ref


class Endpoint(models.Model):
    """An address of another program's that is told of what happens."""

    name = models.TextField()
    url = models.TextField()
    #: The kinds of fact it hears of; none named means every kind.
    kinds = ArrayField(models.TextField(), default=list, blank=True)
    secret = SealedText(blank=True)
    secret_made_at = models.DateTimeField()
    #: The secret before, which signs beside the new one until then.
    old_secret = SealedText(blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    #: Random, from the form that made it: one form makes one endpoint, however often it is sent.
    once = models.TextField(unique=True)
    made_by = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField()
    #: Every sealed fact up to this position has been looked at for it.
    position = models.BigIntegerField()
    #: Empty while it is switched on.
    off_because = models.TextField(choices=[(why.value, why.value) for why in Why], blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    failures = models.IntegerField(default=0, help_text="In a row.")
    failing_since = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(off_because__in=["", *(why.value for why in Why)]),
                name="endpoint_is_off_for_a_known_reason",
            ),
            models.CheckConstraint(
                condition=Q(off_because="", off_at=None) | (~Q(off_because="") & Q(off_at__isnull=False)),
                name="endpoint_that_is_off_says_since_when",
            ),
            models.CheckConstraint(condition=is_sealed("secret", "old_secret"), name="endpoint_secrets_are_sealed"),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None) | Q(failures__gt=0, failing_since__isnull=False),
                name="endpoint_that_fails_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        return ref("webhook", self.pk)

    @property
    def is_on(self) -> bool:
        return not self.off_because


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waits to be sent"
    TAKEN = "taken", "Taken"
    GIVEN_UP = "given_up", "Given up"


class Delivery(models.Model):
    """One event for one endpoint, and what came of the last try. What is sent is read from the ledger at every try."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    #: The place of the fact in the ledger; None for what the test button sent.
    position = models.BigIntegerField(null=True, blank=True)
    message_id = models.TextField()
    kind = models.TextField(blank=True)
    state = models.TextField(choices=DeliveryState.choices, default=DeliveryState.WAITING)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    last_try_at = models.DateTimeField(null=True, blank=True)
    last_status = models.IntegerField(default=0, help_text="0: no answer.")
    last_said = models.TextField(blank=True)
    last_millis = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="event_is_queued_once_for_an_endpoint"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="delivery_attempts_count_up"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "next_try_at", "id"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["endpoint", "-id"], name="delivery_newest"),
            models.Index(fields=["endpoint", "position"], name="delivery_of_an_event"),
            models.Index(fields=["made_at"], name="delivery_done", condition=~Q(state="waiting")),
        ]

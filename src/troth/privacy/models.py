"""Requests to be forgotten, holds that forbid it, and what was erased."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from troth.people.models import Customer, Staff
from troth.promises.models import Promise
from troth.words.refs import ref


class Request(models.Model):
    """A person asked to be forgotten (GDPR 17). The date they were told is a promise like any other."""

    class Answer(models.TextChoices):
        ERASED = "erased"
        REFUSED = "refused"
        #: They took it back themselves.
        WITHDRAWN = "withdrawn"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    #: One month on (GDPR 12(3)).
    answer_by = models.DateTimeField()
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    #: Why it was refused, as the person reads it.
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], name="one_open_request_of_a_customer", condition=Q(answered_at=None)
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answered_request_says_how",
            ),
        ]
        indexes = [models.Index(fields=["answer_by"], name="request_open", condition=Q(answered_at=None))]

    @property
    def reference(self) -> str:
        return ref("request", self.pk)


class Hold(models.Model):
    """While it stands the customer is not erased: a law or a dispute asks for what we hold (GDPR 17(3)(b) and (e))."""

    class Reason(models.TextChoices):
        STATUTE = "statute"
        DISPUTE = "dispute"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(choices=Reason.choices)
    #: Which law, which dispute; the person reads it.
    words = models.TextField()
    until = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=["statute", "dispute"]), name="hold_reason_is_known"),
            models.CheckConstraint(condition=Q(until__gt=models.F("made_at")), name="hold_ends_after_it_began"),
        ]
        indexes = [models.Index(fields=["customer"], name="hold_standing", condition=Q(lifted_at=None))]


class Erasure(models.Model):
    """That a person is to be forgotten, and how far it is. The row is there before the first word goes: who finds it goes on.

    `rows_at`: the words are gone from the tables, in one transaction. `done_at`: the key is destroyed, too.
    """

    class Because(models.TextChoices):
        #: The person asked for it.
        ASKED = "asked"
        #: The company decided it.
        DECIDED = "decided"
        #: The register of destroyed keys names them, and their rows were back: a backup was restored.
        RESTORED = "restored"

    #: Every number of the person: of who was merged, all. Fixed when the words go.
    customers = ArrayField(models.BigIntegerField())
    because = models.TextField(choices=Because.choices)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    rows_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    #: How many of what went, by name.
    gone = models.JSONField(default=dict)
    #: Why it waits.
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(rows_at__isnull=False), name="an_erasure_ends_with_the_key"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="erasure_under_way", condition=Q(done_at=None))]

    @property
    def reference(self) -> str:
        return ref("erasure", self.pk)

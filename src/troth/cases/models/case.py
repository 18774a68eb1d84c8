"""The case: what a customer wants of us, from the first word to the end."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Cast, Concat, Upper

from troth.people.models import Customer, Staff, Team
from troth.words.causes import Cause


class Case(models.Model):
    class Kind(models.TextChoices):
        ENQUIRY = "enquiry"
        COMPLAINT = "complaint"
        SUGGESTION = "suggestion"
        COMPLIMENT = "compliment"

    class Status(models.TextChoices):
        OPEN = "open"
        #: Waits for the customer.
        WAITING = "waiting"
        RESOLVED = "resolved"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases")
    subject = models.TextField(blank=True)
    kind = models.TextField(choices=Kind.choices, default=Kind.ENQUIRY)
    #: Somebody set it, so that what is read in its messages changes it no more.
    kind_by_hand = models.BooleanField(db_default=False)
    cause_by_hand = models.BooleanField(db_default=False)
    cause = models.TextField(choices=[(cause.value, cause.value) for cause in Cause], blank=True)
    status = models.TextField(choices=Status.choices, default=Status.OPEN)
    channel = models.TextField(default="email")
    emotion = models.TextField(blank=True)
    urgency = models.TextField(blank=True)
    assignee = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="cases")
    #: The team's rule made them the owner, so that it may choose another; what a person decided stays.
    given_by_rule = models.BooleanField(db_default=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    #: The oldest message nobody has answered; empty when all are.
    unanswered_since = models.DateTimeField(null=True)
    #: By when an answer is due by our own target: the end of its clock.
    answer_by = models.DateTimeField(null=True)
    #: By when the customer was told to expect it, and from what that was drawn: {"by", "n", "basis"}; NULL where nothing was told.
    told = models.JSONField(null=True)
    #: Who put it aside (rules/snooze.py), and until when: NULL beside a name is until the customer writes.
    snoozed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    snoozed_until = models.DateTimeField(null=True)
    #: The earlier case of the same customer and cause, soon before this one (rules/again.py); and which one staff said it is not.
    again_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    not_again_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    #: Something in it was said where others can read it.
    is_public = models.BooleanField(db_default=False)
    #: The mail's sender could not be verified, and which case it seems to belong to.
    unverified = models.BooleanField(default=False)
    seems_to_be = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    #: The case for the cause that this one shares with others; staff alone see it, for behind it stand other customers.
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False)
    #: It holds what nobody outside may see, such as a code to sign in: on no customer's page, whoever the customer is.
    for_staff_only = models.BooleanField(db_default=False)
    #: "incident:3", what went wrong that it is part of; staff alone see it here.
    incident = models.TextField(blank=True, db_default="")
    imported = models.BooleanField(default=False)
    #: The conversation's id at its source, for imports.
    outside_id = models.TextField(null=True, unique=True)  # noqa: DJ001 -- NULL, as many cases have none and "" would clash

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "waiting", "resolved"]), name="case_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["enquiry", "complaint", "suggestion", "compliment"]),
                name="case_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(snoozed_until=None) | models.Q(snoozed_by__isnull=False),
                name="somebody_put_it_aside",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")), name="no_case_is_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="case_latest"),
            models.Index(fields=["status", "-last_message_at", "-id"], name="case_by_status"),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
            models.Index(
                fields=["answer_by", "id"],
                name="case_unanswered",
                condition=models.Q(unanswered_since__isnull=False),
            ),
            models.Index(fields=["assignee", "status"], name="case_of_assignee"),
            models.Index(
                fields=["answer_by", "id"],
                name="case_again_unanswered",
                condition=models.Q(again_of__isnull=False, unanswered_since__isnull=False),
            ),
            models.Index(
                fields=["snoozed_until"], name="case_snoozed", condition=models.Q(snoozed_until__isnull=False)
            ),
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="case_subject_words"),
            # What lists are filtered by, where it is rare: what most cases have is found by walking the latest.
            models.Index(fields=["opened_at", "id"], name="case_oldest"),
            models.Index(fields=["answer_by", "id"], name="case_by_due"),
            models.Index(
                fields=["parent", "-last_message_at", "-id"],
                name="case_of_parent",
                condition=models.Q(parent__isnull=False),
            ),
            models.Index(
                fields=["team", "-last_message_at", "-id"], name="case_by_team", condition=models.Q(team__isnull=False)
            ),
            models.Index(
                fields=["cause", "-last_message_at", "-id"], name="case_by_cause", condition=~models.Q(cause="")
            ),
            models.Index(
                fields=["emotion", "-last_message_at", "-id"], name="case_by_emotion", condition=~models.Q(emotion="")
            ),
            models.Index(
                fields=["urgency", "-last_message_at", "-id"],
                name="case_by_urgency",
                condition=models.Q(urgency__in=["high", "critical"]),
            ),
            models.Index(
                fields=["channel", "-last_message_at", "-id"],
                name="case_by_channel",
                condition=~models.Q(channel="email"),
            ),
            # As promises name what they are about: from few of them to their cases.
            models.Index(
                Concat(models.Value("case:"), Cast("id", models.TextField()), output_field=models.TextField()),
                name="case_named",
            ),
            models.Index(fields=["-last_message_at", "-id"], name="case_public", condition=models.Q(is_public=True)),
            models.Index(
                fields=["incident", "-last_message_at", "-id"],
                name="case_of_incident",
                condition=~models.Q(incident=""),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"Case {self.pk}"

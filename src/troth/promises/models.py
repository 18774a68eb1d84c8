"""The promise and the tellings about it. The database keeps `first_due` for ever (migration `first_due_never_changes`)."""

from __future__ import annotations

import uuid

from django.db import models

from troth.people.models import Customer, Staff, Team
from troth.words.promises import MissReason, Sort, Speaker, State, Strength


def choices(values: type) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]  # type: ignore[attr-defined]


class Promise(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Whom it was made to; empty where it was made to the public.
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="promises", db_index=False)
    sort = models.TextField(choices=choices(Sort), default=Sort.DEED)
    strength = models.TextField(choices=choices(Strength), default=Strength.PROMISE)
    speaker = models.TextField(choices=choices(Speaker), default=Speaker.COMPANY)
    state = models.TextField(choices=choices(State))
    what = models.TextField()
    condition = models.TextField(blank=True)
    source_quote = models.TextField(blank=True)
    #: What the digest of these three in the ledger is salted with; empty where the fact is of version 1, or they were erased.
    words_salt = models.BinaryField(db_default=b"")
    #: "message:5", the message it stands in.
    source = models.TextField(blank=True)
    #: "case:12", what it belongs to.
    about = models.TextField(blank=True)
    #: The promise whose slipping this one gives word of.
    because = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="next_words", db_index=False)

    made_at = models.DateTimeField()
    said_at = models.DateTimeField()
    first_due = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    window_start = models.DateTimeField(null=True)
    #: The zone the date was said in.
    zone = models.TextField(default="UTC")
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="promises", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, db_index=False)
    moves = models.IntegerField(default=0)
    by_itself = models.BooleanField(default=True)

    warn_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    heads_up_at = models.DateTimeField(null=True)
    told_by = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    #: When the watcher looks again; empty when nothing more can come.
    look_again_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    #: Words about the present date were handed over.
    telling_at = models.DateTimeField(null=True)
    #: When the first words about the present date were delivered, if before it.
    told_at = models.DateTimeField(null=True)

    done_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    miss_reason = models.TextField(choices=choices(MissReason), blank=True)
    #: The customer's own verdict: kept or not.
    verdict = models.BooleanField(null=True)
    verdict_at = models.DateTimeField(null=True)
    #: From a conversation before Troth; nothing is warned or told about it.
    imported = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="promise_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.OPEN, State.MOVED, State.LATE]) | models.Q(due__isnull=False),
                name="what_is_owed_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(due__isnull=True, first_due__isnull=True)
                | models.Q(due__isnull=False, first_due__isnull=False),
                name="a_date_has_a_first_date",
            ),
            models.CheckConstraint(condition=models.Q(moves__gte=0, moves__lte=3), name="promise_moves_at_most_thrice"),
        ]
        # Each is written again with every look of the watcher: one for each question that is asked often, and none twice.
        indexes = [
            models.Index(
                fields=["look_again_at", "id"],
                name="promise_look_again",
                condition=models.Q(look_again_at__isnull=False),
            ),
            models.Index(
                fields=["due", "id"],
                name="promise_owed_by_date",
                condition=models.Q(state__in=["open", "moved", "late"], done_at__isnull=True),
            ),
            models.Index(
                fields=["due"],
                name="promise_warned",
                condition=models.Q(state__in=["open", "moved", "late"], done_at__isnull=True, warned_at__isnull=False),
            ),
            models.Index(fields=["state", "-made_at", "-id"], name="promise_newest_by_state"),
            models.Index(fields=["customer", "-made_at"], name="promise_of_customer"),
            models.Index(fields=["about"], name="promise_about"),
            models.Index(
                fields=["owner", "due", "id"],
                name="promise_owed_by_owner",
                condition=models.Q(state__in=["open", "moved", "late"], done_at__isnull=True),
            ),
            models.Index(
                fields=["team", "-made_at", "-id"], name="promise_of_team", condition=models.Q(team__isnull=False)
            ),
            models.Index(fields=["because"], name="promise_next_words", condition=models.Q(because__isnull=False)),
            models.Index(fields=["first_due"], name="promise_first_due"),
            models.Index(fields=["-made_at", "-id"], name="promise_newest"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_owed(self) -> bool:
        return self.done_at is None and self.state in {State.OPEN, State.MOVED, State.LATE}


class Telling(models.Model):
    """Words to the customer about a promise, and whether they arrived in time."""

    class Kind(models.TextChoices):
        HEADS_UP = "heads_up"
        MOVE = "move"
        LATE_NOTICE = "late_notice"
        #: A new date, given after the one it replaces had passed.
        NEW_DATE = "new_date"

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="tellings")
    kind = models.TextField(choices=Kind.choices)
    #: The letter's number; empty where the customer has no address we could write to.
    letter_id = models.BigIntegerField(null=True)
    #: The date at stake, and by when the words had to be delivered for a new date to count as moved.
    due = models.DateTimeField()
    told_by = models.DateTimeField()
    to_due = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    #: What their digest in the ledger is salted with, as of a promise.
    words_salt = models.BinaryField(db_default=b"")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    handed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    #: How it ended was seen and drawn into the promise.
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "kind", "due"], name="one_telling_of_a_kind_for_a_date"),
        ]
        indexes = [
            models.Index(fields=["id"], name="telling_unsettled", condition=models.Q(settled_at__isnull=True)),
            models.Index(fields=["letter_id"], name="telling_letter"),
        ]

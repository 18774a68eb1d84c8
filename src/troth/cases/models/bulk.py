"""The same done to many cases at once, and one answer for all customers of one cause."""

from __future__ import annotations

from django.db import models

from troth.cases.models.case import Case
from troth.cases.models.reply import Reply
from troth.people.models import Key, Staff


class BulkAct(models.Model):
    """The same done to many cases at once. What is left to do its steps tell; this tells what was wanted, and by whom."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    #: Field and value of each change (cases.rules.bulk.Changes, plain).
    changes = models.JSONField()
    total = models.IntegerField()
    at = models.DateTimeField()
    undo_at = models.DateTimeField(null=True, help_text="When somebody asked for it to be undone.")

    class Meta:
        indexes = [models.Index(fields=["staff", "-at"], name="bulk_act_of_staff")]


class BulkStep(models.Model):
    """One case of many: what it was before, and what became of the change."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        #: It was so already.
        SAME = "same"
        #: It could not be changed; `reason` says why.
        REFUSED = "refused"
        UNDOING = "undoing"
        UNDONE = "undone"
        #: Asked to be undone, but somebody has changed it since, or nothing of it can be taken back.
        LEFT = "left"

    act = models.ForeignKey(BulkAct, on_delete=models.PROTECT, related_name="steps")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    #: By field, what the case was, and what it was made.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    #: How many facts there were of the case when it was done.
    facts = models.IntegerField(default=0)
    #: Which of the closed list of reasons (cases.rules.bulk.Why).
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "case"], name="one_step_a_case")]
        indexes = [
            models.Index(fields=["id"], name="bulk_step_due", condition=models.Q(state__in=["waiting", "undoing"])),
        ]


class BulkAnswer(models.Model):
    """One text for all customers of one cause, filled in for each; first looked at, then sent."""

    parent = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    #: With `{name}` and the like, as it was written.
    text = models.TextField()
    #: What the writer said of the promises in it (cases.rules.gate.Answer, plain).
    answers = models.JSONField(default=list)
    status_after = models.TextField(default="waiting")
    made_at = models.DateTimeField()
    #: When it began to leave; empty while it is only looked at.
    sent_at = models.DateTimeField(null=True)
    #: When the rest was stopped.
    stopped_at = models.DateTimeField(null=True)


class BulkReply(models.Model):
    """One customer's part of it: their own text, and the reply that it became."""

    class State(models.TextChoices):
        #: Looked at; leaves when all is sent.
        READY = "ready"
        #: A fact is missing, or the gate is shut: it does not leave with the others.
        HELD_BACK = "held_back"
        #: The writer took it out.
        LEFT_OUT = "left_out"
        WAITING = "waiting"
        #: The reply stands, on its way or sent.
        WRITTEN = "written"
        #: Something came between: it was not written.
        REFUSED = "refused"

    answer = models.ForeignKey(BulkAnswer, on_delete=models.PROTECT, related_name="parts")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices)
    text = models.TextField(blank=True)
    #: The newest message that was there when it was looked at.
    seen_message = models.BigIntegerField(default=0)
    #: Why it is held back or was refused; a word of ours, and what of the text it is about.
    reason = models.TextField(blank=True)
    about = models.TextField(blank=True)
    reply = models.OneToOneField(Reply, on_delete=models.SET_NULL, null=True, related_name="bulk")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "case"], name="one_part_a_case"),
            models.CheckConstraint(
                condition=models.Q(state="written") | models.Q(reply=None), name="only_what_is_written_has_a_reply"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="bulk_reply_due", condition=models.Q(state="waiting"))]

"""Answers on their way: written, held, sent or stopped, with their files and what was said of them before they left."""

from __future__ import annotations

from django.db import models

from troth.cases.models.case import Case
from troth.cases.models.message import Blob, Message
from troth.cases.rules.checks import Check
from troth.people.models import Key, Staff


class Reply(models.Model):
    """An answer on its way: a draft, held for a few seconds, sent, or stopped because something new arrived."""

    class State(models.TextChoices):
        DRAFT = "draft"
        HELD = "held"
        SENT = "sent"
        STOPPED = "stopped"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    #: The key through which a program wrote it for them.
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True)
    #: A draft of an internal note, not of an answer.
    is_note = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    #: What staff answered about each promise found in the text (cases.rules.gate.Answer, plain).
    answers = models.JSONField(default=list)
    #: Written with the small marks for bold, lists and links, so that it goes out as HTML too.
    rich = models.BooleanField(default=False)
    status_after = models.TextField(default="waiting")
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    #: The newest message the writer had seen.
    seen_message = models.BigIntegerField(default=0)
    leaves_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    problem = models.TextField(blank=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True)
    #: How it stood with each check when it was sent (cases.rules.checks.plain); empty where none were made.
    checks = models.JSONField(null=True)
    #: What it is in the sense of the rules, and what its writer says of that (cases.rules.formal.Chosen, plain).
    formal = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "staff", "is_note"],
                name="one_draft_a_writer",
                condition=models.Q(state__in=["draft", "stopped"]),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="held") | models.Q(leaves_at__isnull=False), name="what_is_held_leaves"
            ),
        ]
        indexes = [
            models.Index(fields=["leaves_at"], name="reply_held", condition=models.Q(state="held")),
        ]


class ReplyFile(models.Model):
    """A file that waits to go out: with the words its writer is at, or with a reply that is held.

    It stands beside the draft and not in it, for a file may be there before the first word.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    #: The key through which a program put it in; what it sends leaves alone what its person is writing.
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    #: The held reply it goes with.
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, null=True, related_name="files")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    seen_as = models.TextField(blank=True)
    size = models.BigIntegerField()
    added_at = models.DateTimeField()
    #: It was taken out, and can be put back for a while.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reply=None) | models.Q(removed_at=None), name="what_was_removed_goes_nowhere"
            ),
        ]


class Dismissal(models.Model):
    """A check that somebody waved off while writing in this case: it is not shown to them there again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    check_name = models.TextField(choices=[(check.value, check.value) for check in Check])
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "staff", "check_name"], name="one_dismissal_a_check"),
        ]


class MachineWords(models.Model):
    """What a machine drafted and somebody put into an answer: the gate asks them about each promise in it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "staff"], name="machine_words_of_case")]


class Template(models.Model):
    """Words staff begin with; `{name}` and `{case}` are filled in."""

    name = models.TextField(unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.name

"""Moves from another desk: each import, what it could not read, which case came from where, and the hooks that keep in step."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from troth.cases.models import Case
from troth.people.models import Staff
from troth.people.seal import SealedText, is_sealed

#: States of an import in which the worker has something to do with it.
UNDER_WAY = ["to_look", "to_take", "to_undo"]


class Moving(models.Model):
    """One import of another desk's export, tried out or done; counted as it goes, so that whoever looks sees how far it is."""

    class State(models.TextChoices):
        #: Waits for the worker to read it through without taking anything in.
        TO_LOOK = "to_look"
        LOOKED = "looked"
        #: Waits for the worker to take it in, or is being taken in.
        TO_TAKE = "to_take"
        #: Waits for the worker to take it back, or is being taken back.
        TO_UNDO = "to_undo"
        STOPPED = "stopped"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"

    source = models.TextField()
    #: The file or folder as the person named it; no words of customers.
    name = models.TextField()
    #: Where it lies. Emptied when what was handed in is let go of.
    path = models.TextField(blank=True)
    #: It was handed in through the page and lies in a folder of ours.
    is_ours = models.BooleanField(default=False)
    #: `--map`, `--since`, `--limit` and the like.
    options = models.JSONField(default=dict)
    state = models.TextField(choices=State.choices, default=State.TO_LOOK)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: When it last moved, and how far: bytes read of all, tickets looked at of all.
    moved_at = models.DateTimeField(null=True)
    progress = models.JSONField(default=dict)
    #: What reading it through found (rules.report.Report, plain), and what taking it in came to.
    report = models.JSONField(default=dict)
    account = models.JSONField(default=dict)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*UNDER_WAY, "looked", "stopped", "done", "failed", "undone"]),
                name="moving_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="moving_to_do", condition=Q(state__in=UNDER_WAY)),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"


class Hook(models.Model):
    """An address another desk calls when something happens there, so that both stay in step."""

    source = models.TextField()
    name = models.TextField()
    secret = SealedText(blank=True)
    is_on = models.BooleanField(default=True)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    #: When the last genuine call came, and the last that was refused, and how many of each.
    heard_at = models.DateTimeField(null=True)
    heard = models.BigIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    refused = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=is_sealed("secret"), name="hook_secret_is_sealed"),
        ]

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """What a hook was told, kept whole before it is read; its words go once they are in their case."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        #: Nothing in it that is not here already, or nothing we keep.
        NOTHING = "nothing"
        UNREADABLE = "unreadable"

    hook = models.ForeignKey(Hook, on_delete=models.PROTECT, related_name="calls")
    #: The delivery's own id, else a digest of it: the same call is kept once.
    key = models.TextField()
    body = models.BinaryField()
    at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hook", "key"], name="call_is_kept_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "taken", "nothing", "unreadable"]), name="call_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="call_waiting", condition=Q(state="waiting")),
        ]


class Moved(models.Model):
    """That a case came from another desk: by which import or hook, and how it stood there when we last heard."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    #: "zendesk:123".
    key = models.TextField(unique=True)
    moving = models.ForeignKey(Moving, on_delete=models.PROTECT, null=True, related_name="moved")
    hook = models.ForeignKey(Hook, on_delete=models.PROTECT, null=True, related_name="+")
    #: When it last changed there; what comes later and is older changes nothing.
    changed_at = models.DateTimeField()
    #: What we last set it to; where the case says otherwise by now, somebody here did.
    status = models.TextField()
    assignee = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    #: The customer was met by it.
    met = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["moving", "case"], name="moved_by_import"),
        ]


class Trouble(models.Model):
    """What an import could not take in: where it stands and why. Its bytes are kept beside the export, not here."""

    moving = models.ForeignKey(Moving, on_delete=models.CASCADE, related_name="troubles")
    file = models.TextField()
    line = models.BigIntegerField()
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["moving", "file", "line", "reason"], name="trouble_is_told_once"),
        ]

"""Answers that rules lay down, and how they stood with what they must say."""

from __future__ import annotations

from django.db import models

from troth.cases.models.case import Case
from troth.cases.models.message import Message
from troth.people.models import Staff
from troth.words.formal import Decision, Formal, Without


class FormalReply(models.Model):
    """What a complaint under rules of their own (the UK's DISP) was answered with: a letter and how it stood with what it must say.

    Or the reason why it was resolved without one: then `formal` is empty.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="formal_replies")
    formal = models.TextField(choices=[(one.value, one.value) for one in Formal], blank=True)
    decision = models.TextField(choices=[(one.value, one.value) for one in Decision], blank=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: The points (words.formal.Point) that we found in it, that only its writer says it makes, and that it lacks; by spaces.
    found = models.TextField(blank=True)
    ticked = models.TextField(blank=True)
    missing = models.TextField(blank=True)
    #: Why without what is missing, or without any letter.
    without = models.TextField(choices=[(one.value, one.value) for one in Without], blank=True)
    #: By when a holding reply says that the final response comes.
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(formal="", message=None, found="", ticked="", missing="")
                | (~models.Q(formal="") & models.Q(message__isnull=False)),
                name="only_a_letter_makes_points",
            ),
            models.CheckConstraint(
                condition=(models.Q(missing="") & ~models.Q(formal="")) | ~models.Q(without=""),
                name="what_is_missing_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["case", "at"], name="formal_of_case")]

"""Those who work on cases together: their views, who is at a case, who is called to one, who stands in for whom."""

from __future__ import annotations

from django.db import models

from troth.cases.models.case import Case
from troth.cases.models.message import Message
from troth.people.models import Staff, Team


class SavedView(models.Model):
    """A choice of cases under a name: somebody's own, or shared with a team."""

    name = models.TextField()
    #: Whose own it is; of a shared one, who made it.
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    #: Whose members all have it; empty where it is somebody's own.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    #: The filters and the order (cases.rules.filters.Filters, plain).
    filters = models.JSONField(default=dict)
    place = models.IntegerField()
    made_at = models.DateTimeField()
    #: When it was taken away; until it is swept it can be brought back.
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="a_view_has_a_name")]
        indexes = [
            models.Index(fields=["staff", "place"], name="view_of_staff"),
            models.Index(fields=["team", "place"], name="view_of_team", condition=models.Q(team__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Who has a case open right now, and who is writing in it.

    Beaten into by open pages every few seconds and gone with them, so the table is unlogged and has no keys into others: a
    page that is looked at may hold up no letter that comes into its case. Nothing of it is in the ledger.
    """

    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    seen_at = models.DateTimeField()
    #: What they write: an answer ("reply") or a "note"; and when they last did.
    writes = models.TextField(blank=True)
    wrote_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="once_in_a_case")]


class Mention(models.Model):
    """Somebody is called to a case: named in a note, or because what they put aside is back.

    It stands on their Today until they have seen it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    #: The note that names them; none where a case they put aside is back.
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="mentions")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "staff"], name="named_once_in_a_note")]
        indexes = [
            models.Index(fields=["staff", "at"], name="mention_unseen", condition=models.Q(seen_at__isnull=True)),
        ]


class HandOver(models.Model):
    """What one who is away had that falls due, handed to somebody else in one go, so that it can be handed back."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: The numbers of the cases and promises that changed hands.
    cases = models.JSONField(default=list)
    promises = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

"""Versions of the policy, the terms clocks run by, and the clocks."""

from __future__ import annotations

from django.db import models

from troth.people.models import Customer, Staff, Team
from troth.words.clocks import LIVE, Sort, State
from troth.words.promises import MissReason


def choices(values: type) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]  # type: ignore[attr-defined]


class Policy(models.Model):
    """Which targets hold from a moment on. A version is never changed: another takes its place."""

    from_at = models.DateTimeField()
    made_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    #: What `rules.policy.Policy.to_plain` wrote.
    plain = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["-from_at", "-id"], name="policy_latest")]


class Terms(models.Model):
    """A target and a calendar as clocks were started with, kept once however many run by them."""

    digest = models.TextField(primary_key=True)
    #: What `rules.policy.Terms.to_plain` wrote.
    plain = models.JSONField()


class Clock(models.Model):
    """What a case wants by when, under the terms it was started with."""

    #: "case:12", what it belongs to.
    about = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sort = models.TextField(choices=choices(Sort))
    #: The how-manieth of its sort in the case.
    number = models.IntegerField()
    state = models.TextField(choices=choices(State))
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: The version of the policy that said so; empty for the one Troth comes with.
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    due = models.DateTimeField()
    #: An earlier moment worth reaching.
    early_at = models.DateTimeField(null=True)
    #: When it stopped and went on, by turns, as texts.
    marks = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    #: The working time for which it has run, as of when it last stopped.
    spent = models.DurationField(null=True)
    warned_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    #: When the watcher looks again; empty when nothing more can come.
    look_again_at = models.DateTimeField(null=True)
    miss_reason = models.TextField(choices=choices(MissReason), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sort__in=list(Sort)), name="clock_sort_is_known"),
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="clock_state_is_known"),
            models.UniqueConstraint(fields=["about", "sort", "number"], name="clocks_of_a_sort_are_counted"),
            models.UniqueConstraint(
                fields=["about", "sort"], name="one_live_clock_a_sort", condition=models.Q(state__in=sorted(LIVE))
            ),
            models.CheckConstraint(
                condition=models.Q(state="paused", paused_at__isnull=False)
                | (~models.Q(state="paused") & models.Q(paused_at=None)),
                name="what_is_paused_says_since_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state="met", met_at__isnull=False)
                | (~models.Q(state="met") & models.Q(met_at=None)),
                name="what_is_met_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_again_at", "id"],
                name="clock_look_again",
                condition=models.Q(look_again_at__isnull=False),
            ),
            models.Index(fields=["due", "id"], name="clock_running", condition=models.Q(state="running")),
            models.Index(fields=["sort", "met_at"], name="clock_met", condition=models.Q(met_at__isnull=False)),
            # What a lead looks at: when something was asked, was missed, or ceased to be asked.
            models.Index(fields=["started_at"], name="clock_asked", condition=models.Q(sort__in=["first", "next"])),
            models.Index(fields=["missed_at"], name="clock_missed", condition=models.Q(missed_at__isnull=False)),
            models.Index(fields=["stopped_at"], name="clock_stopped", condition=models.Q(stopped_at__isnull=False)),
        ]

"""Remedies, the versions of the policy they were offered under, and what was offered to many in one act."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from troth.people.models import Customer, Staff, Team
from troth.promises.models import Promise
from troth.words.remedies import Remedy as Sort
from troth.words.remedies import State


def choices(values: type) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]  # type: ignore[attr-defined]


#: Money is an amount above nothing with its currency (ISO 4217), or there is neither.
MONEY = Q(amount=None, currency="") | Q(amount__gt=0, currency__regex=r"^[A-Z]{3}$")


class Policy(models.Model):
    """Who may offer what, and what is owed without asking, from a moment on. A version is never changed: another follows."""

    from_at = models.DateTimeField()
    made_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: What `rules.policy.Policy.to_plain` wrote.
    plain = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["-from_at", "-id"], name="remedy_policy_latest")]


class Offering(models.Model):
    """The same offered to many in one act; each gets a remedy of their own once the act can no longer be taken back."""

    #: "incident:3".
    about = models.TextField()
    sort = models.TextField(choices=choices(Sort))
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.TextField(blank=True)
    what = models.TextField()
    asks = models.BooleanField()
    days = models.SmallIntegerField()
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: The numbers of those it is for, in order.
    customers = ArrayField(models.BigIntegerField())
    made_at = models.DateTimeField()
    holds_until = models.DateTimeField()
    #: So many of them have their remedy.
    made_up_to = models.IntegerField(default=0)
    #: When the last of them had.
    finished_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=MONEY, name="money_offered_to_many_has_a_currency"),
            models.CheckConstraint(condition=Q(days__gt=0, days__lte=250), name="what_many_are_offered_comes_soon"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(made_up_to=0, finished_at=None),
                name="what_people_heard_of_is_not_taken_back",
            ),
        ]
        indexes = [
            models.Index(
                fields=["holds_until"], name="offering_waits", condition=Q(finished_at=None, taken_back_at=None)
            ),
            models.Index(fields=["about"], name="offering_about"),
        ]


class Remedy(models.Model):
    """What one customer seeks, is offered, is owed or was given to make one matter good."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: "case:12", "incident:3" or "order:5", what it makes good.
    about = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="remedies", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sort = models.TextField(choices=choices(Sort))
    state = models.TextField(choices=choices(State))
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    #: ISO 4217.
    currency = models.TextField(blank=True)
    what = models.TextField()
    #: What the digests of its words in the ledger are salted with; empty where they were erased.
    words_salt = models.BinaryField(db_default=b"")
    made_at = models.DateTimeField()

    sought_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    offered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: The customer is asked for a yes before it is owed.
    asks = models.BooleanField(default=False)
    #: In how many working days it is given once it is owed.
    days = models.SmallIntegerField(default=10)
    #: It took somebody with more authority than who offered it.
    waited = models.BooleanField(default=False)
    authorised_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    authorised_at = models.DateTimeField(null=True)
    #: The version by which it was allowed, or held back; empty for the rules Troth comes with.
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: That it is given.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)

    #: When the customer had it, when that was written down, and what proves it: it was paid outside.
    given_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    proof_reference = models.TextField(blank=True)
    proof_note = models.TextField(blank=True)
    #: When it was declined or withdrawn.
    ended_at = models.DateTimeField(null=True)
    #: Why it was declined, withdrawn or not authorised.
    reason = models.TextField(blank=True)

    #: The standard that raised it by itself, what it looked at, and when that failed.
    standard = models.TextField(blank=True)
    occasion = models.TextField(blank=True)
    occasion_at = models.DateTimeField(null=True)
    #: The one that was not given in time.
    second_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="second")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, null=True, related_name="remedies", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="remedy_state_is_known"),
            models.CheckConstraint(condition=Q(sort__in=list(Sort)), name="remedy_sort_is_known"),
            models.CheckConstraint(condition=MONEY, name="money_to_make_good_has_a_currency"),
            models.CheckConstraint(condition=Q(days__gt=0, days__lte=250), name="a_remedy_comes_soon"),
            models.CheckConstraint(
                condition=Q(state__in=["sought", "waiting", "withdrawn"]) | Q(promise__isnull=False),
                name="what_is_offered_is_promised",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "due", "missed", "given"]) | Q(due__isnull=False),
                name="a_remedy_that_is_owed_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "offered", "accepted"]) | Q(offered_at__isnull=False),
                name="an_offer_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(waited=True, state__in=["offered", "accepted", "due", "missed", "given"])
                | Q(authorised_by__isnull=False, authorised_at__isnull=False),
                name="what_took_authority_has_it",
            ),
            models.CheckConstraint(
                condition=Q(state="given", given_at__isnull=False, proven_at__isnull=False)
                & ~Q(proof_reference="", proof_note="")
                | (~Q(state="given") & Q(given_at=None, proven_at=None)),
                name="what_is_given_is_proven",
            ),
            models.CheckConstraint(
                condition=Q(given_at=None) | Q(given_at__lte=F("proven_at")), name="nothing_is_given_in_the_future"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["declined", "withdrawn"], ended_at__isnull=False)
                | (~Q(state__in=["declined", "withdrawn"]) & Q(ended_at=None)),
                name="what_came_to_nothing_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(missed_at__isnull=False), name="a_missed_remedy_says_since_when"
            ),
            models.CheckConstraint(
                condition=Q(standard="", occasion="", occasion_at=None)
                | (~Q(standard="") & ~Q(occasion="") & Q(occasion_at__isnull=False)),
                name="a_standard_says_what_for",
            ),
            models.UniqueConstraint(
                fields=["standard", "occasion", "occasion_at"], name="once_for_an_occasion", condition=~Q(standard="")
            ),
            models.UniqueConstraint(
                fields=["about", "customer", "sort"], name="sought_once_at_a_time", condition=Q(state="sought")
            ),
            models.UniqueConstraint(
                fields=["offering", "customer"], name="once_to_each", condition=Q(offering__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["about"], name="remedy_about"),
            models.Index(fields=["customer", "-made_at"], name="remedy_of_customer"),
            models.Index(fields=["state", "-made_at", "-id"], name="remedy_newest_by_state"),
            models.Index(fields=["-made_at", "-id"], name="remedy_newest"),
            models.Index(
                fields=["due", "id"], name="remedy_owed", condition=Q(state__in=["accepted", "due", "missed"])
            ),
            models.Index(fields=["proven_at"], name="remedy_proven", condition=Q(proven_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_owed(self) -> bool:
        return self.state in {State.ACCEPTED, State.DUE, State.MISSED}


class Mark(models.Model):
    """How far in the one order of facts the standards have looked; one row, made with the first policy."""

    position = models.BigIntegerField()

"""What others read of remedies: the policy in force, the door to one, what was sought, offered, owed and given where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import Expression
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import Http404

from troth.people.kept import Kept
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.remedies.models import Policy as Version
from troth.remedies.models import Remedy
from troth.remedies.rules import authority, profiles
from troth.remedies.rules.authority import Verdict
from troth.remedies.rules.money import Money
from troth.remedies.rules.policy import Policy
from troth.words.remedies import State

#: A case shows so many of its remedies.
BESIDE_MOST = 20
#: A version of the policy that was made elsewhere holds here so much later.
POLICY_KEPT_SECONDS = 2.0


def _versions() -> list[tuple[int, datetime, Policy]]:
    rows = Version.objects.order_by("-from_at", "-pk").values_list("pk", "from_at", "plain")[:50]
    return [(pk, from_at, Policy.from_plain(plain)) for pk, from_at, plain in rows]


#: The versions of the policy, the latest first.
versions = Kept(_versions, seconds=POLICY_KEPT_SECONDS)


def in_force(at: datetime) -> tuple[Policy, int | None]:
    """The policy that held at this moment and its version; the rules Troth comes with where there was none."""
    for version, from_at, found in versions():
        if from_at <= at:
            return found, version
    return profiles.bare(), None


def may_offer(staff: Staff, *, sort: str, money: Money | None, policy: Policy) -> Verdict:
    """Whether this person may offer that by themselves."""
    return authority.may_offer(
        policy.limits,
        role=staff.role,
        team=staff.team_id,
        staff=staff.pk,
        sort=sort,
        amount=money.amount if money else None,
        currency=money.currency if money else "",
    )


def seen_by(staff: Staff) -> QuerySet[Remedy]:
    """Those that *staff* may see."""
    return Remedy.objects.filter(within_sight(staff))


def remedy_for(staff: Staff, pk: int) -> Remedy:
    """The remedy, if *staff* may see it; raises Http404."""
    found = seen_by(staff).select_related("customer", "promise", "offered_by", "team").filter(pk=pk).first()
    if found is None or not staff.may(May.READ):
        raise Http404
    return found


#: What a customer is not told of: what only we talk about.
UNHEARD = (State.WAITING, State.WITHDRAWN)


def of_customer(customer_ids: Sequence[int]) -> QuerySet[Remedy]:
    """What this person asked for, was offered, is owed or was given, what is owed first."""
    rows = Remedy.objects.filter(customer_id__in=customer_ids).exclude(state__in=UNHEARD)
    return rows.order_by("ended_at", "given_at", "due", "-made_at")


def remedy_of(customer_ids: Sequence[int], public_id: str) -> Remedy:
    """The remedy, if it is this customer's; raises Http404."""
    try:
        wanted = UUID(str(public_id))
    except ValueError as error:
        raise Http404 from error
    found = of_customer(customer_ids).select_related("promise").filter(public_id=wanted).first()
    if found is None:
        raise Http404
    return found


def about(reference: str) -> QuerySet[Remedy]:
    """Everything about one matter, newest first."""
    return Remedy.objects.filter(about=reference).order_by("-made_at", "-pk")


def beside(case_number: Expression | F) -> ArraySubquery:
    """The remedies of a case as plain values, newest first, for a statement about the case that is asked anyway."""
    theirs = Remedy.objects.filter(about=Concat(Value("case:"), Cast(case_number, TextField()))).order_by("-pk")
    plain = JSONObject(
        id="pk",
        sort="sort",
        state="state",
        what="what",
        amount=Cast("amount", TextField()),
        currency="currency",
        due="promise__due",
        given_at="given_at",
        standard="standard",
        promise="promise_id",
    )
    return ArraySubquery(theirs.values(plain=plain)[:BESIDE_MOST])

"""The versions of the policy: which there were, and how many clocks still run under each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from troth.clocks.models import Clock, Policy
from troth.clocks.rules import policy
from troth.words.clocks import LIVE


@dataclass(frozen=True)
class Version:
    """A version of the policy as the page of targets lists it."""

    number: int
    profile: str
    from_at: datetime
    #: Who made it; None for the host.
    by: str | None
    #: How many clocks live under it.
    running: int


def versions(*, most: int) -> list[Version]:
    """The newest versions, the latest beginning first; one statement."""
    alive = Clock.objects.filter(policy=OuterRef("pk"), state__in=sorted(LIVE)).order_by()
    counted = alive.values(one=Value(1)).annotate(count=Count("pk")).values("count")
    rows = (
        Policy.objects.order_by("-from_at", "-pk")
        .values_list("pk", "plain__profile", "from_at", "by__name")
        .annotate(running=Coalesce(Subquery(counted), 0))[:most]
    )
    return [Version(*row) for row in rows]


def version(number: int) -> policy.Policy | None:
    """One version, as it was written; None where there is none."""
    plain = Policy.objects.filter(pk=number).values_list("plain", flat=True).first()
    return policy.Policy.from_plain(plain) if plain else None

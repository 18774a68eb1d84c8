"""What others read of clocks: the policy in force, a case's clocks, the nearest."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from troth.clocks.models import Clock, Policy
from troth.clocks.rules import clock as rules
from troth.clocks.rules import policy, profiles
from troth.words.clocks import LIVE, Sort, State
from troth.words.hours import Hours

#: A version of the policy is looked for again after this long. One that was made elsewhere holds here so much later.
POLICY_KEPT_SECONDS = 2.0
_kept: tuple[float, list[tuple[int, datetime, policy.Policy]]] | None = None
#: Versions and terms never change, so what was read of them once is read of them for good.
_versions: dict[int, policy.Policy] = {}
_terms: dict[str, policy.Terms] = {}


def in_force(now: datetime) -> tuple[policy.Policy, int | None, datetime | None]:
    """The policy that holds at *now*, its version and since when; the one Troth comes with where none was made."""
    for version, from_at, found in _known():
        if from_at <= now:
            return found, version, from_at
    return profiles.ready(profiles.Profile.PLAIN), None, None


def forget_policy() -> None:
    """It was just changed here."""
    global _kept
    _kept = None


def _known() -> list[tuple[int, datetime, policy.Policy]]:
    """The newest versions, the latest beginning first."""
    global _kept
    if _kept is None or _kept[0] < time.monotonic():
        rows = Policy.objects.order_by("-from_at", "-pk").values_list("pk", "from_at", "plain")[:20]
        found = [(pk, from_at, policy.Policy.from_plain(plain)) for pk, from_at, plain in rows]
        _kept = (time.monotonic() + POLICY_KEPT_SECONDS, found)
    return _kept[1]


def terms_of(matter: policy.Matter, *, hours: Hours, now: datetime) -> dict[Sort, policy.Terms]:
    """What clocks of this matter that start now run by."""
    found, version, from_at = in_force(now)
    return {
        sort: policy.Terms(target=target, hours=hours, policy=version, policy_from=from_at)
        for sort, target in found.targets(matter).items()
    }


def clocks_of(about: str) -> QuerySet[Clock]:
    """The clocks of a case, with what they run by, in the order in which they started."""
    return Clock.objects.filter(about=about).select_related("terms", "policy").order_by("started_at", "pk")


def as_rule(row: Clock) -> rules.Clock:
    """The row as the machine knows it."""
    return rules.Clock(
        sort=Sort(row.sort),
        number=row.number,
        state=State(row.state),
        started_at=row.started_at,
        due=row.due,
        early_at=row.early_at,
        terms=terms(row),
        marks=tuple(datetime.fromisoformat(mark) for mark in row.marks),
        met_at=row.met_at,
        missed_at=row.missed_at,
    )


def terms(row: Clock) -> policy.Terms:
    """What this clock runs by."""
    if (kept := _terms.get(row.terms_id)) is None:
        plain = row.terms.plain
        kept = _terms[row.terms_id] = policy.Terms(
            target=policy.Target.from_plain(plain["target"]), hours=Hours.from_plain(plain["hours"])
        )
    return replace(kept, policy=row.policy_id)


def live(about: Iterable[str]) -> QuerySet[Clock]:
    """Those of these cases that ask something of us or will."""
    return Clock.objects.filter(about__in=list(about), state__in=sorted(LIVE)).order_by("due", "pk")

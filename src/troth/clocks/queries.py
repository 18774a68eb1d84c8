"""What others read of clocks: the policy in force, a case's clocks, the nearest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import Expression
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Concat, JSONObject

from troth.clocks.models import Clock, Policy, Terms
from troth.clocks.rules import clock as rules
from troth.clocks.rules import policy, profiles
from troth.people.kept import Kept
from troth.words.clocks import LIVE, Sort, State
from troth.words.hours import Hours

#: A version of the policy is looked for again after this long. One that was made elsewhere holds here so much later.
POLICY_KEPT_SECONDS = 2.0
#: Terms never change, so what was read of them once is read of them for good.
_terms: dict[str, policy.Terms] = {}


def in_force(now: datetime) -> tuple[policy.Policy, int | None, datetime | None]:
    """The policy that holds at *now*, its version and since when; the one Troth comes with where none was made."""
    for version, from_at, found in _known():
        if from_at <= now:
            return found, version, from_at
    return profiles.ready(profiles.Profile.PLAIN), None, None


def forget_policy() -> None:
    """It was just changed here."""
    _known.forget()
    _is_of_disp.forget()


def _versions() -> list[tuple[int, datetime, policy.Policy]]:
    """The newest versions, the latest beginning first."""
    rows = Policy.objects.order_by("-from_at", "-pk").values_list("pk", "from_at", "plain")[:20]
    return [(pk, from_at, policy.Policy.from_plain(plain)) for pk, from_at, plain in rows]


_known = Kept(_versions, seconds=POLICY_KEPT_SECONDS)


def _was_of_disp() -> bool:
    return Policy.objects.filter(plain__profile__in=sorted(profiles.DISP)).exists()


#: Whether any version ever was of DISP: cases begun under it stay under it, however often the policy was changed since.
_is_of_disp = Kept(_was_of_disp, seconds=POLICY_KEPT_SECONDS)


def _digests() -> frozenset[str]:
    return frozenset(Terms.objects.values_list("digest", flat=True))


#: The names of the terms that are written down, which are as few as there are targets and calendars.
kept_terms = Kept(_digests, seconds=POLICY_KEPT_SECONDS)


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


def beside(case_number: Expression | F) -> ArraySubquery:
    """The clocks of a case as plain values (`Beside`), for a statement about the case that is asked anyway."""
    theirs = Clock.objects.filter(about=Concat(Value("case:"), Cast(case_number, TextField()))).order_by(
        "started_at", "pk"
    )
    return ArraySubquery(
        theirs.values(
            plain=JSONObject(
                id="pk",
                sort="sort",
                number="number",
                state="state",
                started_at="started_at",
                due="due",
                early_at="early_at",
                paused_at="paused_at",
                met_at="met_at",
                missed_at="missed_at",
                stopped_at="stopped_at",
                miss_reason="miss_reason",
                policy="policy_id",
                policy_from="policy__from_at",
                profile=KeyTextTransform("profile", "policy__plain"),
                can_be_longer=KeyTextTransform("extended", KeyTransform("target", "terms__plain")),
            )
        )
    )


@dataclass(frozen=True)
class Beside:
    """A clock as a page or a program is told of it."""

    id: int
    sort: Sort
    number: int
    state: State
    started_at: datetime
    due: datetime
    early_at: datetime | None
    paused_at: datetime | None
    met_at: datetime | None
    missed_at: datetime | None
    stopped_at: datetime | None
    miss_reason: str
    #: The version it runs under, and since when that holds; None for the policy Troth comes with.
    policy: int | None
    policy_from: datetime | None
    #: The profile that version was made from; None for the policy Troth comes with.
    profile: str | None
    #: Its policy has a longer target for when the customer was told why it takes longer.
    can_be_longer: bool

    @property
    def is_late(self) -> bool:
        return self.missed_at is not None and not (self.met_at is not None and self.met_at <= self.due)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Beside:
        """What `beside` selected."""
        at = {
            name: datetime.fromisoformat(plain[name]) if plain[name] else None
            for name in plain
            if name.endswith("_at") or name in {"due", "policy_from"}
        }
        return cls(
            **{**plain, **at, "can_be_longer": bool(plain["can_be_longer"])}
            | {
                "sort": Sort(plain["sort"]),
                "state": State(plain["state"]),
            }
        )


def final_response(about: str, *, now: datetime) -> Clock | None:
    """The clock by which the final response to a complaint is owed, where that is started under DISP; None elsewhere."""
    if in_force(now)[0].profile not in profiles.DISP:
        return None
    row = live([about]).select_related("policy").filter(sort=Sort.RESOLUTION).first()
    return row if row and row.policy and row.policy.plain.get("profile") in profiles.DISP else None


def profile_of_the_end(about: str) -> str:
    """The profile under which the end of this case is still awaited; empty where none asks for a letter of its own (DISP)."""
    if not _is_of_disp():
        return ""
    row = live([about]).select_related("policy").filter(sort=Sort.RESOLUTION).first()
    profile = str(row.policy.plain.get("profile", "")) if row and row.policy else ""
    return profile if profile in profiles.DISP else ""


def may_end_early(about: str, *, now: datetime) -> bool:
    """Whether the end of this case would still come so soon that the rules ask for less (DISP: its third business day)."""
    return live([about]).filter(sort=Sort.RESOLUTION, early_at__gt=now).exists()


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

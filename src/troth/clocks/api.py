"""The policy in force for other programs, and a case's clocks as they are told of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.clocks.queries import Beside, in_force
from troth.clocks.rules import policy
from troth.clocks.rules.length import Length
from troth.people.operations import Instant, Operations, Told
from troth.people.rules.keys import Scope
from troth.words.clocks import Measure

router = Operations(tags=["policy"])


#: Spelled out: promises have sorts and states of their own, and a description names each thing once.
Which = Literal["first", "next", "update", "resolution"]
Stands = Literal["running", "paused", "met", "stopped"]


class ClockTold(Told):
    sort: Annotated[Which, Field(description="first and next: an answer; update: word of how it stands; resolution.")]
    number: Annotated[int, Field(description="The how-manieth of its sort in the case.")]
    state: Stands
    started_at: Instant
    due: Annotated[Instant, Field(description="While it is paused: by when, had it gone on at once.")]
    early_at: Annotated[Instant | None, Field(description="An earlier moment worth reaching.")]
    paused_at: Instant | None
    met_at: Instant | None
    missed_at: Instant | None
    stopped_at: Instant | None
    miss_reason: Annotated[str, Field(description="Why it was missed, once staff said so.")]
    policy: Annotated[int | None, Field(description="The version it runs under; null: the one Troth comes with.")]
    policy_from: Annotated[Instant | None, Field(description="Since when that version holds.")]


class LengthTold(Told):
    measure: Annotated[Measure, Field(description="While open, whole working days to the end of the last, or always.")]
    amount: Annotated[int, Field(description="Seconds; days where it counts working days.")]


class TargetTold(Told):
    length: LengthTold
    pauses: Annotated[bool, Field(description="Stops while we wait for the customer.")]
    warn_percent: Annotated[int, Field(description="Staff are warned when so much of it has passed.")]
    early: Annotated[LengthTold | None, Field(description="An earlier moment worth reaching.")]
    extended: Annotated[LengthTold | None, Field(description="In all, once the customer was told why it takes longer.")]


class RuleTold(Told):
    """Which cases it speaks of, an empty list being all; and what it says of each sort of clock, null being none."""

    kinds: list[str]
    channels: list[str]
    urgencies: list[str]
    groups: list[str]
    public: bool | None
    targets: dict[Which, TargetTold | None]


class PolicyTold(Told):
    version: Annotated[int | None, Field(description="null: the policy Troth comes with.")]
    since: Instant | None
    profile: str
    rules: Annotated[
        list[RuleTold], Field(description="In their order: for each sort the first counts that fits and names it.")
    ]


@router.reads(
    "/policy",
    scope=Scope.CASES_READ,
    gives=PolicyTold,
    name="read_policy",
    summary="Read the targets that new clocks are started with",
)
def read_policy(request: HttpRequest) -> PolicyTold:
    """Clocks that run keep the targets they were started with; a case names theirs."""
    found, version, since = in_force(timezone.now())
    return PolicyTold(version=version, since=since, profile=found.profile, rules=[_rule(one) for one in found.rules])


def _rule(rule: policy.Rule) -> RuleTold:
    return RuleTold(
        kinds=sorted(rule.kinds),
        channels=sorted(rule.channels),
        urgencies=sorted(rule.urgencies),
        groups=sorted(rule.groups),
        public=rule.is_public,
        targets={sort.value: _target(target) if target else None for sort, target in rule.targets.items()},
    )


def _target(target: policy.Target) -> TargetTold:
    return TargetTold(
        length=_length(target.length),
        pauses=target.pauses,
        warn_percent=target.warn_percent,
        early=_length(target.early) if target.early else None,
        extended=_length(target.extended) if target.extended else None,
    )


def _length(length: Length) -> LengthTold:
    return LengthTold(measure=length.measure, amount=length.amount)


def clocks_told(plain: list[dict[str, Any]]) -> list[ClockTold]:
    """What `queries.beside` selected, in the order in which they started."""
    found = (Beside.from_plain(one) for one in plain)
    return [ClockTold(**{name: getattr(one, name) for name in ClockTold.model_fields}) for one in found]

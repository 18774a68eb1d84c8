"""A policy: which targets a case has, by what it is and who asks; pure.

A policy is an ordered list of rules. For each sort of clock the first rule counts that fits the case and speaks of that sort,
so that a rule for the few stands above the rule for the many and says only what is different.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from troth.clocks.rules.length import Length, NotALength, ahead_of, due_of
from troth.words.clocks import Sort
from troth.words.hours import Hours


class NotAPolicy(ValueError):
    """These targets cannot be; the message says why."""


@dataclass(frozen=True)
class Matter:
    """What of a case a policy looks at."""

    kind: str
    channel: str
    urgency: str = ""
    is_public: bool = False
    #: The customer's.
    group: str = ""


@dataclass(frozen=True)
class Target:
    """What a clock of one sort is started with."""

    length: Length
    #: Stops while we wait for the customer.
    pauses: bool = True
    #: Staff are warned when so much of it has passed.
    warn_percent: int = 75
    #: An earlier moment worth reaching, of which staff are warned instead: DISP 1.5's third business day.
    early: Length | None = None
    #: How long it is in all once the customer was told, before it was over, why it takes longer: DISP 1.6.2A's 35 days.
    extended: Length | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.warn_percent <= 99:
            raise NotAPolicy(f"Staff are warned when 1 to 99 percent has passed, not {self.warn_percent}.")

    def to_plain(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "length": self.length.to_plain(),
            "pauses": self.pauses,
            "warn_percent": self.warn_percent,
        }
        for name in ("early", "extended"):
            if (length := getattr(self, name)) is not None:
                plain[name] = length.to_plain()
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Target:
        try:
            return cls(
                length=Length.from_plain(plain["length"]),
                pauses=bool(plain.get("pauses", True)),
                warn_percent=int(plain.get("warn_percent", 75)),
                early=Length.from_plain(plain["early"]) if plain.get("early") else None,
                extended=Length.from_plain(plain["extended"]) if plain.get("extended") else None,
            )
        except (KeyError, TypeError, ValueError) as why:
            raise NotAPolicy(str(why) if isinstance(why, (NotALength, NotAPolicy)) else f"No target: {why}.") from why


@dataclass(frozen=True)
class Rule:
    """Which cases it speaks of (what is empty fits all), and their targets; None says that they have none of that sort."""

    targets: Mapping[Sort, Target | None]
    kinds: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    urgencies: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    is_public: bool | None = None

    def fits(self, matter: Matter) -> bool:
        return (
            _among(matter.kind, self.kinds)
            and _among(matter.channel, self.channels)
            and _among(matter.urgency, self.urgencies)
            and _among(matter.group, self.groups)
            and self.is_public in {None, matter.is_public}
        )

    def to_plain(self) -> dict[str, Any]:
        plain: dict[str, Any] = {name: sorted(some) for name in _DIMENSIONS if (some := getattr(self, name))}
        if self.is_public is not None:
            plain["is_public"] = self.is_public
        targets = {sort.value: target and target.to_plain() for sort, target in self.targets.items()}
        return {**plain, "targets": targets}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Rule:
        try:
            return cls(
                targets={
                    Sort(sort): Target.from_plain(target) if target else None
                    for sort, target in plain["targets"].items()
                },
                is_public=plain.get("is_public"),
                **{name: frozenset(map(str, plain.get(name, ()))) for name in _DIMENSIONS},
            )
        except NotAPolicy:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise NotAPolicy(f"This is not a rule of a policy: {why}.") from why


_DIMENSIONS = ("kinds", "channels", "urgencies", "groups")


@dataclass(frozen=True)
class Policy:
    #: The profile it was made from; it may have been changed since.
    profile: str
    rules: tuple[Rule, ...]

    def targets(self, matter: Matter) -> dict[Sort, Target]:
        """What a case of this sort is asked for."""
        found: dict[Sort, Target | None] = {}
        for rule in self.rules:
            if rule.fits(matter):
                found = {**rule.targets, **found}
        return {sort: target for sort in Sort if (target := found.get(sort))}

    def to_plain(self) -> dict[str, Any]:
        return {"profile": self.profile, "rules": [rule.to_plain() for rule in self.rules]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Policy:
        """What `to_plain` wrote; raises NotAPolicy."""
        try:
            return cls(str(plain["profile"]), tuple(Rule.from_plain(rule) for rule in plain["rules"]))
        except (KeyError, TypeError) as why:
            raise NotAPolicy(f"This is not a policy: {why}.") from why


@dataclass(frozen=True)
class Terms:
    """What a clock runs by for as long as it lives: its target and the calendar as they were when it started."""

    target: Target
    hours: Hours
    #: The version of the policy, None for the one Troth comes with.
    policy: int | None = field(default=None, compare=False)
    #: Since when that version holds.
    policy_from: datetime | None = field(default=None, compare=False)

    def due(self, *, started_at: datetime, marks: tuple[datetime, ...] = ()) -> datetime:
        return due_of(self.target.length, hours=self.hours, started_at=started_at, marks=marks)

    def early(self, *, started_at: datetime, marks: tuple[datetime, ...] = ()) -> datetime | None:
        if self.target.early is None:
            return None
        return due_of(self.target.early, hours=self.hours, started_at=started_at, marks=marks)

    def warn_at(self, *, due: datetime, early: datetime | None) -> datetime:
        """When staff are to be warned."""
        left = 100 - self.target.warn_percent
        if early is not None and self.target.early:
            return ahead_of(early, length=self.target.early, hours=self.hours, percent=left)
        return ahead_of(due, length=self.target.length, hours=self.hours, percent=left)

    def escalate_at(self, *, due: datetime) -> datetime:
        """When the lead hears of it: halfway from a warning to the end."""
        left = (100 - self.target.warn_percent) // 2 or 1
        return ahead_of(due, length=self.target.length, hours=self.hours, percent=left)

    @property
    def digest(self) -> str:
        """The name of these terms: the same target and calendar have the same, whichever policy says so."""
        return _digest(self.target, self.hours)

    def to_plain(self) -> dict[str, Any]:
        return {"target": self.target.to_plain(), "hours": self.hours.to_plain()}


@lru_cache(maxsize=1024)
def _digest(target: Target, hours: Hours) -> str:
    return digest_of({"target": target.to_plain(), "hours": hours.to_plain()})


def digest_of(plain: Mapping[str, Any]) -> str:
    """SHA-256 of plain targets, written in one way."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _among(value: str, some: frozenset[str]) -> bool:
    return not some or value in some

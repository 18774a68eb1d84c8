"""A version of the policy: the limits of authority, and the standards that raise remedies by themselves; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troth.remedies.rules.authority import Limit, NotALimit
from troth.remedies.rules.money import Money, NotMoney, money, plain
from troth.words.remedies import Occasion, Remedy

STANDARDS_MOST = LIMITS_MOST = 40
DAYS_MOST = 250


class NotAPolicy(ValueError):
    """This cannot be a policy: the message says why."""


@dataclass(frozen=True)
class Standard:
    """What is owed without asking when something of one sort happens."""

    name: str
    on: Occasion
    sort: Remedy
    pays: Money
    #: Within how many working days, by the hours of the team that looks after it.
    days: int = 10
    #: What is owed beside it when it is not given by then; nothing where None.
    second: Money | None = None

    def to_plain(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "on": self.on.value,
            "sort": self.sort.value,
            "amount": plain(self.pays.amount),
            "currency": self.pays.currency,
            "days": self.days,
            "second": plain(self.second.amount) if self.second else "",
        }

    @classmethod
    def from_plain(cls, said: Mapping[str, Any]) -> Standard:
        try:
            name, days = " ".join(str(said["name"]).split()), int(said.get("days", 10))
            if not name or len(name) > 100:
                raise NotAPolicy("A standard needs a name of at most a hundred signs.")
            if not 1 <= days <= DAYS_MOST:
                raise NotAPolicy(f"A standard pays within 1 to {DAYS_MOST} working days.")
            second = str(said.get("second") or "")
            return cls(
                name=name,
                on=Occasion(said["on"]),
                sort=Remedy(said["sort"]),
                pays=money(said["amount"], said["currency"]),
                days=days,
                second=money(second, said["currency"]) if second else None,
            )
        except (NotAPolicy, NotMoney) as why:
            raise NotAPolicy(str(why)) from why
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise NotAPolicy(f"This is not a standard: {why}.") from why


@dataclass(frozen=True)
class Policy:
    #: The profile it was made from; it may have been changed since.
    profile: str = ""
    limits: tuple[Limit, ...] = ()
    standards: tuple[Standard, ...] = ()

    def __post_init__(self) -> None:
        names = [standard.name for standard in self.standards]
        if len(set(names)) < len(names):
            raise NotAPolicy("Two standards have the same name.")
        if len(self.limits) > LIMITS_MOST or len(self.standards) > STANDARDS_MOST:
            raise NotAPolicy(f"At most {LIMITS_MOST} limits and {STANDARDS_MOST} standards.")

    def on(self, occasion: Occasion) -> tuple[Standard, ...]:
        """The standards that wait for this, in their order."""
        return tuple(standard for standard in self.standards if standard.on is occasion)

    def second_for(self, *, standard: str) -> Standard | None:
        """What is owed beside a remedy that was not given in time: what its own standard says, else the one for any remedy."""
        own = next((one for one in self.standards if one.name == standard), None)
        if own is not None:
            return own if own.second else None
        return next(iter(self.on(Occasion.MISSED_REMEDY)), None)

    def to_plain(self) -> dict[str, Any]:
        return {
            "profile": self.profile,
            "limits": [limit.to_plain() for limit in self.limits],
            "standards": [standard.to_plain() for standard in self.standards],
        }

    @classmethod
    def from_plain(cls, said: Mapping[str, Any]) -> Policy:
        """What `to_plain` wrote; raises NotAPolicy."""
        try:
            return cls(
                profile=str(said.get("profile", "")),
                limits=tuple(Limit.from_plain(limit) for limit in said.get("limits", ())),
                standards=tuple(Standard.from_plain(standard) for standard in said.get("standards", ())),
            )
        except NotALimit as why:
            raise NotAPolicy(str(why)) from why
        except (TypeError, AttributeError) as why:
            raise NotAPolicy(f"This is not a policy: {why}.") from why


def digest_of(said: Mapping[str, Any]) -> str:
    """SHA-256 of a plain policy, written in one way."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def pays_second(standard: Standard) -> Money:
    """What the second remedy is, by the standard that `second_for` found."""
    return standard.second if standard.second and standard.on is not Occasion.MISSED_REMEDY else standard.pays

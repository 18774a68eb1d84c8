"""Who may offer what by themselves; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from troth.remedies.rules.money import NotMoney, money, plain
from troth.words.remedies import Remedy


class Verdict(StrEnum):
    YES = "yes"
    #: Somebody with more authority has to say yes.
    WAITS = "waits"
    NO = "no"


class NotALimit(ValueError):
    """This is no limit of authority: the message says why."""


@dataclass(frozen=True)
class Limit:
    """What those whom it speaks of may offer; what is empty speaks of all. Several that fit add up: the largest counts."""

    role: str = ""
    team: int | None = None
    staff: int | None = None
    sorts: frozenset[str] = frozenset()
    #: The most, by currency; a currency that is not there is none they may offer in.
    most: Mapping[str, Decimal] = field(default_factory=dict)

    def fits(self, *, role: str, team: int | None, staff: int | None, sort: str) -> bool:
        return (
            self.role in {"", role}
            and self.team in {None, team}
            and self.staff in {None, staff}
            and (not self.sorts or sort in self.sorts)
        )

    def covers(self, amount: Decimal | None, currency: str) -> bool:
        return amount is None or amount <= self.most.get(currency, Decimal(0))

    def to_plain(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "team": self.team,
            "staff": self.staff,
            "sorts": sorted(self.sorts),
            "most": {code: plain(most) for code, most in sorted(self.most.items())},
        }

    @classmethod
    def from_plain(cls, said: Mapping[str, Any]) -> Limit:
        try:
            most = [money(amount, code) for code, amount in said.get("most", {}).items()]
            return cls(
                role=str(said.get("role", "")),
                team=said.get("team"),
                staff=said.get("staff"),
                sorts=frozenset(Remedy(sort).value for sort in said.get("sorts", ())),
                most={one.currency: one.amount for one in most},
            )
        except NotMoney as why:
            raise NotALimit(str(why)) from why
        except (AttributeError, TypeError, ValueError) as why:
            raise NotALimit(f"This is not a limit of authority: {why}.") from why


#: Roles that offer nothing, and the one that may offer anything, so that somebody always can say yes.
_NEVER, _ALWAYS = frozenset({"auditor"}), "admin"


def may_offer(
    limits: Iterable[Limit],
    *,
    role: str,
    team: int | None,
    staff: int | None,
    sort: str,
    amount: Decimal | None,
    currency: str,
) -> Verdict:
    """Whether somebody may offer this by themselves. Who may offer an amount may offer every smaller one."""
    if role in _NEVER:
        return Verdict.NO
    if role == _ALWAYS:
        return Verdict.YES
    fitting = (limit for limit in limits if limit.fits(role=role, team=team, staff=staff, sort=sort))
    return Verdict.YES if any(limit.covers(amount, currency) for limit in fitting) else Verdict.WAITS

"""Policies to begin with; pure. Until a company sets one of its own nothing raises itself."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from troth.remedies.rules.authority import Limit
from troth.remedies.rules.money import Money
from troth.remedies.rules.policy import Policy, Standard
from troth.words.remedies import Occasion, Remedy


class Profile(StrEnum):
    GOODWILL = "goodwill"
    """Limits of authority alone."""
    OFGEM = "ofgem"
    """Standards after those of British suppliers of gas and electricity, with the same limits."""


#: What costs the company nothing but work: anybody who answers customers may offer it.
WORDS = frozenset({Remedy.APOLOGY, Remedy.EXPLANATION, Remedy.CONTACT, Remedy.CHANGE})
_ANY = Decimal("1000000")


def bare() -> Policy:
    """What holds where nobody set a policy: leads offer what they see fit, agents what is no money."""
    return Policy(limits=(Limit(role="agent"), Limit(role="lead", most=_every(_ANY, "GBP", "EUR", "USD"))))


def ready(profile: Profile, *, currency: str = "GBP") -> Policy:
    limits = (
        Limit(role="agent", sorts=frozenset({*WORDS, Remedy.REPLACEMENT, Remedy.REPAIR, Remedy.DELIVERY})),
        Limit(
            role="agent",
            sorts=frozenset({Remedy.REFUND, Remedy.COMPENSATION}),
            most=_every(Decimal(25), currency),
        ),
        Limit(role="lead", most=_every(Decimal(500), currency)),
    )
    if profile is Profile.GOODWILL:
        return Policy(profile=profile.value, limits=limits)
    # The Electricity and Gas (Standards of Performance) (Suppliers) Regulations 2015 (SI 2015/1544), regulations 3 and 8:
    # a payment within ten working days of a missed appointment, and as much again if it is not made by then. £30 as made;
    # regulation 8 was amended from 2 January 2025 (SI 2024/1166), since when suppliers state £40. An amount to begin with: the
    # page asks whoever chooses it to look up the one in force.
    pays = Money(Decimal("40.00"), "GBP")
    return Policy(
        profile=profile.value,
        limits=limits,
        standards=(
            Standard(
                name="Missed appointment",
                on=Occasion.MISSED_APPOINTMENT,
                sort=Remedy.COMPENSATION,
                pays=pays,
                days=10,
                second=pays,
            ),
        ),
    )


def _every(most: Decimal, *currencies: str) -> dict[str, Decimal]:
    return dict.fromkeys(currencies, most)

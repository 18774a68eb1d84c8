"""The words of a breach: closed lists; pure."""

from __future__ import annotations

from enum import StrEnum


class Party(StrEnum):
    """As what we have to do with the data (GDPR 4(7), 4(8))."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class Level(StrEnum):
    """The risk to the rights and freedoms of the people concerned."""

    NONE = "none"  # unlikely to result in a risk: the authority need not be told
    RISK = "risk"
    HIGH = "high"  # the people concerned must be told as well


class Exempt(StrEnum):
    """Why somebody need not be told."""

    NO_RISK = "no_risk"  # GDPR 33(1)
    PROTECTED = "protected"  # GDPR 34(3)(a): unreadable to whoever has it, such as by encryption
    AVERTED = "averted"  # GDPR 34(3)(b): measures since then make the high risk no longer likely
    EFFORT = "effort"  # GDPR 34(3)(c): disproportionate effort; the public is told instead


EXEMPTIONS_OF_PEOPLE = frozenset({Exempt.PROTECTED, Exempt.AVERTED, Exempt.EFFORT})
ARTICLES = {
    Exempt.NO_RISK: "33(1)",
    Exempt.PROTECTED: "34(3)(a)",
    Exempt.AVERTED: "34(3)(b)",
    Exempt.EFFORT: "34(3)(c)",
}

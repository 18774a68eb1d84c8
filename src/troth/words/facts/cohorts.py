"""Who is affected by something, and was frozen as that."""

from __future__ import annotations

from dataclasses import dataclass

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class CohortFrozen(Fact):
    """Whoever was affected then stands there for good; `about` is the cohort. `customer` is empty: they are many."""

    #: What they are affected by, such as "incident:3".
    concerns: str
    #: How many they are.
    count: int
    #: SHA-256 over who they are and why, in the order of their numbers, hexadecimal: docs/formats/cohort.md says of what.
    digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class MembersJoined(Fact):
    """More are affected than stood there when it was frozen; `about` is the cohort."""

    #: Their numbers lie between these two.
    first: int
    last: int
    count: int
    #: As of those who were frozen.
    digest: str
    #: "" where they met the conditions later; else who added them by hand.
    by: str


@dataclass(frozen=True, kw_only=True)
class MemberExcluded(Fact):
    """Somebody of a cohort is not told, for a reason that stands in the row; `about` is the member."""

    cohort: str
    by: str


@dataclass(frozen=True, kw_only=True)
class MemberIncludedAgain(Fact):
    """They are told after all; `about` is the member."""

    cohort: str
    by: str

"""Personal data that got out: when we knew, what was decided, and who was told by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class BreachAware(Fact):
    """We knew, at `happened_at`, that personal data got out, were lost or changed; `about` is the breach."""

    #: "incident:3".
    incident: str
    #: When the 72 hours are over.
    report_by: datetime
    #: controller, or processor where the data are another's.
    party: str
    by: str


@dataclass(frozen=True, kw_only=True)
class BreachAwareCorrected(Fact):
    """We knew at another moment than was written down."""

    before: datetime
    after: datetime
    report_by: datetime
    #: HMAC-SHA256 of the reason in canonical JSON, under a salt that stands beside it, hexadecimal.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class BreachDocumented(Fact):
    """Its facts, effects and remedial action were written down, anew each time."""

    #: "documented:5", the version.
    version_of: str
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RiskDecided(Fact):
    """How likely it harms the people concerned; the newest decision holds."""

    #: "risk:5", the decision.
    decision: str
    #: none, risk or high.
    level: str
    #: Of the reason.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ExemptionClaimed(Fact):
    """The authority or the people concerned need not be told, it was said."""

    #: "exemption:4".
    exemption: str
    #: no_risk (GDPR 33(1)), or protected, averted, effort (GDPR 34(3)(a) to (c)).
    sort: str
    #: Of the justification, and of how the public is told instead.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ExemptionTakenBack(Fact):
    """It does not stand any more."""

    exemption: str
    by: str


@dataclass(frozen=True, kw_only=True)
class AuthorityReported(Fact):
    """The supervisory authority was told, at `happened_at`, in one phase or the next."""

    #: "report:7".
    report: str
    #: 1 for the first, and so on.
    phase: int
    #: The first left within the 72 hours; true for every later phase.
    in_time: bool
    #: How many of the things a report says were left to a later phase, and by when that follows.
    to_follow: int
    follows_by: datetime | None
    #: Of everything it says.
    words_digest: str
    by: str


@dataclass(frozen=True, kw_only=True)
class AuthorityAcknowledged(Fact):
    """The authority's number for a report was noted."""

    report: str
    by: str


@dataclass(frozen=True, kw_only=True)
class BreachDeadlineNear(Fact):
    """Staff were warned, by mail, that the authority must hear of it soon."""

    due: datetime
    #: report for the 72 hours, or follow for a phase that was to follow.
    what: str
    #: The how-manieth warning of this date: 1 to 3 for a report (after 24, 48 and 66 hours), 1 for what was to follow.
    number: int
    #: Whom: "staff:3", more than one joined by commas.
    warned: str


@dataclass(frozen=True, kw_only=True)
class BreachDeadlineMissed(Fact):
    """A date passed, at `happened_at`, and the authority had not been told; said once."""

    due: datetime
    #: report for the 72 hours, or follow for a phase that was to follow.
    what: str
    #: Whom we told at once, by mail: "staff:3", more than one joined by commas.
    warned: str


@dataclass(frozen=True, kw_only=True)
class PeopleTold(Fact):
    """The notice to the people concerned was sent; who of them was reached is told of the notice's members."""

    #: "notice:9".
    notice: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ControllerTold(Fact):
    """We process the data for another, who was told at `happened_at`."""

    by: str


@dataclass(frozen=True, kw_only=True)
class BreachClosed(Fact):
    """Nothing is asked of us any more."""

    by: str


@dataclass(frozen=True, kw_only=True)
class BreachReopened(Fact):
    """Something is asked of us again."""

    by: str

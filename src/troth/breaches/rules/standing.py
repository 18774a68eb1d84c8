"""What a breach still asks of us, as a list from top to bottom; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from troth.breaches.rules.words import Level


class Duty(StrEnum):
    DECIDE = "decide"
    REPORT = "report"  # to the authority, or claim that it need not be
    FOLLOW = "follow"  # the next phase
    TELL = "tell"  # the people concerned, or claim that they need not be
    CONTROLLER = "controller"  # where we process for another
    DOCUMENT = "document"


class Stands(StrEnum):
    OPEN = "open"
    LATE = "late"
    DONE = "done"
    #: Nothing asks for it, or an exemption stands.
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Facts:
    """A breach as far as its duties look at it."""

    report_by: datetime
    is_processor: bool
    controller_told_at: datetime | None
    level: Level | None
    is_exempt_from_report: bool
    is_exempt_from_telling: bool
    reported_at: datetime | None
    follows_by: datetime | None
    told_at: datetime | None
    is_documented: bool


@dataclass(frozen=True)
class Step:
    duty: Duty
    stands: Stands
    by: datetime | None = None
    #: It was done, and late.
    was_late: bool = False


def steps(breach: Facts, *, now: datetime) -> Sequence[Step]:
    """Every duty and how it stands."""
    if breach.is_processor:  # the controller decides, reports and tells (GDPR 33(2))
        told = breach.controller_told_at is not None
        found = [Step(Duty.CONTROLLER, Stands.DONE if told else Stands.OPEN)]
    else:
        found = [_decide(breach), _report(breach, now=now), *_follow(breach, now=now), _tell(breach)]
    return [*found, Step(Duty.DOCUMENT, Stands.DONE if breach.is_documented else Stands.OPEN)]


def is_settled(breach: Facts, *, now: datetime) -> bool:
    """Nothing is asked any more: it can be closed."""
    return all(step.stands in {Stands.DONE, Stands.NOT_ASKED} for step in steps(breach, now=now))


def is_answered(breach: Facts) -> bool:
    """The 72 hours ask nothing any more."""
    return breach.is_processor or breach.reported_at is not None or _need_not_report(breach)


def _need_not_report(breach: Facts) -> bool:
    """The exemption holds only while the risk is thought to be none."""
    return breach.is_exempt_from_report and breach.level is Level.NONE


def _decide(breach: Facts) -> Step:
    return Step(Duty.DECIDE, Stands.OPEN if breach.level is None else Stands.DONE)


def _report(breach: Facts, *, now: datetime) -> Step:
    if breach.reported_at is not None:
        return Step(Duty.REPORT, Stands.DONE, was_late=breach.reported_at > breach.report_by)
    if _need_not_report(breach):
        return Step(Duty.REPORT, Stands.NOT_ASKED)
    return Step(Duty.REPORT, Stands.LATE if now >= breach.report_by else Stands.OPEN, breach.report_by)


def _follow(breach: Facts, *, now: datetime) -> Sequence[Step]:
    if breach.follows_by is None:
        return []
    return [Step(Duty.FOLLOW, Stands.LATE if now >= breach.follows_by else Stands.OPEN, breach.follows_by)]


def _tell(breach: Facts) -> Step:
    if breach.told_at is not None:
        return Step(Duty.TELL, Stands.DONE)
    if breach.level is not Level.HIGH or breach.is_exempt_from_telling:
        return Step(Duty.TELL, Stands.NOT_ASKED)
    return Step(Duty.TELL, Stands.OPEN)

"""Putting a case aside for a while: until when, and which word of the customer's brings it back; pure.

Where a date alone decides, a customer's "thanks" loses it (freescout#5378). So what a customer writes is shown at once, and ends
what has a date only where it asks for something.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from troth.reading import Reading
from troth.words.hours import Hours, NeverOpen
from troth.words.messages import Urgency

LATER_TODAY = timedelta(hours=3)
QUARTER_MINUTES = 15
#: No morning begins earlier, though somebody is always there.
MORNING = time(8)


class Woken(StrEnum):
    """Why a case is not put aside any more."""

    TIME = "time"
    CUSTOMER = "customer"
    RESOLVED = "resolved"
    STAFF = "staff"


class Offer(StrEnum):
    LATER_TODAY = "later_today"
    #: The next working day begins, tomorrow as a rule.
    NEXT_DAY = "next_day"
    MONDAY = "monday"
    NEXT_WEEK = "next_week"


@dataclass(frozen=True)
class Offered:
    offer: Offer
    at: datetime


def offers(now: datetime, *, hours: Hours, zone: str) -> list[Offered]:
    """Until when a case can be put aside with one key, the nearest first and none twice.

    In *hours*, as the clocks of *zone* show them.
    """
    hours = replace(hours, zone=zone)
    today = hours.day_of(now)
    found = []
    try:
        later = _quarter(now + LATER_TODAY)
        if hours.day_of(later) == today and hours.is_open(later):
            found.append(Offered(Offer.LATER_TODAY, later))
        next_day = hours.add_working_days(today, 1)
        found.append(Offered(Offer.NEXT_DAY, _morning(hours, next_day)))
        for offer, day in (
            (Offer.MONDAY, today + timedelta(days=7 - today.weekday())),
            (Offer.NEXT_WEEK, today + timedelta(days=7)),
        ):
            at = _morning(hours, day)
            if at not in [one.at for one in found]:
                found.append(Offered(offer, at))
    except NeverOpen:
        return found
    return sorted(found, key=lambda one: one.at)


def _morning(hours: Hours, day: date) -> datetime:
    """When work begins on *day*, or on the next one that has any; where it never ends, not at midnight."""
    opens, morning = hours.next_open(hours.start_of_day(day)), hours.instant(day, MORNING)
    return morning if opens < morning and hours.is_open(morning) else opens


def _quarter(at: datetime) -> datetime:
    """The next full quarter of an hour."""
    over = timedelta(minutes=at.minute % QUARTER_MINUTES, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + timedelta(minutes=QUARTER_MINUTES)


def asks_something(read: Reading, text: str) -> bool:
    """Whether what the customer wrote wants anything of us; what could not be read may."""
    if read.is_unread:
        return bool(text.strip())
    is_pressing = read.urgency is not None and read.urgency.value in (Urgency.HIGH, Urgency.CRITICAL)
    return bool(read.requests or read.remedies or read.is_complaint or is_pressing or "?" in text)


def ends(*, until: datetime | None, asks: bool) -> bool:
    """Whether a word of the customer's ends it: any does where it was until they write, else one that asks for something."""
    return until is None or asks

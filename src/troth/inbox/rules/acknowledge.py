"""May we say at once that a message has arrived? Kindness that can be aimed at a stranger is a weapon (reliability T3, T5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from troth.inbox.rules.incoming import Dmarc, Origin

PER_ADDRESS = timedelta(hours=24)
PER_CASE = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
#: All automatic letters together, in one minute; above it, silence.
PER_MINUTE = 60


class Answer(Enum):
    YES = "yes"
    NOT_A_PERSON = "not_a_person"
    NOT_VOUCHED_FOR = "not_vouched_for"
    ADDRESS_HAD_ONE = "address_had_one"
    CASE_HAD_ONE = "case_had_one"
    TOO_MANY_NOW = "too_many_now"


@dataclass(frozen=True)
class Recently:
    """Automatic letters already written."""

    to_address: int  # within PER_ADDRESS
    about_case: int  # to this address, within PER_CASE
    in_all: int  # within MINUTE


def may_acknowledge(
    *,
    origin: Origin,
    from_is_sound: bool,
    dmarc: Dmarc,
    dmarc_is_checked: bool,
    address_is_confirmed: bool,
    recently: Recently,
    per_minute: int = PER_MINUTE,
) -> Answer:
    """Whether an acknowledgement may be written; the first reason against it."""
    if origin is not Origin.PERSON:
        return Answer.NOT_A_PERSON
    vouched = dmarc is Dmarc.PASS or (dmarc is Dmarc.NONE and (address_is_confirmed or not dmarc_is_checked))
    if not from_is_sound or not vouched:
        return Answer.NOT_VOUCHED_FOR
    if recently.in_all >= per_minute:
        return Answer.TOO_MANY_NOW
    if recently.about_case >= 1:
        return Answer.CASE_HAD_ONE
    if recently.to_address >= 1:
        return Answer.ADDRESS_HAD_ONE
    return Answer.YES

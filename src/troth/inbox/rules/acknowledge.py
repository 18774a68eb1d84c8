"""May we say at once that a message has arrived? Kindness that can be aimed at a stranger is a weapon (reliability T3, T5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from troth.inbox.rules.incoming import Dmarc, Origin

PER_ADDRESS = timedelta(hours=24)
PER_CASE = timedelta(hours=24)
#: Until a person of ours has written, one automatic letter is enough: without people in it, nothing goes round.
UNTIL_A_PERSON = timedelta(days=10)
MINUTE = timedelta(minutes=1)
#: All acknowledgements together, in one minute; above it, silence.
PER_MINUTE = 60
#: So many in so long are a storm: until it has passed, only those hear from us whose the address surely is. The form says
#: on its page what the acknowledgement would have said.
STORM, PER_STORM = timedelta(minutes=15), 150


class Answer(Enum):
    YES = "yes"
    NOT_A_PERSON = "not_a_person"
    NOT_VOUCHED_FOR = "not_vouched_for"
    LETS_SOMEBODY_IN = "lets_somebody_in"
    ANSWERS_A_MACHINE = "answers_a_machine"
    ADDRESS_HAD_ONE = "address_had_one"
    WAITS_FOR_A_PERSON = "waits_for_a_person"
    CASE_HAD_ONE = "case_had_one"
    TOO_MANY_NOW = "too_many_now"
    STORM = "storm"


@dataclass(frozen=True)
class Recently:
    """Letters already written: automatic ones to this address, and acknowledgements to anybody."""

    to_address: int  # within PER_ADDRESS
    about_case: int  # to this address, within PER_CASE
    in_all: int  # acknowledgements, within MINUTE
    since_a_person: int = 0  # to this address since a person last wrote to it, within UNTIL_A_PERSON
    in_storm: int = 0  # acknowledgements, within STORM


def may_acknowledge(
    *,
    origin: Origin,
    from_is_sound: bool,
    dmarc: Dmarc,
    dmarc_is_checked: bool,
    address_is_confirmed: bool,
    lets_somebody_in: bool = False,
    answers_a_machine: bool = False,
    recently: Recently,
    per_minute: int = PER_MINUTE,
) -> Answer:
    """Whether an acknowledgement may be written; the first reason against it.

    *answers_a_machine*: it answers a letter that we wrote automatically, so somebody there may be a machine too.
    """
    if origin is not Origin.PERSON:
        return Answer.NOT_A_PERSON
    if lets_somebody_in:
        return Answer.LETS_SOMEBODY_IN
    if answers_a_machine:
        return Answer.ANSWERS_A_MACHINE
    vouched = dmarc is Dmarc.PASS or (dmarc is Dmarc.NONE and (address_is_confirmed or not dmarc_is_checked))
    if not from_is_sound or not vouched:
        return Answer.NOT_VOUCHED_FOR
    if recently.in_all >= per_minute:
        return Answer.TOO_MANY_NOW
    if recently.in_storm >= PER_STORM and dmarc is not Dmarc.PASS and not address_is_confirmed:
        return Answer.STORM
    if recently.about_case >= 1:
        return Answer.CASE_HAD_ONE
    if recently.to_address >= 1:
        return Answer.ADDRESS_HAD_ONE
    if recently.since_a_person >= 1:
        return Answer.WAITS_FOR_A_PERSON
    return Answer.YES

"""What to do about a letter whose bytes began to leave and whose answer never came."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

#: How long we look for the archive's copy before we say that the letter was lost.
LOOK_FOR = timedelta(minutes=5)
#: How long an archive may be out of reach before staff are told that we do not know.
GIVE_UP_AFTER = timedelta(hours=1)


#: One of many that were owed to their readers leaves again where there is no archive to ask: better twice than never. So often
#: may it have left without an answer; then whatever it meets keeps it from ever being answered for, and staff are told.
DOUBTS_MOST = 3


class Step(Enum):
    IT_ARRIVED = "it_arrived"
    LOOK_AGAIN = "look_again"
    SEND_AGAIN = "send_again"  # with the same Message-ID
    SAY_UNCLEAR = "say_unclear"


class Found(Enum):
    """What the archive said."""

    THERE = "there"
    NOT_THERE = "not_there"
    NO_ARCHIVE = "no_archive"
    OUT_OF_REACH = "out_of_reach"


def next_step(found: Found, *, left_at: datetime, now: datetime, look_for: timedelta = LOOK_FOR) -> Step:
    """The next step for a letter that began to leave at *left_at*."""
    if found is Found.THERE:
        return Step.IT_ARRIVED
    if found is Found.NO_ARCHIVE:
        return Step.SAY_UNCLEAR
    if found is Found.OUT_OF_REACH:
        return Step.SAY_UNCLEAR if now - left_at >= GIVE_UP_AFTER else Step.LOOK_AGAIN
    return Step.SEND_AGAIN if now - left_at >= look_for else Step.LOOK_AGAIN


def next_step_in_bulk(
    found: Found, *, left_at: datetime, doubts: int, now: datetime, look_for: timedelta = LOOK_FOR
) -> Step:
    """The same for one of very many, which left without an answer *doubts* times: what cannot be known is sent again."""
    step = next_step(found, left_at=left_at, now=now, look_for=look_for)
    if step is not Step.SAY_UNCLEAR:
        return step
    if now - left_at < look_for:
        return Step.LOOK_AGAIN
    return Step.SEND_AGAIN if doubts < DOUBTS_MOST else Step.SAY_UNCLEAR

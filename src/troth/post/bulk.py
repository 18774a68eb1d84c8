"""How very many letters leave: in windows, over one kept line, and still each once wherever that can be known.

1. A window of letters is locked, and `data` is committed for all of them with an attempt each: from now on any of them may have
   left. With the same commit it is recorded what became of the window before.
2. They leave one after the other. What the carrier says ahead for the next letter (RFC 2920) holds none of its words: so when the
   line breaks, exactly one letter is in doubt, and of those behind it nothing has left.
3. What became of each is recorded with the next window; what did not begin goes back, as if it had never been tried.

Killed between 1 and 3, a window is in doubt. The archive is asked for each letter by its Message-ID. Where there is none, it
leaves again with the same Message-ID, five minutes later: these are duties to their readers, and twice is better than never.
How many that may have been is on record: the attempts without an answer.

A sender that was paused holds its locks and is left alone. Where the server has let go of them meanwhile, the window has
closed: after a minute no letter of it begins to leave, and nobody sends it again before five.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import DatabaseError

from troth.post import actions
from troth.post.actions.windows import Doubtful, Leaving, Said
from troth.post.rules import window
from troth.post.rules.carrier import (
    Answer,
    ArchiveOutOfReach,
    Carrier,
    CarrierOfMany,
    Outcome,
    Parcel,
    unclear,
)
from troth.post.rules.doubt import LOOK_FOR, Found, next_step_in_bulk

log = logging.getLogger(__name__)

#: After so many letters a round ends, so that a worker that is asked to end soon does, between two windows.
ROUND = 5_000
#: How many letters in doubt are looked for in the archive at once.
DOUBTFUL = 500
LOOK_EVERY = timedelta(seconds=30)
#: A line that broke is made anew; one that breaks again without a letter getting through says that the server is away.
BREAKS_MOST = 2


def sweep(
    *,
    carrier: Carrier,
    clock: Callable[[], datetime],
    limit: int = ROUND,
    size: int = window.LETTERS,
    look_for: timedelta = LOOK_FOR,
) -> int:
    """Let what is due leave, up to *limit* letters in windows of *size*; how many were tried. Safe to run many times at once."""
    done = settle(carrier=carrier, clock=clock, look_for=look_for)
    said: Said = ()
    try:
        while True:
            room = min(size, limit - done)
            now = clock()
            leaving = actions.turn(said, size=room, now=now)
            if said:
                actions.unlock_many([letter for letter, _ in said])
            if not leaving:
                return done
            said, server_answers = let_leave(leaving, carrier=carrier, clock=clock, closes_at=now + window.LASTS)
            done += sum(outcome is not None for _, outcome in said)
            if not server_answers:
                limit = done  # what became of them is recorded, and no more are taken
    finally:
        carrier.close()
        with suppress(DatabaseError):
            actions.unlock_all()


def let_leave(
    leaving: Sequence[Leaving], *, carrier: Carrier, clock: Callable[[], datetime], closes_at: datetime
) -> tuple[list[tuple[Leaving, Outcome | None]], bool]:
    """Let a window leave: what became of each letter, and whether the server answers."""
    parcels = [_parcel(letter) for letter in leaving]
    outcomes: list[Outcome] = []
    last: Outcome | None = None
    breaks = 0
    while len(outcomes) < len(parcels) and breaks < BREAKS_MOST and clock() < closes_at:
        last = None
        try:
            for last in _submitted(carrier, parcels[len(outcomes) :], lambda: clock() < closes_at):
                if last.server_is_away:
                    break
                outcomes.append(last)
                breaks = 0 if last.answer is Answer.ACCEPTED else breaks
        except DatabaseError:
            raise
        except Exception as error:  # a carrier's own fault must not stop the letters behind this one
            log.exception("The carrier failed at letter %s.", leaving[len(outcomes)].pk)
            outcomes.append(last := unclear(f"The carrier failed: {type(error).__name__}."))
        if last is None:
            break
        breaks += last.server_is_away or last.answer is Answer.UNCLEAR
    if breaks >= BREAKS_MOST and last is not None and last.server_is_away:
        outcomes.append(last)  # one letter stands for all that it would be told the same
    found: list[Outcome | None] = [*outcomes, *[None] * (len(parcels) - len(outcomes))]
    log.info("%s letters left in bulk, %s went back.", len(outcomes), found.count(None))
    return list(zip(leaving, found, strict=True)), breaks < BREAKS_MOST


def settle(*, carrier: Carrier, clock: Callable[[], datetime], look_for: timedelta) -> int:
    """Find out about letters that a sender left in doubt; how many were dealt with."""
    doubtful = actions.claim_doubtful(size=DOUBTFUL, now=clock())
    if not doubtful:
        return 0
    try:
        kept = _kept(carrier, doubtful)
        now = clock()
        actions.settle_many(
            [
                (
                    letter,
                    found := _found(letter, kept),
                    next_step_in_bulk(found, left_at=letter.left_at, doubts=letter.doubts, now=now, look_for=look_for),
                )
                for letter in doubtful
            ],
            look_again_at=now + LOOK_EVERY,
            now=now,
        )
    finally:
        with suppress(DatabaseError):
            actions.unlock_all()
    return len(doubtful)


def _kept(carrier: Carrier, doubtful: Sequence[Doubtful]) -> set[str] | Found:
    """Which of these letters the archive holds, or what it said instead."""
    names = [letter.message_id for letter in doubtful]
    try:
        if hasattr(carrier, "were_kept"):
            found = cast("CarrierOfMany", carrier).were_kept(names)
            return Found.NO_ARCHIVE if found is None else found
        one_by_one = {name: carrier.was_kept(name) for name in names}
        return Found.NO_ARCHIVE if None in one_by_one.values() else {name for name, kept in one_by_one.items() if kept}
    except ArchiveOutOfReach:
        return Found.OUT_OF_REACH


def _found(letter: Doubtful, kept: set[str] | Found) -> Found:
    if isinstance(kept, Found):
        return kept
    return Found.THERE if letter.message_id in kept else Found.NOT_THERE


def _submitted(carrier: Carrier, parcels: Sequence[Parcel], may_begin: Callable[[], bool]) -> Iterator[Outcome]:
    """Over what the carrier can do for many, or else one by one."""
    if hasattr(carrier, "submit_many"):
        yield from cast("CarrierOfMany", carrier).submit_many(parcels, may_begin)
        return
    for parcel in parcels:
        if not may_begin():
            return
        yield carrier.submit(parcel.letter, parcel.envelope_from, parcel.recipients, lambda: None)


def _parcel(letter: Leaving) -> Parcel:
    archive = settings.TROTH_MAIL_ARCHIVE
    to = [letter.to_address, archive] if archive else [letter.to_address]
    return Parcel(letter.raw, letter.envelope_from, to, letter.message_id)

"""How a letter leaves once and only once, whatever is killed or paused in between (reliability 4.1, 4.2).

0. What it encloses is put in, or left out, and committed (`enclosing.py`): from then on its bytes are final.
1. `sending` is committed, then the recipient and the archive are named to the server. Killed here: it is safely sent again.
2. `data` is committed, then the bytes leave. Killed here: only the archive knows, and it is asked by Message-ID.
3. The server's answer is committed.
A session lock is held on the database connection from 1 to 3, so a worker that was paused cannot wake up beside its successor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from troth.post import actions, enclosing
from troth.post.models import Letter, LetterState
from troth.post.rules.carrier import ArchiveOutOfReach, Carrier, Outcome, try_again, unclear
from troth.post.rules.doubt import LOOK_FOR, Found, Step, next_step

log = logging.getLogger(__name__)

BATCH = 20
LOOK_EVERY = timedelta(seconds=5)


def carrier_in_use() -> Carrier:
    """The carrier named in the settings, resolved late: post knows no channel."""
    carrier: Carrier = import_string(settings.TROTH_CARRIER)()
    return carrier


def sweep(
    *,
    carrier: Carrier,
    clock: Callable[[], datetime],
    limit: int = 1_000,
    look_for: timedelta = LOOK_FOR,
) -> int:
    """Deal with what is due, up to *limit* letters over one carrier; how many were dealt with. Safe to run many times at once."""
    done = 0
    try:
        while done < limit:
            ids = actions.claim(now=clock(), limit=min(BATCH, limit - done))
            if not ids:
                break
            for letter_id in ids:
                server_is_away = _deal_with(letter_id, carrier=carrier, clock=clock, look_for=look_for)
                done += 1
                if server_is_away:
                    return done  # the letters behind it would only wait for the same silence; their lease ends soon
    finally:
        carrier.close()
    return done


def _deal_with(letter_id: int, *, carrier: Carrier, clock: Callable[[], datetime], look_for: timedelta) -> bool:
    """Deal with one letter. True when the mail server is away and there is no use in going on."""
    if not actions.lock(letter_id):
        return False  # somebody else is in the middle of sending it
    try:
        letter = Letter.objects.get(pk=letter_id)
        if letter.state == LetterState.DATA and not _settle(letter, carrier=carrier, clock=clock, look_for=look_for):
            return False
        if letter.awaits_receipts and not enclosing.enclose(letter, clock=clock):
            return False
        attempt_id = actions.begin(letter_id=letter_id, now=clock())
        if attempt_id is None:
            return False
        try:
            outcome = carrier.submit(
                bytes(letter.raw),
                letter.envelope_from,
                _recipients(letter),
                lambda: actions.begin_to_leave(letter_id=letter_id, attempt_id=attempt_id, now=clock()),
            )
        except actions.LockLost:
            log.warning("Letter %s is no longer ours to send; another worker has it.", letter_id)
            return False
        except DatabaseError:
            raise
        except Exception as error:  # a carrier's own fault must not stop the letters behind this one
            log.exception("The carrier failed at letter %s.", letter_id)
            letter.refresh_from_db(fields=["state"])
            said = f"The carrier failed: {type(error).__name__}."
            outcome = unclear(said) if letter.state == LetterState.DATA else try_again(0, said)
        _record(letter, attempt_id, outcome, carrier=carrier, clock=clock, look_for=look_for)
        return outcome.server_is_away
    finally:
        actions.unlock(letter_id)


def _record(
    letter: Letter,
    attempt_id: int,
    outcome: Outcome,
    *,
    carrier: Carrier,
    clock: Callable[[], datetime],
    look_for: timedelta,
) -> None:
    actions.record(letter_id=letter.pk, attempt_id=attempt_id, outcome=outcome, now=clock())
    letter = Letter.objects.defer("raw").get(pk=letter.pk)
    log.info("Letter %s: %s (%s).", letter.pk, letter.state, outcome.code or "no code")
    if letter.state == LetterState.DATA:
        _settle(letter, carrier=carrier, clock=clock, look_for=look_for)


def _settle(letter: Letter, *, carrier: Carrier, clock: Callable[[], datetime], look_for: timedelta) -> bool:
    """Settle a letter that may have left. True when it must be sent again."""
    left_at = letter.left_at
    assert left_at is not None  # the database keeps it so
    try:
        kept = None if letter.opens_account else carrier.was_kept(letter.message_id)
        found = Found.NO_ARCHIVE if kept is None else Found.THERE if kept else Found.NOT_THERE
    except ArchiveOutOfReach:
        found = Found.OUT_OF_REACH
    now = clock()
    step = next_step(found, left_at=left_at, now=now, look_for=look_for)
    if step is Step.IT_ARRIVED:
        actions.delivered(letter_id=letter.pk, delivered_at=left_at, verified=True, now=now)
    elif step is Step.SAY_UNCLEAR:
        actions.say_unclear(letter_id=letter.pk, now=now)
    elif step is Step.LOOK_AGAIN:
        actions.look_again(letter_id=letter.pk, at=now + LOOK_EVERY)
    else:
        return actions.begin_anew(letter_id=letter.pk)
    return False


def _recipients(letter: Letter) -> list[str]:
    archived = settings.TROTH_MAIL_ARCHIVE and not letter.opens_account
    return [letter.to_address, settings.TROTH_MAIL_ARCHIVE] if archived else [letter.to_address]

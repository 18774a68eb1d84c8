"""Writes about letters that leave, one at a time. Their order is what makes a letter leave exactly once; see `sending.py`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from troth.ledger import actions as ledger
from troth.post.models import UNDER_WAY, Attempt, Letter, LetterState
from troth.post.rules.carrier import Answer, Outcome, shown
from troth.post.rules.retry import next_try_at, next_try_when_away
from troth.words import facts

#: A claimed letter is left alone by other sweeps for this long; it is a courtesy, the advisory lock is the fence.
LEASE = timedelta(seconds=30)


@transaction.atomic
def claim(*, now: datetime, limit: int) -> list[int]:
    """Due letters for one sweep; another sweep, at the same moment, gets others. Those never tried go first.

    Letters that left in bulk are not among them: they have a lane of their own, and nobody waits behind them.
    """
    due = (
        Letter.objects.filter(state__in=UNDER_WAY, bulk=False, next_try_at__lte=now)
        .order_by("attempts", "next_try_at", "id")
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)[:limit]
    )
    ids = list(due)
    Letter.objects.filter(pk__in=ids).update(next_try_at=now + LEASE)
    return ids


@transaction.atomic
def begin(*, letter_id: int, now: datetime) -> int | None:
    """Say that the dialogue begins; the attempt's id, or None when there is nothing to send any more."""
    begun = Letter.objects.filter(
        Q(encloses=[]) | Q(enclosed__isnull=False),
        pk=letter_id,
        state__in=(LetterState.QUEUED, LetterState.SENDING),
        leaves_at__lte=now,
    ).update(state=LetterState.SENDING, attempts=F("attempts") + 1)
    return Attempt.objects.create(letter_id=letter_id, started_at=now).pk if begun == 1 else None


@transaction.atomic
def begin_to_leave(*, letter_id: int, attempt_id: int, now: datetime) -> None:
    """Say, before the first byte leaves, that it may. Raises LockLost when this connection is not the one that locked."""
    if not is_locked_by_us(letter_id):
        raise LockLost
    left = Letter.objects.filter(pk=letter_id, state=LetterState.SENDING).update(state=LetterState.DATA, left_at=now)
    if left != 1:
        raise LockLost
    Attempt.objects.filter(pk=attempt_id).update(left_at=now)


class LockLost(Exception):
    """The letter is no longer ours to send: the connection that held its lock is gone, or somebody moved it."""


@transaction.atomic
def record(*, letter_id: int, attempt_id: int, outcome: Outcome, now: datetime) -> None:
    """What the dialogue came to."""
    Attempt.objects.filter(pk=attempt_id).update(
        ended_at=now, answer=outcome.answer.value, code=outcome.code, reply=shown(outcome.reply)
    )
    said = {"last_code": outcome.code, "last_reply": shown(outcome.reply)}
    letter = Letter.objects.defer("raw").select_for_update().get(pk=letter_id)
    if letter.state not in (LetterState.SENDING, LetterState.DATA):
        return
    if outcome.answer is Answer.ACCEPTED:
        Letter.objects.filter(pk=letter_id).update(**said)
        delivered(letter_id=letter_id, delivered_at=now, verified=False, now=now)
    elif outcome.answer is Answer.REFUSED:
        _refuse(letter, outcome.code, said, now)
    elif outcome.answer is Answer.UNCLEAR:
        Letter.objects.filter(pk=letter_id).update(**said)
    else:
        attempts = letter.attempts - outcome.server_is_away
        if outcome.server_is_away:
            again_at = next_try_when_away(waits_since=letter.leaves_at, now=now)
        else:
            again_at = next_try_at(attempts, now=now)
        if again_at is None:
            _refuse(letter, outcome.code, said, now)
        else:
            Letter.objects.filter(pk=letter_id).update(
                state=LetterState.QUEUED, attempts=attempts, next_try_at=again_at, **said
            )


@transaction.atomic
def delivered(*, letter_id: int, delivered_at: datetime, verified: bool, now: datetime) -> bool:
    """The letter arrived; False when that was known."""
    moved = Letter.objects.filter(pk=letter_id, state__in=(LetterState.DATA, LetterState.SENDING)).update(
        state=LetterState.SENT, delivered_at=delivered_at, verified=verified
    )
    if moved != 1:
        return False
    letter = Letter.objects.defer("raw").get(pk=letter_id)
    ledger.append(
        facts.LetterDelivered(
            about=letter.reference,
            customer=letter.customer,
            because=letter.because,
            delivered_at=delivered_at,
            verified=verified,
        ),
        now=now,
    )
    return True


@transaction.atomic
def say_unclear(*, letter_id: int, now: datetime) -> bool:
    """Nobody can tell whether it arrived; staff see it."""
    if Letter.objects.filter(pk=letter_id, state=LetterState.DATA).update(state=LetterState.UNCLEAR) != 1:
        return False
    letter = Letter.objects.defer("raw").get(pk=letter_id)
    ledger.append(
        facts.LetterUnclear(about=letter.reference, customer=letter.customer, because=letter.because), now=now
    )
    return True


@transaction.atomic
def look_again(*, letter_id: int, at: datetime) -> None:
    Letter.objects.filter(pk=letter_id, state=LetterState.DATA).update(next_try_at=at)


@transaction.atomic
def begin_anew(*, letter_id: int) -> bool:
    """It did not arrive, as the archive shows: the same bytes may leave again."""
    return Letter.objects.filter(pk=letter_id, state=LetterState.DATA).update(state=LetterState.SENDING) == 1


def _refuse(letter: Letter, code: int, said: dict[str, object], now: datetime) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.REFUSED, **said)
    ledger.append(
        facts.LetterRefused(about=letter.reference, customer=letter.customer, because=letter.because, code=code),
        now=now,
    )


LOCK_KIND = 77


def lock(letter_id: int) -> bool:
    """Take the letter's session lock: it survives a pause, and dies with the connection (reliability 4.2)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_KIND, letter_id & 0x7FFFFFFF])
        row = cursor.fetchone()
    return bool(row and row[0])


def unlock(letter_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_KIND, letter_id & 0x7FFFFFFF])


def is_locked_by_us(letter_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s AND objid = %s AND objsubid = 2)",
            [LOCK_KIND, letter_id & 0x7FFFFFFF],
        )
        row = cursor.fetchone()
    return bool(row and row[0])

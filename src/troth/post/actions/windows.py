"""Writes about letters that leave in bulk, a window at a time; what their order is for stands in `bulk.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from troth.ledger import actions as ledger
from troth.post.actions.leaving import LOCK_KIND
from troth.post.models import LetterState
from troth.post.rules import window
from troth.post.rules.carrier import Outcome, shown
from troth.post.rules.doubt import Found, Step
from troth.words import facts
from troth.words.facts import Fact
from troth.words.refs import ref

#: Nobody looks at the letters of a window again before it has surely closed.
LEASE = window.LASTS + timedelta(seconds=30)


@dataclass(frozen=True)
class Leaving:
    """A letter of which it was said, durably, that its bytes may leave, and which is locked by this connection."""

    pk: int
    attempt: int
    raw: bytes
    envelope_from: str
    to_address: str
    message_id: str
    attempts: int
    waits_since: datetime


@dataclass(frozen=True)
class Doubtful:
    """A letter that may have left: nobody said how that ended."""

    pk: int
    message_id: str
    left_at: datetime
    #: How often it left without an answer.
    doubts: int


#: What became of each letter of a window; None where its turn did not come.
Said = Sequence[tuple[Leaving, Outcome | None]]


@transaction.atomic
def turn(said: Said, *, size: int, now: datetime) -> list[Leaving]:
    """Record what became of a window, and let the next one leave, up to *size* letters: both with one wait for the disk.

    Each letter of the new window is locked on this connection, as one that leaves by itself is.
    """
    _record(said, now=now)
    return _let_leave(size=size, now=now) if size else []


def unlock_many(letters: Collection[Leaving]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_advisory_unlock(%s, (id & 2147483647)::int)) FROM unnest(%s::bigint[]) AS id",
            [LOCK_KIND, [letter.pk for letter in letters]],
        )


def unlock_all() -> None:
    """Let go of every lock this connection holds, whatever went wrong between."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def _due(*states: LetterState) -> str:
    """SQL for letters in bulk in these states whose turn it is: `ours`, locked by us; those that others hold are put off."""
    return _DUE.format(states=", ".join(f"'{state.value}'" for state in states))


_DUE = """
WITH due AS MATERIALIZED (
    SELECT id FROM post_letter WHERE bulk AND state IN ({states}) AND next_try_at <= %(now)s
    ORDER BY next_try_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED
), ours AS MATERIALIZED (
    SELECT id FROM due WHERE pg_try_advisory_lock(%(kind)s, (id & 2147483647)::int)
), theirs AS (
    UPDATE post_letter AS letter SET next_try_at = %(lease)s FROM due
    WHERE letter.id = due.id AND due.id NOT IN (SELECT id FROM ours)
)"""

_THEY_LEAVE = """, leaving AS (
    UPDATE post_letter AS letter SET state = 'data', left_at = %(now)s, attempts = attempts + 1, next_try_at = %(lease)s
    FROM ours WHERE letter.id = ours.id
    RETURNING letter.id, raw, envelope_from, to_address, message_id, attempts, leaves_at
), tried AS (
    INSERT INTO post_attempt (letter_id, started_at, left_at, answer, code, reply)
    SELECT id, %(now)s, %(now)s, '', 0, '' FROM leaving ORDER BY id RETURNING id, letter_id
)
SELECT leaving.id, tried.id, raw, envelope_from, to_address, message_id, attempts, leaves_at
FROM leaving JOIN tried ON tried.letter_id = leaving.id ORDER BY leaving.id
"""

_IN_DOUBT = """
SELECT letter.id, letter.message_id, letter.left_at, (
    SELECT count(*) FROM post_attempt WHERE letter_id = letter.id AND left_at IS NOT NULL AND answer IN ('', 'unclear')
) FROM post_letter AS letter JOIN ours ON ours.id = letter.id ORDER BY letter.id
"""


def _let_leave(*, size: int, now: datetime) -> list[Leaving]:
    with connection.cursor() as cursor:
        cursor.execute(
            _due(LetterState.QUEUED, LetterState.SENDING) + _THEY_LEAVE,
            {"now": now, "lease": now + LEASE, "size": size, "kind": LOCK_KIND},
        )
        return [Leaving(pk, tried, bytes(raw), *rest) for pk, tried, raw, *rest in cursor.fetchall()]


@transaction.atomic
def claim_doubtful(*, size: int, now: datetime) -> list[Doubtful]:
    """Letters of which it is to be found out whether they left, each locked on this connection.

    One whose sender still holds its lock, asleep or slow, is left to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _due(LetterState.DATA) + _IN_DOUBT, {"now": now, "lease": now + LEASE, "size": size, "kind": LOCK_KIND}
        )
        return [Doubtful(*row) for row in cursor.fetchall()]


@transaction.atomic
def settle_many(steps: Iterable[tuple[Doubtful, Found, Step]], *, look_again_at: datetime, now: datetime) -> None:
    """Do with each letter that may have left what is to be done, after what its archive said."""
    by_step: dict[Step, list[int]] = {step: [] for step in Step}
    not_there: list[int] = []
    for letter, found, step in steps:
        by_step[step].append(letter.pk)
        if step is Step.SEND_AGAIN and found is Found.NOT_THERE:
            not_there.append(letter.pk)
    told: list[Fact] = []
    with connection.cursor() as cursor:
        for step, ids in by_step.items():
            if ids:
                cursor.execute(_SETTLE[step], {"ids": ids, "now": now, "look_again_at": look_again_at})
                told += [fact for row in cursor.fetchall() if (fact := _settled(*row))]
        if not_there:  # then nobody has it twice, and what counts the attempts without an answer shall not count these
            cursor.execute(
                "UPDATE post_attempt SET ended_at = %s, answer = 'try_again', reply = 'The archive does not hold it.'"
                " WHERE letter_id = ANY (%s) AND left_at IS NOT NULL AND answer IN ('', 'unclear')",
                [now, not_there],
            )
    ledger.append_all(told, now=now)


_SETTLE = {
    step: f"UPDATE post_letter SET {change} WHERE id = ANY (%(ids)s) AND state = 'data'"  # noqa: S608 -- words of ours
    " RETURNING id, customer_id, because, state, delivered_at"
    for step, change in {
        Step.IT_ARRIVED: "state = 'sent', delivered_at = left_at, verified = true",
        Step.SEND_AGAIN: "state = 'queued', next_try_at = %(now)s",
        Step.SAY_UNCLEAR: "state = 'unclear'",
        Step.LOOK_AGAIN: "next_try_at = %(look_again_at)s",
    }.items()
}


def _settled(pk: int, customer_id: int | None, because: str, state: str, delivered_at: datetime | None) -> Fact | None:
    about, customer = ref("letter", pk), _customer(customer_id)
    if delivered_at:
        return facts.LetterDelivered(
            about=about, customer=customer, because=because, delivered_at=delivered_at, verified=True
        )
    if state == LetterState.UNCLEAR:
        return facts.LetterUnclear(about=about, customer=customer, because=because)
    return None


_RECORD = """
UPDATE post_letter AS letter
SET state = said.state, attempts = letter.attempts - said.uncounted, last_code = said.code, last_reply = said.reply,
    next_try_at = COALESCE(said.next_try_at, letter.next_try_at), left_at = CASE WHEN said.begun THEN letter.left_at END,
    delivered_at = CASE WHEN said.state = 'sent' THEN %(now)s ELSE letter.delivered_at END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(uncounted)s::int[], %(begun)s::bool[], %(codes)s::int[], %(replies)s::text[],
            %(tries)s::timestamptz[]) AS said (id, state, uncounted, begun, code, reply, next_try_at)
WHERE letter.id = said.id AND letter.state = 'data'
RETURNING letter.id, letter.customer_id, letter.because, letter.state, letter.last_code
"""

_RECORD_TRIES = """
UPDATE post_attempt AS attempt SET ended_at = %(now)s, answer = said.answer, code = said.code, reply = said.reply
FROM unnest(%(attempts)s::bigint[], %(answers)s::text[], %(codes)s::int[], %(replies)s::text[])
    AS said (id, answer, code, reply)
WHERE attempt.id = said.id
"""


def _record(said: Said, *, now: datetime) -> None:
    if not said:
        return
    after = [
        window.after(outcome, attempts=letter.attempts, waits_since=letter.waits_since, now=now)
        for letter, outcome in said
    ]
    begun = [(letter, outcome) for letter, outcome in said if outcome is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "now": now,
                "ids": [letter.pk for letter, _ in said],
                "states": [one.then.value for one in after],
                "uncounted": [int(not one.counts) for one in after],
                "begun": [outcome is not None for _, outcome in said],
                "codes": [outcome.code if outcome else 0 for _, outcome in said],
                "replies": [shown(outcome.reply) if outcome else "" for _, outcome in said],
                "tries": [one.next_try_at for one in after],
            },
        )
        ended = cursor.fetchall()
        if begun:
            cursor.execute(
                _RECORD_TRIES,
                {
                    "now": now,
                    "attempts": [letter.attempt for letter, _ in begun],
                    "answers": [outcome.answer.value for _, outcome in begun],
                    "codes": [outcome.code for _, outcome in begun],
                    "replies": [shown(outcome.reply) for _, outcome in begun],
                },
            )
        if len(begun) < len(said):  # nothing was tried of these
            cursor.execute(
                "DELETE FROM post_attempt WHERE id = ANY (%s)",
                [[letter.attempt for letter, outcome in said if outcome is None]],
            )
    ledger.append_all([fact for row in ended if (fact := _told(*row, now=now))], now=now)


def _told(pk: int, customer_id: int | None, because: str, state: str, code: int, *, now: datetime) -> Fact | None:
    about, customer = ref("letter", pk), _customer(customer_id)
    if state == LetterState.SENT:
        return facts.LetterDelivered(about=about, customer=customer, because=because, delivered_at=now, verified=False)
    if state == LetterState.REFUSED:
        return facts.LetterRefused(about=about, customer=customer, because=because, code=code)
    return None


def _customer(customer_id: int | None) -> str:
    return ref("customer", customer_id) if customer_id else ""

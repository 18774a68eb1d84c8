"""What other rooms may ask about letters."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet

from troth.post.models import UNDER_WAY, Attempt, Letter, LetterState
from troth.post.rules import token as tokens
from troth.post.rules.away import Try, failing_since
from troth.words.refs import number_of

#: How the keys of acknowledgements begin.
ACKNOWLEDGE = "acknowledge:"
#: What will not arrive any more, or nobody can tell.
ENDED_BADLY = (LetterState.REFUSED, LetterState.UNCLEAR, LetterState.TAKEN_BACK)
#: How many of the last attempts tell whether letters leave.
LAST_TRIES = 50
#: Two questions rather than one, as each has an index of its own. A letter that was refused never comes back.
#: What becomes of letters in bulk is followed by whoever wrote them, to each of their readers; here they would hide the others.
_FAILED = (
    Q(state__in=(LetterState.REFUSED, LetterState.UNCLEAR), bulk=False),
    Q(state=LetterState.SENT, bounced_at__isnull=False, bulk=False),
)


def due_exists(*, now: datetime) -> bool:
    """Whether the sweep has something to do."""
    return Letter.objects.filter(state__in=UNDER_WAY, bulk=False, next_try_at__lte=now).exists()


def bulk_due_exists(*, now: datetime) -> bool:
    """Whether the lane for letters in bulk has something to do."""
    return Letter.objects.filter(state__in=UNDER_WAY, bulk=True, next_try_at__lte=now).exists()


def untried_since() -> datetime | None:
    """Since when the letter that is due for longest could have been tried; those in bulk take their time."""
    return (
        Letter.objects.filter(state__in=UNDER_WAY, bulk=False)
        .order_by("next_try_at")
        .values_list("next_try_at", flat=True)
        .first()
    )


def away_since() -> datetime | None:
    """Since when every letter that was tried has failed for now; None where letters leave."""
    tries = Attempt.objects.exclude(answer="").order_by("-id")
    rows = tries.values_list("letter_id", "answer", "code", "started_at", "letter__state")[:LAST_TRIES]
    return failing_since(
        Try(letter=letter, answer=answer, code=code, at=at, waits=state in UNDER_WAY)
        for letter, answer, code, at, state in rows
    )


def counts_by_state() -> dict[str, int]:
    """How many letters, but those in bulk, are on their way or need a person, by state; those that arrived are history, and many."""
    kept = [LetterState.REFUSED, LetterState.UNCLEAR]
    counted = [
        dict(Letter.objects.filter(state__in=states, bulk=False).order_by().values_list("state").annotate(Count("id")))
        for states in (UNDER_WAY, kept)  # two questions, as each has an index of its own
    ]
    found = {state.value: counted[0].get(state, 0) + counted[1].get(state, 0) for state in (*UNDER_WAY, *kept)}
    return found | {"bounced": Letter.objects.filter(_FAILED[1]).count()}


def failed(*, limit: int = 50) -> list[Letter]:
    """Letters that a person has to look at: refused, not known whether they arrived, or come back; newest first."""
    found = [letter for kind in _FAILED for letter in _without_bytes().filter(kind).order_by("-id")[:limit]]
    return sorted(found, key=lambda letter: letter.pk, reverse=True)[:limit]


def deliveries(*, because: str) -> list[Letter]:
    """The letters about one thing, oldest first."""
    return list(_without_bytes().filter(because=because).order_by("id"))


@dataclass(frozen=True)
class Outcome:
    """What became of a letter, as far as it is known."""

    delivered_at: datetime | None
    #: It will not arrive, or nobody can tell.
    failed: bool
    state: str = ""
    bounced_at: datetime | None = None


def outcomes(letter_ids: Sequence[int]) -> dict[int, Outcome]:
    """What became of these letters, in one statement."""
    rows = Letter.objects.filter(pk__in=letter_ids).values_list("pk", "state", "delivered_at", "bounced_at")
    return {
        pk: Outcome(delivered_at=delivered_at, failed=state in ENDED_BADLY, state=state, bounced_at=bounced_at)
        for pk, state, delivered_at, bounced_at in rows
    }


def perhaps_twice(*, because: str) -> int:
    """How many letters in bulk about this may have arrived twice: they left once more after nobody had said how that ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM post_letter AS letter WHERE because = %s AND bulk AND attempts > 1 AND EXISTS (
                SELECT FROM post_attempt AS attempt WHERE attempt.letter_id = letter.id AND left_at IS NOT NULL
                AND answer IN ('', 'unclear') AND EXISTS (
                    SELECT FROM post_attempt AS later WHERE later.letter_id = letter.id AND later.id > attempt.id
                    AND later.left_at IS NOT NULL AND later.answer IN ('', 'unclear', 'accepted')
                )
            )
            """,
            [because],
        )
        return int(cursor.fetchone()[0])


def ended() -> QuerySet[Letter]:
    """Letters of which it is known what became of them."""
    return Letter.objects.filter(Q(delivered_at__isnull=False) | Q(state__in=ENDED_BADLY))


def by_message_id(message_ids: list[str]) -> list[Letter]:
    """Letters of ours among these Message-IDs."""
    return list(_without_bytes().filter(message_id__in=message_ids[:100]).order_by("id"))


def is_emptied(reference: str) -> bool:
    """Whether the words of this letter are gone: the person it went to was forgotten."""
    return Letter.objects.filter(pk=number_of(reference, "letter"), to_address="").exists()


@dataclass(frozen=True)
class Lately:
    """Which letters were written by machines of ours, each since a moment of its own."""

    #: To this mailbox, whatever stands behind a plus in its address.
    to_mailbox: int
    #: To this very address, about this one thing.
    about: int
    #: To this mailbox, since a person last wrote to it.
    since_a_person: int
    #: Acknowledgements to anybody; and so in a longer while.
    in_all: int
    in_storm: int
    #: One of those Message-IDs is such a letter's.
    is_answered: bool


_LATELY = """
WITH theirs AS (
    SELECT automatic, created_at, to_address, because FROM post_letter
     WHERE NOT bulk AND created_at > %(first)s
       AND (to_address = %(mailbox)s OR (to_address LIKE %(plus)s AND to_address LIKE %(domain)s)))
SELECT (SELECT count(*) FROM theirs WHERE automatic AND created_at > %(to_since)s),
       (SELECT count(*) FROM theirs
         WHERE automatic AND created_at > %(about_since)s AND to_address = %(to)s AND because = %(because)s),
       (SELECT count(*) FROM theirs WHERE automatic AND created_at > %(person_since)s AND created_at > COALESCE(
           (SELECT max(created_at) FROM theirs WHERE NOT automatic), %(person_since)s)),
       (SELECT count(*) FROM post_letter WHERE automatic AND NOT bulk AND created_at > %(all_since)s AND key LIKE %(acknowledge)s),
       (SELECT count(*) FROM post_letter WHERE automatic AND NOT bulk AND created_at > %(storm_since)s AND key LIKE %(acknowledge)s),
       EXISTS (SELECT FROM post_letter WHERE automatic AND message_id = ANY (%(answers)s))
"""


def automatic_lately(
    *,
    to: str,
    because: str,
    answers: Sequence[str],
    to_since: datetime,
    about_since: datetime,
    person_since: datetime,
    all_since: datetime,
    storm_since: datetime,
) -> Lately:
    """What machines of ours wrote lately: to this address, about this, to anybody, and of what it *answers*; one statement.

    Notices that went to very many are left out: whoever writes after one is acknowledged as anybody is.
    """
    local, _, domain = to.rpartition("@")
    local = local.partition("+")[0]
    values: dict[str, Any] = {
        "to": to,
        "mailbox": f"{local}@{domain}",
        "plus": f"{_literal(local)}+%",
        "domain": f"%@{_literal(domain)}",
        "because": because,
        "answers": list(answers)[:100],
        "acknowledge": f"{_literal(ACKNOWLEDGE)}%",
        "first": min(to_since, about_since, person_since),
        "to_since": to_since,
        "about_since": about_since,
        "person_since": person_since,
        "all_since": all_since,
        "storm_since": storm_since,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, values)
        return Lately(*cursor.fetchone())


def _literal(text: str) -> str:
    """For LIKE: what stands for itself."""
    return connection.ops.prep_for_like_query(text)


def reply_token(*, case_id: int, participant: int, now: datetime) -> str:
    """The token with which this participant may answer in this case; *participant* is the id of a Handle."""
    return tokens.make_token(key=_token_key(), case=case_id, participant=participant, now=now)


def read_reply_token(text: str, *, now: datetime) -> tokens.Claim | None:
    return tokens.read_token(text, key=_token_key(), now=now)


def _token_key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), b"troth reply token key", hashlib.sha256).digest()


def _without_bytes() -> QuerySet[Letter]:
    return Letter.objects.defer("raw")

"""Letters about one thing, all at once: held, let go, or taken back. What is being sent already leaves."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from troth.ledger import actions as ledger
from troth.post.models import Letter, LetterState
from troth.words.facts import LetterTakenBack
from troth.words.refs import ref

#: When held letters leave: at no time that comes.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@transaction.atomic(savepoint=False)
def hold(*, because: str) -> int:
    """Keep the letters about one thing from leaving until they are `let_go`; how many. What is being sent already leaves."""
    return _waiting(because).exclude(leaves_at=NEVER).update(leaves_at=NEVER, next_try_at=NEVER)


@transaction.atomic(savepoint=False)
def let_go(*, because: str, now: datetime) -> int:
    """Let leave what was held; how many letters."""
    return _waiting(because).filter(leaves_at=NEVER).update(leaves_at=now, next_try_at=now)


@transaction.atomic(savepoint=False)
def take_back(*, because: str, now: datetime) -> int:
    """Take back every letter about one thing that has not begun to leave, also where its moment has come; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [because])
        taken = cursor.fetchall()
    ledger.append_all(
        [
            LetterTakenBack(
                about=ref("letter", pk), customer=ref("customer", customer) if customer else "", because=because
            )
            for pk, customer in taken
        ],
        now=now,
    )
    return len(taken)


_TAKE_BACK = """
UPDATE post_letter SET state = 'taken_back' WHERE because = %s AND state = 'queued' RETURNING id, customer_id
"""


def _waiting(because: str) -> QuerySet[Letter]:
    return Letter.objects.filter(because=because, state=LetterState.QUEUED)

"""Very many letters that say the same: written from one circular, and queued with a handful of statements."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from troth.ledger import actions as ledger
from troth.post.actions.queueing import queued
from troth.post.models import Letter, LetterState
from troth.post.rules.circular import Circular
from troth.post.rules.letter import Attachment, Draft
from troth.words.addresses import sound_address


class Alike:
    """Letters to many that say the same, all written at one moment; each its own, with its own Message-ID.

    They leave in bulk. Automatic as they are, they name a sender to whom what cannot be delivered comes back: whoever is owed
    a word is told by another way then.
    """

    def __init__(
        self,
        *,
        subject: str,
        text: str,
        html: str = "",
        because: str,
        now: datetime,
        automatic: bool = True,
        list_id: str = "",
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """Raises LetterNotSound where no letter can be made of it."""
        sender = sound_address(settings.TROTH_MAIL_FROM)
        self._host = sender.rpartition("@")[2]
        self._subject, self._because, self._automatic, self._now = subject, because, automatic, now
        self._circular = Circular(
            Draft(
                message_id="",
                from_address=sender,
                to_address=sender,
                to_name="",
                subject=subject,
                text=text,
                html=html,
                automatic=automatic,
                reply_token="",
                in_reply_to="",
                references=(),
                hops=0,
                written_at=now,
                attachments=tuple(attachments),
                list_id=list_id,
            )
        )

    def to(
        self,
        to_address: str,
        *,
        key: str,
        customer_id: int | None,
        to_name: str = "",
        because: str = "",
        reply_token: str = "",
        unsubscribe: str = "",
        leaves_at: datetime | None = None,
    ) -> Letter:
        """One of them with its final bytes, not yet queued. Raises LetterNotSound or AddressNotSound."""
        address = sound_address(to_address)
        random = secrets.token_hex(16)
        message_id = f"<{random}.{reply_token}@{self._host}>" if reply_token else f"<{random}@{self._host}>"
        leaves_at = max(leaves_at or self._now, self._now)
        return Letter(
            key=key,
            to_address=address,
            envelope_from=self._circular.sender,
            message_id=message_id,
            subject=self._subject,
            raw=self._circular.letter(
                message_id=message_id,
                to_address=address,
                to_name=to_name,
                reply_token=reply_token,
                unsubscribe=unsubscribe,
            ),
            because=because or self._because,
            customer_id=customer_id,
            automatic=self._automatic,
            bulk=True,
            created_at=self._now,
            leaves_at=leaves_at,
            next_try_at=leaves_at,
        )


@transaction.atomic(savepoint=False)
def hand_over_bulk(letters: Sequence[Letter], *, now: datetime) -> dict[str, int]:
    """Queue *letters*, a thousand or so at a time, to leave in bulk; by key, the number of each, or of the one queued already.

    Two hands that queue the same key at the same moment: one of them fails, as a whole, and finds it queued next time.
    """
    keys = [letter.key for letter in letters]
    known = dict(Letter.objects.filter(key__in=keys).values_list("key", "pk"))
    fresh = list({letter.key: letter for letter in letters if letter.key not in known}.values())
    if not fresh:
        return known
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('post_letter', 'id')) FROM generate_series(1, %s)", [len(fresh)]
        )
        for letter, (number,) in zip(fresh, cursor.fetchall(), strict=True):
            letter.pk, letter.bulk = number, True
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            copy.set_types(_COLUMNS.values())
            for letter in fresh:
                copy.write_row(_row(letter))
    for letter in fresh:
        letter._state.adding, letter._state.db = False, connection.alias
    ledger.append_all([queued(letter) for letter in fresh], now=now)
    return known | {letter.key: letter.pk for letter in fresh}


_COLUMNS = {
    "id": "int8",
    "key": "text",
    "to_address": "text",
    "envelope_from": "text",
    "message_id": "text",
    "subject": "text",
    "raw": "bytea",
    "because": "text",
    "customer_id": "int8",
    "automatic": "bool",
    "bulk": "bool",
    "state": "text",
    "created_at": "timestamptz",
    "leaves_at": "timestamptz",
    "next_try_at": "timestamptz",
    "attempts": "int4",
    "last_code": "int4",
    "last_reply": "text",
    "verified": "bool",
    "bounce_reason": "text",
}
_COPY = f"COPY post_letter ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)"


def _row(letter: Letter) -> tuple[Any, ...]:
    assert not letter.encloses, "Letters in bulk carry no receipts."
    return (
        letter.pk,
        letter.key,
        letter.to_address,
        letter.envelope_from,
        letter.message_id,
        letter.subject,
        letter.raw,
        letter.because,
        letter.customer_id,
        letter.automatic,
        True,
        LetterState.QUEUED.value,
        letter.created_at,
        letter.leaves_at,
        letter.next_try_at,
        0,
        0,
        "",
        False,
        "",
    )

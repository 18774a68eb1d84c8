"""Writes about letters that wait to leave: handed over, given their receipts, taken back, sent once more; and come back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from troth.ledger import actions as ledger
from troth.people import queries as people
from troth.people.rows import inserted
from troth.post.models import Letter, LetterState
from troth.post.rules.carrier import shown
from troth.post.rules.letter import Attachment, Draft, compose
from troth.words import facts
from troth.words.addresses import sound_address


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A letter as it is handed over."""

    #: One intent, one letter.
    key: str
    to_address: str
    to_name: str = ""
    subject: str
    text: str
    html: str = ""
    because: str
    customer_id: int | None
    automatic: bool
    reply_token: str = ""
    in_reply_to: str = ""
    #: It answers a message, also where it does not name it (RFC 3834: auto-replied rather than auto-generated).
    is_answer: bool = False
    references: Sequence[str] = ()
    leaves_at: datetime | None = None
    hops: int = 0
    attachments: Sequence[Attachment] = ()
    #: Of what it carries the receipts, such as "promise:31": they are put in once they exist, before it leaves.
    encloses: Sequence[str] = ()
    #: One of many alike that people may answer: machines keep still at it (RFC 3834), and yet what comes back is heard.
    to_many: bool = False
    #: Which list of ours it goes to, and where one click ends it (see Draft).
    list_id: str = ""
    unsubscribe: str = ""


def hand_over(*, now: datetime, **said: Any) -> Letter:
    """Queue a letter, said as in Outgoing; the same *key* gives the one already queued, whatever is said now.

    Raises LetterNotSound or AddressNotSound.
    """
    outgoing = Outgoing(**said)
    return hand_over_new(written(outgoing, now=now), now=now) or Letter.objects.get(key=outgoing.key)


@transaction.atomic(savepoint=False)
def hand_over_new(letter: Letter, *, now: datetime) -> Letter | None:
    """Queue *letter*, just `written`; None where one with its key is queued already, by another hand in this moment even."""
    if not inserted(letter, unless=["key"]):
        return None
    ledger.append(queued(letter), now=now)
    return letter


@transaction.atomic(savepoint=False)
def hand_over_all(letters: Sequence[Letter], *, now: datetime) -> dict[str, Letter]:
    """Queue *letters*, each just `written`, in three statements; by key, the one already queued where there was one."""
    known = {letter.key: letter for letter in Letter.objects.filter(key__in=[letter.key for letter in letters])}
    fresh = {letter.key: letter for letter in letters if letter.key not in known}
    Letter.objects.bulk_create(fresh.values())
    ledger.append_all([queued(letter) for letter in fresh.values()], now=now)
    return known | fresh


def written(outgoing: Outgoing, *, now: datetime) -> Letter:
    """The letter with its final bytes and its Message-ID, not yet queued. Raises LetterNotSound, AddressNotSound."""
    from_address = sound_address(settings.TROTH_MAIL_FROM)
    address = sound_address(outgoing.to_address)
    token = outgoing.reply_token
    mark = f"{secrets.token_hex(16)}.{token}" if token else secrets.token_hex(16)
    draft = Draft(
        message_id=f"<{mark}@{from_address.rpartition('@')[2]}>",
        from_address=from_address,
        to_address=address,
        to_name=outgoing.to_name,
        subject=outgoing.subject,
        text=outgoing.text,
        html=outgoing.html,
        automatic=outgoing.automatic or outgoing.to_many,
        reply_token=token,
        in_reply_to=outgoing.in_reply_to,
        is_answer=outgoing.is_answer,
        references=tuple(outgoing.references),
        hops=outgoing.hops,
        written_at=now,
        attachments=tuple(outgoing.attachments),
        list_id=outgoing.list_id,
        unsubscribe=outgoing.unsubscribe,
    )
    leaves_at = max(outgoing.leaves_at or now, now)
    return Letter(
        key=outgoing.key,
        to_address=address,
        envelope_from="" if outgoing.automatic else from_address,
        message_id=draft.message_id,
        subject=outgoing.subject,
        raw=compose(draft),
        because=outgoing.because,
        customer_id=outgoing.customer_id,
        automatic=outgoing.automatic,
        created_at=now,
        leaves_at=leaves_at,
        next_try_at=leaves_at,
        encloses=list(outgoing.encloses) if encloses_receipts() else [],
    )


def encloses_receipts() -> bool:
    """Whether letters carry receipts: the installation makes them, and the company wants them to go along."""
    return bool(settings.TROTH_ENCLOSURES) and people.firm().encloses_receipts


@transaction.atomic(savepoint=False)
def enclose(letters: Mapping[int, Sequence[str]]) -> None:
    """Say of what each of these letters, just queued in the same transaction, carries the receipts.

    For what a letter promises is recorded behind it, as made by that letter. One that carries some already stays as it is.
    """
    said = {pk: " ".join(references) for pk, references in letters.items() if references}
    if not said or not encloses_receipts():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE post_letter AS letter SET encloses = string_to_array(said.encloses, ' ')"
            " FROM unnest(%s::bigint[], %s::text[]) AS said (id, encloses)"
            " WHERE letter.id = said.id AND letter.encloses = '{}' AND letter.state = 'queued' AND letter.attempts = 0",
            [list(said), list(said.values())],
        )


@transaction.atomic
def put_in(letter: Letter, *, raw: bytes, receipts: int, now: datetime) -> bool:
    """The letter carries its receipts, and these are its bytes from now on; False when it is not there to be changed."""
    if Letter.objects.filter(_awaits_receipts(), pk=letter.pk).update(raw=raw, enclosed=receipts) != 1:
        return False
    letter.raw, letter.enclosed = raw, receipts
    ledger.append(
        facts.ReceiptsEnclosed(
            about=letter.reference,
            customer=letter.customer,
            because=letter.because,
            receipts=receipts,
            digest=hashlib.sha256(raw).hexdigest(),
        ),
        now=now,
    )
    return True


@transaction.atomic
def leave_out(letter: Letter, *, reason: str, now: datetime) -> bool:
    """The letter leaves without its receipts, and says so; False when it is not there to be changed."""
    if Letter.objects.filter(_awaits_receipts(), pk=letter.pk).update(enclosed=0) != 1:
        return False
    letter.enclosed = 0
    ledger.append(
        facts.ReceiptsLeftOut(about=letter.reference, customer=letter.customer, because=letter.because, reason=reason),
        now=now,
    )
    return True


@transaction.atomic
def ask_again(*, letter_id: int, at: datetime, now: datetime) -> None:
    """Its receipts are not ready: it waits for them until *at*."""
    waiting = Letter.objects.filter(_awaits_receipts(), pk=letter_id)
    waiting.update(next_try_at=at, asked_at=Coalesce(F("asked_at"), now))


def _awaits_receipts() -> Q:
    """What `Letter.awaits_receipts` says, as a question."""
    return Q(state=LetterState.QUEUED, enclosed=None) & ~Q(encloses=[])


def queued(letter: Letter) -> facts.LetterQueued:
    return facts.LetterQueued(
        about=letter.reference,
        customer=letter.customer,
        because=letter.because,
        automatic=letter.automatic,
        digest=hashlib.sha256(letter.raw).hexdigest(),
    )


@transaction.atomic
def take_back(*, letter_id: int, now: datetime) -> bool:
    """Keep a letter from leaving; False when its moment has come or it is already under way."""
    letter = Letter.objects.filter(pk=letter_id, state=LetterState.QUEUED, leaves_at__gt=now)
    if letter.update(state=LetterState.TAKEN_BACK) != 1:
        return False
    taken = Letter.objects.defer("raw").get(pk=letter_id)
    ledger.append(facts.LetterTakenBack(about=taken.reference, customer=taken.customer, because=taken.because), now=now)
    return True


@transaction.atomic
def send_again(*, letter_id: int, now: datetime) -> bool:
    """A person decides that a letter which was refused, or of which nothing is known, leaves once more."""
    return (
        Letter.objects.filter(pk=letter_id, state__in=(LetterState.REFUSED, LetterState.UNCLEAR)).update(
            state=LetterState.QUEUED, leaves_at=now, next_try_at=now, attempts=0
        )
        == 1
    )


@transaction.atomic
def mark_bounced(*, letter_id: int, arrival: str, reason: str, now: datetime) -> bool:
    """Note that the letter came back, as *arrival* says; False when that was known. Of one that was emptied it is not said why."""
    fresh = Letter.objects.filter(pk=letter_id, bounced_at=None)
    why = Case(When(to_address="", then=Value("")), default=Value(shown(reason)))
    if fresh.update(bounced_at=now, bounce_reason=why) != 1:
        return False
    letter = Letter.objects.defer("raw").get(pk=letter_id)
    ledger.append(
        facts.LetterBounced(about=letter.reference, customer=letter.customer, because=letter.because, arrival=arrival),
        now=now,
    )
    return True

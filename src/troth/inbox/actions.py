"""Every write about what arrives: kept, taken in, set aside. Each is safe to repeat."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.inbox import erasing, talks
from troth.inbox.models import Arrival
from troth.inbox.rules import acknowledge, sign_in
from troth.inbox.rules.automatic import came_back_for_good
from troth.inbox.rules.incoming import Incoming, Origin, same_message_digest, sane_sent_at
from troth.inbox.rules.sender import Place, Proof, name_of, place_of
from troth.inbox.rules.source import salted_digest
from troth.incidents import actions as incidents
from troth.incidents.models import Incident
from troth.ledger import actions as ledger
from troth.notices import queries as notices
from troth.people import actions as people
from troth.people.models import Handle
from troth.people.planned import planned_once
from troth.people.rows import inserted
from troth.people.rules.addresses import NOBODY as NOBODY
from troth.people.rules.addresses import NotAnAddress
from troth.post import actions as post
from troth.post import queries as letters
from troth.words import facts
from troth.words.addresses import plus_token
from troth.words.refs import NotAReference, number_of, ref

log = logging.getLogger(__name__)

#: While one worker reads an arrival the others leave it alone for this long.
LEASE = timedelta(seconds=30)
TRIES = 3
#: Of the salt under which the ledger has the digest of a source.
SALT_BYTES = 16
_ONE_MESSAGE_AT_A_TIME, _ONE_ACKNOWLEDGEMENT_AT_A_TIME = 79, 80


@planned_once()
@transaction.atomic(savepoint=False)
def capture(
    *, channel: str, outside_id: str, source: bytes, received_at: datetime | None = None, now: datetime
) -> Arrival:
    """Keep the source whole, exactly once for each *outside_id*; whoever comes second gets what is kept."""
    salt = secrets.token_bytes(SALT_BYTES)
    arrival = Arrival(
        channel=channel,
        outside_id=outside_id,
        digest=hashlib.sha256(source).hexdigest(),
        digest_salt=salt,
        source=source,
        received_at=min(received_at or now, now),
        arrived_at=now,
        next_try_at=now,
    )
    if not inserted(arrival, unless=["channel", "outside_id"]):
        return Arrival.objects.get(channel=channel, outside_id=outside_id)
    salted = salted_digest(source, salt=salt)
    ledger.append(facts.MessageReceived(about=arrival.reference, channel=channel, digest=salted), now=now)
    return arrival


@planned_once()
def claim(*, slow: bool = False, now: datetime) -> Arrival | None:
    """The next arrival to read, never tried ones first; a try is counted before it begins, for it may end the worker.

    *slow* asks for those alone that were given up for time. One statement, committed by itself.
    """
    return next(iter(Arrival.objects.raw(_CLAIM, {"slow": slow, "now": now, "again_at": now + LEASE})), None)


_COLUMNS = ", ".join(str(field.column) for field in Arrival._meta.local_concrete_fields)
_CLAIM = f"""
UPDATE inbox_arrival SET attempts = attempts + 1, next_try_at = %(again_at)s WHERE id = (
    SELECT id FROM inbox_arrival WHERE state = 'waiting' AND is_slow = %(slow)s AND next_try_at <= %(now)s
     ORDER BY attempts, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING {_COLUMNS}
"""  # noqa: S608 -- names of our own columns


@transaction.atomic
def give_back(arrival: Arrival, *, now: datetime) -> None:
    """Count no try where it was the database that failed: three of those would set a good letter aside as unreadable."""
    waiting = Arrival.objects.filter(pk=arrival.pk, state=Arrival.State.WAITING, attempts=arrival.attempts)
    waiting.update(attempts=F("attempts") - 1, next_try_at=now)


@transaction.atomic
def try_later(*, arrival_id: int, problem: str, now: datetime) -> None:
    Arrival.objects.filter(pk=arrival_id, state=Arrival.State.WAITING).update(
        problem=problem[:500], next_try_at=now + timedelta(seconds=5)
    )


@transaction.atomic
def take_time(*, arrival_id: int, now: datetime) -> bool:
    """Leave what takes long to the lane that has the time; its tries begin anew. False where it was left already."""
    quick = Arrival.objects.filter(pk=arrival_id, state=Arrival.State.WAITING, is_slow=False)
    return quick.update(is_slow=True, attempts=0, next_try_at=now) == 1


@planned_once()
@transaction.atomic
@ledger.one_stroke()
def take_in(arrival: Arrival, incoming: Incoming, *, now: datetime) -> Message | None:
    """Make a message of an arrival, or find that it is none (a duplicate, a letter that came back, a letter of ours).

    1. One arrival with this Message-ID at a time, so that two workers do not both find it new.
    2. Is it a duplicate? Only when who, when and what are the same too: a known Message-ID must not silence anybody.
    3. Into the case of the letter it answers, if this sender may; else into a case of its own.
    4. An acknowledgement, if that can harm nobody.
    """
    if _can_come_twice(arrival, incoming):
        _alone(_ONE_MESSAGE_AT_A_TIME, incoming.message_id or arrival.digest)
    if not _waits(arrival):
        return None
    incoming = replace(incoming, sent_at=sane_sent_at(incoming.sent_at, arrived_at=arrival.arrived_at))
    same_digest = same_message_digest(incoming)
    earlier = _same_message(arrival, incoming, same_digest)
    if earlier is not None:
        _settle(arrival, Arrival.State.DUPLICATE, incoming, same_digest, earlier)
        return None
    ours = _letter_of_ours(incoming)
    if ours is not None:
        _settle(arrival, Arrival.State.DUPLICATE, incoming, same_digest, ours)
        return None
    returned = _returned_letter(arrival, incoming, now=now)
    if returned is not None:
        _settle(arrival, Arrival.State.MESSAGE, incoming, same_digest, returned)
        if letters.is_emptied(returned):
            erasing.erase([arrival.pk])  # it repeats what was erased, and the address it went to
        return None
    message = _say_in_case(arrival, incoming, now=now)
    _settle(arrival, Arrival.State.MESSAGE, incoming, same_digest, ref("message", message.pk))
    return message


def _waits(arrival: Arrival) -> bool:
    """Whether nobody has dealt with it yet; nobody else does until the end of the transaction. What came never changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM inbox_arrival WHERE id = %s FOR UPDATE", [arrival.pk])
        return bool(cursor.fetchone() == (Arrival.State.WAITING.value,))


@transaction.atomic
def quarantine(arrival: Arrival, *, reason: str, problem: str, now: datetime) -> bool:
    """Set aside what cannot be read, and open a case with the raw source attached: a person has to look."""
    locked = Arrival.objects.select_for_update().get(pk=arrival.pk)
    if locked.state != Arrival.State.WAITING:
        return False
    message = cases.open_or_join(
        handle=people.find_or_make_customer(address=NOBODY, name=_("Unknown sender"), now=now, channel=locked.channel),
        subject=_("A message that could not be read"),
        text=_("A message arrived that could not be read. It is attached whole. What went wrong: %s") % problem,
        channel=locked.channel,
        source=locked.reference,
        at=locked.received_at,
        unverified=True,
        files=[cases.File(name="message.eml", content_type="application/octet-stream", content=bytes(locked.source))],
        now=now,
    )
    Arrival.objects.filter(pk=locked.pk).update(
        state=Arrival.State.QUARANTINED, problem=problem[:500], message_ref=ref("message", message.pk)
    )
    ledger.append(facts.MailQuarantined(about=locked.reference, reason=reason), now=now)
    return True


def _say_in_case(arrival: Arrival, incoming: Incoming, *, now: datetime) -> Message:
    if arrival.channel in talks.CHANNELS:
        return talks.say(arrival, incoming, now=now)
    named = _named(incoming)
    place = _place(incoming, named=named, now=now)
    lets_in = place.case is None and arrival.channel == "email" and _lets_somebody_in(incoming)
    handle = _handle(arrival, incoming, now=now)
    message = cases.open_or_join(
        handle=handle,
        case_id=place.case,
        subject=incoming.subject,
        text=incoming.reply_text or incoming.text,
        quoted="\n\n".join(part for part in (incoming.signature, incoming.quoted) if part),
        html=incoming.html,
        channel=arrival.channel,
        message_id=incoming.message_id,
        source=arrival.reference,
        at=arrival.received_at,
        verified=place.sender_is_verified,
        automatic=incoming.origin is not Origin.PERSON,
        unverified=place.case is None and not place.sender_is_verified,
        seems_to_be=place.suggested_case,
        for_staff_only=lets_in,
        is_public=incoming.is_public,
        files=[
            cases.File(name=one.name, content_type=one.content_type, content=one.content, content_id=one.content_id)
            for one in incoming.attachments
        ],
        now=now,
    )
    if place.case is None and not place.is_proven and named:
        Arrival.objects.filter(pk=arrival.pk).update(refers_to=named)
    if place.case is None and named:
        _join_what_was_told(message, named, now=now)
    _hint_at(message)
    if place.sender_is_verified and handle.address != NOBODY:
        people.confirm_handle(handle, how="answered" if place.case else "vouched", now=now)
    if place.case is None and _may_acknowledge(incoming, handle, message, lets_somebody_in=lets_in, now=now):
        cases.acknowledge(message, hops=incoming.hops, now=now)
    return message


def _join_what_was_told(message: Message, named: Sequence[str], *, now: datetime) -> None:
    """Whoever answers a notice writes about what it told of; its Message-ID was known to them and the servers on the way only."""
    because = [letter.because for letter in letters.by_message_id(list(named))]
    about = notices.told_of(because)
    incident = (
        Incident.objects.filter(pk=number_of(about, "incident")).first() if about.startswith("incident:") else None
    )
    if incident:
        incidents.link(incident, [message.case], by=None, now=now)


def _lets_somebody_in(incoming: Incoming) -> bool:
    """What joins a case was written by its own participant; anything else may bring a code that is not theirs to see."""
    return sign_in.lets_somebody_in(subject=incoming.subject, text=incoming.text, html=incoming.html)


def _place(incoming: Incoming, *, named: Sequence[str], now: datetime) -> Place:
    claims = [claim for token in _tokens(incoming) if (claim := letters.read_reply_token(token, now=now)) is not None]
    participants = (
        {}
        if not claims
        else dict(Handle.objects.filter(pk__in=[claim.participant for claim in claims]).values_list("pk", "address"))
    )
    existing = (
        set()
        if not claims
        else set(Case.objects.filter(pk__in=[claim.case for claim in claims]).values_list("pk", flat=True))
    )
    return place_of(
        proofs=[
            Proof(case=claim.case, participant_address=participants[claim.participant])
            for claim in claims
            if claim.participant in participants and claim.case in existing
        ],
        from_address=incoming.from_address,
        from_is_sound=incoming.from_is_sound,
        dmarc=incoming.dmarc,
        dmarc_is_checked=incoming.dmarc_is_checked,
        hinted_case=_hinted_case(named),
    )


def _tokens(incoming: Incoming) -> list[str]:
    """Everything in it that could be a reply token: in our plus-addresses, and in the Message-IDs of letters of ours."""
    addresses = (*incoming.delivered_to, *incoming.to, *incoming.cc)
    message_ids = (incoming.in_reply_to, *reversed(incoming.references))
    found = (
        *(plus_token(address, settings.TROTH_MAIL_FROM) for address in addresses),
        *(message_id.strip("<>").rpartition("@")[0].partition(".")[2].lower() for message_id in message_ids),
    )
    return list(dict.fromkeys(token for token in found if token))[:50]


def _hinted_case(named: Sequence[str], *, but: int | None = None) -> int | None:
    """The case of the nearest of *named* that we have, without proof of anything; of several with one name, the earliest."""
    if not named:
        return None
    theirs = Message.objects.filter(message_id__in=named).exclude(case_id=but or 0).order_by("-at", "-pk")
    found = dict(theirs.values_list("message_id", "case_id"))
    return next((found[name] for name in named if name in found), None) or next(
        (
            case
            for letter in letters.by_message_id(list(named))
            if (case := _case_of(letter.because)) not in (None, but)
        ),
        None,
    )


def _hint_at(message: Message) -> None:
    """Letters that refer to *message* may have been read before it: their cases seem to be its case after all."""
    if not message.message_id:
        return
    with connection.cursor() as cursor:
        cursor.execute(_REFER, [[message.message_id]])
        waiting = cursor.fetchall()
    for pk, named in waiting:
        opened = Message.objects.filter(source=ref("arrival", pk)).values_list("case_id", flat=True).first()
        if opened:
            cases.seems_to_be(opened, case_id=_hinted_case(named, but=opened))


def _named(incoming: Incoming) -> list[str]:
    """The Message-IDs it says it answers, the nearest first."""
    return [name for name in (incoming.in_reply_to, *reversed(incoming.references)) if name][:50]


def _case_of(because: str) -> int | None:
    try:
        number = number_of(because, "case")
    except NotAReference:
        return None
    return number if Case.objects.filter(pk=number).exists() else None


def _handle(arrival: Arrival, incoming: Incoming, *, now: datetime) -> Handle:
    try:
        return people.find_or_make_customer(
            address=incoming.from_address,
            name=name_of(incoming.from_name, incoming.from_address),
            now=now,
            channel=arrival.channel,
        )
    except NotAnAddress:
        return people.find_or_make_customer(address=NOBODY, name=_("Unknown sender"), now=now, channel=arrival.channel)


def _may_acknowledge(
    incoming: Incoming, handle: Handle, message: Message, *, lets_somebody_in: bool, now: datetime
) -> bool:
    _alone(_ONE_ACKNOWLEDGEMENT_AT_A_TIME, "")  # two lanes that count at once would each find one place left
    lately = letters.automatic_lately(
        to=handle.address,
        because=ref("case", message.case_id),
        answers=_named(incoming),
        to_since=now - acknowledge.PER_ADDRESS,
        about_since=now - acknowledge.PER_CASE,
        person_since=now - acknowledge.UNTIL_A_PERSON,
        all_since=now - acknowledge.MINUTE,
        storm_since=now - acknowledge.STORM,
    )
    answer = acknowledge.may_acknowledge(
        origin=incoming.origin,
        from_is_sound=incoming.from_is_sound and handle.address != NOBODY,
        dmarc=incoming.dmarc,
        dmarc_is_checked=incoming.dmarc_is_checked,
        address_is_confirmed=handle.verified_at is not None,
        lets_somebody_in=lets_somebody_in,
        answers_a_machine=lately.is_answered,
        recently=acknowledge.Recently(
            to_address=lately.to_mailbox,
            about_case=lately.about,
            since_a_person=lately.since_a_person,
            in_all=lately.in_all,
            in_storm=lately.in_storm,
        ),
    )
    if answer is not acknowledge.Answer.YES:
        log.info("No acknowledgement for %s: %s.", message.source, answer.value)
    return answer is acknowledge.Answer.YES


def _same_message(arrival: Arrival, incoming: Incoming, same_digest: str) -> str | None:
    """What became of this message when it came before."""
    if not _can_come_twice(arrival, incoming):
        return None
    values: dict[str, Any] = {
        "this": arrival.pk,
        "channel": arrival.channel,
        "taken": [Arrival.State.MESSAGE.value, Arrival.State.DUPLICATE.value, Arrival.State.QUARANTINED.value],
        "message_id": incoming.message_id,
        "same_digest": same_digest,
        # The very same bytes, received headers and all, are the same delivery seen twice; elsewhere people may repeat themselves.
        "digest": arrival.digest if arrival.channel == "email" else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAME, values)
        earlier = cursor.fetchone()
    return earlier and (earlier[1] or ref("arrival", earlier[0]))


def _can_come_twice(arrival: Arrival, incoming: Incoming) -> bool:
    """Elsewhere nothing tells a message that came again from one that was written again."""
    return bool(incoming.message_id) or arrival.channel == "email"


# Two questions, for each has an index of its own.
_SAME = """
(SELECT id, message_ref, 1 AS place FROM inbox_arrival
  WHERE message_id = %(message_id)s AND message_id <> '' AND same_digest = %(same_digest)s
    AND channel = %(channel)s AND state = ANY (%(taken)s) AND id <> %(this)s ORDER BY id LIMIT 1)
UNION ALL
(SELECT id, message_ref, 2 FROM inbox_arrival
  WHERE digest = %(digest)s AND channel = %(channel)s AND state = ANY (%(taken)s) AND id <> %(this)s ORDER BY id LIMIT 1)
ORDER BY place LIMIT 1
"""
_REFER = (
    "SELECT id, refers_to FROM inbox_arrival WHERE refers_to @> %s::text[] AND refers_to <> '{}' ORDER BY id LIMIT 50"
)


def _letter_of_ours(incoming: Incoming) -> str | None:
    """The letter of ours that came to our own mailbox."""
    if incoming.origin is not Origin.OWN or not incoming.message_id:
        return None
    found = letters.by_message_id([incoming.message_id])
    return found[0].reference if found else None


def _returned_letter(arrival: Arrival, incoming: Incoming, *, now: datetime) -> str | None:
    """Note a letter that came back. Its Message-ID was known to its reader and the servers on the way only."""
    if incoming.origin is not Origin.BOUNCE or not incoming.bounce_of:
        return None
    found = letters.by_message_id([incoming.bounce_of])
    if not found:
        return None
    letter = found[0]
    is_news = post.mark_bounced(letter_id=letter.pk, arrival=arrival.reference, reason=incoming.bounce_reason, now=now)
    if is_news and came_back_for_good(incoming.bounce_reason):
        people.handle_bounced(address=letter.to_address, letter=letter.reference, now=now)
    return letter.reference


def _settle(arrival: Arrival, state: str, incoming: Incoming, same_digest: str, message_ref: str) -> None:
    Arrival.objects.filter(pk=arrival.pk).update(
        state=state,
        message_id=incoming.message_id,
        same_digest=same_digest,
        message_ref=message_ref,
        problem="; ".join(incoming.notes)[:500],
    )


def _alone(kind: int, name: str) -> None:
    """Wait until nobody else is about this, and be about it until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [kind, name])

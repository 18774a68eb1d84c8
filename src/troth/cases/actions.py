"""Everything done to a case: opened, joined, answered, noted, assigned; one function, one transaction, its fact."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from troth import reading
from troth.cases import letters
from troth.cases.models import Attachment, Blob, Case, Message, Reply
from troth.cases.rules import gate, targets
from troth.cases.rules.rich import as_html
from troth.ledger.actions import append, append_past
from troth.people import actions as people
from troth.people.models import Handle, Staff
from troth.people.queries import address_of, family, hours_of
from troth.post.models import Letter
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words import facts
from troth.words.messages import Direction
from troth.words.promises import Sort, State
from troth.words.refs import ref

log = logging.getLogger(__name__)

#: For so long after a reply has left the same words from the same person are the same form, sent once more.
SAME_WORDS = timedelta(minutes=2)


class GateShut(ValueError):
    """The reply holds promises without a record or a feasible date; `objections` says which."""

    def __init__(self, objections: Sequence[gate.Objection]) -> None:
        super().__init__("A promise in this reply needs a date, or your word that it is none.")
        self.objections = tuple(objections)


class SomethingNew(RuntimeError):
    """A message arrived that the writer has not seen; the draft is kept."""


class NothingWritten(ValueError):
    """The reply is empty."""


class NoAddress(ValueError):
    """The customer has no e-mail address we could answer to."""


@dataclass(frozen=True)
class File:
    """An attachment as it came."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def open_or_join(
    *,
    handle: Handle,
    case_id: int | None = None,
    subject: str = "",
    text: str,
    quoted: str = "",
    html: str = "",
    channel: str = "email",
    message_id: str = "",
    source: str = "",
    at: datetime,
    verified: bool = False,
    automatic: bool = False,
    unverified: bool = False,
    seems_to_be: int | None = None,
    files: Sequence[File] = (),
    now: datetime,
) -> Message:
    """Take a customer's message into its case, or open one; the same *source* is taken once only.

    The message is read (emotion, cause, kind, urgency) and the case's own target starts. *unverified* marks a new case whose
    sender may not be who the mail says; *seems_to_be* is the case it would have joined.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first() if case_id else None
    # Asked with the case in hand: a button pressed twice asks twice at once.
    if source and (known := Message.objects.filter(source=source).select_related("case").first()):
        return known
    hours = hours_of()
    read = reading.read(text, at=at, hours=hours, direction=Direction.INBOUND)
    opened = case is None
    if case is None:
        case = Case.objects.create(
            customer=handle.customer,
            subject=_one_line(subject),
            kind=read.kind or Case.Kind.ENQUIRY,
            cause=read.cause or "",
            feeling=read.feeling.feeling,
            urgency=read.urgency,
            channel=channel,
            opened_at=at,
            last_message_at=at,
            unverified=unverified,
            seems_to_be_id=seems_to_be,
        )
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.INBOUND,
        channel=channel,
        at=at,
        handle=handle,
        text=text,
        quoted=quoted,
        html=html,
        message_id=message_id,
        source=source,
        verified=verified,
        automatic=automatic,
        reading=letters.plain_reading(read),
    )
    _keep_files(message, files)
    about, customer = ref("case", case.pk), ref("customer", handle.customer_id)
    if opened:
        append(
            facts.CaseOpened(about=about, customer=customer, channel=channel, message=ref("message", message.pk)),
            now=now,
            happened_at=at,
        )
    else:
        append(
            facts.CaseJoined(about=about, customer=customer, message=ref("message", message.pk)),
            now=now,
            happened_at=at,
        )
    append(
        facts.MessageRead(
            about=ref("message", message.pk),
            customer=customer,
            reading=read.version,
            kind_read=read.kind or "",
            cause=read.cause or "",
            feeling=read.feeling.feeling,
        ),
        now=now,
    )
    if not automatic:
        _now_waits_for_us(case, read=read, at=at, now=now)
    return message


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:500]


def _now_waits_for_us(case: Case, *, read: reading.Reading, at: datetime, now: datetime) -> None:
    values: dict[str, Any] = {"last_message_at": max(case.last_message_at, at)}
    if case.unanswered_since is None:
        values["unanswered_since"] = at
        values["answer_by"] = targets.answer_by(
            kind=case.kind, urgency=case.urgency, received_at=at, hours=hours_of(case.team_id)
        )
    if read.feeling.feeling in {"anger", "worry", "sadness"}:
        values["feeling"] = read.feeling.feeling
    if case.status != Case.Status.OPEN:
        _changed(case, field="status", before=case.status, after=Case.Status.OPEN, by=None, now=now)
        values["status"] = Case.Status.OPEN
    Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


def _keep_files(message: Message, files: Sequence[File]) -> None:
    for file in files:
        digest = hashlib.sha256(file.content).hexdigest()
        Blob.objects.get_or_create(digest=digest, defaults={"content": file.content})
        Attachment.objects.create(
            message=message,
            blob_id=digest,
            name=file.name[:255],
            content_type=file.content_type[:120],
            size=len(file.content),
        )


@transaction.atomic
def acknowledge(message: Message, *, now: datetime) -> Letter | None:
    """Tell the customer that we have it and by when a person answers; having been told, that is a promise.

    Whether an acknowledgement may go out at all is decided by `inbox` (loops, floods, unsound senders). Safe to repeat.
    """
    case = message.case
    if message.handle is None or case.answer_by is None or case.answer_by <= now:
        return None
    letter, fresh = letters.acknowledgement(message, answer_by=case.answer_by, now=now)
    if fresh:
        promises.record(
            customer=case.customer,
            what=_("An answer from a person"),
            due=case.answer_by,
            said_at=now,
            now=now,
            owner=case.assignee,
            team_id=case.team_id,
            sort=Sort.ANSWER,
            source=ref("letter", letter.pk),
            about=ref("case", case.pk),
        )
    return letter


@transaction.atomic
def write_note(case: Case, *, staff: Staff, text: str, now: datetime) -> Message:
    """An internal note; never shown to the customer."""
    message = _note(case, staff=staff, text=text, channel="notes", at=now, now=now)
    drafts(case, staff=staff, is_note=True).delete()
    return message


@transaction.atomic
def note_talk(
    *,
    handle: Handle,
    case: Case | None,
    staff: Staff,
    channel: str,
    subject: str,
    text: str,
    at: datetime,
    now: datetime,
) -> Message:
    """What was said on the phone or face to face, written down by staff; the customer was answered by being talked to."""
    if not text.strip():
        raise NothingWritten("Write down what was said.")
    opened = case is None
    if case is None:
        case = Case.objects.create(
            customer=handle.customer, subject=_one_line(subject), channel=channel, opened_at=at, last_message_at=at
        )
    message = _note(case, staff=staff, text=text, channel=channel, at=at, now=now, handle=handle)
    if opened:
        append(
            facts.CaseOpened(
                about=ref("case", case.pk),
                customer=ref("customer", handle.customer_id),
                channel=channel,
                message=ref("message", message.pk),
            ),
            now=now,
            happened_at=at,
        )
    _answered(case, staff=staff, at=at, now=now)
    return message


@dataclass(frozen=True)
class Talked:
    """With whom somebody talked: a name, and an address or number where there is one."""

    name: str
    kind: str
    address: str


@transaction.atomic
def open_by_talk(
    talked: Talked,
    *,
    staff: Staff,
    channel: str,
    subject: str,
    text: str,
    kind: str,
    promised: str = "",
    due: datetime | None = None,
    at: datetime,
    now: datetime,
) -> Message:
    """A talk opens a case, and what was promised in it is on record; raises NotAnAddress, NothingWritten, DateAlreadyPassed."""
    handle = people.find_or_make_customer(
        address=talked.address, name=talked.name, kind=talked.kind, channel=channel, now=now
    )
    message = note_talk(
        handle=handle, case=None, staff=staff, channel=channel, subject=subject, text=text, at=at, now=now
    )
    set_kind(message.case, kind=kind, by=staff, now=now)
    if promised:
        promises.record(
            customer=handle.customer,
            what=promised,
            quote=promised,
            due=due,
            said_at=at,
            now=now,
            owner=staff,
            source=ref("message", message.pk),
            about=ref("case", message.case_id),
        )
    return message


def _note(
    case: Case, *, staff: Staff, text: str, channel: str, at: datetime, now: datetime, handle: Handle | None = None
) -> Message:
    if not text.strip():
        raise NothingWritten("Write something first.")
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.NOTE,
        channel=channel,
        at=at,
        staff=staff,
        handle=handle,
        text=text.strip(),
    )
    append(
        facts.NoteWritten(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            message=ref("message", message.pk),
            by=ref("staff", staff.pk),
        ),
        now=now,
    )
    return message


# Replies


@transaction.atomic
def save_draft(case: Case, *, staff: Staff, text: str, is_note: bool = False, now: datetime) -> Reply | None:
    """Keep what is written so far; an empty text lets the draft go, and so do words that are on their way already."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # two tabs of one writer make one draft
    mine = drafts(case, staff=staff, is_note=is_note)
    held = Reply.objects.filter(case=case, staff=staff, state=Reply.State.HELD, text=text.strip())
    if not text.strip() or (not is_note and held.exists()):
        mine.delete()
        return None
    if mine.update(text=text, changed_at=now):
        return mine.first()
    return Reply.objects.create(
        case=case, staff=staff, is_note=is_note, state=Reply.State.DRAFT, text=text, changed_at=now
    )


def drafts(case: Case, *, staff: Staff, is_note: bool = False) -> QuerySet[Reply]:
    """What this person is writing in this case: one row or none."""
    return Reply.objects.filter(
        case=case, staff=staff, is_note=is_note, state__in=[Reply.State.DRAFT, Reply.State.STOPPED]
    )


@transaction.atomic
def send_reply(
    case: Case,
    *,
    staff: Staff,
    text: str,
    answers: Sequence[gate.Answer] = (),
    rich: bool = False,
    seen_message: int | None = None,
    status_after: str = Case.Status.WAITING,
    now: datetime,
) -> Reply:
    """Pass the send gate and hold the reply for a few seconds; then `leave` sends it. Until then `take_back` works.

    Promises that carry their own date or condition need no answer by the writer; the rest do.
    The same words sent twice within these seconds, or once more just after, are one reply unless the customer wrote meanwhile.
    Raises NothingWritten, NoAddress, SomethingNew, GateShut; the draft stays in each case.
    """
    if not text.strip():
        raise NothingWritten("Write something first.")
    if address_of(case.customer_id) is None:
        raise NoAddress("This customer has no e-mail address. Note a talk instead, or add an address.")
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # a button pressed twice asks twice at once
    newest = newest_inbound(case.pk)
    same = Reply.objects.filter(case=case, staff=staff, text=text.strip(), is_note=False)
    just_left = Q(state=Reply.State.SENT, seen_message=newest, changed_at__gt=now - SAME_WORDS)
    if reply := same.filter(Q(state=Reply.State.HELD) | just_left).first():
        return reply
    if seen_message is not None and newest > seen_message:
        raise SomethingNew("Something new arrived while you were writing. Your draft is kept.")
    answers = checked_answers(text, answers=answers, team_id=case.team_id or staff.team_id, now=now)
    drafts(case, staff=staff).delete()
    return Reply.objects.create(
        case=case,
        staff=staff,
        text=text.strip(),
        answers=[answer.to_plain() for answer in answers],
        rich=rich,
        status_after=Case.Status(status_after),
        state=Reply.State.HELD,
        seen_message=newest,
        leaves_at=now + timedelta(seconds=settings.TROTH_UNDO_SECONDS),
        changed_at=now,
    )


def newest_inbound(case_id: int) -> int:
    return (
        Message.objects.filter(case_id=case_id, direction=Message.Direction.INBOUND)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
        or 0
    )


def checked_answers(
    text: str, *, answers: Sequence[gate.Answer], team_id: int | None, now: datetime
) -> tuple[gate.Answer, ...]:
    """The writer's answers with those the sentences give themselves; raises GateShut where any is missing or cannot be kept."""
    hours = hours_of(team_id)
    found = reading.read(text, at=now, hours=hours, direction=Direction.OUTBOUND).promises
    given = {answer.key for answer in answers}
    every = (*answers, *(own for own in gate.answers_by_themselves(found) if own.key not in given))
    objections = gate.objections(found, every, now=now, hours=hours)
    if objections:
        raise GateShut(objections)
    return every


@transaction.atomic
def take_back(reply: Reply, *, now: datetime) -> bool:
    """Make a held reply a draft again, what was begun since behind it; False when it has left."""
    held = Reply.objects.select_for_update(of=("self",)).filter(pk=reply.pk, state=Reply.State.HELD).first()
    if held is None:
        return False
    text = _with_newer_draft(held)
    Reply.objects.filter(pk=held.pk).update(state=Reply.State.DRAFT, text=text, leaves_at=None, changed_at=now)
    return True


def leave(*, now: datetime, most: int = 50) -> int:
    """Send the held replies whose seconds are over, each in its own transaction; how many were dealt with."""
    due = list(
        Reply.objects.filter(state=Reply.State.HELD, leaves_at__lte=now)
        .order_by("leaves_at", "pk")
        .values_list("pk", flat=True)[:most]
    )
    return sum(_leave_or_stop(pk, now=now) for pk in due)


def _leave_or_stop(pk: int, *, now: datetime) -> bool:
    """A reply of which no letter can be made goes back to its writer, and holds up none behind it."""
    try:
        return _leave(pk, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Reply %s could not leave.", pk)
    with transaction.atomic():
        held = Reply.objects.select_for_update(of=("self",)).select_related("case", "staff").filter(pk=pk)
        reply = held.filter(state=Reply.State.HELD).first()
        return reply is not None and _stop(reply, _("No letter could be made of it."), now=now)


@transaction.atomic
def _leave(pk: int, *, now: datetime) -> bool:
    """Send one held reply: message, letter, promises and facts together, or stop it and keep the draft."""
    reply = (
        # The case is held too, so that no message can arrive between the look for one and the letter.
        Reply.objects.select_for_update(skip_locked=True, of=("self", "case"))
        .select_related("case__customer", "staff")
        .filter(pk=pk, state=Reply.State.HELD)
        .first()
    )
    if reply is None:
        return False
    if newest_inbound(reply.case_id) > reply.seen_message:
        return _stop(reply, _("Something new arrived before it left."), now=now)
    handle = address_of(reply.case.customer_id)
    if handle is None:
        return _stop(reply, _("The customer has no e-mail address any more."), now=now)
    answers = [gate.Answer.from_plain(plain) for plain in reply.answers]
    if any(answer.due and answer.due <= now for answer in answers if answer.choice != gate.Choice.NOT_A_PROMISE):
        return _stop(reply, _("A date in it has passed before it could leave."), now=now)
    message = _say(reply, handle=handle, answers=answers, now=now)
    Reply.objects.filter(pk=reply.pk).update(state=Reply.State.SENT, message=message, changed_at=now)
    return True


def _stop(reply: Reply, problem: str, *, now: datetime) -> bool:
    """Keep the held words as the writer's draft; a newer draft of theirs is put behind, never lost."""
    text = _with_newer_draft(reply)
    Reply.objects.filter(pk=reply.pk).update(
        state=Reply.State.STOPPED, text=text, leaves_at=None, problem=problem, changed_at=now
    )
    return True


def _with_newer_draft(reply: Reply) -> str:
    """The reply's words, and behind them those of the writer's newer draft, which goes: there is one draft a writer."""
    newer = drafts(reply.case, staff=reply.staff).first()
    if newer is None or newer.text.strip() == reply.text:
        drafts(reply.case, staff=reply.staff).delete()
        return reply.text
    newer.delete()
    return f"{reply.text}\n\n{newer.text}"


def _say(reply: Reply, *, handle: Handle, answers: Sequence[gate.Answer], now: datetime) -> Message:
    case, staff = reply.case, reply.staff
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.OUTBOUND,
        channel="email",
        at=now,
        staff=staff,
        handle=handle,
        text=reply.text,
        html=as_html(reply.text) if reply.rich else "",
    )
    letter = letters.reply(message, handle=handle, answers=answers, now=now)
    Message.objects.filter(pk=message.pk).update(source=ref("letter", letter.pk), message_id=letter.message_id)
    append(
        facts.CaseAnswered(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            message=ref("message", message.pk),
            letter=ref("letter", letter.pk),
            by=ref("staff", staff.pk),
        ),
        now=now,
    )
    for answer in answers:
        record_answer(answer, case=case, message=message, staff=staff, now=now)
    _answered(case, staff=staff, at=now, now=now)
    if reply.status_after != case.status:
        set_status(case, status=reply.status_after, by=staff, now=now)
    return message


def record_answer(answer: gate.Answer, *, case: Case, message: Message, staff: Staff, now: datetime) -> Promise | None:
    """The promise the writer confirmed; for "no promise", the fact that they said so."""
    if answer.choice == gate.Choice.NOT_A_PROMISE:
        append(
            facts.PromiseDismissed(
                about=ref("message", message.pk),
                customer=ref("customer", case.customer_id),
                quote_digest=promises.digest(answer.quote),
                by=ref("staff", staff.pk),
            ),
            now=now,
        )
        return None
    return promises.record(
        customer=case.customer,
        what=answer.what,
        due=answer.due,
        said_at=message.at,
        now=now,
        state=State(answer.state),
        owner=staff,
        team_id=case.team_id or staff.team_id,
        sort=answer.sort,
        source=ref("message", message.pk),
        quote=answer.quote,
        about=ref("case", case.pk),
        condition=answer.condition,
    )


def _answered(case: Case, *, staff: Staff, at: datetime, now: datetime) -> None:
    """Somebody spoke to the customer at *at*: our target is met but for what came later, and words owed here are kept."""
    later = (
        Message.objects.filter(case=case, direction=Message.Direction.INBOUND, automatic=False, at__gt=at, at__lte=now)
        .order_by("at", "pk")
        .values_list("at", flat=True)
        .first()
    )
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    answer_by = None
    if later:
        answer_by = targets.answer_by(
            kind=row.kind, urgency=row.urgency, received_at=later, hours=hours_of(row.team_id)
        )
    Case.objects.filter(pk=case.pk).update(
        unanswered_since=later, answer_by=answer_by, last_message_at=max(row.last_message_at, at)
    )
    if case.assignee_id is None:
        assign(case, assignee=staff, by=staff, now=now)
    promises.word_given(
        customer_ids=family(case.customer_id), about=ref("case", case.pk), by=staff, done_at=at, now=now
    )


# From before Troth


@dataclass(frozen=True, kw_only=True)
class PastMessage:
    """One thing said before Troth, read already."""

    direction: Direction
    at: datetime
    text: str
    read: reading.Reading
    handle: Handle | None = None
    staff: Staff | None = None
    quoted: str = ""
    html: str = ""
    message_id: str = ""
    automatic: bool = False
    files: Sequence[File] = ()


@dataclass(frozen=True, kw_only=True)
class PastConversation:
    """A whole conversation from before Troth; messages in the order of their times, at least one."""

    outside_id: str
    customer_id: int
    subject: str
    channel: str
    messages: Sequence[PastMessage]


@transaction.atomic
def take_in_past(conversations: Sequence[PastConversation], *, now: datetime) -> list[tuple[Case, list[Message]]]:
    """Take in conversations from before Troth, at their own times and silently: nothing waits for an answer.

    Raises IntegrityError where one is here already: ask `queries.known_outside_ids` first.
    """
    cases = Case.objects.bulk_create(_past_case(conversation) for conversation in conversations)
    rows = Message.objects.bulk_create(
        Message(
            case=case,
            direction=said.direction.value,
            channel=conversation.channel,
            at=said.at,
            staff=said.staff,
            handle=said.handle,
            text=said.text,
            quoted=said.quoted,
            html=said.html,
            message_id=said.message_id,
            automatic=said.automatic,
            reading=letters.plain_reading(said.read),
        )
        for case, conversation in zip(cases, conversations, strict=True)
        for said in conversation.messages
    )
    waiting = iter(rows)
    taken = [
        (case, [next(waiting) for _said in conversation.messages])
        for case, conversation in zip(cases, conversations, strict=True)
    ]
    told: list[tuple[datetime, facts.Fact]] = []
    for (case, messages), conversation in zip(taken, conversations, strict=True):
        for message, said in zip(messages, conversation.messages, strict=True):
            _keep_files(message, said.files)
            told += _past_facts(case, message, said, opens=message is messages[0])
    append_past(told, now=now)
    return taken


def _past_case(conversation: PastConversation) -> Case:
    inbound = [
        said.read for said in conversation.messages if said.direction is Direction.INBOUND and not said.automatic
    ]
    felt = [read.feeling.feeling for read in inbound]
    first = inbound[0] if inbound else None
    return Case(
        customer_id=conversation.customer_id,
        subject=conversation.subject[:500],
        kind=(first.kind if first else None) or Case.Kind.ENQUIRY,
        cause=(first.cause if first else None) or "",
        feeling=next((feeling for feeling in reversed(felt) if feeling in {"anger", "worry", "sadness"}), "")
        or (felt[0] if felt else ""),
        urgency=first.urgency if first else "",
        status=Case.Status.RESOLVED,
        channel=conversation.channel,
        opened_at=conversation.messages[0].at,
        last_message_at=conversation.messages[-1].at,
        imported=True,
        outside_id=conversation.outside_id,
    )


def _past_facts(case: Case, message: Message, said: PastMessage, *, opens: bool) -> list[tuple[datetime, facts.Fact]]:
    about, customer, spoken = ref("case", case.pk), ref("customer", case.customer_id), ref("message", message.pk)
    told: list[facts.Fact] = []
    if opens:
        told.append(facts.CaseOpened(about=about, customer=customer, channel=case.channel, message=spoken))
    if said.direction is Direction.OUTBOUND:
        by = ref("staff", said.staff.pk) if said.staff else ""
        told.append(facts.CaseAnswered(about=about, customer=customer, message=spoken, letter="", by=by))
    else:
        if not opens:
            told.append(facts.CaseJoined(about=about, customer=customer, message=spoken))
        told.append(
            facts.MessageRead(
                about=spoken,
                customer=customer,
                reading=said.read.version,
                kind_read=said.read.kind or "",
                cause=said.read.cause or "",
                feeling=said.read.feeling.feeling,
            )
        )
    return [(said.at, fact) for fact in told]


@transaction.atomic
def say_imported(imported: Sequence[tuple[Case, int, int]], *, now: datetime) -> None:
    """Each conversation is here whole: its case, how many messages, and how many promises were found in them."""
    append_past(
        (
            (
                now,
                facts.ConversationImported(
                    about=ref("case", case.pk),
                    customer=ref("customer", case.customer_id),
                    source=hashlib.sha256((case.outside_id or "").encode()).hexdigest(),
                    messages=messages,
                    promises=promised,
                ),
            )
            for case, messages, promised in imported
        ),
        now=now,
    )


# How the case stands


@transaction.atomic
def assign(case: Case, *, assignee: Staff | None, by: Staff | None, now: datetime) -> bool:
    """Give the case to somebody (None: to nobody); their open promises in it stay with their owners."""
    before = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if before.assignee_id == (assignee.pk if assignee else None):
        return False
    Case.objects.filter(pk=case.pk).update(assignee=assignee, team_id=assignee.team_id if assignee else before.team_id)
    _changed(
        case,
        field="assignee",
        before=ref("staff", before.assignee_id) if before.assignee_id else "",
        after=ref("staff", assignee.pk) if assignee else "",
        by=by,
        now=now,
    )
    case.assignee = assignee
    for promise in Promise.objects.filter(about=ref("case", case.pk), owner=None, done_at=None, settled_at=None):
        promises.own(promise, owner=assignee, by=by, now=now)
    return True


@transaction.atomic
def set_status(case: Case, *, status: str, by: Staff | None, now: datetime) -> bool:
    """Open, waiting or resolved; promises made in the case live on whatever its status."""
    status = Case.Status(status)
    before = Case.objects.select_for_update(of=("self",)).values_list("status", flat=True).get(pk=case.pk)
    if before == status:
        return False
    values: dict[str, Any] = {"status": status}
    if status != Case.Status.OPEN:
        values.update(unanswered_since=None, answer_by=None)
    Case.objects.filter(pk=case.pk).update(**values)
    _changed(case, field="status", before=before, after=status, by=by, now=now)
    case.status = status
    return True


@transaction.atomic
def set_kind(case: Case, *, kind: str, by: Staff | None, now: datetime) -> bool:
    """What kind of matter it is; a waiting answer's target is counted anew from the same beginning."""
    kind = Case.Kind(kind)
    row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if row.kind == kind:
        return False
    values: dict[str, Any] = {"kind": kind}
    if row.unanswered_since:
        values["answer_by"] = targets.answer_by(
            kind=kind, urgency=row.urgency, received_at=row.unanswered_since, hours=hours_of(row.team_id)
        )
    Case.objects.filter(pk=case.pk).update(**values)
    _changed(case, field="kind", before=row.kind, after=kind, by=by, now=now)
    case.kind = kind
    return True


@transaction.atomic
def accept_sender(case: Case, *, by: Staff, now: datetime) -> bool:
    """Staff say that the sender is who the mail says: the case is the customer's own from now on."""
    if Case.objects.filter(pk=case.pk, unverified=True).update(unverified=False) != 1:
        return False
    _changed(case, field="unverified", before="yes", after="no", by=by, now=now)
    return True


def _changed(case: Case, *, field: str, before: str, after: str, by: Staff | None, now: datetime) -> None:
    append(
        facts.CaseChanged(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            field=field,
            before=before,
            after=after,
            by=ref("staff", by.pk) if by else "",
        ),
        now=now,
    )

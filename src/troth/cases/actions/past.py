"""Conversations from before Troth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from troth import reading
from troth.cases.actions.arrivals import File
from troth.cases.actions.copying import copy_in, drafts_of
from troth.cases.models import Attachment, Blob, Case, Message
from troth.cases.rules import kept
from troth.cases.rules.filled import felt, felt_in_all, filled
from troth.cases.rules.sniffed import sniffed
from troth.ledger.actions import append_past
from troth.people.models import Handle, Staff
from troth.reading.language import UNKNOWN, language_of
from troth.words import facts
from troth.words.messages import Direction
from troth.words.refs import ref

#: So much of a text tells the search its language.
TONGUE_CHARS = 200
#: So many bytes of files go to the database in one statement, or one file.
BYTES_AT_ONCE = 8 * 1024 * 1024


_case, _message = drafts_of(Case), drafts_of(Message)


@dataclass(frozen=True, kw_only=True)
class PastMessage:
    """One thing said before Troth; read already, or left to the lane that reads anew."""

    direction: Direction
    at: datetime
    text: str
    read: reading.Reading | None = None
    handle: Handle | None = None
    staff: Staff | None = None
    quoted: str = ""
    html: str = ""
    message_id: str = ""
    automatic: bool = False
    #: Its name where it came from; the same name is taken once.
    source: str = ""
    files: Sequence[File] = ()


@dataclass(frozen=True, kw_only=True)
class PastConversation:
    """A whole conversation from before Troth; messages in the order of their times, at least one."""

    outside_id: str
    customer_id: int
    subject: str
    channel: str
    messages: Sequence[PastMessage]
    #: Most are over; one that is not goes on here. No clock starts either way.
    status: str = Case.Status.RESOLVED.value
    assignee_id: int | None = None
    team_id: int | None = None
    #: Since when it stands so, where that is known.
    status_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PastStanding:
    """How a conversation from elsewhere stands there by now."""

    case: Case
    status: str
    assignee_id: int | None
    at: datetime


@transaction.atomic
def take_in_past(conversations: Sequence[PastConversation], *, now: datetime) -> list[tuple[Case, list[Message]]]:
    """Take in conversations from before Troth, at their own times and silently: nothing waits for an answer.

    Raises IntegrityError where one is here already: ask `queries.known_outside_ids` first.
    """
    cases = copy_in([_past_case(conversation) for conversation in conversations])
    rows = copy_in(
        [
            _past_message(case, said)
            for case, conversation in zip(cases, conversations, strict=True)
            for said in conversation.messages
        ]
    )
    waiting = iter(rows)
    taken = [
        (case, [next(waiting) for _said in conversation.messages])
        for case, conversation in zip(cases, conversations, strict=True)
    ]
    told: list[tuple[datetime, facts.Fact]] = []
    files: list[tuple[Message, File]] = []
    for (case, messages), conversation in zip(taken, conversations, strict=True):
        for message, said in zip(messages, conversation.messages, strict=True):
            files += [(message, file) for file in said.files]
            told += _past_facts(case, message, said, opens=message is messages[0])
    _keep_files(files)
    append_past(told, now=now)
    return taken


@transaction.atomic
def join_past(additions: Sequence[tuple[Case, Sequence[PastMessage]]], *, now: datetime) -> list[list[Message]]:
    """Add what was said elsewhere since to cases that came from there; silently, at its own times.

    Raises IntegrityError where a message is here already: ask `queries.known_sources` first.
    """
    rows = iter(copy_in([_past_message(case, said) for case, added in additions for said in added]))
    joined = [(case, [(next(rows), said) for said in added]) for case, added in additions]
    told: list[tuple[datetime, facts.Fact]] = []
    files: list[tuple[Message, File]] = []
    for case, added in joined:
        for message, said in added:
            files += [(message, file) for file in said.files]
            told += _past_facts(case, message, said, opens=False)
        case.last_message_at = max([case.last_message_at, *(message.at for message, _ in added)])
    _keep_files(files)
    Case.objects.bulk_update([case for case, _ in joined], ["last_message_at"])
    append_past(told, now=now)
    return [[message for message, _ in added] for _, added in joined]


@transaction.atomic
def follow_past(standings: Sequence[PastStanding], *, now: datetime) -> int:
    """Have these cases stand as they do where they came from; how many changed. Starts no clock and tells nobody."""
    told: list[tuple[datetime, facts.Fact]] = []
    changed: list[Case] = []
    for one in standings:
        wanted = {"status": one.status, "assignee_id": one.assignee_id}
        if any(getattr(one.case, name) != value for name, value in wanted.items()):
            told += [(one.at, fact) for fact in _standing_facts(one.case, one.status, one.assignee_id)]
            one.case.status, one.case.assignee_id = one.status, one.assignee_id
            changed.append(one.case)
    Case.objects.bulk_update(changed, ["status", "assignee"])
    append_past(told, now=now)
    return len(changed)


def _past_message(case: Case, said: PastMessage) -> Message:
    if said.read:
        read = kept.plain(said.read)
    else:  # an empty version is read by nobody yet: the lane that reads anew finds it
        read = {"version": ""} if said.direction is Direction.INBOUND else {}
        read |= _tongue(said.text)
    return _message(
        case_id=case.pk,
        direction=said.direction.value,
        channel=case.channel,
        at=said.at,
        staff_id=said.staff.pk if said.staff else None,
        handle_id=said.handle.pk if said.handle else None,
        text=said.text,
        quoted=said.quoted,
        html=said.html,
        message_id=said.message_id,
        automatic=said.automatic,
        source=said.source,
        reading=read,
    )


def _tongue(text: str) -> dict[str, str]:
    """What language it seems to be in: the search would have to stem it in each of them to guess."""
    found = language_of(text[:TONGUE_CHARS])
    return {} if found == UNKNOWN else {"tongue": found}


def _keep_files(files: Sequence[tuple[Message, File]]) -> None:
    """All of them, each content once and only where it is not here; a few statements, however many."""
    digests = [hashlib.sha256(file.content).hexdigest() for _message, file in files]
    contents = {digest: file.content for (_message, file), digest in zip(files, digests, strict=True)}
    known = set(Blob.objects.filter(digest__in=contents).values_list("digest", flat=True)) if contents else set()
    for some in _in_portions([Blob(digest=one, content=contents[one]) for one in contents.keys() - known]):
        Blob.objects.bulk_create(some, ignore_conflicts=True)
    copy_in(
        [
            Attachment(
                message_id=message.pk,
                blob_id=digest,
                name=file.name[:255],
                content_type=file.content_type[:120],
                size=len(file.content),
                seen_as=sniffed(file.content),
                content_id=file.content_id[:400],
            )
            for (message, file), digest in zip(files, digests, strict=True)
        ]
    )


def _in_portions(blobs: Iterable[Blob]) -> Iterator[list[Blob]]:
    some: list[Blob] = []
    held = 0
    for blob in blobs:
        if some and held + len(blob.content) > BYTES_AT_ONCE:
            yield some
            some, held = [], 0
        some.append(blob)
        held += len(blob.content)
    if some:
        yield some


def _past_case(conversation: PastConversation) -> Case:
    inbound = [
        said.read
        for said in conversation.messages
        if said.direction is Direction.INBOUND and not said.automatic and said.read
    ]
    fills = filled(inbound[0]) if inbound else None
    return _case(
        customer_id=conversation.customer_id,
        subject=conversation.subject[:500],
        kind=fills.kind if fills else Case.Kind.ENQUIRY,
        cause=fills.cause if fills else "",
        emotion=felt_in_all(felt(read) for read in inbound),
        urgency=fills.urgency if fills else "",
        status=conversation.status,
        assignee_id=conversation.assignee_id,
        team_id=conversation.team_id,
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
    by = ref("staff", said.staff.pk) if said.staff else ""
    if said.direction is Direction.OUTBOUND:
        told.append(facts.CaseAnswered(about=about, customer=customer, message=spoken, letter="", by=by))
    elif said.direction is Direction.NOTE:
        told.append(facts.NoteWritten(about=about, customer=customer, message=spoken, by=by))
    elif not opens:
        told.append(facts.CaseJoined(about=about, customer=customer, message=spoken))
    if said.read and said.direction is Direction.INBOUND:
        fills = filled(said.read)
        told.append(
            facts.MessageRead(
                about=spoken,
                customer=customer,
                reading=said.read.version,
                kind_read=fills.kind if said.read.kind else "",
                cause=fills.cause,
                feeling=fills.emotion,
            )
        )
    return [(said.at, fact) for fact in told]


@transaction.atomic
def say_imported(
    imported: Sequence[tuple[Case, int, int]],
    *,
    standing: Sequence[PastConversation] = (),
    now: datetime,
) -> None:
    """Each conversation is here whole: its case, how many messages, and how many promises were found in them.

    The fact says that a case is resolved; of the others *standing*, one for each case, says how they stand.
    """
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
    told: list[tuple[datetime, facts.Fact]] = []
    for (case, _messages, _promised), one in zip(imported, standing, strict=False):
        before = Case(pk=case.pk, customer_id=case.customer_id, status=Case.Status.RESOLVED)
        told += [(one.status_at or now, fact) for fact in _standing_facts(before, one.status, one.assignee_id)]
    append_past(told, now=now)


def _standing_facts(case: Case, status: str, assignee: int | None) -> list[facts.Fact]:
    values = {
        "status": (str(case.status), status),
        "assignee": (_staff(case.assignee_id), _staff(assignee)),
    }
    return [
        facts.CaseChanged(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            field=field,
            before=before,
            after=after,
            by="",
        )
        for field, (before, after) in values.items()
        if before != after
    ]


def _staff(pk: int | None) -> str:
    return ref("staff", pk) if pk else ""

"""What was said in a case: read, corrected in its reading, noted and promised."""

from __future__ import annotations

from typing import Annotated, Literal

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.cases import actions, queries
from troth.cases.api.readings import CorrectionAsked, ReadingTold, reading_told
from troth.cases.models import Attachment, Correction, Message
from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Operations,
    Page,
    Told,
    not_sound,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.queries import NobodyLeft
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.promises import forms
from troth.promises.forms import PromiseAsked, PromiseTold
from troth.words.refs import ref

router = Operations(tags=["cases"])

#: What staff said of a reading, as long as it holds.
HOLDING = Correction.objects.filter(until=None).order_by("pk")


class AttachmentTold(Told):
    id: int
    name: str
    content_type: str
    size: int


class MessageTold(Told):
    id: int
    case: int
    direction: Literal["inbound", "outbound", "note"]
    channel: str
    at: Instant
    address: Annotated[str | None, Field(description="The customer's own, where there is one.")]
    staff: int | None
    text: Annotated[str, Field(description="What is new in it.")]
    quoted: Annotated[str, Field(description="What it repeats of earlier messages, and the signature.")]
    verified: bool
    automatic: bool
    attachments: list[AttachmentTold]
    reading: Annotated[ReadingTold | None, Field(description="What was read in it; null of what no customer wrote.")]


class Messages(Told):
    items: list[MessageTold]
    next: str | None


class NoteAsked(Asked):
    text: Annotated[str, text(50_000)]


@router.reads(
    "/cases/{number}/messages",
    scope=Scope.CASES_READ,
    gives=Messages,
    name="list_messages",
    summary="List what was said in a case, oldest first, notes among it",
)
def list_messages(request: HttpRequest, number: Id, asked: Query[Page]) -> Messages:
    case = queries.case_for(staff_of(request), number)
    attachments = Attachment.objects.only("message_id", "name", "content_type", "size").order_by("pk")
    rows = Message.objects.filter(case=case).select_related("handle")
    rows = rows.prefetch_related(Prefetch("attachments", attachments), Prefetch("corrections", HOLDING))
    found, on = page_of_rows(rows, by="at", page=asked, newest_first=False)
    return Messages(items=[message_told(message) for message in found], next=on)


@router.reads(
    "/messages/{number}", scope=Scope.CASES_READ, gives=MessageTold, name="read_message", summary="Read a message"
)
def read_message(request: HttpRequest, number: Id) -> MessageTold:
    return message_told(queries.message_for(staff_of(request), number))


@router.does(
    "/messages/{number}/reading",
    scope=Scope.CASES_WRITE,
    gives=MessageTold,
    name="correct_reading",
    summary="Confirm or correct what was read in a message",
)
def correct_reading(request: HttpRequest, number: Id, asked: CorrectionAsked) -> MessageTold:
    """What you say is kept beside what was read, and the case follows it. It is confirmed where it is the same."""
    staff = staff_of(request)
    message = queries.message_for(staff, number)
    try:
        actions.correct(message.pk, said=asked.said(), seen=asked.seen, by=staff, now=timezone.now())
    except actions.CorrectedMeanwhile as error:
        raise Problem(Kind.CHANGED, "Somebody looked at this meanwhile. Read it, then say what is right.") from error
    except actions.NotACustomers as error:
        raise not_sound("path", "number", str(error)) from error
    return message_told(queries.message_for(staff, number))


@router.does(
    "/cases/{number}/notes",
    scope=Scope.CASES_WRITE,
    gives=MessageTold,
    status=201,
    name="write_note",
    summary="Write a note that only staff see",
)
def write_note(request: HttpRequest, number: Id, asked: NoteAsked) -> MessageTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        return message_told(actions.write_note(case, staff=staff, text=asked.text, now=timezone.now()))
    except NobodyLeft as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    except actions.NothingWritten as error:
        raise not_sound("body", "text", str(error)) from error


@router.does(
    "/cases/{number}/promises",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    status=201,
    name="record_promise_in_case",
    summary="Record a promise that was made in a case",
)
def record_promise_in_case(request: HttpRequest, number: Id, asked: PromiseAsked) -> PromiseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    promise = forms.record(
        asked,
        customer=case.customer,
        about=ref("case", case.pk),
        team_id=case.team_id or staff.team_id,
        staff=staff,
        now=timezone.now(),
    )
    return forms.told(promise)


def message_told(message: Message) -> MessageTold:
    return MessageTold(
        id=message.pk,
        case=message.case_id,
        direction=message.direction,  # type: ignore[arg-type] # the database keeps it to the list
        channel=message.channel,
        at=message.at,
        address=message.handle.address if message.handle else None,
        staff=message.staff_id,
        text=message.text,
        quoted=message.quoted,
        verified=message.verified,
        automatic=message.automatic,
        attachments=[
            AttachmentTold(id=file.pk, name=file.name, content_type=file.content_type, size=file.size)
            for file in message.attachments.all()
        ],
        reading=reading_told(message, [row for row in message.corrections.all() if row.until is None]),
    )

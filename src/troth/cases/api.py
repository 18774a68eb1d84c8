"""Cases for other programs: listed, read, changed, noted in and answered."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.cases import actions, queries
from troth.cases.actions.enclosing import FILES_MOST
from troth.cases.chosen import only
from troth.cases.models import Attachment, Case, Correction, Mention, Message, Reply
from troth.cases.rules import gate
from troth.cases.rules.filters import LISTS, Filters, Linked, Promised
from troth.cases.told_readings import CorrectionAsked, ReadingTold, reading_told
from troth.clocks.api import ClockTold, clocks_told
from troth.people.operations import (
    FILE_BODY_MOST,
    Asked,
    Id,
    Instant,
    Number,
    Operations,
    Page,
    Told,
    maybe_text,
    not_sound,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.queries import NobodyLeft, family, owner_choices, within_sight
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.promises import forms
from troth.promises.forms import PromiseAsked, PromiseTold
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Urgency
from troth.words.refs import ref

router = Operations(tags=["cases"])
CaseKind = Literal["enquiry", "complaint", "suggestion", "compliment"]
#: What staff said of a reading, as long as it holds.
HOLDING = Correction.objects.filter(until=None).order_by("pk")
CaseStatus = Literal["open", "waiting", "resolved"]
CaseChannel = Literal["email", "webform", "chat", "phone", "talk", "social", "api", "import"]
#: The bytes of a file as they are sent, a third more than it has; larger files people put in by hand.
FILE_MOST = 3 * 1024 * 1024


class CaseOrder(StrEnum):
    LATEST = "-last_message_at"
    EARLIEST = "last_message_at"


class CasesAsked(Page):
    status: CaseStatus | None = None
    kind: CaseKind | None = None
    assignee: Annotated[Id | None, Field(description="The number of somebody who works here.")] = None
    customer: Annotated[Id | None, Field(description="Cases of this person, also of records merged into theirs.")] = (
        None
    )
    unanswered: Annotated[bool | None, Field(description="Whether the customer waits for an answer.")] = None
    snoozed: Annotated[bool | None, Field(description="Whether somebody put it aside until later.")] = None
    cause: Cause | None = None
    channel: CaseChannel | None = None
    emotion: Emotion | None = None
    urgency: Urgency | None = None
    team: Annotated[Id | None, Field(description="The number of the team that looks after it.")] = None
    promised: Annotated[Promised | None, Field(description="What is owed in it: anything, within a week, late.")] = None
    linked: Annotated[Linked | None, Field(description="How it stands to others of the same cause.")] = None
    parent: Annotated[Id | None, Field(description="Cases linked to the case with this number.")] = None
    public: Annotated[bool | None, Field(description="Whether something in it was said where others read it.")] = None
    group: Annotated[str | None, text(200), Field(description="Cases of customers in this group.")] = None
    opened_from: Annotated[date | None, Field(description="Days are those of the key owner's time zone.")] = None
    opened_to: date | None = None
    last_from: Annotated[date | None, Field(description="By the day of the last word.")] = None
    last_to: date | None = None
    sort: CaseOrder = CaseOrder.LATEST


class CaseTold(Told):
    id: int
    subject: str
    customer: int
    kind: CaseKind
    status: CaseStatus
    cause: str
    emotion: str
    urgency: str
    channel: str
    assignee: int | None
    team: int | None
    opened_at: Instant
    last_message_at: Instant
    unanswered_since: Annotated[Instant | None, Field(description="Since when the customer waits for an answer.")]
    answer_by: Annotated[Instant | None, Field(description="By when an answer is due by our own target.")]
    unverified: Annotated[bool, Field(description="The sender may not be who the message says.")]
    for_staff_only: Annotated[bool, Field(description="It lets somebody sign in somewhere; show it to no customer.")]
    seems_to_be: int | None
    imported: bool
    again_of: Annotated[
        int | None, Field(description="The earlier case of the same customer and cause that this one is once more.")
    ]
    parent: Annotated[int | None, Field(description="The case of the cause that it is linked to.")]
    is_public: Annotated[bool, Field(description="Something in it was said where others read it.")]
    snoozed: Annotated[bool, Field(description="Somebody put it aside; what is owed in it is owed all the same.")]
    snoozed_until: Annotated[
        Instant | None, Field(description="Until when it is put aside; null beside `snoozed`: until they write.")
    ]


class CaseWhole(CaseTold):
    clocks: Annotated[list[ClockTold], Field(description="What it wants by when, in the order in which they started.")]


class Cases(Told):
    items: list[CaseTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class CaseChange(Asked):
    """What is to be otherwise; what is left out stays."""

    status: CaseStatus = "open"
    kind: CaseKind = "enquiry"
    cause: Annotated[Cause | Literal[""], Field(description="Empty: none of these.")] = ""
    assignee: Annotated[Number | None, Field(description="null: nobody.")] = None


class MentionTold(Told):
    case: int
    message: Annotated[
        int | None, Field(description="The note that names you; null where a case you put aside is back.")
    ]
    at: Instant


class Mentions(Told):
    items: list[MentionTold]


class AgainAsked(Asked):
    same: Annotated[bool, Field(strict=True, description="false: it is another matter; true takes that back.")]


class SnoozeAsked(Asked):
    until: Annotated[Instant | None, Field(description="null: until the customer writes.")]


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


class AnswerAsked(Asked):
    """What you say of a promise that stands in the answer."""

    quote: Annotated[str, text(2000), Field(description="The sentence, as the gate named it.")]
    nth: Annotated[int, Field(ge=0, le=50, strict=True, description="Which promise of that sentence, from 0.")] = 0
    choice: gate.Choice
    what: Annotated[str, maybe_text(500), Field(description="In short; the sentence itself where left out.")] = ""
    due: Instant | None = None
    condition: Annotated[str, maybe_text(500)] = ""


class FileAsked(Asked):
    name: Annotated[str, text(255)]
    content: Annotated[
        str,
        Field(
            min_length=1,
            max_length=FILE_MOST,
            pattern=r"^[A-Za-z0-9+/]+={0,2}$",
            description="Its bytes as base64 (RFC 4648, 4) without line breaks.",
        ),
    ]


class FileTold(Told):
    id: int
    case: int
    name: Annotated[str, Field(description="As it will go out: without what harms on some disk.")]
    size: int


class ReplyAsked(Asked):
    text: Annotated[str, text(50_000)]
    files: Annotated[
        list[Number], Field(max_length=FILES_MOST, description="The numbers that `add_file` gave; they go with it.")
    ] = []
    answers: Annotated[list[AnswerAsked], Field(max_length=50)] = []
    seen_message: Annotated[
        Number | None, Field(description="The newest message you have read; where a newer one came, nothing is sent.")
    ] = None
    seen_reply: Annotated[
        Annotated[int, Field(ge=0, strict=True)] | None,
        Field(
            description="The newest answer you know of, 0 for none; where a colleague sent a newer one, nothing is sent."
        ),
    ] = None
    status_after: CaseStatus = "waiting"


class ReplyTold(Told):
    id: int
    case: int
    state: Annotated[
        Literal["draft", "held", "sent", "stopped"], Field(description="held for some seconds, then sent or stopped")
    ]
    leaves_at: Instant | None
    problem: Annotated[str, Field(description="Why it was stopped.")]
    message: Annotated[int | None, Field(description="The message it became.")]


@router.reads("/cases", scope=Scope.CASES_READ, gives=Cases, name="list_cases", summary="List cases")
def list_cases(request: HttpRequest, asked: Query[CasesAsked]) -> Cases:
    staff, now = staff_of(request), timezone.now()
    rows = Case.objects.select_related("customer").filter(within_sight(staff))
    if asked.assignee:
        rows = rows.filter(assignee_id=asked.assignee)
    if asked.customer:
        rows = rows.filter(customer_id__in=family(asked.customer))
    if asked.unanswered is not None:
        rows = rows.filter(unanswered_since__isnull=not asked.unanswered)
    rows = rows.filter(only(_filters(asked), staff=staff, now=now))
    if asked.snoozed is not None:
        put_aside = queries.snoozed(now)
        rows = rows.filter(put_aside if asked.snoozed else ~put_aside)
    newest_first = asked.sort is CaseOrder.LATEST
    found, on = page_of_rows(rows, by="last_message_at", page=asked, newest_first=newest_first)
    return Cases(items=[told(case) for case in found], next=on)


def _filters(asked: CasesAsked) -> Filters:
    """What the list at the desk is narrowed by too."""
    lists: dict[str, Any] = {
        name: (value.value if isinstance(value, StrEnum) else value,)
        for name in LISTS
        if (value := getattr(asked, name))
    }
    linked = str(asked.parent) if asked.parent else asked.linked or ""
    return Filters(
        **lists,
        team=str(asked.team or ""),
        promised=asked.promised or "",
        linked=linked,
        public="" if asked.public is None else "yes" if asked.public else "no",
        group=asked.group or "",
        opened_from=asked.opened_from,
        opened_to=asked.opened_to,
        last_from=asked.last_from,
        last_to=asked.last_to,
    )


@router.reads("/cases/{number}", scope=Scope.CASES_READ, gives=CaseWhole, name="read_case", summary="Read a case")
def read_case(request: HttpRequest, number: Id) -> CaseWhole:
    case = queries.with_clocks(staff_of(request), number)
    return CaseWhole(**dict(told(case)), clocks=clocks_told(case.clocks))  # type: ignore[attr-defined] # annotated


@router.changes(
    "/cases/{number}",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="change_case",
    summary="Change a case's status, kind, cause or assignee",
)
def change_case(request: HttpRequest, number: Id, asked: CaseChange) -> CaseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    chosen = asked.model_fields_set
    assignee = next((person for person in owner_choices() if person.pk == asked.assignee), None)
    if asked.assignee is not None and assignee is None:
        raise not_sound("body", "assignee", "Nobody by that number answers customers here.")
    actions.change(
        case,
        status=asked.status if "status" in chosen else None,
        kind=asked.kind if "kind" in chosen else None,
        cause=asked.cause if "cause" in chosen else None,
        assignee=assignee,
        assigns="assignee" in chosen,
        by=staff,
        now=timezone.now(),
    )
    return told(queries.case_for(staff, number))


@router.reads(
    "/mentions",
    scope=Scope.CASES_READ,
    gives=Mentions,
    name="list_mentions",
    summary="List what you are called for and have not seen, oldest first",
)
def list_mentions(request: HttpRequest) -> Mentions:
    """Notes that name you by `@`, and cases you put aside that are back; a hundred at most. Colleagues are named in `write_note`."""
    staff = staff_of(request)
    mine = Mention.objects.filter(within_sight(staff, team="case__team"), staff=staff, seen_at=None)
    rows = mine.order_by("at", "pk")[:100]
    return Mentions(items=[MentionTold(case=one.case_id, message=one.message_id, at=one.at) for one in rows])


@router.does(
    "/cases/{number}/seen",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="see_case",
    summary="Say that you have seen what you were called to a case for",
)
def see_case(request: HttpRequest, number: Id) -> CaseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    actions.seen(case, staff=staff, now=timezone.now())
    return told(case)


@router.does(
    "/cases/{number}/again",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="say_again",
    summary="Say whether a case is the same trouble as the earlier one it was taken for",
)
def say_again(request: HttpRequest, number: Id, asked: AgainAsked) -> CaseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    say = actions.undo_denial if asked.same else actions.deny_again
    say(case, by=staff, now=timezone.now())
    return told(queries.case_for(staff, number))


@router.does(
    "/cases/{number}/snooze",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="snooze_case",
    summary="Put a case aside until later",
)
def snooze_case(request: HttpRequest, number: Id, asked: SnoozeAsked) -> CaseTold:
    """It leaves the lists; what was promised in it and what its customer writes meanwhile are shown all the same."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        actions.snooze(case, until=asked.until, by=staff, now=timezone.now())
    except actions.NotLater as error:
        raise not_sound("body", "until", str(error)) from error
    except actions.NothingToSnooze as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    return told(queries.case_for(staff, number))


@router.does(
    "/cases/{number}/wake",
    scope=Scope.CASES_WRITE,
    gives=CaseTold,
    name="wake_case",
    summary="Have a case back that was put aside",
)
def wake_case(request: HttpRequest, number: Id) -> CaseTold:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    actions.wake(case, by=staff, now=timezone.now())
    return told(queries.case_for(staff, number))


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


@router.does(
    "/cases/{number}/files",
    scope=Scope.REPLIES_WRITE,
    gives=FileTold,
    status=201,
    name="add_file",
    most=FILE_BODY_MOST,
    summary="Put in a file that is to go with an answer",
)
def add_file(request: HttpRequest, number: Id, asked: FileAsked) -> FileTold:
    """It waits for `send_reply` for a day. Those of one answer may be 20, and as large together as the host set."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        content = b64decode(asked.content, validate=True)
        file = actions.put_in(case, staff=staff, name=asked.name, content=content, now=timezone.now())
    except NobodyLeft as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    except actions.NoRoom as error:
        raise Problem(Kind.TOO_LARGE, f"Too much for one letter: {error}") from error
    except ValueError as error:  # no base64, or nothing in it
        raise not_sound("body", "content", str(error)) from error
    return FileTold(id=file.pk, case=case.pk, name=file.name, size=file.size)


@router.does(
    "/cases/{number}/replies",
    scope=Scope.REPLIES_WRITE,
    gives=ReplyTold,
    status=201,
    name="send_reply",
    summary="Answer the customer",
)
def send_reply(request: HttpRequest, number: Id, asked: ReplyAsked) -> ReplyTold:
    """Every promise in the text needs a date of its own or an answer about it; else the gate stays shut and says which."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        reply = actions.send_reply(
            case,
            staff=staff,
            text=asked.text,
            answers=[_answer(answer) for answer in asked.answers],
            files=asked.files,
            seen_message=asked.seen_message,
            seen_reply=asked.seen_reply,
            status_after=asked.status_after,
            now=timezone.now(),
        )
    except NobodyLeft as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    except actions.GateShut as shut:
        found = [{"quote": objection.quote, "why": objection.why.value} for objection in shut.objections]
        raise Problem(Kind.GATE_SHUT, objections=found) from shut
    except actions.AnsweredMeanwhile as error:
        words = "A colleague answered meanwhile (reply %(pk)s). Read it, then answer if yours is still needed."
        raise Problem(Kind.CHANGED, words % {"pk": error.reply.pk}) from error
    except actions.SomethingNew as error:
        raise Problem(Kind.CHANGED, "Something new arrived in this case. Read it, then answer.") from error
    except (actions.FileGone, actions.NoRoom, actions.NoFilesInTalk) as error:
        raise not_sound("body", "files", str(error)) from error
    except actions.NothingWritten as error:
        raise not_sound("body", "text", str(error)) from error
    except actions.NoAddress as error:
        raise not_sound("path", "number", str(error)) from error
    return reply_told(reply)


def _answer(asked: AnswerAsked) -> gate.Answer:
    return gate.Answer(
        quote=asked.quote,
        nth=asked.nth,
        choice=asked.choice,
        what=asked.what.strip() or asked.quote,
        due=asked.due,
        condition=asked.condition,
    )


@router.reads(
    "/replies/{number}",
    scope=Scope.CASES_READ,
    gives=ReplyTold,
    name="read_reply",
    summary="See whether an answer left",
)
def read_reply(request: HttpRequest, number: Id) -> ReplyTold:
    return reply_told(queries.reply_for(staff_of(request), number))


@router.does(
    "/replies/{number}/take-back",
    scope=Scope.REPLIES_WRITE,
    gives=ReplyTold,
    name="take_back_reply",
    summary="Take an answer back before it leaves",
)
def take_back_reply(request: HttpRequest, number: Id) -> ReplyTold:
    staff = staff_of(request)
    if not actions.take_back(queries.reply_for(staff, number), now=timezone.now()):
        raise Problem(Kind.SETTLED, "It is not held any more.")
    return reply_told(queries.reply_for(staff, number))


def told(case: Case) -> CaseTold:
    return CaseTold(
        id=case.pk,
        subject=case.subject,
        customer=case.customer.root_pk,
        kind=case.kind,  # type: ignore[arg-type] # the database keeps it to the list
        status=case.status,  # type: ignore[arg-type] # the same
        cause=case.cause,
        emotion=case.emotion,
        urgency=case.urgency,
        channel=case.channel,
        assignee=case.assignee_id,
        team=case.team_id,
        opened_at=case.opened_at,
        last_message_at=case.last_message_at,
        unanswered_since=case.unanswered_since,
        answer_by=case.answer_by,
        unverified=case.unverified,
        for_staff_only=case.for_staff_only,
        seems_to_be=case.seems_to_be_id,
        imported=case.imported,
        again_of=case.again_of_id,
        parent=case.parent_id,
        is_public=case.is_public,
        snoozed=case.snoozed_by_id is not None,
        snoozed_until=case.snoozed_until,
    )


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


def reply_told(reply: Reply) -> ReplyTold:
    return ReplyTold(
        id=reply.pk,
        case=reply.case_id,
        state=reply.state,  # type: ignore[arg-type] # the database keeps it to the list
        leaves_at=reply.leaves_at,
        problem=reply.problem,
        message=reply.message_id,
    )

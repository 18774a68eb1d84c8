"""Cases: listed, read and changed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.cases import actions, queries
from troth.cases.chosen import only
from troth.cases.models import Case
from troth.cases.rules.filters import LISTS, Filters, Linked, Promised
from troth.clocks.api import ClockTold, clocks_told
from troth.people.operations import (
    Asked,
    Id,
    Instant,
    Number,
    Operations,
    Page,
    Told,
    not_sound,
    page_of_rows,
    staff_of,
    text,
)
from troth.people.queries import family, owner_choices, within_sight
from troth.people.rules.keys import Scope
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.formal import Decision, Formal, Point, Without
from troth.words.messages import Urgency

router = Operations(tags=["cases"])
CaseKind = Literal["enquiry", "complaint", "suggestion", "compliment"]
CaseStatus = Literal["open", "waiting", "resolved"]
CaseChannel = Literal["email", "webform", "chat", "phone", "talk", "social", "api", "import"]


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


class FormalTold(Told):
    """An answer whose contents rules lay down, and how it stood with them; or why a complaint ended without one."""

    letter: Annotated[Formal | None, Field(description="null: it was resolved without one.")]
    decision: Annotated[Decision | None, Field(description="Of a final response, where its words say so.")]
    message: Annotated[int | None, Field(description="The message it is.")]
    at: Instant
    found: Annotated[list[Point], Field(description="What was found in its words and files.")]
    ticked: Annotated[list[Point], Field(description="What only its writer says that it makes.")]
    missing: list[Point]
    without: Annotated[Without | None, Field(description="Why without what is missing, or without any.")]
    until: Annotated[Instant | None, Field(description="Of a holding reply: by when there will be a final response.")]


class CaseWhole(CaseTold):
    clocks: Annotated[list[ClockTold], Field(description="What it wants by when, in the order in which they started.")]
    formal: Annotated[list[FormalTold], Field(description="Letters of the rules (the UK's DISP), the oldest first.")]


class Cases(Told):
    items: list[CaseTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class CaseChange(Asked):
    """What is to be otherwise; what is left out stays."""

    status: CaseStatus = "open"
    kind: CaseKind = "enquiry"
    cause: Annotated[Cause | Literal[""], Field(description="Empty: none of these.")] = ""
    assignee: Annotated[Number | None, Field(description="null: nobody.")] = None
    without: Annotated[
        Without | None,
        Field(description="Why a complaint that is owed a final response (DISP) is resolved without one."),
    ] = None


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
    formal = [_formal_told(plain) for plain in case.formal]  # type: ignore[attr-defined] # annotated
    return CaseWhole(**dict(told(case)), clocks=clocks_told(case.clocks), formal=formal)  # type: ignore[attr-defined] # the same


def _formal_told(plain: dict[str, Any]) -> FormalTold:
    return FormalTold(
        letter=plain["formal"] or None,
        decision=plain["decision"] or None,
        without=plain["without"] or None,
        message=plain["message"],
        at=plain["at"],
        until=plain["until"],
        **{name: plain[name].split() for name in ("found", "ticked", "missing")},
    )


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
    try:
        actions.change(
            case,
            status=asked.status if "status" in chosen else None,
            without=asked.without,
            kind=asked.kind if "kind" in chosen else None,
            cause=asked.cause if "cause" in chosen else None,
            assignee=assignee,
            assigns="assignee" in chosen,
            by=staff,
            now=timezone.now(),
        )
    except actions.NoFinalResponse as error:
        raise not_sound("body", "without", str(error)) from error
    return told(queries.case_for(staff, number))


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

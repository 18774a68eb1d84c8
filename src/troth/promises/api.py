"""Promises for other programs: listed, read, recorded, and everything that can be done about one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.people.models import Customer, Staff
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
from troth.people.problems import Problem
from troth.people.queries import family, within_sight
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.people.rules.roles import May
from troth.promises import actions, queries
from troth.promises.forms import PromiseTold, PromiseToSomebodyAsked, owner_of, record, told
from troth.promises.models import Promise
from troth.words.promises import MissReason, Sort, State
from troth.words.refs import ref

router = Operations(tags=["promises"])


class PromiseOrder(StrEnum):
    NEWEST = "-made_at"
    OLDEST = "made_at"
    SOONEST = "due"
    """Only those that have a date."""


class PromisesAsked(Page):
    state: State | None = None
    owner: Annotated[Id | None, Field(description="The number of somebody who works here.")] = None
    customer: Annotated[Id | None, Field(description="Also those to records merged into theirs.")] = None
    case: Id | None = None
    due_from: Instant | None = None
    due_before: Instant | None = None
    sort: PromiseOrder = PromiseOrder.NEWEST


class Promises(Told):
    items: list[PromiseTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class DoneAsked(Asked):
    done_at: Annotated[Instant | None, Field(description="Now where left out; never later than now.")] = None


class MoveAsked(Asked):
    to: Instant
    words: Annotated[str, text(5000), Field(description="What the customer reads of what held you up.")]
    reason: MissReason | None = None
    due: Annotated[Instant | None, Field(description="The date you saw; where it is another now, nothing moves.")] = (
        None
    )


class ReasonAsked(Asked):
    reason: Annotated[str, text(2000)]


class GiveUpAsked(Asked):
    reason: MissReason | None = None


class DateAsked(Asked):
    due: Instant


class OwnerAsked(Asked):
    owner: Number


class WhyAsked(Asked):
    reason: MissReason


@router.reads("/promises", scope=Scope.PROMISES_READ, gives=Promises, name="list_promises", summary="List promises")
def list_promises(request: HttpRequest, asked: Query[PromisesAsked]) -> Promises:
    rows = Promise.objects.filter(within_sight(staff_of(request)))
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.owner:
        rows = rows.filter(owner_id=asked.owner)
    if asked.customer:
        rows = rows.filter(customer_id__in=family(asked.customer))
    if asked.case:
        rows = rows.filter(about=ref("case", asked.case))
    if asked.due_from:
        rows = rows.filter(due__gte=asked.due_from)
    if asked.due_before:
        rows = rows.filter(due__lt=asked.due_before)
    by = asked.sort.value.removeprefix("-")
    if asked.sort is PromiseOrder.SOONEST:
        rows = rows.filter(due__isnull=False)
    found, on = page_of_rows(rows, by=by, page=asked, newest_first=asked.sort is PromiseOrder.NEWEST)
    return Promises(items=[told(promise) for promise in found], next=on)


@router.reads(
    "/promises/{number}", scope=Scope.PROMISES_READ, gives=PromiseTold, name="read_promise", summary="Read a promise"
)
def read_promise(request: HttpRequest, number: Id) -> PromiseTold:
    return told(queries.promise_for(staff_of(request), number))


@router.does(
    "/promises",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    status=201,
    name="record_promise",
    summary="Record a promise that was made elsewhere",
)
def record_promise(request: HttpRequest, asked: PromiseToSomebodyAsked) -> PromiseTold:
    customer = Customer.objects.filter(pk=asked.customer).first()
    if customer is None:
        raise not_sound("body", "customer", "There is no such customer.")
    return told(record(asked, customer=customer, staff=staff_of(request), now=timezone.now()))


def _after(request: HttpRequest, number: int, done: bool) -> PromiseTold:
    """The promise as it stands after an act, or the problem that somebody was quicker."""
    if not done:
        raise Problem(Kind.SETTLED)
    return told(queries.promise_for(staff_of(request), number))


def _by_hand(staff: Staff, number: int) -> Promise:
    """A promise that may be settled without its being kept."""
    promise = queries.promise_for(staff, number)
    if promise.sort == Sort.NOT_AGAIN:
        raise Problem(Kind.NOT_ALLOWED, "The watch of its incident says what becomes of it: call that off.")
    return promise


@router.does(
    "/promises/{number}/keep",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="keep_promise",
    summary="It is done: kept by its date, done late after it",
)
def keep_promise(request: HttpRequest, number: Id, asked: DoneAsked) -> PromiseTold:
    staff, now = staff_of(request), timezone.now()
    promise = queries.promise_for(staff, number)
    if asked.done_at and asked.done_at < promise.made_at:
        raise not_sound("body", "done_at", "It was promised later than that.")
    return _after(request, number, actions.keep(promise, by=staff, now=now, done_at=asked.done_at))


@router.does(
    "/promises/{number}/move",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="move_promise",
    summary="Tell the customer, and give a new date",
)
def move_promise(request: HttpRequest, number: Id, asked: MoveAsked) -> PromiseTold:
    """The third move counts as broken, and its date is a promise of its own."""
    staff = staff_of(request)
    promise = queries.promise_for(staff, number)
    if asked.due and asked.due != promise.due:
        raise Problem(Kind.CHANGED, "It has another date by now.")
    try:
        actions.move(promise, to=asked.to, words=asked.words, reason=asked.reason or "", by=staff, now=timezone.now())
    except actions.NothingOwed as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    except actions.SomeoneWasQuicker as error:
        raise Problem(Kind.CHANGED, str(error)) from error
    except actions.DateAlreadyPassed as error:
        raise not_sound("body", "to", str(error)) from error
    return _after(request, number, True)


@router.does(
    "/promises/{number}/release",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="release_promise",
    summary="The customer let us off",
)
def release_promise(request: HttpRequest, number: Id, asked: ReasonAsked) -> PromiseTold:
    staff = staff_of(request)
    promise = _by_hand(staff, number)
    return _after(request, number, actions.release(promise, reason=asked.reason, by=staff, now=timezone.now()))


@router.does(
    "/promises/{number}/void",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="void_promise",
    summary="It was recorded by mistake",
)
def void_promise(request: HttpRequest, number: Id, asked: ReasonAsked) -> PromiseTold:
    """One that is on record takes a lead behind the key; one that was only found, nobody in particular."""
    staff = staff_of(request)
    promise = _by_hand(staff, number)
    if promise.state != State.PROPOSED and not staff.may(May.LEAD):
        raise Problem(Kind.NOT_ALLOWED, "Only a lead can void a promise that is on record.")
    return _after(request, number, actions.void(promise, reason=asked.reason, by=staff, now=timezone.now()))


@router.does(
    "/promises/{number}/give-up",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="give_up_promise",
    summary="It will not be done: broken, at once and openly",
)
def give_up_promise(request: HttpRequest, number: Id, asked: GiveUpAsked) -> PromiseTold:
    staff = staff_of(request)
    promise = _by_hand(staff, number)
    return _after(request, number, actions.give_up(promise, reason=asked.reason or "", by=staff, now=timezone.now()))


@router.does(
    "/promises/{number}/confirm",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="confirm_promise",
    summary="Its condition came true, or what was found is a promise: owed from now on",
)
def confirm_promise(request: HttpRequest, number: Id, asked: DateAsked) -> PromiseTold:
    staff = staff_of(request)
    promise = queries.promise_for(staff, number)
    try:
        return _after(request, number, actions.open_up(promise, due=asked.due, by=staff, now=timezone.now()))
    except actions.DateAlreadyPassed as error:
        raise not_sound("body", "due", str(error)) from error


@router.does(
    "/promises/{number}/own",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="own_promise",
    summary="Somebody becomes its owner",
)
def own_promise(request: HttpRequest, number: Id, asked: OwnerAsked) -> PromiseTold:
    staff = staff_of(request)
    promise = queries.promise_for(staff, number)
    actions.own(promise, owner=owner_of(asked.owner), by=staff, now=timezone.now())
    return _after(request, number, True)


@router.does(
    "/promises/{number}/explain",
    scope=Scope.PROMISES_WRITE,
    gives=PromiseTold,
    name="explain_promise",
    summary="Say why it was missed",
)
def explain_promise(request: HttpRequest, number: Id, asked: WhyAsked) -> PromiseTold:
    staff = staff_of(request)
    promise = queries.promise_for(staff, number)
    actions.explain(promise, reason=asked.reason, by=staff, now=timezone.now())
    return _after(request, number, True)

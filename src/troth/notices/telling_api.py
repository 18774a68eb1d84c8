"""What everybody affected is told, for other programs: how far it has come, who was told, and keeping it in hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.notices import members
from troth.notices.actions import telling as actions
from troth.notices.models import Notice, Recipient
from troth.notices.queries import progress
from troth.notices.seen import notice_for
from troth.people.operations import Id, Instant, Operations, Page, Told, not_sound, staff_of
from troth.people.problems import Problem
from troth.people.rules.cursor import NUMBER_MOST
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind

router = Operations(tags=["notices"])

_States = Literal["waiting", "queued", "accepted", "bounced", "refused", "unclear", "unreachable", "by_hand"]


class NoticeTold(Told):
    id: int
    about: Annotated[str, Field(description="Such as incident:3.")]
    cohort: int
    sort: str
    state: Literal["draft", "proposed", "sending", "paused", "done", "stopped"]
    happened_at: Annotated[Instant, Field(description="When what it tells of was so.")]
    sent_at: Instant | None
    done_at: Instant | None
    progress: Annotated[dict[str, int], Field(description="How many members stand where, by state.")]
    unmade: Annotated[int, Field(description="Members whose turn has not come yet.")]
    told: Annotated[int, Field(description="By letter or by hand.")]
    of: int


class RecipientsAsked(Page):
    state: Annotated[_States | None, Field(description="All where left out.")] = None


class RecipientTold(Told):
    id: int
    member: int
    customer: Annotated[
        int | None, Field(description="null: an address of a list, or one whose cases you may not see.")
    ]
    state: _States
    carrier: str
    address: Annotated[str, Field(description="Empty where it is not known yet, or you may not see it.")]
    tries: Annotated[int, Field(description="How many addresses were tried.")]
    told_at: Instant | None


class Recipients(Told):
    items: list[RecipientTold]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


@router.reads(
    "/notices/{number}", scope=Scope.NOTICES_READ, gives=NoticeTold, name="read_notice", summary="Read a notice"
)
def read_notice(request: HttpRequest, number: Id) -> NoticeTold:
    """How far the telling has come; ask again while its state is `sending`."""
    return _whole(notice_for(staff_of(request), number))


@router.reads(
    "/notices/{number}/recipients",
    scope=Scope.NOTICES_READ,
    gives=Recipients,
    name="list_recipients",
    summary="List who is told, and how it ended for each",
)
def list_recipients(request: HttpRequest, number: Id, asked: Query[RecipientsAsked]) -> Recipients:
    """Who is there for cases alone that you may not see is counted among them without a name or an address."""
    staff = staff_of(request)
    after = asked.cursor or "0"
    if not re.fullmatch(r"[0-9]{1,18}", after, re.ASCII) or int(after) > NUMBER_MOST:
        raise not_sound("query", "cursor", "It is no cursor of this list.")
    rows = Recipient.objects.filter(notice=notice_for(staff, number), pk__gt=int(after))
    if asked.state:
        rows = rows.filter(state=asked.state)
    found = list(rows.select_related("member__customer").order_by("pk")[: asked.limit + 1])
    page = found[: asked.limit]
    items = [
        RecipientTold(
            id=row.pk,
            member=row.member_id,
            customer=one.customer,
            state=row.state,  # type: ignore[arg-type] # the table knows no other
            carrier=row.carrier,
            address="" if one.hidden else row.address,
            tries=row.tries,
            told_at=row.told_at,
        )
        for row, one in zip(page, members.seen([row.member for row in page], staff=staff), strict=True)
    ]
    return Recipients(items=items, next=str(page[-1].pk) if len(found) > asked.limit else None)


@router.does(
    "/notices/{number}/pause",
    scope=Scope.NOTICES_WRITE,
    gives=NoticeTold,
    name="pause_notice",
    summary="Pause a notice",
)
def pause_notice(request: HttpRequest, number: Id) -> NoticeTold:
    """No more letters begin to leave until it is resumed."""
    return _done(request, number, actions.pause)


@router.does(
    "/notices/{number}/resume",
    scope=Scope.NOTICES_WRITE,
    gives=NoticeTold,
    name="resume_notice",
    summary="Let a notice go on",
)
def resume_notice(request: HttpRequest, number: Id) -> NoticeTold:
    return _done(request, number, actions.resume)


@router.does(
    "/notices/{number}/stop", scope=Scope.NOTICES_WRITE, gives=NoticeTold, name="stop_notice", summary="Stop a notice"
)
def stop_notice(request: HttpRequest, number: Id) -> NoticeTold:
    """For good: whoever was not told yet is not told by it. Letters that have left are not called back."""
    return _done(request, number, actions.stop)


def _done(request: HttpRequest, number: int, do: Callable[..., Notice]) -> NoticeTold:
    staff = staff_of(request)
    notice = notice_for(staff, number)
    try:
        do(notice, by=staff, now=timezone.now())
    except actions.NotNow as error:
        raise Problem(Kind.CHANGED, str(error)) from error
    return _whole(notice_for(staff, number))


def _whole(notice: Notice) -> NoticeTold:
    stands = progress(notice)
    names = ("about", "sort", "state", "happened_at", "sent_at", "done_at")
    return NoticeTold(
        id=notice.pk,
        cohort=notice.cohort_id,
        progress=stands.by_state,
        unmade=stands.unmade,
        told=stands.told,
        of=stands.of,
        **{name: getattr(notice, name) for name in names},
    )

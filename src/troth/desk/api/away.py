"""Who is away, for other programs, and what of theirs falls due meanwhile: handed over in one go, and back."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.cases.actions import giving
from troth.cases.models import HandOver
from troth.people.models import Staff
from troth.people.operations import Asked, Id, Instant, Number, Operations, Told, not_sound, staff_of
from troth.people.problems import Problem
from troth.people.queries import owner_choices
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.people.rules.roles import May

router = Operations(tags=["away"])
SHOWN_MOST = 100


class AwayTold(Told):
    staff: int
    name: str
    since: Instant | None
    until: Annotated[Instant | None, Field(description="null: they are here.")]
    away: Annotated[bool, Field(description="At this moment; false where it begins later, or has ended.")]


class AwayList(Told):
    items: list[AwayTold]


class AwayAsked(Asked):
    staff: Annotated[Number | None, Field(description="A colleague, which takes a lead; whoever the key acts for.")] = (
        None
    )
    since: Annotated[Instant | None, Field(description="From now where left out.")] = None
    until: Annotated[Instant | None, Field(description="null: they are here.")]


class HandOverAsked(Asked):
    staff: Annotated[Number, Field(description="Who is away.")]
    to: Annotated[Number, Field(description="Who takes what falls due meanwhile.")]


class HandOverTold(Told):
    id: int
    staff: int
    to: int
    by: int
    at: Instant
    cases: Annotated[list[int], Field(description="The numbers of what went over.")]
    promises: list[int]
    undone_at: Instant | None


class HandOvers(Told):
    items: list[HandOverTold]


@router.reads("/away", scope=Scope.CASES_READ, gives=AwayList, name="list_away", summary="List who is away, or will be")
def list_away(request: HttpRequest) -> AwayList:
    now = timezone.now()
    gone = [one for one in owner_choices() if one.away_until and one.away_until > now]
    return AwayList(items=[_away(one) for one in gone])


@router.changes(
    "/away",
    scope=Scope.CASES_WRITE,
    gives=AwayTold,
    name="set_away",
    summary="Say that somebody is away, or here again",
)
def set_away(request: HttpRequest, asked: AwayAsked) -> AwayTold:
    """New cases go to others meanwhile. Of oneself anybody says it, of a colleague a lead."""
    staff = staff_of(request)
    who = staff if asked.staff in {None, staff.pk} else _colleague(asked.staff, at="staff")
    if who.pk != staff.pk:
        _for_leads(staff)
    try:
        giving.set_away(who, since=asked.since, until=asked.until, now=timezone.now())
    except giving.NotAWayToBeAway as error:
        raise not_sound("body", "until", str(error)) from error
    return _away(who)


@router.reads(
    "/hand-overs",
    scope=Scope.CASES_READ,
    gives=HandOvers,
    name="list_hand_overs",
    summary="List what was handed over and not taken back, newest first",
)
def list_hand_overs(request: HttpRequest) -> HandOvers:
    """For leads; a hundred at most, and none in which there is something that you do not see."""
    staff = staff_of(request)
    _for_leads(staff)
    rows = list(HandOver.objects.filter(undone_at=None).order_by("-pk")[:SHOWN_MOST])
    return HandOvers(items=[_handed(one) for one in giving.in_sight(rows, of=staff)])


@router.does(
    "/hand-overs",
    scope=Scope.CASES_WRITE,
    gives=HandOverTold,
    status=201,
    name="hand_over",
    summary="Hand what falls due while somebody is away to a colleague",
)
def hand_over(request: HttpRequest, asked: HandOverAsked) -> HandOverTold:
    """For leads: cases in which a customer waits, and promises due before they are back, as far as you and the colleague see them."""
    staff = staff_of(request)
    _for_leads(staff)
    who, to = _colleague(asked.staff, at="staff"), _colleague(asked.to, at="to")
    try:
        handed = giving.hand_over(who, to=to, by=staff, now=timezone.now())
    except giving.NothingToHandOver as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    if handed is None:
        raise Problem(Kind.SETTLED, "Nothing falls due that both of you see.")
    return _handed(handed)


@router.does(
    "/hand-overs/{number}/undo",
    scope=Scope.CASES_WRITE,
    gives=HandOverTold,
    name="hand_back",
    summary="Hand back what nobody has touched since",
)
def hand_back(request: HttpRequest, number: Id) -> HandOverTold:
    """For leads."""
    staff = staff_of(request)
    handed = HandOver.objects.filter(pk=number).first()
    if handed is None or not giving.in_sight([handed], of=staff):
        raise Http404
    _for_leads(staff)
    if giving.hand_back(handed, by=staff, now=timezone.now()) is None:
        raise Problem(Kind.SETTLED, "It was handed back already.")
    handed.refresh_from_db()
    return _handed(handed)


def _for_leads(staff: Staff) -> None:
    if not staff.may(May.LEAD):
        raise Problem(Kind.NOT_ALLOWED, "This takes a lead behind the key.")


def _colleague(number: int | None, *, at: str) -> Staff:
    found = next((one for one in owner_choices() if one.pk == number), None)
    if found is None:
        raise not_sound("body", at, "Nobody by that number answers customers here.")
    return found


def _away(one: Staff) -> AwayTold:
    now = timezone.now()
    return AwayTold(staff=one.pk, name=one.name, since=one.away_from, until=one.away_until, away=one.is_away(now))


def _handed(one: HandOver) -> HandOverTold:
    return HandOverTold(
        id=one.pk,
        staff=one.staff_id,
        to=one.to_id,
        by=one.by_id,
        at=one.at,
        cases=one.cases,
        promises=one.promises,
        undone_at=one.undone_at,
    )

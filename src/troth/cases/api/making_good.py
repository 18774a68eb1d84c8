"""Making a case good: a remedy is offered in it, within the authority of whoever is behind the key."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.cases import queries
from troth.people.operations import Asked, Id, Operations, maybe_text, not_sound, staff_of
from troth.people.problems import Problem
from troth.people.queries import NobodyLeft
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.remedies import actions
from troth.remedies.forms import RemedyTold, told
from troth.remedies.models import Remedy
from troth.remedies.rules.money import Money, NotMoney, money
from troth.words.refs import ref
from troth.words.remedies import Remedy as Sort
from troth.words.remedies import State

router = Operations(tags=["remedies"])


class RemedyOfferAsked(Asked):
    sort: Sort
    what: Annotated[str, maybe_text(500), Field(description="Written from sort and amount where empty.")] = ""
    amount: Annotated[
        str, maybe_text(30), Field(description="As text, such as 12.50; empty where it is not money.")
    ] = ""
    currency: Annotated[str, maybe_text(3), Field(description="ISO 4217.")] = ""
    days: Annotated[int, Field(ge=1, le=250, description="Within so many working days of its being owed.")] = 10
    asks: Annotated[bool, Field(description="Their yes is asked for first; false: it is owed from now on.")] = True


@router.does(
    "/cases/{number}/remedies",
    scope=Scope.PROMISES_WRITE,
    gives=RemedyTold,
    status=201,
    name="offer_remedy",
    summary="Offer a remedy in a case",
)
def offer_remedy(request: HttpRequest, number: Id, asked: RemedyOfferAsked) -> RemedyTold:
    """What is beyond the authority of whoever is behind the key is `waiting` until somebody who has it says yes."""
    staff, now = staff_of(request), timezone.now()
    case = queries.case_for(staff, number)
    about = ref("case", case.pk)
    try:
        remedy = actions.offer(
            about=about,
            customer=case.customer,
            team_id=case.team_id or staff.team_id,
            sort=asked.sort.value,
            what=asked.what,
            money=_money(asked),
            days=asked.days,
            asks=asked.asks,
            sought=Remedy.objects.filter(about=about, state=State.SOUGHT, sort=asked.sort.value).first(),
            by=staff,
            now=now,
        )
    except actions.NotAllowed as error:
        raise Problem(Kind.NOT_ALLOWED, str(error)) from error
    except actions.NotNow as error:
        raise Problem(Kind.CHANGED, "Somebody was quicker.") from error
    except NobodyLeft as error:
        raise Problem(Kind.SETTLED, "This customer was erased.") from error
    return told(remedy)


def _money(asked: RemedyOfferAsked) -> Money | None:
    if not asked.amount and not asked.currency:
        return None
    try:
        return money(asked.amount, asked.currency)
    except NotMoney as error:
        raise not_sound("body", "currency" if "currency" in str(error) else "amount", str(error)) from error

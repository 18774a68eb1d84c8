"""For other programs: put on record that somebody asks to be forgotten.

To erase is nothing a key can do: whoever does it is asked once more who they are, and a program cannot be.
"""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.people.models import Customer
from troth.people.operations import Id, Instant, Operations, Told, staff_of
from troth.people.problems import Problem
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.privacy import actions

router = Operations(tags=["customers"])


class WishTold(Told):
    id: int
    customer: Annotated[int, Field(description="The one in front, where records were merged.")]
    asked_at: Instant
    answer_by: Annotated[Instant, Field(description="Told to them, and recorded as a promise.")]


@router.does(
    "/customers/{number}/erasure-requests",
    scope=Scope.CUSTOMERS_WRITE,
    gives=WishTold,
    status=201,
    name="ask_for_erasure",
    summary="Put on record that a customer asks to be forgotten",
)
def ask_for_erasure(request: HttpRequest, number: Id) -> WishTold:
    """They are to have an answer within a month (GDPR 12(3)). A person looks at it, and erases or says why not."""
    found = Customer.objects.select_related("root").filter(pk=number).first()
    if found is None:
        raise Http404
    try:
        wish = actions.ask(found.root or found, by=staff_of(request), now=timezone.now())
    except actions.AskedAlready as error:
        raise Problem(Kind.SETTLED, "They asked already, and wait for an answer.") from error
    except actions.ErasedAlready as error:
        raise Problem(Kind.SETTLED, "They were erased already.") from error
    return WishTold(id=wish.pk, customer=wish.customer_id, asked_at=wish.asked_at, answer_by=wish.answer_by)

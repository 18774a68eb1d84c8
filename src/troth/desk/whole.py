"""All that a customer's page shows of them, in four statements: who they are and what hangs on that, promises, cases, messages."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from troth.cases.models import Case, Message
from troth.people.models import Customer, Handle, Merge, Staff
from troth.people.planned import Given, Question
from troth.people.queries import sight_given, sight_of
from troth.privacy.models import Request
from troth.promises.models import Promise

CASES_MOST = 50
STORY_MOST = 200
#: Records that may be the same person: so many are offered.
LIKE_MOST = 8


def whole(pk: int) -> Any:
    """The customer with `ids` of the family, `handles`, `merges` that stand, what they `asked`, and records `like` them by name.

    Where *pk* was merged into another only that one's number counts. Raises Http404.
    """
    found = _whole().ask(customer=pk)
    if not found:
        raise Http404
    return found[0]


@cache
def _whole() -> Question[Customer, Any]:
    family = Customer.objects.filter(root=OuterRef("root")).order_by("pk")
    handles = Handle.objects.filter(customer__root=OuterRef("root")).order_by("pk")
    merges = Merge.objects.filter(front=OuterRef("pk"), undone_at=None).order_by("-at", "-pk")
    asked = Request.objects.filter(customer__root=OuterRef("root"), answered_at=None).order_by("pk")
    same_name = Customer.objects.filter(erased_at=None, name__iexact=OuterRef("name")).exclude(name="")
    return Question(
        Customer.objects.annotate(
            ids=ArraySubquery(family.values("pk")),
            handles_beside=ArraySubquery(
                handles.values(
                    plain=JSONObject(
                        kind="kind",
                        value="address",
                        confirmed=Q(verified_at__isnull=False),
                        bounced=Q(bounced_at__isnull=False),
                    )
                )
            ),
            merges=ArraySubquery(
                merges.values(
                    plain=JSONObject(
                        merge="pk", at="at", pk="merged_id", name="merged__name", erased_at="merged__erased_at"
                    )
                )
            ),
            asked=Subquery(asked.values(plain=JSONObject(asked_at="asked_at", answer_by="answer_by"))[:1]),
            like=ArraySubquery(_told(same_name.exclude(root=OuterRef("root")))),
        ).filter(pk=Given("customer"))
    )


def found_like(ids: list[int], search: str) -> list[dict[str, Any]]:
    """Records with these words in their name or address, of other people than *ids*."""
    matching = Q(name__icontains=search) | Q(handles__address__icontains=search)
    others = Customer.objects.filter(matching, erased_at=None).exclude(pk__in=ids).exclude(root_id=ids[0])
    return [row["plain"] for row in _told(Customer.objects.filter(pk__in=others.values("pk")))]


def _told(customers: QuerySet[Customer]) -> QuerySet[Customer, Any]:
    addresses = Handle.objects.filter(customer=OuterRef("pk")).order_by("pk").values("address")[:2]
    plain = JSONObject(id="pk", name="name", addresses=ArraySubquery(addresses))
    return customers.order_by("pk").values(plain=plain)[:LIKE_MOST]


def promises_to(root: int, *, staff: Staff) -> list[Promise]:
    """What was promised to this person as far as *staff* sees, what is owed first, then newest."""
    return _promises(sight_of(staff).is_full).ask(customer=root, own_team=staff.team_id or 0)


@cache
def _promises(is_full: bool) -> Question[Promise, Promise]:
    rows = Promise.objects.filter(sight_given(is_full=is_full), customer__in=_family())
    return Question(
        rows.only(
            "source_quote", "what", "state", "strength", "due", "first_due", "made_at", "done_at", "settled_at", "told_at"
        ).order_by("settled_at", "due", "-made_at")
    )  # fmt: skip


def cases_with(root: int, *, staff: Staff) -> list[Case]:
    """Their latest cases that *staff* sees."""
    return _cases(sight_of(staff).is_full).ask(customer=root, own_team=staff.team_id or 0)


@cache
def _cases(is_full: bool) -> Question[Case, Case]:
    rows = Case.objects.filter(sight_given(is_full=is_full), customer__in=_family())
    return Question(rows.only("subject", "status").order_by("-last_message_at", "-pk")[:CASES_MOST])


def messages_with(root: int, *, staff: Staff) -> list[Message]:
    """What was said lately in their cases that *staff* sees, the newest first."""
    return _messages(sight_of(staff).is_full).ask(customer=root, own_team=staff.team_id or 0)


@cache
def _messages(is_full: bool) -> Question[Message, Message]:
    cases = Case.objects.filter(sight_given(is_full=is_full), customer__in=_family())
    rows = Message.objects.filter(case__in=cases).select_related("staff")
    return Question(rows.only("at", "direction", "text", "staff__name").order_by("-at", "-pk")[:STORY_MOST])


def _family() -> QuerySet[Customer, Any]:
    return Customer.objects.filter(root=Given("customer")).values("pk")


def moment(plain: str) -> datetime:
    """A moment out of a JSON value."""
    return datetime.fromisoformat(plain)

"""The list of cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.cases.models import Case, Message
from troth.cases.sayings import reasons
from troth.people.doors import staff_door
from troth.people.models import Handle, Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, page_of, staff_of, typed
from troth.promises.models import Promise
from troth.words.refs import number_of, ref

PAGE = 50


@staff_door(May.READ)
def cases_list(request: HttpRequest) -> HttpResponse:
    staff = staff_of(request)
    view, search = request.GET.get("view", "open"), typed(request.GET, "search").strip()
    newest = Message.objects.filter(case=OuterRef("pk")).exclude(direction="note").order_by("-at", "-pk")
    rows = (
        Case.objects.filter(
            within_sight(staff),
            _view(view, staff) if not search else _search(search),
            _older_than(request.GET.get("older", "")),
        )
        .select_related("customer", "assignee")
        .annotate(snippet=Subquery(newest.values(start=Left("text", 240))[:1]))
        .order_by("-last_message_at", "-pk")[: PAGE + 1]
    )
    found = list(rows)
    owed = _owed_in(found[:PAGE])
    page = reverse("cases:list")
    older = None
    if len(found) > PAGE:
        mark = f"{found[PAGE - 1].last_message_at.isoformat()}~{found[PAGE - 1].pk}"
        older = f"{page}?{urlencode({'view': view, 'search': search, 'older': mark})}"
    paged = bool(request.GET.get("older"))
    newer = f"{page}?{urlencode({'view': view, 'search': search})}" if paged else None
    values = desk_values(
        request,
        views=[
            {"words": words, "href": f"{page}?view={key}", "here": key == view and not search}
            for key, words in (
                ("open", _("Open")),
                ("mine", _("Mine")),
                ("unanswered", _("Unanswered")),
                ("waiting", _("Waiting for the customer")),
                ("resolved", _("Resolved")),
                ("all", _("All")),
            )
        ],
        search=search,
        cases=[_row(case, promises_owed=owed.get(case.pk, 0)) for case in found[:PAGE]],
        pages={"words": "", "newer": newer, "older": older} if older or paged else None,
    )
    return render(request, "cases/list.html", values)


def _view(view: str, staff: Staff) -> Q:
    return {
        "mine": Q(assignee=staff) & ~Q(status="resolved"),
        "unanswered": Q(unanswered_since__isnull=False, imported=False),
        "waiting": Q(status="waiting"),
        "resolved": Q(status="resolved"),
        "all": Q(),
    }.get(view, Q(status="open"))


def _search(search: str) -> Q:
    found = Q(subject__icontains=search) | Q(customer__name__icontains=search)
    reached = Handle.objects.filter(customer=OuterRef("customer"), address__icontains=search)
    found |= Q(Exists(reached)) if "@" in search else Q()
    number = search.removeprefix("#")
    return Q(pk=int(number)) if number.isdecimal() and len(number) < 19 else found


def _older_than(mark: str) -> Q:
    at, _sep, number = mark.partition("~")
    last = local_time(at, "UTC")
    if last is None or not number.isdecimal():
        return Q()
    return Q(last_message_at__lt=last) | Q(last_message_at=last, pk__lt=int(number[:18]))


def _owed_in(cases: Sequence[Case]) -> dict[int, int]:
    """How many promises are owed in each case; one statement."""
    rows = (
        Promise.objects.filter(
            about__in=[ref("case", case.pk) for case in cases], state__in=["open", "moved", "late"], done_at=None
        )
        .values_list("about")
        .annotate(Count("pk"))
    )
    return {number_of(about, "case"): count for about, count in rows}


def _row(case: Case, *, promises_owed: int) -> dict[str, Any]:
    return {
        "id": case.pk,
        "href": page_of(ref("case", case.pk)),
        "number": case.pk,
        "customer": str(case.customer),
        "subject": str(case),
        "snippet": getattr(case, "snippet", "") or "",
        "kind": case.kind,
        "channel": case.channel,
        "owner": case.assignee.name if case.assignee else None,
        "last_at": case.last_message_at,
        "due": None if case.imported else case.answer_by,
        "unread": case.unanswered_since is not None and not case.imported,
        "reasons": reasons(case),
        "promises": promises_owed,
    }

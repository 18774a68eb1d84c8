"""The list of cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases import queries
from troth.cases.desk.snoozing import snooze_reasons
from troth.cases.sayings import reasons
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, page_of, staff_of, typed
from troth.words.refs import ref

PAGE = 50


@staff_door(May.READ)
def cases_list(request: HttpRequest) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    view, search = request.GET.get("view", "open"), typed(request.GET, "search").strip()
    before = _mark(request.GET.get("older", ""))
    only = queries.found(staff, search, before=before, most=PAGE + 1) if search else queries.view(view, staff, now=now)
    found = queries.rows(staff, only, before=before, most=PAGE + 1)
    page = reverse("cases:list")
    older = None
    if len(found) > PAGE:
        mark = f"{found[PAGE - 1].last_message_at.isoformat()}~{found[PAGE - 1].pk}"
        older = f"{page}?{urlencode({'view': view, 'search': search, 'older': mark})}"
    paged = bool(request.GET.get("older"))
    newer = f"{page}?{urlencode({'view': view, 'search': search})}" if paged else None
    values = desk_values(
        request,
        now=now,
        views=[
            {"words": words, "href": f"{page}?view={key}", "here": key == view and not search}
            for key, words in (
                ("open", _("Open")),
                ("mine", _("Mine")),
                ("unanswered", _("Unanswered")),
                ("waiting", _("Waiting for the customer")),
                ("snoozed", _("Snoozed")),
                ("resolved", _("Resolved")),
                ("all", _("All")),
            )
        ],
        search=search,
        cases=[_row(case, zone=staff.zone, now=now) for case in found[:PAGE]],
        pages={"words": "", "newer": newer, "older": older} if older or paged else None,
    )
    return render(request, "cases/list.html", values)


def _mark(text: str) -> tuple[datetime, int] | None:
    """Keyset paging: the last row shown."""
    at, _sep, number = text.partition("~")
    last = local_time(at, "UTC")
    return (last, int(number[:18])) if last and number.isdecimal() else None


def _row(case: queries.Row, *, zone: str, now: datetime) -> dict[str, Any]:
    return {
        "id": case.pk,
        "href": page_of(ref("case", case.pk)),
        "number": case.pk,
        "customer": case.customer_name or f"Customer {case.customer_id}",
        "subject": case.subject or f"Case {case.pk}",
        "snippet": case.snippet or "",
        "kind": case.kind,
        "channel": case.channel,
        "owner": case.owner,
        "last_at": case.last_message_at,
        "due": None if case.imported else case.answer_by,
        "unread": case.unanswered_since is not None and not case.imported,
        "reasons": [*reasons(case, again=case.again), *snooze_reasons(case, zone=zone, now=now)],
        "promises": case.promises or 0,
    }

"""Cases become part of an incident: from its page by what is like them, and from a case's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from troth.cases.models import Case
from troth.cases.queries import case_for
from troth.incidents import actions, queries
from troth.incidents.desk.beginning import cases_of
from troth.incidents.models import Incident
from troth.incidents.sayings import kind_words
from troth.orders.models import Order
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed

SHOWN = 50
OFFERED = 20


@staff_door(May.ANSWER)
def linkable(request: HttpRequest, pk: int) -> HttpResponse:
    """Cases that are like it, those with the same cause, product or place first; chosen ones become part of it."""
    staff, now = staff_of(request), timezone.now()
    incident = queries.incident_for(staff, pk)
    if request.method == "POST":
        numbers = " ".join([*request.POST.getlist("case"), typed(request.POST, "numbers").replace("#", " ")])
        count = actions.link(incident, cases_of(staff, numbers), by=staff, now=now)
        words = ngettext("One case is part of it now.", "%(n)s cases are part of it now.", count) % {"n": count}
        messages.success(request, words if count else _("No case was added: choose some, or write their numbers."))
        return redirect("incidents:incident", pk)
    search = typed(request.GET, "search").strip()
    rows = _like(staff, incident, search).select_related("customer")[:SHOWN]
    values = desk_values(
        request,
        now=now,
        i={"id": incident.pk, "title": incident.title},
        search=search,
        cases=[
            {
                "number": case.pk,
                "href": page_of(f"case:{case.pk}"),
                "subject": case.subject or _("no subject"),
                "customer": str(case.customer),
                "opened_at": case.opened_at,
                "is_complaint": case.kind == Case.Kind.COMPLAINT,
                "elsewhere": bool(case.incident),
            }
            for case in rows
        ],
    )
    return render(request, "incidents/cases.html", values)


def _like(staff: Staff, incident: Incident, search: str) -> QuerySet[Case]:
    """Not part of it yet, the newest first."""
    rows = Case.objects.filter(within_sight(staff), imported=False).exclude(incident=incident.ref)
    rows = rows.order_by("-last_message_at", "-pk")
    if search:
        number = int(search.removeprefix("#")[:18]) if search.removeprefix("#").isdecimal() else 0
        return rows.filter(Q(pk=number) | Q(subject__icontains=search))
    like = Q(cause=incident.cause, incident="") if incident.cause else Q(incident="")
    if incident.product or incident.place:
        bought = Order.objects.filter(
            **({"product": incident.product} if incident.product else {}),
            **({"place": incident.place} if incident.place else {}),
        )
        like |= Q(customer__in=bought.values("customer"), incident="", opened_at__gte=incident.happened_at)
    return rows.filter(like)


@staff_door(May.READ)
def beside_case(request: HttpRequest, number: int) -> HttpResponse:
    """The part of a case's page about the incident it is part of: what was last said, and what to tell."""
    staff = staff_of(request)
    case = case_for(staff, number)
    incident = queries.named(case.incident)
    if incident is not None and not queries.seen_by(staff).filter(pk=incident.pk).exists():
        incident = None
    last = queries.last_told([incident.pk]).get(incident.pk) if incident else None
    values: dict[str, Any] = desk_values(
        request,
        case={"number": case.pk},
        may_answer=staff.may(May.ANSWER),
        incident={
            "id": incident.pk,
            "title": incident.title,
            "href": page_of(incident.ref),
            "is_open": incident.state == "open",
            "next_word": incident.next_word.due if incident.next_word and incident.state == "open" else None,
            "last": {"words": last.words, "kind": kind_words(last.kind), "said_at": last.said_at} if last else None,
        }
        if incident
        else None,
        others=[] if incident else [(one.pk, one.title) for one in _offered(staff)],
    )
    return render(request, "incidents/_beside_case.html", values)


def _offered(staff: Staff) -> QuerySet[Incident]:
    return queries.open_incidents().filter(within_sight(staff))[:OFFERED]


@require_POST
@staff_door(May.ANSWER)
def link_case(request: HttpRequest, number: int) -> HttpResponse:
    """From the case's page: it is part of the chosen incident."""
    staff, chosen = staff_of(request), typed(request.POST, "incident")
    case = case_for(staff, number)
    incident = queries.incident_for(staff, int(chosen[:18]) if chosen.isdecimal() else 0)
    actions.link(incident, [case], by=staff, now=timezone.now())
    messages.success(request, _("Part of the incident now."))
    return redirect("cases:case", number)

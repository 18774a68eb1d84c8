"""Beside the composer: ask for a draft, see how far it is, put it in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from troth.cases.models import Case
from troth.cases.queries import case_for
from troth.drafting import actions, queries
from troth.drafting.models import Draft
from troth.people.doors import staff_door
from troth.people.queries import NobodyLeft
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of


@require_safe
@staff_door(May.ANSWER)
def panel(request: HttpRequest, number: int) -> HttpResponse:
    return _shown(request, case_for(staff_of(request), number))


@require_POST
@staff_door(May.ANSWER)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    case = case_for(staff_of(request), number)
    try:
        actions.ask(case, staff=staff_of(request), now=timezone.now())
    except (actions.SwitchedOff, NobodyLeft):
        return HttpResponse(status=409)
    return _shown(request, case)


@require_POST
@staff_door(May.ANSWER)
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    case = case_for(staff_of(request), number)
    actions.cancel(case, staff=staff_of(request), now=timezone.now())
    return _shown(request, case)


@require_POST
@staff_door(May.ANSWER)
def take(request: HttpRequest, number: int) -> JsonResponse:
    case = case_for(staff_of(request), number)
    pk = request.POST.get("draft", "")[:18]
    try:
        taken = pk.isdecimal() and actions.take(case, staff=staff_of(request), pk=int(pk), now=timezone.now())
    except NobodyLeft:
        return JsonResponse({"taken": False}, status=409)
    return JsonResponse({"taken": bool(taken)}, status=200 if taken else 409)


def _shown(request: HttpRequest, case: Case) -> HttpResponse:
    staff = staff_of(request)
    to = queries.endpoint()
    if to is None:
        return HttpResponse()  # switched off while the page was open
    draft = queries.latest(case, staff)
    values = desk_values(
        request,
        number=case.pk,
        draft=draft,
        goes_on=draft is not None and draft.state in {Draft.State.ASKED, Draft.State.WRITING},
        place=to.place,
        model=to.model,
        understood=queries.has_understood(staff, to.place),
    )
    return render(request, "drafting/panel.html", values)

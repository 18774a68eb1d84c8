"""Who else has a case open or writes in it: what open pages say and ask every few seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from troth.cases import actions, queries
from troth.cases.actions import presence
from troth.cases.rules.presence import Here, Writes
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import staff_of

#: A list shows fifty cases.
ASKED_MOST = 100


@require_POST
@staff_door(May.READ)
def here(request: HttpRequest, number: int) -> JsonResponse:
    """This page is open, or closes; the answer says who else is here."""
    staff, now = staff_of(request), timezone.now()
    case = queries.case_for(staff, number)
    if request.POST.get("gone"):
        presence.gone(case, staff=staff)
        return JsonResponse({"others": []})
    said = request.POST.get("writes", "")
    writes = Writes(said) if said in set(Writes) and staff.may(May.ANSWER) else Writes.NOTHING
    if presence.here(case, staff=staff, writes=writes, now=now):
        actions.seen(case, staff=staff, now=now)  # they look at it: whatever they were called for is seen
    others = presence.others_in([case.pk], staff=staff, now=now)
    return JsonResponse({"others": [_told(one, now=now) for one in others]})


@require_GET
@staff_door(May.READ)
def present(request: HttpRequest) -> JsonResponse:
    """Who is in each of these cases, for a list of them."""
    staff, now = staff_of(request), timezone.now()
    asked = [int(one) for one in request.GET.get("cases", "")[:4000].split(",") if one.isdecimal() and len(one) < 19]
    found: dict[int, list[dict[str, Any]]] = {}
    for one in presence.others_in(asked[:ASKED_MOST], staff=staff, now=now) if asked else []:
        found.setdefault(one.case, []).append(_told(one, now=now))
    return JsonResponse({"cases": found})


def _told(one: Here, *, now: datetime) -> dict[str, Any]:
    return {"name": one.name, "writes": one.writing(now).value, "left": round(one.seconds_left(now), 1)}

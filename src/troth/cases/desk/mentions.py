"""Whom a note can name, and that one has seen what one was called for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from troth.cases import actions, queries
from troth.cases.rules.mentions import written
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import staff_of


@require_GET
@staff_door(May.ANSWER)
def nameable(request: HttpRequest, number: int) -> JsonResponse:
    """The colleagues who see this case, and how each is written behind the @."""
    staff = staff_of(request)
    people = [one for one in actions.nameable(queries.case_for(staff, number)) if one.pk != staff.pk]
    ways = written(people)
    return JsonResponse({"people": [{"name": one.name, "email": one.email, "written": ways[one.pk]} for one in people]})


@require_POST
@staff_door(May.READ)
def seen(request: HttpRequest, number: int) -> HttpResponse:
    """It goes from their Today."""
    staff = staff_of(request)
    actions.seen(queries.case_for(staff, number), staff=staff, now=timezone.now())
    return redirect("desk:today")

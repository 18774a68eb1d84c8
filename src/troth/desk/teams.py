"""The teams, for those who run the installation: make one, name it, close it to the rest of the house."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.cases import actions
from troth.people.doors import staff_door
from troth.people.models import Team
from troth.people.rules.assigns import Assigns
from troth.people.rules.roles import May
from troth.people.shell import desk_values, origin_of, staff_of, typed

NAME_MOST = 80
NEW = 0


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.RUN)
def teams(request: HttpRequest) -> HttpResponse:
    """Every team with what it is told to do; a POST makes one."""
    if request.method != "POST":
        return _page(request)
    return _said(request, None)


@require_http_methods(["POST"])
@staff_door(May.RUN)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    team = Team.objects.filter(pk=pk).first()
    if team is None:
        raise Http404
    return _said(request, team)


def _said(request: HttpRequest, team: Team | None) -> HttpResponse:
    """What a form says is done, or the page shows it again with what is wrong."""
    said: dict[str, Any] = {
        "name": typed(request.POST, "name").strip()[: NAME_MOST + 1],
        "is_closed": request.POST.get("sight") == "closed",
        "heads_up_by_itself": request.POST.get("heads_up") != "no",
        "assigns": Assigns(given) if (given := request.POST.get("assigns", "")) in set(Assigns) else Assigns.HAND,
        "takes_new": request.POST.get("takes_new") == "yes",
        "notices_want_second": request.POST.get("second") == "yes",
    }
    by: dict[str, Any] = {"by": staff_of(request), "origin": origin_of(request), "now": timezone.now()}
    try:
        if len(said["name"]) > NAME_MOST:
            raise actions.NoName
        if team is None:
            actions.make_team(actions.TeamSettings(**said), **by)
            messages.success(request, _("The team is there. Give it its people under Staff."))
        elif actions.change_team(team, actions.TeamSettings(**said), **by):
            messages.success(request, _("Saved."))
    except actions.NoName:
        words = _("Give it a name of at most %(most)s letters.") % {"most": NAME_MOST}
    except actions.TeamThereAlready:
        words = _("Another team has this name.")
    else:
        return redirect("desk:teams")
    return _page(request, wrong=team.pk if team else NEW, said=said, words=words)


def _page(
    request: HttpRequest, *, wrong: int | None = None, said: dict[str, Any] | None = None, words: str = ""
) -> HttpResponse:
    people = Count("staff", filter=Q(staff__is_active=True))
    blank = Team(pk=NEW, name="")
    rows = [*Team.objects.annotate(people=people).order_by("name"), blank]
    shown = []
    for team in rows:
        values = said if said and team.pk == wrong else vars(team)
        field = f"name-{team.pk}"
        shown.append(
            {
                "id": team.pk,
                "title": team.name,
                "name": values["name"],
                "sight": "closed" if values["is_closed"] else "open",
                "closed": team.is_closed,
                "heads_up": "yes" if values["heads_up_by_itself"] else "no",
                "assigns": str(values["assigns"]),
                "takes_new": "yes" if values["takes_new"] else "no",
                "second": "yes" if values["notices_want_second"] else "no",
                "people": getattr(team, "people", 0),
                "field": field,
                "errors": [{"id": field, "words": words}] if words and team.pk == wrong else [],
            }
        )
    values = desk_values(
        request,
        here="teams",
        teams=shown[:-1],
        new=shown[-1],
        sights=[
            ("open", _("Everybody here sees its cases")),
            ("closed", _("Closed: seen by its members, admins and auditors")),
        ],
        ways=[
            (Assigns.HAND.value, _("By hand: whoever takes it")),
            (Assigns.ROUND.value, _("In turn, to whoever is here")),
            (Assigns.LOAD.value, _("To whoever is here and has least to do")),
        ],
        firsts=[("no", _("No")), ("yes", _("Yes: what comes in comes here first"))],
        seconds=[("no", _("Whoever wrote it may send it")), ("yes", _("A second person reads it first"))],
        heads_ups=[("yes", _("Goes out by itself where nobody acts")), ("no", _("Waits for a person"))],
    )
    return render(request, "desk/teams.html", values, status=422 if words else 200)

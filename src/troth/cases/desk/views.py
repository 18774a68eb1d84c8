"""Saved views: made from the list, and looked after on a page of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases import actions, queries
from troth.cases.desk import filtering
from troth.cases.models import SavedView
from troth.cases.rules.filters import filters_from
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.pressed import pressed_once
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of, typed


@staff_door(May.READ)
def views(request: HttpRequest) -> HttpResponse:
    """One's own views and the team's, to be named, ordered and taken away."""
    staff = staff_of(request)
    beside = queries.beside_list(staff)
    rows = queries.saved_views(staff)
    values = desk_values(
        request,
        groups=[
            {
                "words": words,
                "views": [
                    {
                        "pk": view.pk,
                        "name": view.name,
                        "href": f"{reverse('cases:list')}?saved={view.pk}",
                        "says": [
                            chip["words"] for chip in filtering.chips(filters_from(view.filters), beside, saved=None)
                        ],
                        "may_change": actions.may_change_view(view, staff),
                        "first": index == 0,
                        "last": index == len(found) - 1,
                    }
                    for index, view in enumerate(found)
                ],
            }
            for words, found in (
                (_("Your own"), [view for view in rows if view.team_id is None and view.gone_at is None]),
                (
                    _("Shared with your team"),
                    [view for view in rows if view.team_id is not None and view.gone_at is None],
                ),
            )
        ],
        gone=[
            {"pk": view.pk, "name": view.name}
            for view in rows
            if view.gone_at is not None and actions.may_change_view(view, staff)
        ],
    )
    return render(request, "cases/views.html", values)


@require_POST
@staff_door(May.READ)
@pressed_once
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the list shows under a name; or, in a saved view, keep what it was changed to."""
    staff = staff_of(request)
    filters = filters_from({name: request.POST.getlist(name) for name in request.POST if name != "name"})
    number = typed(request.POST, "saved")
    try:
        if request.POST.get("keep") and number.isdecimal():
            view = actions.change_view(view_for(staff, int(number[:18])), filters=filters, by=staff)
            messages.success(request, _("The view shows this from now on."))
        else:
            view = actions.save_view(
                name=typed(request.POST, "name"),
                filters=filters,
                staff=staff,
                shared=request.POST.get("shared") == "yes",
                now=timezone.now(),
            )
            messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
    except (actions.NoViewName, actions.TooManyViews, actions.NotYours) as error:
        messages.error(request, _said(error))
        return redirect(filtering.address(filters))
    return redirect(f"{reverse('cases:list')}?saved={view.pk}")


def _said(error: Exception) -> str:
    if isinstance(error, actions.NoViewName):
        return _("Give the view a name.")
    if isinstance(error, actions.TooManyViews):
        return _("There are thirty views already. Take one away first.")
    return _("What a team shares its leads look after.")


@require_POST
@staff_door(May.READ)
def change(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Rename, move up or down, take away, bring back."""
    staff = staff_of(request)
    view, does = view_for(staff, pk), request.POST.get("do", "")
    try:
        if does == "rename":
            actions.change_view(view, name=typed(request.POST, "name"), by=staff)
        elif does in {"up", "down"}:
            actions.move_view(view, up=does == "up", by=staff)
        elif does == "drop" and actions.drop_view(view, by=staff, now=timezone.now()):
            messages.success(request, _("Taken away: %(name)s. It can be brought back below.") % {"name": view.name})
        elif does == "back" and actions.bring_back_view(view, by=staff):
            messages.success(request, _("Back again: %(name)s.") % {"name": view.name})
    except (actions.NoViewName, actions.NotYours) as error:
        messages.error(request, _said(error))
    return redirect("cases:views")


def view_for(staff: Staff, pk: int) -> SavedView:
    """Their own, or their team's; raises Http404."""
    view = SavedView.objects.filter(queries.mine_or_my_teams(staff), pk=pk).first()
    if view is None:
        raise Http404
    return view

"""The public page as staff arrange it: components and places, planned work, how many are written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.people.doors import staff_door
from troth.people.rules.addresses import NotAnAddress, email_address
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, page_of, staff_of, typed
from troth.status import actions, queries
from troth.status.models import Component, Place, Planned, PlannedVersion, Subscriber

#: No text of planned work is longer.
WORDS_MOST, TITLE_MOST = 4000, 120
MODELS: dict[str, type[Component] | type[Place]] = {"component": Component, "place": Place}


@require_safe
@staff_door(May.LEAD)
def arrange(request: HttpRequest) -> HttpResponse:
    """Everything that stands on the page but incidents."""
    return _page(request)


@require_POST
@staff_door(May.LEAD)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Another component or place."""
    return _named(request, kind, None)


@require_POST
@staff_door(May.LEAD)
def change(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What the pressed button says: other words, another place in the order, off the page, or back on it."""
    row = _model(kind).objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    what, now = typed(request.POST, "do"), timezone.now()
    if what in {"up", "down"}:
        actions.move(row, by=-1 if what == "up" else 1)
    elif what in {"retire", "back"}:
        retired = what == "retire"
        if actions.retire(row, retired=retired, by=staff_of(request), now=now):
            off = _("%(name)s is off the page. It stands below, to be put back.")
            back = _("%(name)s is back on the page.")
            messages.success(request, (off if retired else back) % {"name": row.name})
    else:
        return _named(request, kind, row)
    return redirect("status:arrange")


def _named(request: HttpRequest, kind: str, row: Component | Place | None) -> HttpResponse:
    said = {name: typed(request.POST, name).strip()[:500] for name in ("name", "group", "description")}
    try:
        actions.name(_model(kind), row, **said, by=staff_of(request), now=timezone.now())
    except actions.NoName:
        error = _("Give it a name of at most 80 letters.")
    except actions.NameTaken:
        error = _("Another has this name, or had it. Incidents that name it could mean either.")
    else:
        messages.success(request, _("Saved. The page follows in a moment."))
        return redirect("status:arrange")
    where = f"{kind}-{row.pk if row else 'new'}"
    return _page(request, wrong={"at": where, "words": error, **said}, status=422)


def _model(kind: str) -> type[Component] | type[Place]:
    if kind not in MODELS:
        raise Http404
    return MODELS[kind]


def _page(request: HttpRequest, *, wrong: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    standings = queries.snapshot(now=now)
    by_name = {one.name: one.standing.value for one in (*standings.components, *standings.places)}
    subscribers = Subscriber.objects.filter(confirmed_at__isnull=False, ended_at=None).count()
    values = desk_values(
        request,
        now=now,
        here="status",
        kinds=[
            {
                "kind": kind,
                "words": words,
                "rows": [
                    _row(row, kind, by_name) for row in model.objects.filter(retired_at=None).order_by("order", "pk")
                ],
                "retired": [
                    _row(row, kind, by_name) for row in model.objects.exclude(retired_at=None).order_by("name")
                ],
                "groups": kind == "component",
            }
            for kind, model, words in (("component", Component, _("Components")), ("place", Place, _("Places")))
        ],
        wrong=wrong or {"at": ""},
        errors=[{"id": f"name-{wrong['at']}", "words": wrong["words"]}] if wrong else [],
        planned=[_planned_row(one.pk, now=now) for one in Planned.objects.order_by("-pk")[:30]],
        subscribers=ngettext("%(count)s subscriber", "%(count)s subscribers", subscribers) % {"count": subscribers},
        unknown=[one | {"href": page_of(f"incident:{one['incident']}")} for one in queries.unknown_names()],
    )
    return render(request, "status/arrange.html", values, status=status)


def _row(row: Component | Place, kind: str, standings: dict[str, str]) -> dict[str, Any]:
    return {
        "id": f"{kind}-{row.pk}",
        "pk": row.pk,
        "name": row.name,
        "group": getattr(row, "group", ""),
        "description": row.description,
        "former": row.former,
        "standing": standings.get(row.name, ""),
    }


def _planned_row(pk: int, *, now: datetime) -> dict[str, Any]:
    planned = Planned.objects.get(pk=pk)
    version = planned.versions.order_by("-number")[0]
    return {
        "pk": pk,
        "title": version.title,
        "from_at": version.from_at,
        "until": version.until,
        "state": _state_words(planned, version, now=now),
    }


def _state_words(planned: Planned, version: PlannedVersion, *, now: datetime) -> str:
    if planned.cancelled_at:
        return _("Called off")
    if version.until <= now:
        return _("Over")
    return _("Under way") if version.from_at <= now else _("To come")


@require_POST
@staff_door(May.LEAD)
def take_out(request: HttpRequest) -> HttpResponse:
    """Somebody asks by another way not to be written to any more."""
    try:
        address = email_address(typed(request.POST, "address"))
    except NotAnAddress:
        address = ""
    found = Subscriber.objects.filter(address=address).first() if address else None
    if found and actions.end(found, how="staff", by=staff_of(request), now=timezone.now()):
        messages.success(request, _("They are written to no more, and the address is gone from here."))
    else:
        messages.info(request, _("Nobody with that address is written to."))
    return redirect("status:arrange")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.LEAD)
def plan(request: HttpRequest) -> HttpResponse:
    """Announce planned work."""
    if request.method == "POST":
        return _said(request, None)
    return _plan_page(
        request, None, {"title": "", "words": "", "from_at": "", "until": "", "components": [], "places": []}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.LEAD)
def planned(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce it otherwise, or call it off; every saying stands beneath."""
    found = Planned.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST" and typed(request.POST, "do") == "cancel":
        try:
            actions.cancel(found, by=staff_of(request), now=timezone.now())
            messages.success(request, _("Called off. It says so on the page, and subscribers are told."))
        except actions.NotAhead:
            messages.info(request, _("It is over, or was called off already."))
        return redirect("status:arrange")
    if request.method == "POST":
        return _said(request, found)
    last = found.versions.order_by("-number")[0]
    zone = staff_of(request).zone
    said = {
        "title": last.title,
        "words": last.words,
        "from_at": field_time(last.from_at, zone),
        "until": field_time(last.until, zone),
        "components": last.components,
        "places": last.places,
    }
    return _plan_page(request, found, said)


def _said(request: HttpRequest, found: Planned | None) -> HttpResponse:
    staff = staff_of(request)
    said: dict[str, Any] = {
        "title": typed(request.POST, "title").strip()[:TITLE_MOST],
        "words": typed(request.POST, "words").strip()[:WORDS_MOST],
        "from_at": typed(request.POST, "from_at"),
        "until": typed(request.POST, "until"),
        **{
            name: [int(one) for one in request.POST.getlist(name) if one.isdecimal() and len(one) < 10]
            for name in ("components", "places")
        },
    }
    from_at, until = local_time(said["from_at"], staff.zone), local_time(said["until"], staff.zone)
    errors = {}
    if from_at is None:
        errors["from_at"] = _("Write a day and a time.")
    if until is None:
        errors["until"] = _("Write a day and a time.")
    if from_at and until:
        try:
            actions.say(found, **{**said, "from_at": from_at, "until": until}, by=staff, now=timezone.now())
        except actions.NoTitle:
            errors["title"] = _("Say in a few words what is done.")
        except actions.WrongTimes:
            errors["until"] = _("It ends after it begins, and not in the past.")
        except actions.NotAhead:
            messages.info(request, _("It is over, or was called off. Plan it anew."))
            return redirect("status:arrange")
        else:
            messages.success(request, _("Said. It stands on the page in a moment, and subscribers are told."))
            return redirect("status:arrange")
    return _plan_page(request, found, said, errors=errors, status=422)


def _plan_page(
    request: HttpRequest,
    found: Planned | None,
    said: dict[str, Any],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    versions = PlannedVersion.objects.filter(planned=found).select_related("by").order_by("-number") if found else []
    values = desk_values(
        request,
        here="status",
        pk=found.pk if found else None,
        is_off=bool(found and found.cancelled_at),
        said=said,
        wrong=errors or {},
        errors=[{"id": f"id_{name}", "words": words} for name, words in (errors or {}).items()],
        components=[{"id": pk, "name": n, "chosen": pk in said["components"]} for pk, n in queries.choices(Component)],
        areas=[{"id": pk, "name": n, "chosen": pk in said["places"]} for pk, n in queries.choices(Place)],
        versions=[
            {"number": one.number, "title": one.title, "words": one.words, "from_at": one.from_at, "until": one.until,
             "said_at": one.said_at, "by": one.by.name if one.by else ""}
            for one in versions
        ],
    )  # fmt: skip
    return render(request, "status/plan.html", values, status=status)

"""When the company and its teams are open: the page on which a lead says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.people import timetables
from troth.people.countries import country_choices, regions_of
from troth.people.doors import staff_door
from troth.people.entering import zones
from troth.people.models import Calendar, Company, Team
from troth.people.queries import hours_of
from troth.people.rules import timetable
from troth.people.rules.roles import May
from troth.people.shell import desk_values, origin_of, staff_of, typed
from troth.words.hours import Hours, NeverOpen, NotACalendar

NAME_MOST = 80
NEW = 0
DAYS = range(7)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.LEAD)
def hours(request: HttpRequest) -> HttpResponse:
    """Every calendar with who keeps it and when it is closed next; a POST makes one."""
    return _saved(request, None) if request.method == "POST" else _page(request)


@require_http_methods(["POST"])
@staff_door(May.LEAD)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _saved(request, _calendar(pk))


@require_http_methods(["POST"])
@staff_door(May.LEAD)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    calendar = _calendar(pk)
    try:
        timetables.remove_calendar(calendar, by=staff_of(request), origin=origin_of(request), now=timezone.now())
    except timetables.StillKept:
        return _page(request, wrong=pk, errors={"name": _("Somebody keeps these hours. Give them others first.")})
    messages.success(request, _("Removed."))
    return redirect("people:hours")


def _calendar(pk: int) -> Calendar:
    calendar = Calendar.objects.filter(pk=pk).first()
    if calendar is None:
        raise Http404
    return calendar


def _saved(request: HttpRequest, calendar: Calendar | None) -> HttpResponse:
    said: dict[str, Any] = {
        "name": typed(request.POST, "name").strip(),
        "zone": typed(request.POST, "zone"),
        "country": typed(request.POST, "country").strip().upper(),
        "region": typed(request.POST, "region").strip(),
        "days": [typed(request.POST, f"day{day}").strip()[:200] for day in DAYS],
        "closed": typed(request.POST, "closed")[:8000],
        "of_company": bool(request.POST.get("of_company")),
        "teams": {int(pk) for pk in request.POST.getlist("team") if pk.isdecimal() and len(pk) < 10},
    }
    errors: dict[str, str] = {}
    if not said["name"] or len(said["name"]) > NAME_MOST:
        errors["name"] = _("Give them a name of at most %(most)s letters.") % {"most": NAME_MOST}
    for day in DAYS:
        try:
            timetable.read_day(said["days"][day])
        except timetable.NotHours:
            errors[f"day{day}"] = _("Write it as 9:00–12:30, 13:30–17:00, or leave it empty where it is closed.")
    try:
        timetable.read_closed(said["closed"])
    except timetable.NotDays as error:
        errors["closed"] = _("“%(line)s” is no day. Write 2026-12-24, or 2026-12-24 to 2026-12-31.") % {
            "line": error.line
        }
    if said["zone"] not in available_timezones():
        errors["zone"] = _("Choose a time zone.")
    if said["country"] and said["region"] and said["region"] not in regions_of(said["country"]):
        errors["region"] = _region_words(said["country"])
    made = None
    if not errors:
        try:
            made = timetable.timetable(
                zone=said["zone"],
                week=said["days"],
                country=said["country"],
                subdivision=said["region"] if said["country"] else "",
                closed=said["closed"],
            )
        except NotACalendar:
            errors["day0" if not any(said["days"]) else "country"] = (
                _("They never open. Write the hours of one day at least.")
                if not any(said["days"])
                else _("No public holidays are known there.")
            )
    if made is not None:
        try:
            timetables.save_calendar(
                calendar,
                name=said["name"],
                hours=made,
                of_company=said["of_company"],
                teams=said["teams"],
                by=staff_of(request),
                origin=origin_of(request),
                now=timezone.now(),
            )
        except timetables.CalendarThereAlready:
            errors["name"] = _("Other hours have this name.")
        except timetables.NoCalendarName:
            errors["name"] = _("Give them a name.")
        else:
            messages.success(request, _("Saved. Clocks that run keep the hours they were started under."))
            return redirect("people:hours")
    return _page(request, wrong=calendar.pk if calendar else NEW, said=said, errors=errors)


def _region_words(country: str) -> str:
    known = regions_of(country)
    if not known:
        return _("No regions are told apart there. Leave it empty.")
    return _("Write one of %(regions)s, or nothing.") % {"regions": ", ".join(known)}


def _page(
    request: HttpRequest,
    *,
    wrong: int | None = None,
    said: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    now = timezone.now()
    own = Company.objects.values_list("calendar_id", flat=True).first()
    teams = list(Team.objects.order_by("name").values_list("pk", "name", "calendar_id"))
    shown = [
        _form(
            calendar.pk,
            title=calendar.name,
            values=said if said and calendar.pk == wrong else _values(calendar, own=own, teams=teams),
            hours=calendar.hours,
            is_own=calendar.pk == own,
            teams=teams,
            errors=errors if errors and calendar.pk == wrong else {},
            now=now,
        )
        for calendar in Calendar.objects.order_by("name")
    ]
    blank = {
        "name": "",
        "zone": hours_of().zone,
        "country": hours_of().country,
        "region": hours_of().subdivision,
        "days": [timetable.write_day(spans) for spans in hours_of().week],
        "closed": "",
        "of_company": False,
        "teams": set(),
    }
    values = desk_values(
        request,
        now=now,
        here="hours",
        calendars=shown,
        new=_form(
            NEW,
            title="",
            values=said if said and wrong == NEW else blank,
            hours=None,
            is_own=False,
            teams=teams,
            errors=errors if errors and wrong == NEW else {},
            now=now,
        ),
        opens_new=wrong == NEW,
        zones=zones(),
        countries=country_choices(),
    )
    return render(request, "people/hours.html", values, status=422 if errors else 200)


def _values(calendar: Calendar, *, own: int | None, teams: Sequence[tuple[int, str, int | None]]) -> dict[str, Any]:
    kept = calendar.hours
    return {
        "name": calendar.name,
        "zone": kept.zone,
        "country": kept.country,
        "region": kept.subdivision,
        "days": [timetable.write_day(spans) for spans in kept.week],
        "closed": timetable.write_closed(kept.closed),
        "of_company": calendar.pk == own,
        "teams": {pk for pk, _name, kept_by in teams if kept_by == calendar.pk},
    }


def _form(
    number: int,
    *,
    title: str,
    values: dict[str, Any],
    hours: Hours | None,
    is_own: bool,
    teams: Sequence[tuple[int, str, int | None]],
    errors: dict[str, str],
    now: datetime,
) -> dict[str, Any]:
    """One calendar as the page shows it."""
    return {
        **values,
        "id": number,
        "title": title,
        "is_own": is_own,
        "keepers": [name for pk, name, _kept in teams if pk in values["teams"]],
        "team_choices": [{"id": pk, "name": name, "chosen": pk in values["teams"]} for pk, name, _kept in teams],
        "week": [
            {"id": f"day{day}-{number}", "name": f"day{day}", "words": WEEKDAYS[day], "value": values["days"][day],
             "error": errors.get(f"day{day}")}
            for day in DAYS
        ],
        "next_closed": [
            {"day": day.isoformat(), "at": hours.start_of_day(day), "words": name or _("closed by yourselves")}
            for day, name in timetable.closed_next(hours, after=now)
        ]
        if hours
        else [],
        "is_open": hours.is_open(now) if hours else False,
        "opens": _next_open(hours, now) if hours else None,
        "errors": [{"id": f"{name}-{number}", "words": words} for name, words in errors.items()],
        "wrong": errors,
    }  # fmt: skip


def _next_open(hours: Hours, now: datetime) -> datetime | None:
    try:
        return hours.next_open(now)
    except NeverOpen:
        return None

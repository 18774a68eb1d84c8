"""An incident is begun by hand; a spike of complaints or a case fills the form first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.cases.read_sayings import value_words
from troth.cases.rules.corrections import Field
from troth.incidents import actions
from troth.incidents.cohorts import draft_for
from troth.incidents.models import Severity, Sort
from troth.incidents.sayings import severity_words, sort_words
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import hours_of, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, staff_of, typed
from troth.promises.actions import DateAlreadyPassed
from troth.promises.letters import spoken
from troth.reading.offer import three_dates
from troth.words.causes import Cause
from troth.words.hours import NeverOpen

FIELDS = (
    "title",
    "sort",
    "severity",
    "cause",
    "product",
    "place",
    "components",
    "happened_at",
    "next_word_at",
    "cases",
)
#: So many cases are linked at once.
CASES_MOST = 500
#: Which sort a cause is at first.
SORTS = {
    Cause.LATE: Sort.LATE,
    Cause.NEVER_DELIVERED: Sort.LATE,
    Cause.POOR_QUALITY: Sort.QUALITY,
    Cause.NOT_AS_DESCRIBED: Sort.QUALITY,
    Cause.HIDDEN_FEE: Sort.FEES,
    Cause.SAFETY_OR_BREACH: Sort.SAFETY,
    Cause.NO_ACKNOWLEDGEMENT: Sort.CAPACITY,
}


@staff_door(May.ANSWER)
def new(request: HttpRequest) -> HttpResponse:
    """The form, filled from `cases`, `cause`, `product` and `place` in the address; what was typed is never lost."""
    staff, now = staff_of(request), timezone.now()
    if request.method != "POST":
        return _page(request, _filled(request, staff, now=now))
    written = {name: typed(request.POST, name) for name in FIELDS}
    written["is_public"] = "1" if request.POST.get("is_public") else ""
    happened_at = local_time(written["happened_at"], staff.zone)
    next_word_at = local_time(written["next_word_at"], staff.zone)
    errors = _errors(written, happened_at, next_word_at, now=now)
    if not errors and happened_at and next_word_at:
        try:
            incident = actions.begin(
                title=written["title"],
                sort=written["sort"],
                severity=written["severity"],
                cause=written["cause"] if written["cause"] in set(Cause) else "",
                product=written["product"],
                place=written["place"],
                components=[name.strip() for name in written["components"].split(",") if name.strip()],
                is_public=bool(written["is_public"]),
                happened_at=happened_at,
                next_word_at=next_word_at,
                linked=cases_of(staff, written["cases"]),
                by=staff,
                now=now,
            )
        except DateAlreadyPassed:
            errors = [{"id": "next_word_at", "words": _("The next word must lie ahead.")}]
        else:
            if incident.product or incident.place or written["cases"]:
                draft_for(incident, by=staff, now=now)
            messages.success(request, _("Begun. Nobody outside has heard of it yet: say it first."))
            return redirect("incidents:incident", incident.pk)
    return _page(request, written, errors=errors, status=422)


#: What the public page has parts for; it stands above this room and is looked up late.
PARTS = "troth.status.queries.component_names"


def parts_hint() -> str:
    """Which names the public page knows: one that it does not know shows nowhere."""
    names = import_string(PARTS)()
    if not names:
        return _("The public page has no parts yet: a lead names them in the settings.")
    return _("With commas between, out of: %(names)s") % {"names": ", ".join(names)}


def cases_of(staff: Staff, numbers: str) -> list[Case]:
    """Those of these cases that *staff* may see."""
    wanted = [int(number[:18]) for number in numbers.replace(",", " ").split() if number.isdecimal()][:CASES_MOST]
    return list(Case.objects.filter(within_sight(staff), pk__in=wanted).order_by("pk"))


def _filled(request: HttpRequest, staff: Staff, *, now: datetime) -> dict[str, str]:
    filled = {name: typed(request.GET, name) for name in FIELDS}
    linked = cases_of(staff, filled["cases"])
    filled["cases"] = " ".join(str(case.pk) for case in linked)
    if len({case.cause for case in linked}) == 1:
        filled["cause"] = filled["cause"] or linked[0].cause
    cause = Cause(filled["cause"]) if filled["cause"] in set(Cause) else None
    first = min((case.opened_at for case in linked), default=now)
    filled["sort"] = filled["sort"] or SORTS.get(cause, Sort.OTHER) if cause else filled["sort"] or Sort.OTHER
    filled["severity"] = filled["severity"] or Severity.MAJOR
    filled["happened_at"] = filled["happened_at"] or field_time(first, staff.zone)
    filled["next_word_at"] = filled["next_word_at"] or field_time(next_words(staff, now=now)[0], staff.zone)
    return filled


def next_words(staff: Staff, *, now: datetime, team_id: int | None = None) -> list[datetime]:
    """Moments for the next word that can be kept, the nearest first: within hours, and at the ends of working days."""
    soon = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=5)
    try:
        days = [one.at for one in three_dates(now, hours_of(team_id or staff.team_id))]
    except NeverOpen:
        days = [soon + timedelta(days=1)]
    return sorted({soon, *days} - {now})


def _errors(
    written: dict[str, str], happened_at: datetime | None, next_word_at: datetime | None, *, now: datetime
) -> list[dict[str, str]]:
    wrong = {
        "title": _("Say in a line what went wrong.") if not written["title"].strip() else "",
        "sort": _("Choose what sort of thing it is.") if written["sort"] not in set(Sort) else "",
        "severity": _("Choose how grave it is.") if written["severity"] not in set(Severity) else "",
        "happened_at": _("Say since when it is so.") if happened_at is None else "",
        "next_word_at": _("Say when the next word comes, if only that nothing is new.") if next_word_at is None else "",
    }
    if happened_at and happened_at > now:
        wrong["happened_at"] = _("What has not happened yet is not an incident yet: the start lies in the future.")
    if next_word_at and next_word_at <= now:
        wrong["next_word_at"] = _("The next word must lie ahead.")
    return [{"id": name, "words": words} for name, words in wrong.items() if words]


def cause_choices() -> list[tuple[str, str]]:
    return [("", _("Not known")), *((cause.value, value_words(Field.CAUSES, cause.value)) for cause in Cause)]


def _page(
    request: HttpRequest, written: dict[str, str], *, errors: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    values: dict[str, Any] = desk_values(
        request,
        now=now,
        written=written,
        errors=errors or [],
        wrong={error["id"]: error["words"] for error in errors or []},
        sorts=[(sort.value, sort_words(sort)) for sort in Sort],
        severities=[(severity.value, severity_words(severity)) for severity in Severity],
        causes=cause_choices(),
        parts_hint=parts_hint(),
        offers=[
            {"value": field_time(at, staff.zone), "words": spoken(at, staff.zone)} for at in next_words(staff, now=now)
        ],
        linked=[
            {"number": case.pk, "subject": case.subject or _("no subject")}
            for case in cases_of(staff, written["cases"])
        ],
    )
    return render(request, "incidents/new.html", values, status=status)

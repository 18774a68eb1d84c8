"""A breach is put into the register: from an incident, or at once with one. And the address book of authorities."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.breaches import actions, sayings
from troth.breaches.models import Authority
from troth.breaches.rules.words import Party
from troth.incidents.models import Incident
from troth.incidents.queries import seen_by
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, staff_of, typed
from troth.promises.actions import DateAlreadyPassed

FIELDS = ("incident", "title", "happened_at", "aware_at", "next_word_at", "party", "controller", "countries")
KINDS = ("got_out", "was_changed", "was_lost")


@staff_door(May.LEAD)
def new(request: HttpRequest) -> HttpResponse:
    """The form, filled from `incident` in the address; what was typed is never lost."""
    staff, now = staff_of(request), timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    written: dict[str, Any] = {name: typed(given, name) for name in FIELDS}
    written["kinds"] = [name for name in KINDS if given.get(name)]
    incident = _incident(staff, written["incident"])
    if request.method != "POST":
        written["aware_at"] = written["aware_at"] or field_time(incident.aware_at if incident else now, staff.zone)
        written["happened_at"] = written["happened_at"] or field_time(now, staff.zone)
        written["next_word_at"] = written["next_word_at"] or field_time(now + timedelta(hours=24), staff.zone)
        written["party"] = written["party"] or Party.CONTROLLER
        return _page(request, written, incident)
    at = {name: local_time(written[name], staff.zone) for name in ("happened_at", "aware_at", "next_word_at")}
    wrong = {
        "aware_at": _("Say when we knew: the 72 hours run from there.") if at["aware_at"] is None else "",
        "party": _("Say whose data they are.") if written["party"] not in set(Party) else "",
        "controller": _("Say for whom we process them: they must be told (Art. 33(2)).")
        if written["party"] == Party.PROCESSOR and not written["controller"].strip()
        else "",
    }
    if incident is None:
        wrong["title"] = "" if written["title"].strip() else _("Say in a line what happened.")
        wrong["happened_at"] = "" if at["happened_at"] else _("Say since when it is so.")
        wrong["next_word_at"] = "" if at["next_word_at"] else _("Say when the next word comes.")
    if not any(wrong.values()):
        values: dict[str, Any] = {
            "aware_at": at["aware_at"], "by": staff, "now": now, "party": written["party"],
            "controller": written["controller"], "countries": written["countries"],
            **{name: name in written["kinds"] for name in KINDS},
        }  # fmt: skip
        try:
            if incident is not None:
                breach = actions.begin(incident, **values)
            else:
                started: dict[str, Any] = {name: at[name] for name in ("happened_at", "next_word_at")}
                breach = actions.begin_with_incident(title=written["title"], **started, **values)
        except actions.BreachAlready as error:
            messages.info(request, str(error))
            return redirect("breaches:breach", error.breach.pk)
        except DateAlreadyPassed:
            wrong["next_word_at"] = _("The next word must lie ahead.")
        except actions.NotYetSo as error:
            wrong["aware_at"] = str(error)
        else:
            messages.success(request, _("It is in the register, and the 72 hours run."))
            return redirect("breaches:breach", breach.pk)
    return _page(request, written, incident, {name: words for name, words in wrong.items() if words})


def _incident(staff: Staff, number: str) -> Incident | None:
    return seen_by(staff).filter(pk=int(number[:18])).first() if number.isdecimal() else None


def _page(
    request: HttpRequest, written: dict[str, Any], incident: Incident | None, wrong: dict[str, str] | None = None
) -> HttpResponse:
    values = desk_values(
        request,
        here="breaches",
        written=written,
        incident={"id": incident.pk, "title": incident.title} if incident else None,
        parties=[(one.value, sayings.party_words(one)) for one in Party],
        wrong=wrong or {},
        errors=[{"id": f"id_{name}", "words": words} for name, words in (wrong or {}).items()],
    )
    return render(request, "breaches/new.html", values, status=422 if wrong else 200)


@staff_door(May.LEAD)
def authorities(request: HttpRequest) -> HttpResponse:
    """Whom we report to and how they are reached; better written down before it is needed."""
    written = {name: typed(request.POST, name) for name in ("id", "name", "reach")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        number = int(written["id"][:18]) if written["id"].isdecimal() else None
        if not written["name"].strip():
            wrong["name"] = _("Say what it is called.")
        if not written["reach"].strip():
            wrong["reach"] = _("Say how it is reached: the page of its form, an address, a number.")
        if not wrong:
            try:
                with transaction.atomic():
                    is_retired = bool(request.POST.get("retire"))
                    actions.put_authority(
                        name=written["name"], reach=written["reach"], pk=number, is_retired=is_retired
                    )
            except (IntegrityError, Authority.DoesNotExist):
                wrong["name"] = _("It stands in the book already.")
            else:
                messages.success(request, _("It is in the book."))
                return redirect("breaches:authorities")
    values = desk_values(
        request,
        here="breaches",
        rows=[
            {"id": one.pk, "name": one.name, "reach": one.reach, "is_retired": one.is_retired}
            for one in Authority.objects.order_by("is_retired", "name")
        ],
        written=written,
        wrong=wrong,
        errors=[{"id": f"id_{name}", "words": words} for name, words in wrong.items()],
    )
    return render(request, "breaches/authorities.html", values, status=422 if wrong else 200)

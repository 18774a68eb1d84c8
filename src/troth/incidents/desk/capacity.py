"""Fewer people than are needed: what takes longer, until when, said before anybody has to ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.incidents import actions
from troth.incidents.desk.beginning import next_words
from troth.incidents.models import Entry, Incident, Severity, Sort
from troth.notices.actions import cohorts
from troth.notices.rules.conditions import OfCases
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, staff_of, typed
from troth.promises.letters import spoken

#: So many cases are linked at once; whoever else waits is found by the cohort's conditions.
WAITING_MOST = 2_000
FIELDS = ("why", "longer", "instead", "until")


@staff_door(May.ANSWER)
def capacity(request: HttpRequest) -> HttpResponse:
    """One short form; what follows from it is drafted, and nobody is told before the draft is sent."""
    staff, now = staff_of(request), timezone.now()
    written = {name: typed(request.POST, name) for name in FIELDS}
    written["waiting"] = "1" if request.POST.get("waiting") or request.method != "POST" else ""
    if request.method != "POST":
        return _page(request, written)
    until = local_time(written["until"], staff.zone)
    wrong = {
        "why": _("Say in a few words what is the matter.") if not written["why"].strip() else "",
        "longer": _("Say what takes longer.") if not written["longer"].strip() else "",
        "until": _("Say until when.") if until is None else _("Until when must lie ahead.") if until <= now else "",
    }
    errors = [{"id": name, "words": words} for name, words in wrong.items() if words]
    if errors or until is None:
        return _page(request, written, errors=errors, status=422)
    incident = _begun(staff, written, until=until, now=now)
    messages.success(request, _("Begun, and the notice is drafted. Nobody has heard of it yet: read it, then say it."))
    return redirect("incidents:write", incident.pk)


@transaction.atomic
def _begun(staff: Staff, written: dict[str, str], *, until: datetime, now: datetime) -> Incident:
    """The incident, the cases that wait because of it, those affected, and what they would read."""
    waiting: list[Case] = []
    if written["waiting"]:
        unanswered = Case.objects.filter(within_sight(staff), unanswered_since__isnull=False, imported=False)
        waiting = list(unanswered.order_by("answer_by", "pk")[:WAITING_MOST])
    incident = actions.begin(
        title=_("Answers take longer: %(why)s") % {"why": written["why"].strip()},
        sort=Sort.CAPACITY,
        severity=Severity.MINOR,
        happened_at=now,
        next_word_at=until,
        linked=waiting,
        by=staff,
        now=now,
    )
    chosen = []
    if waiting:
        conditions = OfCases(incidents=(incident.ref,))
        chosen = [
            cohorts.draft(
                about=incident.ref, conditions=conditions, by=staff, now=now, name=_("Who waits for an answer")
            ).pk
        ]
    text = {
        "language": "en",
        "subject": _("Our answers take longer until %(until)s") % {"until": spoken(until, staff.zone)},
        "sorry": _("We are sorry: you wait longer than you should, and that is on us."),
        "happened": _("We are fewer than we need to be since today: %(why)s.")
        % {"why": written["why"].strip().rstrip(".")},
        "affected": _("What takes longer: %(longer)s. If you are waiting for an answer from us, this is about you.")
        % {"longer": written["longer"].strip().rstrip(".")},
        "doing": written["instead"].strip()
        or _("We are answering in the order in which you wrote, what is urgent first."),
        "you_can": _(
            "You do not need to write again: your place stays yours. If it cannot wait, answer this letter and say so."
        ),
    }
    actions.keep_draft(
        incident, by=staff, now=now, kind=Entry.Kind.BEGAN, guided=True, texts=[text], in_public=False, cohorts=chosen,
        happened_at=now, next_word_at=until,
    )  # fmt: skip
    return incident


def _page(
    request: HttpRequest, written: dict[str, str], *, errors: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    waiting = Case.objects.filter(within_sight(staff), unanswered_since__isnull=False, imported=False)
    values: dict[str, Any] = desk_values(
        request,
        now=now,
        written=written,
        errors=errors or [],
        wrong={error["id"]: error["words"] for error in errors or []},
        waiting=min(waiting.count(), WAITING_MOST),
        offers=[
            {"value": field_time(at, staff.zone), "words": spoken(at, staff.zone)} for at in next_words(staff, now=now)
        ],
    )
    return render(request, "incidents/capacity.html", values, status=status)

"""One incident: what was said and when, the next word, who is hit, and what can be done now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.cases.read_sayings import value_words
from troth.cases.rules.corrections import Field
from troth.incidents import queries
from troth.incidents.desk.beginning import cause_choices, parts_hint
from troth.incidents.desk.listing import shown
from troth.incidents.desk.prevention import incident_part
from troth.incidents.models import Draft, Entry, Incident, Severity, State
from troth.incidents.queries import Line
from troth.incidents.rules.wordings import differences
from troth.incidents.sayings import acknowledged_words, kind_words, severity_words
from troth.notices.models import Cohort, Notice
from troth.notices.models import State as Going
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, page_of, staff_of

CASES_SHOWN = 20


@staff_door(May.READ)
def incident_page(request: HttpRequest, pk: int) -> HttpResponse:
    return shown_page(request, queries.incident_for(staff_of(request), pk))


def shown_page(request: HttpRequest, incident: Incident, *, status: int = 200, **said: Any) -> HttpResponse:
    """The page, with what was typed into a form that was refused."""
    staff, now = staff_of(request), timezone.now()
    linked = list(
        Case.objects.filter(within_sight(staff), incident=incident.ref)
        .select_related("customer")
        .order_by("-last_message_at", "-pk")[: CASES_SHOWN + 1]
    )
    notices = list(Notice.objects.filter(about=incident.ref).order_by("pk"))
    lines, going = queries.timeline(incident), {one.pk: going_of(one) for one in notices}
    values: dict[str, Any] = desk_values(
        request,
        now=now,
        i=_whole(incident, staff=staff, now=now),
        lines=[line_shown(line, going) for line in reversed(lines)],
        taken_back=nobody_heard([line.now for line in lines], going),
        cases=[_case(case) for case in linked[:CASES_SHOWN]],
        more_cases=len(linked) > CASES_SHOWN,
        cohorts=cohorts_shown(incident, notices),
        end_unheard=len(queries.end_unheard_by(notices)) if incident.state != State.OPEN else 0,
        drafts=[_draft(draft, staff) for draft in _drafts(incident)],
        severities=[(severity.value, severity_words(severity)) for severity in Severity],
        causes=cause_choices(),
        note={"words": "", "errors": []},
        change={"errors": [], "open": False},
        words={"entry": None, "words": "", "errors": []},
        parts_hint=parts_hint(),
        prevention=incident_part(incident, staff),
        once="",
    )
    for name, given in said.items():
        values[name] = {**values.get(name, {}), **given}
    return render(request, "incidents/incident.html", values, status=status)


def _whole(incident: Incident, *, staff: Staff, now: datetime) -> dict[str, Any]:
    is_open = incident.state == State.OPEN
    word = incident.next_word
    return {
        **shown(incident, now=now),
        "is_open": is_open,
        "may_answer": staff.may(May.ANSWER),
        "is_mine": incident.owner_id == staff.pk,
        "cause": value_words(Field.CAUSES, incident.cause) if incident.cause else None,
        "cause_value": incident.cause,
        "severity_value": incident.severity,
        "product": incident.product,
        "place": incident.place,
        "components": ", ".join(incident.components),
        "happened_field": field_time(incident.happened_at, staff.zone),
        "aware_at": incident.aware_at,
        "said_at": incident.said_at,
        "first_signal_at": incident.first_signal_at,
        "first_signal_href": page_of(incident.first_signal),
        "end_said_at": incident.end_said_at,
        "acknowledged": acknowledged_words(incident.first_signal_at, incident.said_at, now=now),
        "word": {"due": word.due, "state": word.state, "href": page_of(f"promise:{word.pk}")} if word else None,
        "word_broken": is_open and word is not None and word.state in {"broken", "late"},
        "opened_by": incident.opened_by.name if incident.opened_by else None,
        "team": incident.team.name if incident.team else None,
        "recurrence_of": {
            "title": incident.recurrence_of.title,
            "href": reverse("incidents:incident", args=[incident.recurrence_of_id]),
        }
        if incident.recurrence_of
        else None,
    }


def going_of(notice: Notice) -> str:
    """How far a notice has come: what was taken back, or stopped, is not told because its line says so."""
    if notice.sent_at is None:
        return "taken_back"
    return {Going.DONE: "told", Going.STOPPED: "stopped"}.get(Going(notice.state), "under_way")


def nobody_heard(entries: Sequence[Entry], going: Mapping[int, str]) -> bool:
    """All that was said was taken back before it left, so that nobody outside has heard of it."""
    told = [entry for entry in entries if entry.is_told]
    return bool(told) and not any(
        entry.in_public or any(going.get(pk) != "taken_back" for pk in entry.notices) for entry in told
    )


def line_shown(line: Line, going: Mapping[int, str]) -> dict[str, Any]:
    """A line as it reads now, with what it read before struck out, and who changed it when; *going*: how far each notice is."""
    now, wordings = line.now, [*line.before, line.now]
    how = Counter(going.get(pk, "taken_back") for pk in now.notices)
    return {
        "id": now.pk,
        "kind": now.kind,
        "words": now.words,
        "title": kind_words(now.kind),
        "who": line.first.by.name if line.first.by else None,
        "happened_at": now.happened_at,
        "said_at": line.said_at,
        "is_note": now.kind == Entry.Kind.NOTE,
        "in_public": now.in_public,
        "told_to": how["told"],
        "under_way": how["under_way"],
        "stopped": how["stopped"],
        "taken_back": how["taken_back"],
        "untold": now.untold,
        "changes": [
            {
                "at": after.said_at,
                "who": after.by.name if after.by else None,
                "parts": differences(before.words, after.words),
                "moved_from": before.happened_at if before.happened_at != after.happened_at else None,
            }
            for before, after in pairwise(wordings)
        ],
    }


def _drafts(incident: Incident) -> list[Draft]:
    waiting = Draft.objects.filter(incident=incident, sent_at=None).select_related("by")
    return list(waiting.order_by("-changed_at"))


def _draft(draft: Draft, staff: Staff) -> dict[str, Any]:
    """One's own is written on; a colleague's is read once it is proposed."""
    waits, is_own = draft.proposed_at is not None, draft.by_id == staff.pk
    href = reverse("incidents:write", args=[draft.incident_id]) if is_own else None
    if waits and not is_own:
        href = reverse("incidents:draft", args=[draft.incident_id, draft.pk])
    return {"words": kind_words(draft.kind), "href": href, "who": draft.by.name, "at": draft.changed_at, "waits": waits}


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.pk,
        "href": page_of(f"case:{case.pk}"),
        "subject": case.subject or _("no subject"),
        "customer": str(case.customer),
        "opened_at": case.opened_at,
        "is_complaint": case.kind == Case.Kind.COMPLAINT,
    }


def cohorts_shown(incident: Incident, notices: Sequence[Notice] | None = None) -> list[dict[str, Any]]:
    """Who is hit, by cohort, and what each was told last; two statements, one where the *notices* are known."""
    cohorts = list(Cohort.objects.filter(about=incident.ref).order_by("pk"))
    sent: dict[int, list[Notice]] = {}
    if notices is None:
        notices = list(Notice.objects.filter(about=incident.ref).order_by("pk"))
    for notice in notices:
        sent.setdefault(notice.cohort_id, []).append(notice)
    return [_cohort(cohort, sent.get(cohort.pk, [])) for cohort in cohorts]


def _cohort(cohort: Cohort, notices: Sequence[Notice]) -> dict[str, Any]:
    return {
        "id": cohort.pk,
        "name": cohort.name or _("Those affected"),
        "count": cohort.count,
        "is_frozen": cohort.frozen_at is not None,
        "frozen_at": cohort.frozen_at,
        "notices": [{"id": one.pk, "state": one.state, "sort": one.sort, "sent_at": one.sent_at} for one in notices],
    }

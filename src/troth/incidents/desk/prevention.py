"""The page of what keeps an incident from happening again: its cause, what is done, the watch, and what may be a second time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.read_sayings import value_words
from troth.cases.rules.corrections import Field
from troth.incidents import queries
from troth.incidents import queries_prevention as prevention
from troth.incidents.desk.beginning import cause_choices
from troth.incidents.models import Audience, Incident, Measure, Recurrence, RootCause, State, Watch
from troth.incidents.prevention_sayings import (
    WATCH_TONES,
    audience_words,
    branch_words,
    measure_words,
    watch_words,
    why_words,
)
from troth.incidents.queries_prevention import Seen
from troth.incidents.rules.causes import WHYS, Branch
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import owner_choices
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, page_of, staff_of
from troth.promises.desk.saying import reason_choices, shown
from troth.words.refs import number_of, ref

#: For so long a repeat weighs most; offered first, and any other day may be typed.
WATCH_OFFERED = timedelta(days=90)


@staff_door(May.READ)
def prevention_page(request: HttpRequest, pk: int) -> HttpResponse:
    return prevention_shown(request, queries.incident_for(staff_of(request), pk))


@staff_door(May.READ)
def prevention_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper: no forms, every version of the cause, and what became of each promise."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    return render(request, "incidents/prevention_print.html", _values(request, incident, staff, now=timezone.now()))


def prevention_shown(request: HttpRequest, incident: Incident, *, status: int = 200, **said: Any) -> HttpResponse:
    """The page, with what was typed into a form that was refused."""
    staff, now = staff_of(request), timezone.now()
    values = _values(request, incident, staff, now=now)
    for name, given in said.items():
        values[name] = {**values[name], **given}
    return render(request, "incidents/prevention.html", values, status=status)


def _values(request: HttpRequest, incident: Incident, staff: Staff, *, now: datetime) -> dict[str, Any]:
    causes = prevention.causes_of(incident)
    watches = prevention.watches_of(incident)
    found = prevention.recurrences_of(incident, staff)
    newest = watches[0] if watches else None
    under_way = newest if newest and newest.state == Watch.State.WATCHING else None
    return desk_values(
        request,
        now=now,
        i={
            "id": incident.pk,
            "title": incident.title,
            "href": page_of(ref("incident", incident.pk)),
            "is_open": incident.state == State.OPEN,
            "happened_at": incident.happened_at,
            "ended_at": incident.ended_at,
        },
        may_answer=staff.may(May.ANSWER),
        versions=[_cause(cause) for cause in causes],
        cause=_cause_form(causes[0] if causes else None),
        measures=[_measure(measure) for measure in prevention.measures_of(incident)],
        measure={
            "errors": [],
            "what": "",
            "sort": Measure.Sort.PREVENTIVE,
            "due": "",
            "audience": "public",
            "owner": "",
        },
        owners=[("", _("Whoever owns the incident")), *owner_choices_words()],
        watches=[_watch(watch) for watch in watches],
        watched=_watch(under_way) if under_way else None,
        watch={
            "errors": [],
            "until": field_time(now + WATCH_OFFERED, staff.zone),
            "cause": incident.cause,
            "product": incident.product,
            "place": incident.place,
            "audience": "public",
        },
        longer={"errors": [], "until": ""},
        off={"errors": [], "reason": "", "was_mistake": False},
        audiences=[(audience.value, audience_words(audience)) for audience in Audience],
        sorts=[(sort.value, measure_words(sort)) for sort in Measure.Sort],
        causes=cause_choices(),
        miss_reasons=[("", _("Not known yet")), *reason_choices()],
        asked=[_recurrence(one) for one in found if _is_asked(one.recurrence)],
        others=[_recurrence(one) for one in found if not _is_asked(one.recurrence)],
        untold=_untold([one.recurrence for one in found]),
        held_untold=bool(newest and newest.state == Watch.State.HELD and not prevention.was_held_told(newest)),
    )


def owner_choices_words() -> list[tuple[str, str]]:
    return [(str(person.pk), person.name) for person in owner_choices()]


def _is_asked(found: Recurrence) -> bool:
    """It waits for somebody's word, or can be taken back."""
    is_open = found.watch.state == Watch.State.WATCHING
    return is_open and found.state in {Recurrence.State.FOUND, Recurrence.State.SAID}


def _untold(found: Sequence[Recurrence]) -> bool:
    """It came back, and those who were hurt before do not know."""
    confirmed = [one for one in found if one.state == Recurrence.State.CONFIRMED]
    return bool(confirmed) and not prevention.is_told_again(max(confirmed, key=lambda one: one.pk))


def _cause(row: RootCause) -> dict[str, Any]:
    answers = list(row.plain.get("whys", []))
    branches = [(branch_words(name)[0], text) for name, text in row.plain.get("branches", {}).items()]
    return {
        "words": row.words,
        "way": _("Five whys") if row.way == RootCause.Way.FIVE_WHYS else _("Fishbone"),
        "whys": answers,
        "branches": branches,
        "by": row.by.name if row.by else None,
        "at": row.found_at,
    }


def _cause_form(row: RootCause | None) -> dict[str, Any]:
    """As it was found last, to be changed."""
    plain = row.plain if row else {}
    return cause_typed(
        way=row.way if row else RootCause.Way.FIVE_WHYS,
        answers=plain.get("whys", []),
        branches=plain.get("branches", {}),
        words=row.words if row else "",
    )


def cause_typed(
    *, way: str, answers: Sequence[str], branches: dict[str, str], words: str, **more: Any
) -> dict[str, Any]:
    named = [(branch.value, *branch_words(branch)) for branch in Branch]
    return {
        "errors": [],
        "open": False,
        "way": way,
        "whys": [answers[place] if place < len(answers) else "" for place in range(WHYS)],
        "branches": [
            {"name": name, "title": title, "asks": asks, "text": branches.get(name, "")} for name, title, asks in named
        ],
        "words": words,
        **more,
    }


def _measure(row: Measure) -> dict[str, Any]:
    sort, audience = measure_words(row.sort), audience_words(row.audience)
    return {**shown(row.promise), "sort": sort, "audience": audience, "strength": f"{sort}, {audience}"}


def _watch(row: Watch) -> dict[str, Any]:
    narrowed = [value_words(Field.CAUSES, row.cause) if row.cause else "", row.product, row.place]
    return {
        "id": row.pk,
        "state": row.state,
        "words": watch_words(row.state),
        "tone": WATCH_TONES[row.state],
        "begun_at": row.begun_at,
        "until": row.until,
        "ended_at": row.ended_at,
        "reason": row.reason,
        "by": [words for words in narrowed if words],
        "audience": audience_words(row.audience),
        "promise": {"href": page_of(ref("promise", row.promise_id)), "state": row.promise.state},
    }


def _recurrence(seen: Seen) -> dict[str, Any]:
    row, case = seen.recurrence, seen.case
    return {
        "id": row.pk,
        "number": number_of(row.case, "case"),
        "href": page_of(row.message or row.case) if case else None,
        "subject": str(case) if case else _("A case that another team looks after"),
        "customer": str(case.customer) if case else None,
        "opened_at": case.opened_at if case else None,
        "why": why_words(row.why),
        "likeness": None if row.likeness is None else f"{row.likeness:.0%}",
        "is_strong": row.is_strong,
        "state": row.state,
        "by": row.decided_by.name if row.decided_by else None,
        "decided_at": row.decided_at,
    }


def incident_part(incident: Incident, staff: Staff) -> dict[str, Any]:
    """What the page of the incident says of it, in a few lines; two statements more where it is watched."""
    watches = prevention.watches_of(incident)
    found = prevention.recurrences_of(incident, staff) if watches else []
    cause = next(iter(prevention.causes_of(incident)), None)
    measures = prevention.measures_of(incident)
    return {
        "href": reverse("incidents:prevention", args=[incident.pk]),
        "cause": cause.words if cause else None,
        "measures": [_measure(measure) for measure in measures],
        "watch": _watch(watches[0]) if watches else None,
        "asked": sum(1 for one in found if _is_asked(one.recurrence)),
        "untold": _untold([one.recurrence for one in found]),
        "is_open": incident.state == State.OPEN,
    }

"""Every incident: what goes on first by when its next word is due, then the newest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.incidents import queries, spikes
from troth.incidents.models import Incident, Severity, State
from troth.incidents.sayings import (
    SEVERITY_TONES,
    STATE_TONES,
    acknowledged_words,
    severity_words,
    sort_words,
    state_words,
)
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, staff_of, typed

PAGE = 30


@staff_door(May.READ)
def incidents_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    state = typed(request.GET, "state")
    rows = queries.seen_by(staff_of(request)).select_related("owner", "next_word").annotate(cases=_counted())
    if state in set(State):
        rows = rows.filter(state=state)
    found = list(rows.filter(_older_than(typed(request.GET, "older"))).order_by("-aware_at", "-pk")[: PAGE + 1])
    values = desk_values(
        request,
        now=now,
        states=_chips(state),
        incidents=[shown(row, now=now) for row in found[:PAGE]],
        spikes=spikes.shown(staff_of(request), now=now),
        filtered=bool(state),
        pages=_pages(request, found, state),
    )
    return render(request, "incidents/list.html", values)


def _counted() -> Coalesce:
    """How many cases are part of it; found by their index."""
    reference = Concat(Value("incident:"), Cast(OuterRef("pk"), TextField()))
    part = Case.objects.filter(incident=reference).order_by().values("incident").annotate(n=Count("pk"))
    return Coalesce(Subquery(part.values("n"), output_field=IntegerField()), 0)


def shown(row: Incident, *, now: datetime) -> dict[str, Any]:
    """An incident as a list shows it."""
    return {
        "id": row.pk,
        "href": reverse("incidents:incident", args=[row.pk]),
        "title": row.title,
        "sort": sort_words(row.sort),
        "state": {"words": state_words(row.state), "tone": STATE_TONES[State(row.state)]},
        "severity": {"words": severity_words(row.severity), "tone": SEVERITY_TONES[Severity(row.severity)]},
        "owner": row.owner.name if row.owner else None,
        "happened_at": row.happened_at,
        "ended_at": row.ended_at,
        "next_word": row.next_word.due if row.state == State.OPEN and row.next_word else None,
        "overdue": row.state == State.OPEN and row.next_word is not None and is_overdue(row, now=now),
        "acknowledged": acknowledged_words(row.first_signal_at, row.said_at, now=now),
        "unsaid": row.said_at is None and row.state == State.OPEN,
        "cases": getattr(row, "cases", None),
        "is_public": row.is_public,
    }


def is_overdue(row: Incident, *, now: datetime) -> bool:
    return row.next_word is not None and (row.next_word.due is None or row.next_word.due <= now)


def _older_than(mark: str) -> Q:
    at, _sep, number = mark.partition("~")
    before = local_time(at, "UTC")
    if before is None or not number.isdecimal():
        return Q()
    return Q(aware_at__lt=before) | Q(aware_at=before, pk__lt=int(number[:18]))


def _pages(request: HttpRequest, found: Sequence[Incident], state: str) -> dict[str, Any] | None:
    more, paged = len(found) > PAGE, bool(request.GET.get("older"))
    if not more and not paged:
        return None
    page, kept = reverse("incidents:list"), {"state": state} if state else {}
    last = found[PAGE - 1] if more else None
    return {
        "words": "",
        "newer": f"{page}?{urlencode(kept)}" if paged else None,
        "older": f"{page}?{urlencode({**kept, 'older': f'{last.aware_at.isoformat()}~{last.pk}'})}" if last else None,
    }


def _chips(chosen: str) -> list[dict[str, Any]]:
    page = reverse("incidents:list")
    named = [("", _("All")), *((state.value, state_words(state)) for state in State)]
    return [
        {"words": words, "href": f"{page}?state={state}" if state else page, "here": state == chosen}
        for state, words in named
    ]

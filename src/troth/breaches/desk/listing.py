"""The register: every breach, what runs first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from troth.breaches import papers, queries, sayings
from troth.breaches.desk.page import clock_of, download
from troth.breaches.models import Breach
from troth.breaches.rules import standing
from troth.people import paper
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of

#: A page of the register; the PDF and the JSON have all of it.
SHOWN_MOST = 200


@staff_door(May.BREACHES)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """What runs, and then everything there ever was, the newest first."""
    staff, now = staff_of(request), timezone.now()
    rows = list(queries.seen_by(staff).order_by("-aware_at", "-pk")[:SHOWN_MOST])
    values = desk_values(
        request,
        now=now,
        here="breaches",
        near=[_shown(row, now=now) for row in queries.running(staff)],
        breaches=[_shown(row, now=now) for row in rows],
    )
    return render(request, "breaches/list.html", values)


def _shown(row: Breach, *, now: datetime) -> dict[str, Any]:
    left = [one for one in standing.steps(queries.facts_of(row), now=now) if one.stands in {"open", "late"}]
    return {
        "id": row.pk,
        "href": reverse("breaches:breach", args=[row.pk]),
        "title": row.incident.title,
        "aware_at": row.aware_at,
        "by": queries.next_end(row),
        "clock": clock_of(row, now=now),
        "left": sayings.remaining(queries.next_end(row), now=now),
        "level": sayings.level_words(row.level),  # type: ignore[attr-defined]
        "reported_at": row.reported_at,
        "told_at": row.told_at,
        "closed_at": row.closed_at,
        "open": len(left),
        "owner": row.owner.name if row.owner else None,
    }


def _all(request: HttpRequest) -> QuerySet[Breach]:
    return queries.seen_by(staff_of(request)).order_by("aware_at", "pk")


@staff_door(May.BREACHES)
@require_GET
def register_paper(request: HttpRequest) -> HttpResponse:
    """The register, as the authority may ask for it (GDPR 33(5))."""
    content = papers.register_pdf(_all(request), zone=staff_of(request).zone, now=timezone.now())
    return paper.response(content, name="register-of-breaches.pdf")


@staff_door(May.BREACHES)
@require_GET
def register_json(request: HttpRequest) -> HttpResponse:
    """The same for another tool."""
    return download({"breaches": [papers.plain(row) for row in _all(request)]}, name="register-of-breaches.json")

"""Whom an incident affects, on one page: who was told when and how it ended, who answered, what is owed to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.models import Case, Message
from troth.incidents import queries
from troth.incidents.models import Incident
from troth.notices.models import Member, Recipient, Standing, Told
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.remedies.models import Remedy

PAGE = 50


@staff_door(May.READ)
def affected(request: HttpRequest, pk: int) -> HttpResponse:
    """As many statements for fifty people as for one."""
    staff, now = staff_of(request), timezone.now()
    incident = queries.incident_for(staff, pk)
    chosen = typed(request.GET, "show")
    after = typed(request.GET, "after")
    rows = Member.objects.filter(cohort__about=incident.ref, cohort__frozen_at__isnull=False)
    rows = rows.filter(_filter(incident, chosen)).select_related("customer", "cohort", "excluded_by")
    found = list(rows.filter(pk__gt=int(after[:18]) if after.isdecimal() else 0).order_by("pk")[: PAGE + 1])
    values = desk_values(
        request,
        now=now,
        i={"id": incident.pk, "title": incident.title},
        members=_shown(incident, found[:PAGE]),
        shows=_chips(incident, chosen),
        filtered=bool(chosen),
        pages=_pages(incident, found, chosen, paged=bool(after)),
    )
    return render(request, "incidents/affected.html", values)


def _filter(incident: Incident, chosen: str) -> Q:
    told = Recipient.objects.filter(notice__about=incident.ref)
    ended = told.filter(state__in=[Told.ACCEPTED, Told.BY_HAND]).values("member")
    return {
        "untold": ~Q(pk__in=ended) & ~Q(standing=Standing.EXCLUDED),
        "unreachable": Q(pk__in=told.filter(state=Told.UNREACHABLE).values("member")),
        "answered": Q(customer__in=Case.objects.filter(incident=incident.ref).values("customer")),
        "late": Q(standing=Standing.LATE),
        "excluded": Q(standing=Standing.EXCLUDED),
    }.get(chosen, Q())


def _chips(incident: Incident, chosen: str) -> list[dict[str, Any]]:
    page = reverse("incidents:affected", args=[incident.pk])
    named = [
        ("", _("Everybody")),
        ("untold", _("Not told yet")),
        ("unreachable", _("No address works")),
        ("answered", _("Wrote to us")),
        ("late", _("Came later")),
        ("excluded", _("Left out")),
    ]
    return [
        {"words": words, "href": f"{page}?show={show}" if show else page, "here": show == chosen}
        for show, words in named
    ]


def _pages(incident: Incident, found: Sequence[Member], chosen: str, *, paged: bool) -> dict[str, Any] | None:
    more = len(found) > PAGE
    if not more and not paged:
        return None
    page, kept = reverse("incidents:affected", args=[incident.pk]), {"show": chosen} if chosen else {}
    return {
        "words": "",
        "newer": f"{page}?{urlencode(kept)}" if paged else None,
        "older": f"{page}?{urlencode({**kept, 'after': found[PAGE - 1].pk})}" if more else None,
    }


def _shown(incident: Incident, members: Sequence[Member]) -> list[dict[str, Any]]:
    """Each with what they were told, what they wrote, and what is owed to them from this; four statements."""
    customers = [member.customer_id for member in members if member.customer_id]
    told: dict[int, list[Recipient]] = {}
    rows = Recipient.objects.filter(member__in=[member.pk for member in members], notice__about=incident.ref)
    for row in rows.select_related("notice").order_by("notice", "pk"):
        told.setdefault(row.member_id, []).append(row)
    cases = _newest_cases(incident, customers)
    owed: dict[int, list[dict[str, Any]]] = {}
    about = [incident.ref, *(f"case:{case}" for of in cases.values() for case, _wrote in of)]
    for promise in Promise.objects.filter(OWED, customer__in=customers, about__in=about).order_by("due", "pk"):
        assert promise.customer_id
        here = {
            "words": promise.what,
            "due": promise.due,
            "href": page_of(f"promise:{promise.pk}"),
            "state": promise.state,
        }
        owed.setdefault(promise.customer_id, []).append(here)
    remedies: dict[int, int] = {}
    for customer in Remedy.objects.filter(customer__in=customers, about__in=about).values_list("customer", flat=True):
        remedies[customer] = remedies.get(customer, 0) + 1
    return [
        {
            "id": member.pk,
            "name": str(member.customer) if member.customer else member.name or member.address,
            "href": page_of(f"customer:{member.customer_id}") if member.customer_id else "",
            "why": [{"words": one, "href": page_of(one)} for one in member.why.split()],
            "standing": member.standing,
            "reason": member.reason,
            "told": [_told(row) for row in told.get(member.pk, [])],
            "cases": [
                {"number": case, "href": page_of(f"case:{case}"), "wrote_at": wrote}
                for case, wrote in cases.get(member.customer_id or 0, [])
            ],
            "owed": owed.get(member.customer_id or 0, []),
            "remedies": remedies.get(member.customer_id or 0, 0),
        }
        for member in members
    ]


def _newest_cases(incident: Incident, customers: Sequence[int]) -> dict[int, list[tuple[int, datetime | None]]]:
    """Their cases that are part of it, each with when they wrote last; two statements."""
    rows = list(Case.objects.filter(incident=incident.ref, customer__in=customers).values_list("pk", "customer_id"))
    said = Message.objects.filter(case__in=[pk for pk, _customer in rows], direction=Message.Direction.INBOUND)
    wrote: dict[int, datetime] = dict(said.order_by("at").values_list("case_id", "at"))
    found: dict[int, list[tuple[int, datetime | None]]] = {}
    for case, customer in rows:
        found.setdefault(customer, []).append((case, wrote.get(case)))
    return found


def _told(row: Recipient) -> dict[str, Any]:
    return {
        "state": row.state,
        "words": told_words(row.state),
        "tone": TONES.get(Told(row.state)),
        "at": row.told_at or row.notice.sent_at,
        "notice": row.notice_id,
    }


TONES = {
    Told.ACCEPTED: "good", Told.BY_HAND: "good", Told.UNREACHABLE: "alarm", Told.BOUNCED: "warn", Told.REFUSED: "warn",
    Told.UNCLEAR: "warn",
}  # fmt: skip


def told_words(state: str) -> str:
    return {
        Told.WAITING: _("waits for its turn"),
        Told.QUEUED: _("on its way"),
        Told.ACCEPTED: _("told"),
        Told.BOUNCED: _("came back"),
        Told.REFUSED: _("refused"),
        Told.UNCLEAR: _("not known whether it arrived"),
        Told.UNREACHABLE: _("no address works"),
        Told.BY_HAND: _("told by hand"),
    }[Told(state)]

"""The customer's door: a signed link, confirmed by a button, becomes a short session that rests on the link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.people import limits
from troth.people.erasing import LINK_IN_SESSION
from troth.people.models import Customer, Link
from troth.people.queries import company_name, family, standing_link, zone_of

#: How long a confirmed link stays open in one browser.
SESSION_SECONDS = 12 * 3600
#: So often may one visitor try a link that is none, and one reader ask for what is not theirs.
GUESSES = limits.Pace(30, timedelta(minutes=10))


@dataclass(frozen=True)
class Reader:
    """The customer who reads, with every record of theirs."""

    link: Link
    customer: Customer
    ids: list[int]
    zone: str
    company: str


def enter(request: HttpRequest, link: Link) -> None:
    """Open the page in this browser; a staff session in it stays as it was."""
    request.session[LINK_IN_SESSION] = link.pk
    if not request.user.is_authenticated:
        request.session.cycle_key()
        request.session.set_expiry(SESSION_SECONDS)


def customer_door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let in whose link still stands; others are told that it has run out."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        number = request.session.get(LINK_IN_SESSION)
        link = standing_link(number, now=timezone.now()) if number else None
        if link is None:
            return gone(request)
        ids = family(link.customer_id)
        reader = Reader(link=link, customer=link.customer, ids=ids, zone=zone_of(link.customer), company=company_name())
        try:
            response = view(request, reader, *args, **values)
        except Http404:
            if left := limits.take("misses", str(link.customer_id), GUESSES, now=timezone.now()):
                return limits.refuse(request, left)
            raise
        response["Cache-Control"] = "no-store"
        return response

    guarded.door = "customer"  # type: ignore[attr-defined]
    return guarded


def gone(request: HttpRequest, *, closed: bool = False) -> HttpResponse:
    """Nothing to see here: the link has run out, or its reader *closed* the page."""
    values = {
        "closed": closed,
        "company": company_name(),
        "renew_to": None,
        "sent": False,
        "write_href": reverse("webform:form"),
        "zone": None,
        "now": timezone.now(),
    }
    return render(request, "portal/gone.html", values, status=200 if closed else 403)


def values_for(reader: Reader, **values: Any) -> dict[str, Any]:
    """What every page of the customer's is told."""
    return {
        "company": reader.company,
        "customer": reader.customer.name or _("Your page"),
        "name": reader.customer.name,
        "portal_nav": True,
        "zone": reader.zone,
        "now": timezone.now(),
        **values,
    }

"""What we hold about the customer who reads: shown, handed out as a zip, and asked to be erased (GDPR 15, 17 and 20)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from troth.people import limits
from troth.people.models import Handle
from troth.portal.doors import Reader, customer_door, values_for
from troth.privacy import actions, queries, sayings
from troth.privacy.handing import download, left_out

#: A zip is read from a thousand rows.
ZIPS = limits.Pace(6, timedelta(minutes=10))
ASKED = limits.Pace(5, timedelta(hours=1))


@require_GET
@customer_door
def held(request: HttpRequest, reader: Reader) -> HttpResponse:
    """How much of what, what forbids to erase it, and what became of their wish."""
    now = timezone.now()
    asked = queries.last_request(reader.ids)
    out = left_out(reader.ids)
    values = values_for(
        reader,
        held=sayings.held(queries.shown_counts(reader.ids), staff=False),
        addresses=list(
            Handle.objects.filter(customer_id__in=reader.ids).order_by("pk").values_list("address", flat=True)
        ),
        left_out=out["notes"] + out["messages"],
        stays=sayings.stays(),
        holds=[
            {"reason": sayings.hold_reason(one.reason), "words": one.words, "until": one.until}
            for one in queries.holds(reader.ids, now=now)
        ],
        asked={
            "at": asked.asked_at,
            "answer_by": asked.answer_by,
            "open": asked.answered_at is None,
            "answered_at": asked.answered_at,
            "refused": asked.answer == "refused",
            "words": asked.words,
        }
        if asked and asked.answer != "withdrawn"
        else None,
    )
    return render(request, "portal/held.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_door
def forget(request: HttpRequest, reader: Reader) -> HttpResponse:
    """GET says what it means and changes nothing; POST puts the wish on record, with the date it is answered by."""
    now = timezone.now()
    if queries.open_request(reader.ids):
        return redirect("portal:held")
    if request.method == "POST":
        if left := limits.take("forget", str(reader.customer.root_pk), ASKED, now=now):
            return limits.refuse(request, left)
        actions.ask(reader.customer, by=None, now=now)
        messages.success(request, _("We have your wish. You have our word for an answer."))
        return redirect("portal:held")
    values = values_for(reader, stays=sayings.stays(), holds=bool(queries.holds(reader.ids, now=now)))
    return render(request, "portal/forget.html", values)


@require_POST
@customer_door
def keep(request: HttpRequest, reader: Reader) -> HttpResponse:
    """They take the wish back."""
    asked = queries.open_request(reader.ids)
    if asked and actions.withdraw(asked, now=timezone.now()):
        messages.success(request, _("Taken back. Everything stays as it is."))
    return redirect("portal:held")


@require_GET
@customer_door
def export(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """Everything that is theirs to see, as one zip."""
    if left := limits.take("zips", str(reader.customer.root_pk), ZIPS, now=timezone.now()):
        return limits.refuse(request, left)
    return download(reader.customer, whole=False)

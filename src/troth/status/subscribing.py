"""The pages of subscribers: the form, and what the link in their letters opens.

A GET changes nothing, for mail gateways follow every link; only a button does. The one address that takes a POST from anywhere is
the one that mail programs ask when somebody presses their button to unsubscribe (RFC 8058): it can end, and nothing else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from troth.people import limits
from troth.people.queries import company_name, hours_of
from troth.people.rules.addresses import NotAnAddress, email_address
from troth.people.shell import typed
from troth.status import actions, queries
from troth.status.letters import NoSuchSubscriber, subscriber_of
from troth.status.models import Component, Place

#: From one network; an office shares one.
PACE = limits.Pace(10, timedelta(minutes=10))
ADDRESS_MOST = 254


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form. Whatever address is sent, the answer is the same."""
    if request.method != "POST":
        return _form(request)
    chosen = _chosen(request)
    try:
        address = email_address(typed(request.POST, "email"))
    except NotAnAddress:
        error = _("Give an address such as ann@example.org.")
        return _form(request, email=typed(request.POST, "email")[:ADDRESS_MOST], error=error, **chosen, status=422)
    if typed(request.POST, "website"):  # a person does not see this field
        return redirect("status:asked")
    now = timezone.now()
    if left := limits.take("status-form", limits.visitor(request), PACE, now=now):
        return limits.refuse(request, left)
    actions.ask(address, **chosen, now=now)
    return redirect("status:asked")


subscribe.door = "public"  # type: ignore[attr-defined]


def asked(request: HttpRequest) -> HttpResponse:
    """A letter is on its way, if the address is right."""
    return _page(request, "status/asked.html")


asked.door = "public"  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def yours(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in a letter opens: say yes, choose of what to hear, end it."""
    try:
        found = subscriber_of(token)
    except NoSuchSubscriber:
        return _page(request, "status/no_subscriber.html", status=403)
    if request.method == "POST" and not found.ended_at:
        now, what = timezone.now(), typed(request.POST, "do")
        if what == "end":
            actions.end(found, how="link", now=now)
        elif what in {"confirm", "choose"}:
            actions.choose(found, **_chosen(request))
            actions.confirm(found, now=now)
        return redirect("status:yours", token)
    values = {
        "state": "ended" if found.ended_at else "on" if found.confirmed_at else "asked",
        "address": found.address,
        **_choices(found.components, found.places),
    }
    return _page(request, "status/yours.html", **values)


yours.door = "link"  # type: ignore[attr-defined]


@csrf_exempt
@require_POST
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """A mail program says that its reader wants no more (RFC 8058, 3.2): without a cookie, and without asking again."""
    try:
        found = subscriber_of(token)
    except NoSuchSubscriber:
        return HttpResponse("There is nothing here.\n", content_type="text/plain; charset=utf-8", status=403)
    actions.end(found, how="link", now=timezone.now())
    return HttpResponse("You are written to no more.\n", content_type="text/plain; charset=utf-8")


one_click.door = "one click"  # type: ignore[attr-defined]


def _chosen(request: HttpRequest) -> dict[str, list[int]]:
    return {
        name: [int(one) for one in request.POST.getlist(name) if one.isdecimal() and len(one) < 10][:200]
        for name in ("components", "places")
    }


def _form(
    request: HttpRequest,
    *,
    email: str = "",
    error: str = "",
    components: list[int] | None = None,
    places: list[int] | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = [{"id": "id_email", "words": error}] if error else []
    values = {"email": email, "email_error": error, "errors": errors, **_choices(components or [], places or [])}
    return _page(request, "status/subscribe.html", status=status, **values)


def _choices(components: list[int], places: list[int]) -> dict[str, Any]:
    return {
        "components": [{"id": pk, "name": n, "chosen": pk in components} for pk, n in queries.choices(Component)],
        "places": [{"id": pk, "name": n, "chosen": pk in places} for pk, n in queries.choices(Place)],
    }


def _page(request: HttpRequest, template: str, *, status: int = 200, **values: Any) -> HttpResponse:
    values = {"company": company_name(), "zone": hours_of().zone, "now": timezone.now(), **values}
    response = render(request, template, values, status=status)
    response["Cache-Control"] = "no-store"
    return response

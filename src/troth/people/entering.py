"""The pages behind the two links that make an account: an invitation, and the host's first admin."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import available_timezones

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from troth.people import limits, staffing
from troth.people.actions import StaffThereAlready, note_security
from troth.people.models import Invite, Staff
from troth.people.queries import InviteGone, NoSuchLink, company, company_name, hours_of, open_invite
from troth.people.rules.addresses import NotAnAddress
from troth.people.rules.invites import InviteState
from troth.people.rules.security import SecurityKind
from troth.people.shell import origin_of, typed
from troth.words.hours import NotACalendar

PACE = limits.Pace(20, timedelta(minutes=10))
CONTINENTS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@never_cache
@limits.at_pace("invite", PACE, methods=("GET", "POST"))
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the form and changes nothing, as mail gateways follow links by themselves; POST makes the account."""
    try:
        found = open_invite(token, now=timezone.now())
        if not found.address:
            raise NoSuchLink
        if request.method == "POST":
            return _take(request, found)
    except (NoSuchLink, InviteGone) as error:
        return _gone(request, error)
    return _invite_page(request, found)


invited.door = "invite"  # type: ignore[attr-defined]


def _take(request: HttpRequest, found: Invite) -> HttpResponse:
    by_passkey = request.POST.get("way") == "passkey"
    name, password = typed(request.POST, "name"), typed(request.POST, "password")
    errors = [] if by_passkey else _password_errors(password, Staff(email=found.address, name=name))
    if not errors:
        try:
            made = staffing.take_invite(
                found,
                name=name,
                password=None if by_passkey else password,
                zone=_zone(request),
                origin=origin_of(request),
                now=timezone.now(),
            )
        except staffing.NoName as error:
            errors = [{"id": "id_name", "words": str(error)}]
        except StaffThereAlready as error:
            raise InviteGone(InviteState.TAKEN) from error
        else:
            return _sign_in(request, made, to=reverse("mfa_add_webauthn") if by_passkey else "")
    return _invite_page(request, found, errors=errors)


def _invite_page(request: HttpRequest, found: Invite, *, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    values = {
        "company": company_name(),
        "address": found.address,
        "by": found.by.name if found.by else "",
        "name": typed(request.POST, "name"),
        "zone_chosen": _zone(request),
        "zones": zones(),
        "errors": errors or [],
        "post_to": request.path,
    }
    return render(request, "people/invite.html", values, status=422 if errors else 200)


@never_cache
@limits.at_pace("set-up", PACE, methods=("GET", "POST"))
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The company and its first admin, by the link that the host was given."""
    try:
        found = open_invite(token, now=timezone.now())
        if found.address:
            raise NoSuchLink
        if staffing.somebody_runs_it():
            raise InviteGone(InviteState.TAKEN)
        if request.method == "POST":
            return _set_up(request, found)
    except (NoSuchLink, InviteGone) as error:
        return _gone(request, error)
    return _set_up_page(request)


set_up.door = "set-up"  # type: ignore[attr-defined]


def _set_up(request: HttpRequest, found: Invite) -> HttpResponse:
    said = {name: typed(request.POST, name).strip() for name in ("company", "country", "name", "email")}
    password = typed(request.POST, "password")
    errors = _password_errors(password, Staff(email=said["email"], name=said["name"]))
    if company() is None and not said["company"]:
        errors.insert(0, {"id": "id_company", "words": _("Write the company's name as its customers know it.")})
    if not errors:
        try:
            made = staffing.set_up(
                found,
                **said,
                zone=_zone(request),
                password=password,
                origin=origin_of(request),
                now=timezone.now(),
            )
        except NotACalendar:
            errors = [{"id": "id_country", "words": _("Write the two letters of a country, such as DE, or nothing.")}]
        except NotAnAddress:
            errors = [{"id": "id_email", "words": _("Write one email address.")}]
        except staffing.NoName as error:
            errors = [{"id": "id_name", "words": str(error)}]
        except StaffThereAlready as error:
            errors = [{"id": "id_email", "words": str(error)}]
        else:
            return _sign_in(request, made)
    return _set_up_page(request, errors=errors)


def _set_up_page(request: HttpRequest, *, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    values = {
        "company": "Troth",
        "asks_company": company() is None,
        "said": {name: typed(request.POST, name) for name in ("company", "country", "name", "email")},
        "zone_chosen": _zone(request),
        "zones": zones(),
        "errors": errors or [],
        "post_to": request.path,
    }
    return render(request, "people/set_up.html", values, status=422 if errors else 200)


def _password_errors(password: str, staff: Staff) -> list[dict[str, str]]:
    try:
        validate_password(password, staff)
    except ValidationError as error:
        return [{"id": "id_password", "words": words} for words in error.messages]
    return []


def _sign_in(request: HttpRequest, staff: Staff, *, to: str = "") -> HttpResponse:
    """Straight in: whoever has the link has shown who they are."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    record_authentication(request, staff, method="invite")
    answer: HttpResponse = perform_login(request, staff, redirect_url=to or reverse("people:me"))
    return answer


def _gone(request: HttpRequest, error: Exception) -> HttpResponse:
    """That it opens nothing. A link of ours that comes too late is on record: whoever was robbed of it comes second."""
    state = error.state if isinstance(error, InviteGone) else ""
    if isinstance(error, InviteGone):
        kind, origin = SecurityKind.INVITE_REFUSED, origin_of(request)
        note_security(kind=kind, about=error.about, how=error.state, origin=origin, now=timezone.now())
    values = {"company": company_name(), "state": state}
    return render(request, "people/invite_gone.html", values, status=410 if state else 403)


def _zone(request: HttpRequest) -> str:
    """As chosen from the list; else the company's."""
    chosen = typed(request.POST, "zone")
    return chosen if chosen in available_timezones() else hours_of().zone


def zones() -> list[tuple[str, str]]:
    """Zones as people choose them, by continent and city."""
    named = sorted(zone for zone in available_timezones() if zone.startswith(CONTINENTS))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ").replace("/", " / ")) for zone in named)]

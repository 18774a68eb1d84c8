"""Everybody's own account: how they sign in, and where they are signed in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.people import staffing
from troth.people.doors import staff_door
from troth.people.rules.browsers import browser_and_system
from troth.people.rules.roles import May, Role
from troth.people.shell import desk_values, origin_of, staff_of


@staff_door(May.READ, owing=True)
def me(request: HttpRequest) -> HttpResponse:
    """Password, second factors, and every place where this person is signed in."""
    staff = staff_of(request)
    mine = list(Authenticator.objects.filter(user_id=staff.pk).order_by("pk"))
    codes = next((one for one in mine if one.type == Authenticator.Type.RECOVERY_CODES), None)
    app = next((one for one in mine if one.type == Authenticator.Type.TOTP), None)
    passkeys = [one for one in mine if one.type == Authenticator.Type.WEBAUTHN]
    values = desk_values(
        request,
        here="me",
        me={"name": staff.name, "email": staff.email, "role": staff.get_role_display()},
        password=staff.has_usable_password(),
        app={"since": app.created_at, "last_at": app.last_used_at} if app else None,
        passkeys=[
            {"id": one.pk, "name": str(one), "since": one.created_at, "last_at": one.last_used_at} for one in passkeys
        ],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        owes=staff.owes_factor,
        advice=staff.role == Role.ADMIN and not (app or passkeys),
        sessions=_sessions(request),
    )
    return render(request, "people/me.html", values)


def _sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """Where they are signed in, here first."""
    here = request.session.session_key
    found = UserSession.objects.purge_and_list(staff_of(request))
    found.sort(key=lambda one: (one.session_key != here, -one.created_at.timestamp()))
    return [
        {
            "id": one.pk,
            "words": _browser_words(one.user_agent),
            "from": one.ip,
            "since": one.created_at,
            "here": one.session_key == here,
        }
        for one in found
    ]


def _browser_words(user_agent: str) -> str:
    browser, system = browser_and_system(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A program we do not know")


@require_POST
@staff_door(May.READ, owing=True)
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out there; nobody ends a session that is not theirs."""
    staff = staff_of(request)
    ended = staffing.sign_out_everywhere(
        staff.pk, session_id=pk, by=staff, origin=origin_of(request), now=timezone.now()
    )
    if not ended:
        raise Http404
    messages.success(request, _("Signed out there."))
    return redirect("people:me")


@require_POST
@staff_door(May.READ, owing=True)
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    staff = staff_of(request)
    here = request.session.session_key or ""
    staffing.sign_out_everywhere(staff.pk, but=here, by=staff, origin=origin_of(request), now=timezone.now())
    messages.success(request, _("You are signed in here only."))
    return redirect("people:me")

"""The doors of the staff side: one decorator that asks who is there, what they may, and whether they just showed it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from troth.people.rules.roles import May

View = Callable[..., HttpResponseBase]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: A form sent at a stale door waits in the session until its sender has shown who they are; what it says here does not.
NOT_KEPT = ("password", "secret")
#: The way to show who one is for those who have nothing to show here: the company's own sign-in.
ELSEWHERE = "elsewhere"


def staff_door(may: May, *, fresh: bool = False, owing: bool = False) -> Callable[[View], View]:
    """Let in signed-in staff who may; others sign in, or are told they may not.

    Whatever runs the installation (`May.RUN`) is changed only by somebody who showed within the last minutes who they
    are, by signing in or once more; a *fresh* door asks that of every visit, also of looking: keys, exports. Who still
    owes a second factor is led to set it up first; only an *owing* door lets them pass.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            if not request.user.may(may):  # type: ignore[union-attr]
                raise PermissionDenied
            if request.user.owes_factor and not owing:  # type: ignore[union-attr]
                return redirect("people:me")
            if fresh or (may is May.RUN and request.method not in SAFE):
                ask_anew_unless_fresh(request)
            return view(request, *args, **values)

        inside: View = login_required(guarded)
        inside.door = may  # type: ignore[attr-defined]
        inside.fresh = fresh  # type: ignore[attr-defined]
        return inside

    return decorate


def freshly(view: View) -> View:
    """The same for a page that is not ours: it opens to whoever is signed in and just showed who they are."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        ask_anew_unless_fresh(request)
        return view(request, *args, **values)

    inside: View = login_required(guarded)
    return inside


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person in this session showed within the last minutes who they are; signing in counts."""
    if not request.user.is_authenticated:
        return False
    shown = get_authentication_records(request, request.user)
    age = timezone.now().timestamp() - shown[-1]["at"] if shown else None
    return age is not None and age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_anew_unless_fresh(request: HttpRequest) -> None:
    """Send who is not fresh to show who they are; what they wanted is done afterwards (ReauthenticationRequired)."""
    if is_fresh(request):
        return
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if request.method not in SAFE and ways and ways[0]["id"] == ELSEWHERE:
        # They sign in anew elsewhere, and no form outlives that: back to the page it stood on.
        page = urlsplit(request.headers.get("referer", "")).path or reverse("people:me")
        raise ImmediateHttpResponse(redirect(f"{ways[0]['url']}?{urlencode({'next': page})}"))
    if request.method not in SAFE:
        kept = request.POST.copy()
        for name in [name for name in kept if any(part in name.lower() for part in NOT_KEPT)]:
            del kept[name]
        request.POST = kept  # type: ignore[assignment]
    raise ReauthenticationRequired

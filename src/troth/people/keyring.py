"""Keys for those who run the installation: every key, a new one with its secret shown once, and one revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.people import keys
from troth.people.doors import staff_door
from troth.people.models import Key
from troth.people.problems import NOT_KEPT
from troth.people.queries import staff_choices
from troth.people.rules.keys import Scope
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of, typed

LIVES = {"30": 30, "90": 90, "365": 365, "": None}


def scope_words() -> dict[Scope, str]:
    return {
        Scope.CASES_READ: _("Read cases and what was said in them"),
        Scope.CASES_WRITE: _("Assign cases, change how they stand, write notes"),
        Scope.MESSAGES_WRITE: _("Hand in what customers said elsewhere"),
        Scope.MESSAGES_VOUCH: _("Vouch for who said it: for a program in which your customers sign in"),
        Scope.REPLIES_WRITE: _("Answer customers"),
        Scope.PROMISES_READ: _("Read promises"),
        Scope.PROMISES_WRITE: _("Record, keep, move and settle promises"),
        Scope.CUSTOMERS_READ: _("Read customers and how they are reached"),
        Scope.ORDERS_READ: _("Read orders"),
        Scope.ORDERS_WRITE: _("Tell of orders"),
        Scope.NOTICES_READ: _("Read who is affected by what"),
        Scope.NOTICES_WRITE: _("Say who is affected, and freeze it"),
        Scope.CUSTOMERS_WRITE: _("Make customers known"),
        Scope.INCIDENTS_READ: _("Read incidents and what was said of them"),
        Scope.INCIDENTS_WRITE: _("Begin incidents, tell those affected, and end them"),
        Scope.EVENTS_READ: _("Follow every event of the ledger"),
        Scope.BREACHES_READ: _("Read breaches of personal data and their register"),
        Scope.STATUS_READ: _("Read how the public page is arranged, and planned work"),
        Scope.STATUS_WRITE: _("Arrange the public page, and announce planned work"),
        Scope.BREACHES_WRITE: _("Put a breach of personal data into the register"),
    }


@staff_door(May.RUN)
def keyring(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, *, errors: list[dict[str, str]] | None = None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    posted = request.POST if errors else {}
    chosen = set(request.POST.getlist("scopes")) if errors else {Scope.CASES_READ, Scope.PROMISES_READ}
    values = desk_values(
        request,
        now=now,
        keys=[_shown(key, now=now) for key in keys.every_key()],
        form={
            "errors": errors or [],
            "name": posted.get("name", ""),
            "staff": posted.get("staff", str(staff_of(request).pk)),
            "people": [(str(person.pk), person.name) for person in staff_choices()],
            "life": posted.get("life", "365"),
            "lives": [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("", _("Until it is revoked"))],
            "scopes": [(scope.value, words, scope in chosen) for scope, words in scope_words().items()],
        },
    )
    return render(request, "people/keys.html", values, status=status)


def _shown(key: Key, *, now: Any) -> dict[str, Any]:
    if key.revoked_at:
        words, tone = _("revoked"), "alarm"
    elif key.expires_at and key.expires_at <= now:
        words, tone = _("ended"), "warn"
    elif not key.staff.is_active:
        words, tone = _("its person left"), "warn"
    else:
        words, tone = _("opens"), "good"
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": f"troth_{key.prefix}_…",
        "staff": key.staff.name,
        "scopes": key.scopes,
        "state_words": words,
        "tone": tone,
        "stands": key.revoked_at is None,
        "used_at": key.used_at,
        "expires_at": key.expires_at,
    }


@require_POST
@staff_door(May.RUN)
def make(request: HttpRequest) -> HttpResponse:
    """A new key; its secret stands on the page that answers, and nowhere else ever."""
    now = timezone.now()
    person = next((one for one in staff_choices() if str(one.pk) == request.POST.get("staff")), None)
    life = LIVES.get(request.POST.get("life", ""))
    scopes = [scope for scope in Scope if scope.value in request.POST.getlist("scopes")]
    errors = []
    if not typed(request.POST, "name").strip():
        errors.append({"id": "id_name", "words": _("Give it a name by which you will know it again.")})
    if person is None:
        errors.append({"id": "id_staff", "words": _("Choose who answers for what it does.")})
    if not scopes:
        errors.append({"id": "id_scopes", "words": _("Choose at least one thing it may do.")})
    if errors or person is None:
        return _page(request, errors=errors, status=422)
    key, secret = keys.make(
        name=typed(request.POST, "name"),
        staff=person,
        scopes=scopes,
        expires_at=now + timedelta(days=life) if life else None,
        by=staff_of(request),
        now=now,
    )
    answer = render(request, "people/key.html", desk_values(request, now=now, made=_shown(key, now=now), secret=secret))
    for name, value in NOT_KEPT.items():
        answer[name] = value
    return answer


@require_POST
@staff_door(May.RUN)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    if keys.revoke(get_object_or_404(Key, pk=pk), by=staff_of(request), now=timezone.now()):
        messages.success(request, _("The key opens nothing any more."))
    else:
        messages.info(request, _("It was revoked already."))
    return redirect("people:keys")

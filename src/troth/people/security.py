"""The record of what touched the safety of the installation, for those who run or audit it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.people.doors import staff_door
from troth.people.models import SecurityEvent, Staff
from troth.people.queries import security_events
from troth.people.rules.roles import May
from troth.people.rules.security import SecurityKind
from troth.people.shell import desk_values, page_of
from troth.words.refs import NotAReference, number_of

PAGE = 50
#: Kinds that an eye should rest on.
ALARMING = {
    SecurityKind.SIGN_IN_FAILED,
    SecurityKind.SIGN_IN_STOPPED,
    SecurityKind.CONFIRM_FAILED,
    SecurityKind.ACCESS_DENIED,
    SecurityKind.FACTOR_FAILED,
    SecurityKind.INVITE_REFUSED,
    SecurityKind.KEY_REFUSED,
}


def kind_words() -> dict[str, str]:
    return {
        SecurityKind.SIGNED_IN: _("Signed in"),
        SecurityKind.SIGN_IN_FAILED: _("Did not get in"),
        SecurityKind.SIGN_IN_STOPPED: _("Tried too often"),
        SecurityKind.SIGNED_OUT: _("Signed out"),
        SecurityKind.CONFIRMED_AGAIN: _("Showed again who they are"),
        SecurityKind.CONFIRM_FAILED: _("Could not show who they are"),
        SecurityKind.SESSION_ENDED: _("Session ended from elsewhere"),
        SecurityKind.ACCESS_DENIED: _("Asked for what they may not"),
        SecurityKind.PASSWORD_CHANGED: _("Password changed"),
        SecurityKind.RESET_ASKED: _("Asked for a new password"),
        SecurityKind.PASSWORD_RESET: _("Password set anew by letter"),
        SecurityKind.ADDRESS_CHANGED: _("Address changed"),
        SecurityKind.FACTOR_ADDED: _("Second factor added"),
        SecurityKind.FACTOR_REMOVED: _("Second factor removed"),
        SecurityKind.FACTOR_FAILED: _("Second factor did not fit"),
        SecurityKind.CODES_MADE: _("Recovery codes made"),
        SecurityKind.CODE_USED: _("Recovery code used"),
        SecurityKind.IDENTITY_LINKED: _("Account elsewhere linked"),
        SecurityKind.IDENTITY_UNLINKED: _("Account elsewhere unlinked"),
        SecurityKind.STAFF_ADDED: _("Staff added"),
        SecurityKind.STAFF_INVITED: _("Invited"),
        SecurityKind.INVITE_TAKEN: _("Invitation taken"),
        SecurityKind.INVITE_WITHDRAWN: _("Invitation withdrawn"),
        SecurityKind.INVITE_REFUSED: _("Invitation not valid"),
        SecurityKind.ROLE_CHANGED: _("Role changed"),
        SecurityKind.ACCOUNT_CLOSED: _("Account closed"),
        SecurityKind.ACCOUNT_OPENED: _("Account opened again"),
        SecurityKind.LINKS_REVOKED: _("Customer’s links taken back"),
        SecurityKind.KEY_MADE: _("API key made"),
        SecurityKind.KEY_REVOKED: _("API key revoked"),
        SecurityKind.KEY_REFUSED: _("API key refused"),
        SecurityKind.WEBHOOK_MADE: _("Webhook made"),
        SecurityKind.WEBHOOK_CHANGED: _("Webhook changed"),
        SecurityKind.WEBHOOK_REMOVED: _("Webhook removed"),
        SecurityKind.EXPORTED: _("Exported"),
        SecurityKind.CUSTOMER_ERASED: _("Customer erased"),
        SecurityKind.SETTINGS_CHANGED: _("Settings changed"),
    }


@staff_door(May.AUDIT)
def security(request: HttpRequest) -> HttpResponse:
    """What happened, the newest first; of one kind or one person where asked."""
    words = kind_words()
    people = dict(Staff.objects.order_by("name").values_list("pk", "name"))
    kind, who, older = (request.GET.get(name, "") for name in ("kind", "who", "older"))
    kind = kind if kind in words else ""
    staff = int(who[:18]) if who.isdecimal() and int(who[:18]) in people else None
    before = int(older[:18]) if older.isdecimal() else None
    found = security_events(kind=kind, staff=staff, before=before, most=PAGE + 1)
    page = reverse("people:security")
    asked = {name: value for name, value in (("kind", kind), ("who", str(staff or ""))) if value}
    last = found[PAGE - 1].pk if len(found) > PAGE else None
    values = desk_values(
        request,
        here="security",
        kinds=[{"value": "", "words": _("Everything"), "here": not kind}]
        + [{"value": value, "words": said, "here": value == kind} for value, said in words.items()],
        people=[{"value": "", "words": _("Everybody"), "here": staff is None}]
        + [{"value": pk, "words": name, "here": pk == staff} for pk, name in people.items()],
        filtered=bool(asked),
        page=page,
        events=[_shown(event, words, people) for event in found[:PAGE]],
        pages={
            "words": "",
            "newer": f"{page}?{urlencode(asked)}" if before else None,
            "older": f"{page}?{urlencode({**asked, 'older': last})}" if last else None,
        }
        if before or last
        else None,
    )
    return render(request, "people/security.html", values)


def _shown(event: SecurityEvent, words: dict[str, str], people: dict[int, str]) -> dict[str, Any]:
    return {
        "at": event.at,
        "words": words.get(event.kind, event.kind),
        "tone": "warn" if event.kind in ALARMING else None,
        "who": people.get(event.staff_id or 0) or _("Nobody known"),
        "about": _about(event.about, people),
        "href": page_of(event.about),
        "how": event.how,
        "origin": event.origin,
    }


def _about(reference: str, people: dict[int, str]) -> str:
    """What it was done to, as the page names it: staff by name, everything else by number."""
    try:
        return people.get(number_of(reference, "staff"), reference)
    except NotAReference:
        return reference

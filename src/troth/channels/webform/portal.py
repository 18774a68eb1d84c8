"""The form's own pages: write to us, and "it has arrived"."""

from __future__ import annotations

import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.expecting import expected_answer
from troth.cases.models import Message
from troth.channels.webform.reader import read
from troth.inbox import actions as inbox
from troth.inbox.models import Arrival
from troth.people import limits
from troth.people.erasing import FORM_IN_SESSION
from troth.people.queries import company_name, hours_of
from troth.people.rules.addresses import NotAnAddress, email_address, shown_name
from troth.words.refs import NotAReference, number_of

log = logging.getLogger(__name__)

#: A form is good for a day, and is sent once.
LIFE = timedelta(days=1)
SALT = "troth.webform.1"
#: In the order of the page.
MOST = {"name": 120, "email": 254, "order": 80, "subject": 200, "body": 50_000}
#: From one address; a whole office shares one.
PACE = limits.Pace(30, timedelta(minutes=10))


def form(request: HttpRequest) -> HttpResponse:
    """The form; a POST is kept whole before anything of it is read."""
    if request.method != "POST":
        return _page(request, typed={}, errors=[])
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in MOST}
    errors = _errors(typed)
    nonce = _nonce(request.POST.get("token", ""))
    if nonce is None:
        errors.append({"id": "", "words": _("This page has been open for too long. Please send it once more.")})
    if request.POST.get("website"):  # a person does not see this field
        log.info("A form with its trap filled in was let go.")
        return redirect("webform:sent")
    if errors or nonce is None:
        return _page(request, typed=typed, errors=errors, status=422)
    now = timezone.now()
    if left := limits.take("webform", limits.visitor(request), PACE, now=now):
        words = _("A great deal came from your network just now. Please send it once more in some minutes.")
        answer = _page(request, typed=typed, errors=[{"id": "", "words": words}], status=429)
        return limits.retry_after(answer, left)
    typed["email"], typed["name"] = email_address(typed["email"]), shown_name(typed["name"])
    arrival = inbox.capture(channel="webform", outside_id=nonce, source=json.dumps(typed).encode(), now=now)
    _read_at_once(arrival, now=now)
    request.session[FORM_IN_SESSION] = {"arrival": arrival.pk, "email": typed["email"]}
    return redirect("webform:sent")


form.door = "public"  # type: ignore[attr-defined]


def _errors(typed: dict[str, str]) -> list[dict[str, str]]:
    asked = {
        "name": _("Tell us your name."),
        "subject": _("Say in a few words what it is about."),
        "body": _("Tell us what happened."),
    }
    errors = [{"id": f"id_{name}", "words": words} for name, words in asked.items() if not typed[name]]
    try:
        email_address(typed["email"])
    except NotAnAddress:
        errors.append({"id": "id_email", "words": _("Give an address such as ann@example.org, so that we can answer.")})
    for name, most in MOST.items():
        if len(typed[name]) > most:
            errors.append({"id": f"id_{name}", "words": _("At most %(most)s characters, please.") % {"most": most}})
    places = [f"id_{name}" for name in MOST]
    return sorted(errors, key=lambda error: places.index(error["id"]))


def _read_at_once(arrival: Arrival, *, now: datetime) -> None:
    """So that the next page can tell the number and the time; where it fails, the inbox's own lane reads it."""
    try:
        inbox.take_in(arrival, read(arrival), now=now)
    except Exception:
        log.exception("A form is read later, by the worker.")


def _page(
    request: HttpRequest, *, typed: dict[str, str], errors: list[dict[str, str]], status: int = 200
) -> HttpResponse:
    wrong = {f"{error['id'].removeprefix('id_')}_error": error["words"] for error in errors if error["id"]}
    values = {
        "company": company_name(),
        "zone": hours_of().zone,
        "now": timezone.now(),
        "says": None,
        "form": {**typed, **wrong},
        "errors": errors,
        "token": signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(16)),
    }
    return render(request, "webform/form.html", values, status=status)


def _nonce(token: str) -> str | None:
    """What makes one form one message, however often its button is pressed; None where it is none of ours or too old."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(token, max_age=LIFE)
    except signing.BadSignature:
        return None


def sent(request: HttpRequest) -> HttpResponse:
    """It has arrived: the number, and by when a person answers."""
    kept: dict[str, Any] = request.session.get(FORM_IN_SESSION) or {}
    message = _message(kept.get("arrival"))
    values = {
        "company": company_name(),
        "zone": hours_of().zone,
        "now": timezone.now(),
        "reference": message.case_id if message else "",
        "email": kept.get("email", ""),
        "answer_by": expected_answer(message.case, now=timezone.now()) if message else None,
        "basis": None,
    }
    return render(request, "webform/sent.html", values)


sent.door = "public"  # type: ignore[attr-defined]


def _message(arrival_id: int | None) -> Message | None:
    arrival = Arrival.objects.defer("source").filter(pk=arrival_id).first() if arrival_id else None
    try:
        number = number_of(arrival.message_ref, "message") if arrival else 0
    except NotAReference:
        return None
    return Message.objects.select_related("case").filter(pk=number).first()

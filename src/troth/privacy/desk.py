"""For whoever runs the installation: what is held of a person, asked for, held back, handed out and erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.people.actions import note_security
from troth.people.doors import staff_door
from troth.people.models import Customer
from troth.people.queries import family
from troth.people.rules.roles import May
from troth.people.rules.security import SecurityKind
from troth.people.shell import desk_values, field_time, local_time, origin_of, page_of, staff_of, typed
from troth.privacy import actions, queries, sayings
from troth.privacy.handing import download
from troth.privacy.models import Erasure, Hold, Request
from troth.words.refs import ref

SHOWN_MOST = 100
WORDS_MOST = 2_000


def customer_for(pk: int) -> Customer:
    """The customer in front of the family *pk* belongs to; raises Http404."""
    found = get_object_or_404(Customer, pk=pk)
    return found if found.root_pk == found.pk else Customer.objects.get(pk=found.root_pk)


@staff_door(May.RUN)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Who waits for an answer, and what was erased."""
    values = desk_values(
        request,
        here="privacy",
        requests=[
            {
                "href": held_page(one.customer_id),
                "name": str(one.customer),
                "asked_at": one.asked_at,
                "answer_by": one.answer_by,
            }
            for one in queries.open_requests()
        ],
        erasures=[_erasure(one) for one in queries.erasures(most=SHOWN_MOST)],
    )
    return render(request, "privacy/register.html", values)


def held_page(pk: int) -> str:
    return reverse("privacy:held", args=[pk])


@staff_door(May.RUN)
@require_GET
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """What is held of this person, and what erasing would take, leave and wait for."""
    who = customer_for(pk)
    if who.erased_at and (last := queries.erasure_of([who.pk])):
        return redirect("privacy:erasure", last.pk)
    return _held_page(request, who)


def _held_page(
    request: HttpRequest, who: Customer, *, errors: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    now, ids = timezone.now(), family(who.pk)
    found = queries.reach(ids)
    counts = queries.counts(found)
    asked = queries.last_request(ids)
    standing = queries.holds(ids, now=now)
    wishes = asked is not None and asked.answered_at is None
    values = desk_values(
        request,
        now=now,
        who={"id": who.pk, "name": str(who), "records": len(ids), "href": page_of(ref("customer", who.pk))},
        held=sayings.held(counts, staff=True),
        # The answer to their wish is owed, too, and given by erasing.
        owed=sayings.owed(counts["owed"] - wishes, asked=wishes),
        stays=sayings.stays(),
        outside=sayings.outside(),
        seem=[
            {
                "customer": one.customer_id,
                "name": str(one.customer),
                "href": page_of(ref("case", one.pk)),
                "subject": str(one),
            }
            for one in queries.seem_to_be(found)
        ],
        asked=_asked(asked) if asked else None,
        holds=[
            {
                "id": one.pk,
                "reason": sayings.hold_reason(one.reason),
                "words": one.words,
                "until": one.until,
                "by": one.by.name,
            }
            for one in standing
        ],
        reasons=[(reason.value, sayings.hold_reason(reason)) for reason in Hold.Reason],
        typed={
            "words": typed(request.POST, "words"),
            "until": typed(request.POST, "until") or field_time(None, ""),
            "why": typed(request.POST, "why"),
        },
        confirm=str(who.pk),
        errors=errors or [],
    )
    return render(request, "privacy/held.html", values, status=status)


def _asked(request: Request) -> dict[str, Any]:
    return {
        "id": request.pk,
        "at": request.asked_at,
        "answer_by": request.answer_by,
        "open": request.answered_at is None,
        "answered_at": request.answered_at,
        "answer": request.answer,
        "words": request.words,
    }


@require_POST
@staff_door(May.RUN)
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget them. What takes long is left to the worker, and the page shows how far it is."""
    who, now = customer_for(pk), timezone.now()
    if typed(request.POST, "confirm").strip() != str(who.pk):
        words = _("Type the number of the customer, so that nobody is erased by a slip.")
        return _held_page(request, who, errors=[{"id": "id_confirm", "words": words}], status=422)
    also = [int(one[:18]) for one in request.POST.getlist("also") if one.isdecimal()]
    seeming = {case.customer_id for case in queries.seem_to_be(queries.reach(family(who.pk)))}
    try:
        erasure = actions.begin(who, also=[one for one in also if one in seeming], by=staff_of(request), now=now)
    except actions.ErasedAlready:
        last = queries.erasure_of(family(who.pk))
        if last is None:
            raise Http404 from None
        return redirect("privacy:erasure", last.pk)
    except actions.IsHeld:
        words = _("A hold stands, so nothing can be erased. Lift it first, or wait for its day.")
        return _held_page(request, who, errors=[{"id": "", "words": words}], status=409)
    except actions.NotAPerson:
        words = _(
            "Mail whose sender could not be told stands under this record. It is nobody’s, so nobody can be erased here."
        )
        return _held_page(request, who, errors=[{"id": "", "words": words}], status=409)
    note_security(
        kind=SecurityKind.CUSTOMER_ERASED,
        staff=staff_of(request),
        about=ref("customer", who.pk),
        origin=origin_of(request),
        now=now,
    )
    if queries.is_small(erasure.customers, most=actions.AT_ONCE_MOST):
        try:
            actions.carry_out(erasure.pk, now=now)
        except DatabaseError:
            messages.info(request, _("Something else is being written about them. It goes on by itself."))
    return redirect("privacy:erasure", erasure.pk)


@staff_door(May.RUN)
@require_GET
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it, or how far it is."""
    found = get_object_or_404(Erasure.objects.select_related("by"), pk=pk)
    progress = queries.progress(found) if found.rows_at is None else None
    values = desk_values(
        request,
        here="privacy",
        erasure=_erasure(found),
        progress={"step": progress[0], "steps": progress[1]} if progress else None,
        gone=sayings.held(found.gone, staff=True),
        stays=sayings.stays(),
        outside=sayings.outside(),
    )
    return render(request, "privacy/erasure.html", values)


def _erasure(one: Erasure) -> dict[str, Any]:
    if one.done_at:
        words, tone = _("Erased"), "good"
    elif one.rows_at:
        words, tone = _("The key is being destroyed"), "warn"
    elif one.problem:
        words, tone = _("Waits a moment"), "warn"
    else:
        words, tone = _("Under way"), "warn"
    return {
        "id": one.pk,
        "href": reverse("privacy:erasure", args=[one.pk]),
        "numbers": one.customers,
        "because": sayings.because(one),
        "by": one.by.name if one.by else None,
        "begun_at": one.begun_at,
        "done_at": one.done_at,
        "state_words": words,
        "tone": tone,
        "waits": sayings.waits(one.problem) if one.problem else None,
    }


@require_POST
@staff_door(May.RUN)
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """They asked by mail or on the telephone: put it on record, with the date they are told."""
    who = customer_for(pk)
    try:
        actions.ask(who, by=staff_of(request), now=timezone.now())
        messages.success(request, _("It is on record. They are to have an answer within a month."))
    except actions.AskedAlready:
        messages.info(request, _("They asked already, and wait for an answer."))
    except actions.ErasedAlready:
        messages.info(request, _("They were erased already."))
    return redirect("privacy:held", who.pk)


@require_POST
@staff_door(May.RUN)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell them why not."""
    found = get_object_or_404(Request, pk=pk)
    why = typed(request.POST, "why").strip()[:WORDS_MOST]
    if not why:
        errors = [{"id": "id_why", "words": _("Say why: they read it.")}]
        return _held_page(request, customer_for(found.customer_id), errors=errors, status=422)
    if actions.refuse(found, words=why, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("They are told why, by letter and on their page."))
    else:
        messages.info(request, _("It was answered already."))
    return redirect("privacy:held", found.customer_id)


@require_POST
@staff_door(May.RUN)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """What is kept of them must stay until a day."""
    who, staff, now = customer_for(pk), staff_of(request), timezone.now()
    words, until = typed(request.POST, "words").strip()[:WORDS_MOST], _day(request, staff.zone)
    reason = request.POST.get("reason", "")
    errors = []
    if reason not in Hold.Reason.values:
        errors.append({"id": "id_reason", "words": _("Choose a reason.")})
    if not words:
        errors.append({"id": "id_words", "words": _("Say which law or which claim: they read it.")})
    if until is None or until <= now:
        errors.append({"id": "id_until", "words": _("Give a day to come.")})
    if errors or until is None:
        return _held_page(request, who, errors=errors, status=422)
    try:
        actions.hold(who, reason=reason, words=words, until=until, by=staff, now=now)
        messages.success(request, _("Held. They cannot be erased until that day, and read why."))
    except actions.ErasedAlready:
        messages.info(request, _("They are being erased, or were already."))
    return redirect("privacy:held", who.pk)


def _day(request: HttpRequest, zone: str) -> datetime | None:
    """The end of the day that was typed."""
    day = typed(request.POST, "until")
    return local_time(f"{day}T23:59", zone) if day else None


@require_POST
@staff_door(May.RUN)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """The hold is not needed any more."""
    found = get_object_or_404(Hold, pk=pk)
    actions.lift(found, by=staff_of(request), now=timezone.now())
    messages.success(request, _("Lifted."))
    return redirect("privacy:held", found.customer_id)


@staff_door(May.RUN, fresh=True)
@require_GET
def handed_out(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Everything held of them, as one zip."""
    who = customer_for(pk)
    note_security(
        kind=SecurityKind.EXPORTED,
        staff=staff_of(request),
        about=ref("customer", who.pk),
        how="customer",
        origin=origin_of(request),
        now=timezone.now(),
    )
    return download(who, whole=True)

"""What can be done about a promise."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import local_time, staff_of, typed
from troth.promises import actions, queries
from troth.promises.desk.page import can_do, move_words, shown_page
from troth.promises.letters import spoken
from troth.promises.models import Promise
from troth.words.promises import MissReason, Sort, State


def _back(promise: Promise) -> HttpResponseRedirect:
    return redirect("promises:promise", promise.pk)


def _watched(request: HttpRequest, promise: Promise) -> HttpResponseRedirect:
    messages.info(request, _("The watch of its incident says what becomes of this promise: call that off there."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    promise = queries.promise_for(staff_of(request), pk)
    if actions.keep(promise, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("Done. It stands in the record."))
    else:
        messages.info(request, _("It was settled already."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new date and tell the customer."""
    staff = staff_of(request)
    promise = queries.promise_for(staff, pk)
    written = {name: typed(request.POST, name) for name in ("due", "offer", "reason", "words")}
    to = local_time(written["due"] or written["offer"], staff.zone)
    wrong = "move_due"
    if to is None:
        error = _("Choose the new date.")
    elif written["words"].strip() in {"", move_words().strip()}:
        wrong, error = "move_words", _("Tell the customer what held us up.")
    else:
        reason = written["reason"] if written["reason"] in set(MissReason) else ""
        try:
            actions.move(promise, to=to, words=written["words"], reason=reason, by=staff, now=timezone.now())
        except actions.NothingOwed:
            messages.info(request, _("It was settled already."))
            return _back(promise)
        except actions.SomeoneWasQuicker:
            error = _("Somebody gave another date meanwhile. Look again, then choose.")
        except actions.DateAlreadyPassed:
            error = _("The new date must lie ahead, and be later than the one it replaces.")
        else:
            promise.refresh_from_db()
            if promise.state == State.BROKEN:
                words = _("Moved a third time, so it counts as broken; the new date is a promise of its own.")
                messages.info(request, f"{words} {_('The letter to the customer is on its way.')}")
            else:
                messages.success(request, _("Moved. The letter to the customer is on its way."))
            return _back(promise)
    said = {**written, "errors": [{"id": wrong, "words": error}], "open": True}
    return shown_page(request, promise, status=422, move=said)


@require_POST
@staff_door(May.ANSWER)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    promise = queries.promise_for(staff_of(request), pk)
    if promise.sort == Sort.NOT_AGAIN:
        return _watched(request, promise)
    words = typed(request.POST, "words").strip()
    if not words:
        error = [{"id": "release_words", "words": _("Write down how they said it.")}]
        return shown_page(request, promise, status=422, release={"errors": error, "open": True})
    if actions.release(promise, reason=words, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("Released."))
    else:
        messages.info(request, _("It was settled already."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Found ones anybody may set aside; a promise on record takes a lead."""
    staff = staff_of(request)
    promise = queries.promise_for(staff, pk)
    if promise.sort == Sort.NOT_AGAIN:
        return _watched(request, promise)
    if "void" not in can_do(promise, may_answer=True, may_lead=staff.may(May.LEAD)):
        messages.info(request, _("Only a lead can void a promise that is on record."))
        return _back(promise)
    reason = typed(request.POST, "reason").strip()
    if not reason:
        error = [{"id": "void_reason", "words": _("Say what the mistake was; it stays in the record.")}]
        return shown_page(request, promise, status=422, void={"errors": error, "open": True})
    if actions.void(promise, reason=reason, by=staff, now=timezone.now()):
        messages.success(request, _("Void, with your reason."))
    else:
        messages.info(request, _("It was settled already."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def own(request: HttpRequest, pk: int) -> HttpResponse:
    promise = queries.promise_for(staff_of(request), pk)
    actions.own(promise, owner=staff_of(request), by=staff_of(request), now=timezone.now())
    messages.success(request, _("It is yours."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The condition came true, or a found promise is one: owed by the date that is chosen, never by one that nobody chose."""
    staff = staff_of(request)
    promise = queries.promise_for(staff, pk)
    written = {name: typed(request.POST, name) for name in ("due", "offer")}
    due = local_time(written["due"] or written["offer"], staff.zone)
    try:
        if due is None:
            error = _("Choose the date.")
        elif actions.open_up(promise, due=due, by=staff, now=timezone.now()):
            messages.success(request, _("Owed from now on, by %(due)s.") % {"due": spoken(due, staff.zone)})
            return _back(promise)
        else:
            messages.info(request, _("It was settled already."))
            return _back(promise)
    except actions.DateAlreadyPassed:
        error = _("That date has passed already.")
    said = {**written, "errors": [{"id": "open_due", "words": error}], "open": True}
    return shown_page(request, promise, status=422, open_up=said)

"""What is done to an incident from its page: notes, words put otherwise, how it is filed, whose it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases.queries import case_for
from troth.incidents import actions, queries
from troth.incidents.desk.page import shown_page
from troth.incidents.models import Entry, Incident, Severity
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import local_time, staff_of, typed
from troth.words.causes import Cause


def back(incident: Incident) -> HttpResponseRedirect:
    return redirect("incidents:incident", incident.pk)


@require_POST
@staff_door(May.ANSWER)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """For staff alone; it keeps no promise."""
    staff, now = staff_of(request), timezone.now()
    incident = queries.incident_for(staff, pk)
    words = typed(request.POST, "words")
    try:
        actions.say(incident, kind=Entry.Kind.NOTE, words=words, happened_at=now, by=staff, now=now)
    except actions.EmptyWords as error:
        said = {"words": words, "errors": [{"id": "note_words", "words": str(error)}]}
        return shown_page(request, incident, status=422, note=said)
    messages.success(request, _("Noted, for staff alone."))
    return back(incident)


@require_POST
@staff_door(May.ANSWER)
def change_words(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """A line reads otherwise from now on; the old words stay to be read, struck out."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    row = Entry.objects.filter(pk=entry, incident=incident).first()
    if row is None:
        raise Http404
    words = typed(request.POST, "words")
    try:
        new = actions.change_words(row, words=words, by=staff, now=timezone.now())
    except (actions.EmptyWords, actions.NeedsSecond, actions.SomeoneWasQuicker) as error:
        newest = queries.newest_of(row).pk
        said = {"entry": newest, "words": words, "errors": [{"id": f"words-{newest}", "words": str(error)}]}
        return shown_page(request, incident, status=422, words=said)
    if new is None:
        messages.info(request, _("It reads so already."))
    else:
        messages.success(request, _("Changed. What it read before stays to be read."))
    return back(incident)


@require_POST
@staff_door(May.ANSWER)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """How it is filed; what was said is not touched."""
    staff, now = staff_of(request), timezone.now()
    incident = queries.incident_for(staff, pk)
    written = {
        name: typed(request.POST, name)
        for name in ("title", "severity", "cause", "product", "place", "components", "happened_at")
    }
    happened_at = local_time(written["happened_at"], staff.zone)
    wrong = {}
    if not written["title"].strip():
        wrong["change_title"] = _("Say in a line what went wrong.")
    if happened_at is None:
        wrong["change_happened_at"] = _("Say since when it is so.")
    if written["severity"] not in set(Severity):
        wrong["change_severity"] = _("Choose how grave it is.")
    if not wrong and happened_at:
        # A field shows minutes; what was noted to the second stays so where nobody changed it.
        is_same = happened_at == incident.happened_at.replace(second=0, microsecond=0)
        try:
            actions.change(
                incident,
                title=written["title"],
                severity=written["severity"],
                cause=written["cause"] if written["cause"] in set(Cause) else "",
                product=written["product"],
                place=written["place"],
                components=[name.strip() for name in written["components"].split(",") if name.strip()],
                happened_at=incident.happened_at if is_same else happened_at,
                is_public=bool(request.POST.get("is_public")),
                by=staff,
                now=now,
            )
        except actions.NotYetSo:
            wrong["change_happened_at"] = _("Nothing is said before it happened: the start lies after the first word.")
        except actions.SaidInPublic as error:
            wrong["change_is_public"] = str(error)
        else:
            messages.success(request, _("Filed anew."))
            return back(incident)
    errors = [{"id": name, "words": words} for name, words in wrong.items()]
    return shown_page(request, incident, status=422, change={**written, "errors": errors, "open": True})


@require_POST
@staff_door(May.ANSWER)
def tell_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who were told that it began, and whose notice of the end was taken back or stopped, hear of it after all."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    notices = actions.tell_end_again(incident, by=staff, now=timezone.now())
    if not notices:
        messages.info(request, _("They were told already."))
    elif all(notice.sent_at for notice in notices):
        messages.success(request, _("The end is sent again: the letters leave from now on."))
    else:
        messages.info(request, _("A colleague has to read it before it leaves: it waits for them, among the notices."))
    return back(incident)


@require_POST
@staff_door(May.ANSWER)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """It is mine from now on, with the promise of its next word."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    actions.change(incident, owner=staff, by=staff, now=timezone.now())
    messages.success(request, _("It is yours, and so is its next word."))
    return back(incident)


@require_POST
@staff_door(May.ANSWER)
def take_out(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """This case is about something else."""
    staff = staff_of(request)
    incident, case = queries.incident_for(staff, pk), case_for(staff, number)
    if actions.unlink(incident, case, by=staff, now=timezone.now()):
        messages.success(request, _("Taken out: it is about something else."))
    return back(incident)

"""Putting a case aside from its page: until when is offered, what holds is said, and it is taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases import actions, queries
from troth.cases.models import Case
from troth.cases.rules.snooze import Offer, offers
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.people.rules.roles import May
from troth.people.shell import local_time, staff_of
from troth.promises.letters import spoken

#: What a form says instead of a time: until the customer writes.
ANSWER = "answer"


def snoozed(case: Case, *, staff: Staff, now: datetime) -> dict[str, Any]:
    """What the page of *case* says of it: until when and by whom it is put aside, and until when it can be."""
    found = offers(now, hours=hours_of(case.team_id or staff.team_id), zone=staff.zone)
    return {
        "by": case.snoozed_by_name,  # type: ignore[attr-defined] # queries.with_count annotates it
        "until": case.snoozed_until,
        "over": case.snoozed_until is not None and case.snoozed_until <= now,
        "may": case.status != Case.Status.RESOLVED,
        "offers": [
            {
                "value": one.at.isoformat(),
                "name": offer_words(one.offer, one.at, zone=staff.zone, now=now),
                "words": spoken(one.at, staff.zone),
            }
            for one in found
        ],
    }


def offer_words(offer: Offer, at: datetime, *, zone: str, now: datetime) -> str:
    if offer is Offer.NEXT_DAY and (_day(at, zone) - _day(now, zone)).days > 1:
        return _("The next working day")
    return {
        Offer.LATER_TODAY: _("Later today"),
        Offer.NEXT_DAY: _("Tomorrow morning"),
        Offer.MONDAY: _("Monday morning"),
        Offer.NEXT_WEEK: _("In a week"),
    }[offer]


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def snooze_reasons(row: Case | queries.Row, *, zone: str, now: datetime) -> list[dict[str, str]]:
    """The mark a list shows of what is put aside."""
    if row.snoozed_by_id is None or (row.snoozed_until is not None and row.snoozed_until <= now):
        return []
    if row.snoozed_until is None:
        return [{"kind": "snoozed", "words": _("Snoozed until they write")}]
    return [{"kind": "snoozed", "words": _("Snoozed until %(when)s") % {"when": spoken(row.snoozed_until, zone)}}]


@require_POST
@staff_door(May.ANSWER)
def snooze(request: HttpRequest, number: int) -> HttpResponse:
    """Put the case aside until a time that was offered or typed, or until the customer writes."""
    staff, now = staff_of(request), timezone.now()
    case = queries.case_for(staff, number)
    chosen = request.POST.get("until", "") or request.POST.get("own", "")
    until = None if chosen == ANSWER else local_time(chosen, staff.zone)
    if chosen != ANSWER and until is None:
        messages.error(request, _("Say until when: choose a time, or type one."))
        return redirect("cases:case", case.pk)
    try:
        actions.snooze(case, until=until, by=staff, now=now)
    except actions.NotLater:
        messages.error(request, _("That time has passed already. Choose a later one."))
    except actions.NothingToSnooze:
        messages.info(request, _("It is resolved already, so there is nothing to put aside."))
    else:
        words = _("It comes back %(when)s. What was promised in it stays on Today.")
        when = spoken(until, staff.zone) if until else _("when they write")
        messages.success(request, words % {"when": when})
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
def wake(request: HttpRequest, number: int) -> HttpResponseRedirect:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    if actions.wake(case, by=staff, now=timezone.now()):
        messages.success(request, _("It is back in the lists."))
    return redirect("cases:case", case.pk)

"""The clocks beside a case: what each asks by when, since when it is paused, under which policy, and why one was missed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases import queries
from troth.cases.models import Case
from troth.clocks import actions
from troth.clocks.queries import Beside, clocks_of
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import staff_of
from troth.promises.desk import reason_choices as reason_choices
from troth.words.clocks import Sort, State
from troth.words.promises import MissReason
from troth.words.refs import ref


def clock_values(case: Case) -> list[dict[str, Any]]:
    """What the page of *case* says of its clocks: those that ask something first, then what became of the others."""
    found = [Beside.from_plain(plain) for plain in case.clocks]  # type: ignore[attr-defined] # cases.queries.with_count
    named = dict(reason_choices())
    asking = sorted(found, key=lambda one: (one.state not in {State.RUNNING, State.PAUSED}, one.due, one.id))
    return [
        {
            "id": one.id,
            "words": sort_words(one.sort),
            "state": one.state.value,
            "late": one.is_late,
            "due": one.due,
            "early": one.early_at if one.state is State.RUNNING else None,
            "paused_at": one.paused_at,
            "ended_at": one.met_at or one.stopped_at,
            "policy_from": one.policy_from,
            "reason": named.get(one.miss_reason),
            "can_be_longer": one.can_be_longer and one.state is State.RUNNING and one.missed_at is None,
        }
        for one in asking
    ]


def sort_words(sort: Sort) -> str:
    return {
        Sort.FIRST: _("First answer"),
        Sort.NEXT: _("Next answer"),
        Sort.UPDATE: _("Word of how it stands"),
        Sort.RESOLUTION: _("The end of the matter"),
    }[sort]


@require_POST
@staff_door(May.ANSWER)
def explain(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """Why one of its clocks was missed."""
    case = queries.case_for(staff_of(request), number)
    reason, chosen = request.POST.get("reason", ""), request.POST.get("clock", "")
    row = next((row for row in clocks_of(ref("case", case.pk)) if str(row.pk) == chosen), None)
    if row and reason in set(MissReason):
        try:
            actions.explain_miss(row.pk, reason=reason, by=staff_of(request), now=timezone.now())
        except actions.NotMissed:
            messages.info(request, _("It was met in time: there is nothing to explain."))
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
def longer(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """The customer was told in time why it takes longer: the longer target holds, where the policy has one."""
    case = queries.case_for(staff_of(request), number)
    if not actions.extend(ref("case", case.pk), by=staff_of(request), now=timezone.now()):
        messages.info(request, _("No longer time is left to be given."))
    return redirect("cases:case", case.pk)

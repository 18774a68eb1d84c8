"""Who is away until when, said by themselves or a lead; and what falls due meanwhile, handed over in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from troth.cases.actions import giving
from troth.cases.models import Case, HandOver
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import owner_choices, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, page_of, staff_of
from troth.promises.models import Promise
from troth.words.refs import ref

#: So much of what falls due is shown; handed over is all of it.
SHOWN_MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.ANSWER)
def away(request: HttpRequest) -> HttpResponse:
    """Who is away; a POST says it of oneself, or as a lead of anybody."""
    staff, now = staff_of(request), timezone.now()
    if request.method != "POST":
        return render(request, "desk/away.html", desk_values(request, here="away", now=now, **_values(staff, now=now)))
    who = _colleague(request.POST.get("staff", "")) or staff
    if who.pk != staff.pk and not staff.may(May.LEAD):
        raise PermissionDenied
    until = local_time(request.POST.get("until", ""), staff.zone)
    back = request.POST.get("back") == "yes"
    try:
        if until is None and not back:
            raise giving.NotAWayToBeAway
        since = local_time(request.POST.get("since", ""), staff.zone)
        giving.set_away(who, since=since, until=None if back else until, now=now)
    except giving.NotAWayToBeAway:
        messages.error(request, _("Say until when: a time that is still to come, and after the first."))
    else:
        messages.success(request, _("Noted: here again.") if back else _("Noted. New cases go to others meanwhile."))
    return redirect("desk:away")


@require_POST
@staff_door(May.LEAD)
def hand_over(request: HttpRequest) -> HttpResponseRedirect:
    """What falls due while somebody is away goes to a colleague, all of it."""
    staff = staff_of(request)
    who, to = _colleague(request.POST.get("staff", "")), _colleague(request.POST.get("to", ""))
    if who is None or to is None:
        messages.error(request, _("Choose who takes it."))
        return redirect("desk:away")
    try:
        handed = giving.hand_over(who, to=to, by=staff, now=timezone.now())
    except giving.NothingToHandOver:
        messages.error(request, _("They are here, or the one you chose cannot take it."))
    else:
        if handed:
            messages.success(request, _("Handed over to %(name)s. You can take it back below.") % {"name": to.name})
        else:
            messages.info(request, _("Nothing falls due that both of you see."))
    return redirect("desk:away")


@require_POST
@staff_door(May.LEAD)
def hand_back(request: HttpRequest) -> HttpResponseRedirect:
    """Undo a hand-over."""
    staff = staff_of(request)
    number = request.POST.get("handed", "")
    handed = HandOver.objects.filter(pk=int(number[:18])).first() if number.isdecimal() else None
    try:
        if handed and giving.hand_back(handed, by=staff, now=timezone.now()) is not None:
            messages.success(request, _("Taken back: what nobody has touched since is theirs again."))
    except giving.NotTheirs:
        messages.error(request, _("Some of it belongs to a closed team: its own people take it back."))
    return redirect("desk:away")


def _colleague(number: str) -> Staff | None:
    return next((one for one in owner_choices() if str(one.pk) == number), None)


def _values(staff: Staff, *, now: datetime) -> dict[str, Any]:
    people, leads = owner_choices(), staff.may(May.LEAD)
    gone = [one for one in people if one.away_until and one.away_until > now]
    return {
        "me": {
            "since": field_time(staff.away_from, staff.zone),
            "until": field_time(staff.away_until, staff.zone),
            "away": staff in gone,
        },
        "people": [(one.pk, one.name) for one in people if one.pk != staff.pk] if leads else [],
        "away": [
            {
                "id": one.pk,
                "name": one.name,
                "since": one.away_from,
                "until": one.away_until,
                "here_yet": not one.is_away(now),
                "due": _due(one, seen_by=staff) if leads else [],
                "takers": [(other.pk, other.name) for other in people if other.pk != one.pk and other not in gone],
            }
            for one in gone
        ],
        "handed": [
            {"id": one.pk, "words": _handed_words(one), "at": one.at}
            for one in HandOver.objects.filter(undone_at=None).select_related("staff", "to").order_by("-pk")[:5]
        ]
        if leads
        else [],
        "may_lead": leads,
    }


def _due(owner: Staff, *, seen_by: Staff) -> list[dict[str, Any]]:
    sight = within_sight(seen_by)
    cases = Case.objects.filter(giving.due_cases(owner), sight).order_by("answer_by", "pk")[:SHOWN_MOST]
    owed = Promise.objects.filter(giving.due_promises(owner), sight).order_by("due", "pk")[:SHOWN_MOST]
    rows = [
        {"href": page_of(ref("case", one.pk)), "words": f"#{one.pk} {one.subject}", "due": one.answer_by}
        for one in cases
    ]
    rows += [{"href": page_of(ref("promise", one.pk)), "words": one.what, "due": one.due} for one in owed]
    return rows


def _handed_words(one: HandOver) -> str:
    values = {"who": one.staff.name, "to": one.to.name, "count": len(one.cases) + len(one.promises)}
    return _("%(count)s of %(who)s went to %(to)s") % values

"""What can be done so that it does not happen again, and what is said of a case that may be a second time."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from troth.cases import queries as cases
from troth.cases.models import Case
from troth.incidents import actions, queries
from troth.incidents import queries_prevention as prevention
from troth.incidents.desk.prevention import cause_typed, prevention_shown
from troth.incidents.models import Audience, Incident, Measure, Recurrence, RootCause, Watch
from troth.incidents.prevention_sayings import lack_words
from troth.incidents.rules import causes
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import owner_choices
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, page_of, staff_of, typed
from troth.promises import actions as promises
from troth.words.causes import Cause
from troth.words.promises import MissReason
from troth.words.refs import ref


def _back(incident: Incident) -> HttpResponseRedirect:
    return redirect("incidents:prevention", incident.pk)


@require_POST
@staff_door(May.ANSWER)
def root_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down why it happened; what was found before stays to be read."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    way = RootCause.Way.FISHBONE if request.POST.get("way") == RootCause.Way.FISHBONE else RootCause.Way.FIVE_WHYS
    answers = [typed(request.POST, f"why_{place}") for place in range(1, causes.WHYS + 1)]
    branches = {branch.value: typed(request.POST, branch.value) for branch in causes.Branch}
    words = typed(request.POST, "words")
    plain = causes.fishbone(branches) if way is RootCause.Way.FISHBONE else causes.whys(answers)
    try:
        found = actions.find_cause(incident, way=way, plain=plain, words=words, by=staff, now=timezone.now())
    except actions.Lacking as lacking:
        errors = [{"id": field, "words": said} for field, said in map(lack_words, lacking.lacks)]
        said = cause_typed(way=way, answers=answers, branches=branches, words=words, errors=errors, open=True)
        return prevention_shown(request, incident, status=422, cause=said)
    messages.success(request, _("Written down.") if found else _("It reads so already."))
    return _back(incident)


@require_POST
@staff_door(May.ANSWER)
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Promise what is done about it."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    names = ("what", "sort", "due", "audience", "owner")
    written = {name: typed(request.POST, name) for name in names}
    due = local_time(written["due"], staff.zone)
    owner = next((person for person in owner_choices() if str(person.pk) == written["owner"]), None)
    if due is None:
        errors = [{"id": "measure_due", "words": _("Choose by when it is done.")}]
    else:
        try:
            actions.take_measure(
                incident,
                sort=written["sort"] if written["sort"] in Measure.Sort.values else Measure.Sort.PREVENTIVE,
                what=written["what"],
                due=due,
                audience=_audience(written["audience"]),
                owner=owner,
                by=staff,
                now=timezone.now(),
            )
        except actions.NothingSaid as error:
            errors = [{"id": "measure_what", "words": str(error)}]
        except promises.DateAlreadyPassed:
            errors = [{"id": "measure_due", "words": _("That date has passed already.")}]
        else:
            messages.success(request, _("Promised. Its owner is warned before the date, as of any promise."))
            return _back(incident)
    return prevention_shown(request, incident, status=422, measure={**written, "errors": errors})


@require_POST
@staff_door(May.ANSWER)
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Promise that it does not happen again, and watch for it."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    names = ("until", "cause", "product", "place", "audience")
    written = {name: typed(request.POST, name) for name in names}
    until = local_time(written["until"], staff.zone)
    field = "watch_until"
    if until is None:
        error = _("Choose until when it is watched.")
    else:
        try:
            actions.begin_watch(
                incident,
                until=until,
                cause=written["cause"] if written["cause"] in set(Cause) else "",
                product=written["product"],
                place=written["place"],
                audience=_audience(written["audience"]),
                by=staff,
                now=timezone.now(),
            )
        except promises.DateAlreadyPassed:
            error = _("That day has passed already.")
        except (actions.StillGoingOn, actions.AlreadyWatched) as why:
            error = str(why)
        except actions.NothingToKnowItBy as why:
            field, error = "watch_cause", str(why)
        else:
            messages.success(request, _("It is promised, and watched from now on."))
            return _back(incident)
    said = {**written, "errors": [{"id": field, "words": error}]}
    return prevention_shown(request, incident, status=422, watch=said)


def _audience(said: str) -> str:
    return said if said in Audience.values else Audience.PUBLIC.value


def _under_way(incident: Incident) -> Watch:
    """The watch under way; raises NotWatched."""
    watch = Watch.objects.filter(incident=incident, state=Watch.State.WATCHING).first()
    if watch is None:
        raise actions.NotWatched(_("It is not watched (any more)."))
    return watch


@require_POST
@staff_door(May.ANSWER)
def watch_longer(request: HttpRequest, pk: int) -> HttpResponse:
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    until = local_time(typed(request.POST, "until"), staff.zone)
    try:
        if until is None:
            raise promises.DateAlreadyPassed(_("Choose until when it is watched."))
        actions.extend(_under_way(incident), until=until, by=staff, now=timezone.now())
    except (promises.DateAlreadyPassed, actions.NotWatched) as error:
        said = {"until": typed(request.POST, "until"), "errors": [{"id": "longer_until", "words": str(error)}]}
        return prevention_shown(request, incident, status=422, longer=said)
    messages.success(request, _("It is watched for longer. What was promised first is judged by its own day."))
    return _back(incident)


@require_POST
@staff_door(May.ANSWER)
def watch_off(request: HttpRequest, pk: int) -> HttpResponse:
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    reason, was_mistake = typed(request.POST, "reason"), request.POST.get("was_mistake") == "1"
    try:
        actions.call_off(_under_way(incident), reason=reason, was_mistake=was_mistake, by=staff, now=timezone.now())
    except (actions.NothingSaid, actions.AlreadyTold, actions.NotWatched) as error:
        said = {"reason": reason, "was_mistake": was_mistake, "errors": [{"id": "off_reason", "words": str(error)}]}
        return prevention_shown(request, incident, status=422, off=said)
    messages.success(request, _("Called off, with your reason."))
    return _back(incident)


@require_POST
@staff_door(May.ANSWER)
def say_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be a second time is one, is none, or was said to be one by mistake."""
    staff, now = staff_of(request), timezone.now()
    found = prevention.recurrence_for(staff, pk)
    said = request.POST.get("said")
    if said == "back":
        if actions.take_back(found, by=staff, now=now):
            messages.success(request, _("Taken back: nothing has come of it."))
        else:
            messages.info(request, _("Too late to take back: the promise is broken, and the incident is open again."))
    elif said == "no":
        if actions.dismiss(found, by=staff, now=now):
            messages.success(request, _("Noted: it is something else. It is not asked of this case again."))
        else:
            messages.info(request, _("Somebody said already what this is."))
    else:
        _confirm(request, found, staff)
    return _back(found.watch.incident)


def _confirm(request: HttpRequest, found: Recurrence, staff: Staff) -> None:
    reason = typed(request.POST, "reason")
    try:
        actions.confirm(found, miss_reason=reason if reason in set(MissReason) else "", by=staff, now=timezone.now())
    except (actions.AlreadyDecided, actions.NotWatched) as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("It is the same again. For ten seconds you can take that back."))


@require_http_methods(["GET", "POST"])
@staff_door(May.ANSWER)
def name_case(request: HttpRequest, number: int) -> HttpResponse:
    """Of a case: this is it again. Which incident's watch it breaks is chosen there."""
    staff = staff_of(request)
    case = cases.case_for(staff, number)
    watches = prevention.watched_incidents(staff)
    if request.method != "POST":
        return _choose(request, case, list(watches))
    chosen = request.POST.get("watch", "")
    watch = get_object_or_404(watches, pk=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0)
    try:
        actions.name_case(watch, case, by=staff, now=timezone.now())
    except (actions.AlreadyDecided, actions.NotWatched) as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("It is the same again. For ten seconds you can take that back."))
    return _back(watch.incident)


def _choose(request: HttpRequest, case: Case, watches: Sequence[Watch]) -> HttpResponse:
    shown = [
        {
            "id": row.pk,
            "title": str(row.incident),
            "until": row.until,
            "href": page_of(ref("incident", row.incident_id)),
        }
        for row in watches
    ]
    page = {
        "number": case.pk,
        "subject": str(case),
        "customer": str(case.customer),
        "href": page_of(ref("case", case.pk)),
    }
    return render(request, "incidents/again.html", desk_values(request, case=page, watches=shown))


@require_POST
@staff_door(May.ANSWER)
def tell_held(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who were hurt hear that it has not come back."""
    staff = staff_of(request)
    incident = queries.incident_for(staff, pk)
    held = Watch.objects.filter(incident=incident, state=Watch.State.HELD).order_by("-pk").first()
    if held and actions.tell_held(held, by=staff, now=timezone.now()):
        messages.success(request, _("Those who were hurt are told that it has not come back."))
    else:
        messages.info(request, _("They were told already."))
    return _back(incident)

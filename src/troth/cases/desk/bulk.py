"""Doing the same to many cases: from the list, with what became of each, and undone from there or later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from troth.cases import actions, queries
from troth.cases.actions.bulk import AT_ONCE, MOST
from troth.cases.chosen import chosen
from troth.cases.desk import filtering
from troth.cases.desk.snoozing import offer_words
from troth.cases.models import BulkAct, BulkStep, Case
from troth.cases.queries import Beside
from troth.cases.read_sayings import choices
from troth.cases.rules.bulk import ANSWER, FIELDS, NONE, NotAChange, NothingToChange, Why, can_be_undone, changes_from
from troth.cases.rules.corrections import Field
from troth.cases.rules.filters import Filters, filters_from
from troth.cases.rules.snooze import offers
from troth.cases.sayings import kind_choices, status_choices
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.pressed import page_name, pressed_once
from troth.people.queries import hours_of, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed
from troth.promises.letters import spoken
from troth.words.refs import ref

PAGE = 100
OVER = (BulkStep.State.WAITING, BulkStep.State.UNDOING)


def form(beside: Sequence[Beside], *, staff: Staff, now: datetime) -> dict[str, Any]:
    """What can be done to the chosen cases."""

    def one(name: str, words: str, given: Sequence[tuple[str, str]], none: str = "") -> dict[str, Any]:
        options = [("", _("as it is")), *([(NONE, none)] if none else []), *given]
        return {"name": f"set-{name}", "words": words, "options": options}

    people = [(str(other.pk), other.name) for other in beside if other.what == "staff"]
    teams = [(str(other.pk), other.name) for other in beside if other.what == "team"]
    later = offers(now, hours=hours_of(staff.team_id), zone=staff.zone)
    until = [
        (offer.at.isoformat(), f"{offer_words(offer.offer, offer.at, zone=staff.zone, now=now)}, {spoken(offer.at, staff.zone)}")
        for offer in later
    ]  # fmt: skip
    return {
        "ones": [
            one("assignee", _("Owner"), people, _("Nobody")),
            one("team", _("Team"), teams, _("No team")),
            one("kind", _("Kind"), kind_choices()),
            one("cause", _("Cause"), choices(Field.CAUSES), _("No cause")),
            one("status", _("State"), status_choices()),
            one("snooze", _("Put aside"), [*until, (ANSWER, _("Until they write"))]),
        ],
        "most": MOST,
    }


def done_words(request: HttpRequest, *, staff: Staff) -> dict[str, Any] | None:
    """What was just done from this list, with the way to undo it."""
    number = request.GET.get("act", "")
    if not number.isdecimal():
        return None
    act = BulkAct.objects.filter(staff=staff, pk=int(number[:18])).first()
    return _told(act) if act else None


@require_POST
@staff_door(May.ANSWER)
@pressed_once
def bulk(request: HttpRequest) -> HttpResponse:
    """Do it to the chosen cases, or to all that the list holds; of many it is asked first."""
    staff, now = staff_of(request), timezone.now()
    back = QueryDict(typed(request.POST, "back"), mutable=True)
    back.pop("act", None)
    page = f"{reverse('cases:list')}?{back.urlencode()}"
    changes = {field: value for field in FIELDS if (value := typed(request.POST, f"set-{field}"))}
    if request.POST.get("do") == "resolve":
        changes = {"status": Case.Status.RESOLVED}
    changes["parent"] = changes.get("parent", "").strip().removeprefix("#")
    all_of_it = request.POST.get("scope") == "all"
    filters = filters_from(dict(QueryDict(typed(request.POST, "choice")).lists())) if all_of_it else None
    try:
        wanted = changes_from(changes)
        if filters is not None and request.POST.get("sure") != "yes":
            return _ask_first(request, wanted, filters, back=page, now=now)
        act = actions.begin_bulk(
            staff=staff,
            changes=wanted,
            numbers=[int(one[:18]) for one in request.POST.getlist("case") if one.isdecimal()],
            filters=filters,
            now=now,
        )
    except NothingToChange:
        messages.error(request, _("Choose what is to be otherwise."))
    except actions.NoCases:
        messages.error(request, _("Choose the cases first."))
    except NotAChange as error:
        messages.error(request, _wrong_words(error.field))
    else:
        if act.total > AT_ONCE:
            return redirect("cases:bulk_act", act.pk)
        actions.work_bulk(act, now=now)
        back["act"] = str(act.pk)
        return redirect(f"{reverse('cases:list')}?{back.urlencode()}")
    return redirect(page)


def _ask_first(
    request: HttpRequest, wanted: dict[str, str], filters: Filters, *, back: str, now: datetime
) -> HttpResponse:
    staff = staff_of(request)
    count = chosen(filters, staff=staff, now=now, most=MOST + 1)[: MOST + 1].count()
    kept = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]
    said = _changes_words(wanted, queries.beside_list(staff), zone=staff.zone)
    values = desk_values(
        request, once=page_name(), count=min(count, MOST), more=count > MOST, says=said, kept=kept, back=back
    )
    return render(request, "cases/bulk_sure.html", values)


NOT_KEPT = frozenset({"csrfmiddlewaretoken", "once", "case"})


def _wrong_words(field: str) -> str:
    return {
        "parent": _("There is no such case to link to."),
        "assignee": _("Nobody by that name answers customers here."),
        "note": _("The note is too long."),
    }.get(field, _("That cannot be chosen. Choose anew."))


@staff_door(May.READ)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each case; it goes on while it is looked at."""
    staff = staff_of(request)
    found = queries.act_for(staff, pk)
    steps = BulkStep.objects.filter(within_sight(staff, team="case__team"), act=found)
    untold = Q(state__in=[BulkStep.State.REFUSED, BulkStep.State.LEFT])
    rows = steps.select_related("case__customer").order_by("pk")
    values = desk_values(
        request,
        act=_told(found),
        says=_changes_words(found.changes, queries.beside_list(staff), zone=staff.zone),
        refused=[_step(step) for step in rows.filter(untold)[:PAGE]],
        others=[_step(step) for step in rows.exclude(untold)[:PAGE]],
        shown=PAGE,
    )
    return render(request, "cases/bulk_act.html", values)


@staff_door(May.READ)
def acts(request: HttpRequest) -> HttpResponse:
    """What I did to many at once, the newest first."""
    staff = staff_of(request)
    beside = queries.beside_list(staff)
    found = BulkAct.objects.filter(staff=staff).order_by("-at", "-pk")[:50]
    rows = [
        {
            "href": reverse("cases:bulk_act", args=[one.pk]),
            "at": one.at,
            "total": one.total,
            "undone": one.undo_at is not None,
            "says": _changes_words(one.changes, beside, zone=staff.zone),
        }
        for one in found
    ]
    return render(request, "cases/bulk_acts.html", desk_values(request, acts=rows))


@require_POST
@staff_door(May.ANSWER)
def undo(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    staff, now = staff_of(request), timezone.now()
    found = queries.act_for(staff, pk)
    if actions.undo_bulk(found, now=now):
        if found.total <= AT_ONCE:
            actions.work_bulk(found, now=now)
    else:
        messages.info(request, _("That was undone already."))
    return redirect("cases:bulk_act", found.pk)


def _told(found: BulkAct) -> dict[str, Any]:
    states = BulkStep.objects.filter(act=found).values_list("state").annotate(count=Count("pk")).order_by()
    counts = dict(states)
    to_do = sum(counts.get(state, 0) for state in OVER)
    done, refused = counts.get(BulkStep.State.DONE, 0), counts.get(BulkStep.State.REFUSED, 0)
    undone, left = counts.get(BulkStep.State.UNDONE, 0), counts.get(BulkStep.State.LEFT, 0)
    same = counts.get(BulkStep.State.SAME, 0)
    parts = []
    if found.undo_at is None:
        parts.append(ngettext("One case changed", "%(n)s cases changed", done) % {"n": done})
        if same:
            parts.append(ngettext("one was so already", "%(n)s were so already", same) % {"n": same})
    else:
        parts.append(ngettext("One case is as it was", "%(n)s cases are as they were", undone) % {"n": undone})
        if left:
            parts.append(ngettext("one was left as it is", "%(n)s were left as they are", left) % {"n": left})
    if refused:
        parts.append(ngettext("one could not be changed", "%(n)s could not be changed", refused) % {"n": refused})
    return {
        "pk": found.pk,
        "href": reverse("cases:bulk_act", args=[found.pk]),
        "words": ", ".join(parts) + ".",
        "at": found.at,
        "total": found.total,
        "left_to_do": to_do,
        "dealt_with": found.total - to_do,
        "can_undo": found.undo_at is None and can_be_undone(found.changes) and bool(done or to_do),
        "is_undone": found.undo_at is not None,
        "trouble": refused + left,
    }


def _step(step: BulkStep) -> dict[str, Any]:
    state = {
        BulkStep.State.WAITING: _("Waits"),
        BulkStep.State.DONE: _("Changed"),
        BulkStep.State.SAME: _("Was so already"),
        BulkStep.State.REFUSED: _("Not changed"),
        BulkStep.State.UNDOING: _("Being undone"),
        BulkStep.State.UNDONE: _("As it was"),
        BulkStep.State.LEFT: _("Left as it is"),
    }[BulkStep.State(step.state)]
    return {
        "href": page_of(ref("case", step.case_id)),
        "number": step.case_id,
        "customer": str(step.case.customer),
        "subject": str(step.case),
        "state": state,
        "why": reason_words(step.reason) if step.reason else "",
    }


def reason_words(why: str) -> str:
    return {
        Why.MAY_NOT: _("You may not change cases any more."),
        Why.OUT_OF_SIGHT: _("It belongs to a closed team now."),
        Why.ERASED: _("This person was erased."),
        Why.GONE: _("Who or what it was to go to is not there any more."),
        Why.RESOLVED: _("It is resolved, so there is nothing to put aside."),
        Why.PAST: _("That time has passed."),
        Why.ITSELF: _("A case is not linked to itself."),
        Why.PARENT_IS_LINKED: _("That case is linked to another itself: link to that one."),
        Why.HAS_CHILDREN: _("Other cases are linked to this one: link those first."),
        Why.CHANGED_SINCE: _("Somebody has changed it since."),
        Why.NOTE_STAYS: _("The note stays: it was written."),
        Why.UNTOLD: _("Its customer was not told."),
        Why.NO_FINAL_RESPONSE: _(
            "It is owed a final response: resolve it in the case itself, or say there why without."
        ),
        Why.FAILED: _("Something went wrong here; the log tells what. Try it in the case itself."),
    }.get(Why(why), why)


def _changes_words(changes: dict[str, str], beside: Sequence[Beside], *, zone: str) -> list[str]:
    """What was to be otherwise, in words."""
    names = {(one.what, str(one.pk)): one.name for one in beside}
    found = []
    for field, value in changes.items():
        if not value:
            continue
        if field == "assignee":
            said = _("Owner: %(name)s") % {"name": names.get(("staff", value), _("Nobody"))}
        elif field == "team":
            said = _("Team: %(name)s") % {"name": names.get(("team", value), _("No team"))}
        elif field == "parent":
            said = _("Linked to none") if value == NONE else _("Linked to #%(number)s") % {"number": value}
        elif field == "snooze":
            said = (
                _("Put aside until they write")
                if value == ANSWER
                else _("Put aside until %(when)s") % {"when": spoken(datetime.fromisoformat(value), zone)}
            )
        elif field == "note":
            said = _("A note: “%(text)s”") % {"text": value[:80]}
        else:
            words = dict(filtering.options(field)).get(value, _("No cause"))
            said = f"{filtering.field_words(field)}: {words}"
        found.append(said)
    return found

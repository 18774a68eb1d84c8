"""Who is affected: found by conditions, frozen, and looked through."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from troth.notices import members
from troth.notices.actions import cohorts as actions
from troth.notices.desk.building import builder_values, rows_typed
from troth.notices.models import Cohort, Member, Notice, Standing
from troth.notices.rules import typed as form
from troth.notices.rules.conditions import Every, OfCases, from_plain
from troth.notices.sayings import why_words
from troth.notices.seen import cohort_for, cohorts_for, sees
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, page_of, staff_of, typed
from troth.words.sheets import guarded

PAGE, LIST = 50, 50
NAME_MOST = 120
_ABOUT = re.compile(r"[a-z_]{1,40}:[1-9][0-9]{0,17}\Z")


@staff_door(May.READ)
def cohorts(request: HttpRequest) -> HttpResponse:
    """Every cohort of what the reader may see, the newest first."""
    before = typed(request.GET, "before")
    rows = cohorts_for(staff_of(request)).order_by("-pk")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: LIST + 1])
    page = reverse("notices:cohorts")
    pages = {
        "words": "",
        "newer": page if before else None,
        "older": f"{page}?{urlencode({'before': found[LIST - 1].pk})}" if len(found) > LIST else None,
    }
    values = desk_values(
        request,
        cohorts=[{**_named(one), "href": _page(one), "made_at": one.made_at} for one in found[:LIST]],
        pages=pages if pages["older"] or before else None,
    )
    return render(request, "notices/cohorts.html", values)


def _page(cohort: Cohort) -> str:
    return reverse("notices:cohort", args=[cohort.pk])


def _named(cohort: Cohort) -> dict[str, Any]:
    return {
        "id": cohort.pk,
        "name": cohort.name or _("Those affected"),
        "about": cohort.about,
        "about_words": why_words(cohort.about),
        "about_href": page_of(cohort.about),
        "count": cohort.count,
        "frozen_at": cohort.frozen_at,
    }


# Putting it together


@staff_door(May.ANSWER)
def new(request: HttpRequest) -> HttpResponse:
    """Conditions for a new cohort; nothing is kept before it is saved."""
    about = typed(request.GET if request.method == "GET" else request.POST, "about")
    if not _ABOUT.match(about):
        messages.info(request, _("A cohort is put together from the page of what they are affected by."))
        return redirect("notices:cohorts")
    if not sees(staff_of(request), about):
        raise Http404
    if request.method == "POST":
        return _typed(request, Cohort(about=about))
    rows = form.rows_of(_begin_with(about), shown=lambda at: field_time(at, staff_of(request).zone))
    return _builder(request, Cohort(about=about), rows)


def _begin_with(about: str) -> Every:
    """Whoever has a case that is part of it is where one begins."""
    return Every((OfCases(incidents=(about,)),))


@staff_door(May.READ)
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """Its conditions while it can be changed; who is in it from then on."""
    found = cohort_for(staff_of(request), pk)
    if found.frozen_at is not None:
        return _members(request, found)
    rows = form.rows_of(from_plain(found.conditions), shown=lambda at: field_time(at, staff_of(request).zone))
    return _builder(request, found, rows)


@require_POST
@staff_door(May.ANSWER)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What the pressed button says: rows come and go on the page; *save* and *freeze* are for good."""
    return _typed(request, cohort_for(staff_of(request), pk))


@require_POST
@staff_door(May.ANSWER)
def count(request: HttpRequest) -> HttpResponse:
    """How many meet what stands in the form right now, and some of them; for the page that counts while one types."""
    rows = rows_typed(request.POST)
    return render(request, "notices/_preview.html", builder_values(request, rows, now=timezone.now(), **_blank()))


def _blank() -> dict[str, Any]:
    return {"cohort": {}}


def _typed(request: HttpRequest, found: Cohort) -> HttpResponse:
    rows = rows_typed(request.POST)
    what, _sep, rest = typed(request.POST, "do").partition("-")
    kind, _sep, place = rest.rpartition("-")
    number = int(place) if place.isdecimal() and len(place) < 4 else -1
    match what:
        case "add":
            added = form.added(rows, kind, to=number)
            return _builder(request, found, added, focus=len(rows))
        case "out":
            return _builder(request, found, form.without(rows, number))
        case "save" | "freeze":
            return _saved(request, found, rows, is_frozen=what == "freeze")
    return _builder(request, found, rows)


def _saved(request: HttpRequest, found: Cohort, rows: list[form.Row], *, is_frozen: bool) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    conditions, wrong = form.conditions_of(rows, read=lambda text: local_time(text, staff.zone))
    name = typed(request.POST, "name").strip()[:NAME_MOST]
    said = typed(request.POST, "joins_until").strip()
    joins_until = local_time(said, staff.zone) if said else None
    errors = []
    if is_frozen and said and (joins_until is None or joins_until <= now):
        errors.append({"id": "joins_until", "words": _("Write a day to come, or nothing.")})
    if wrong or errors:
        return _builder(request, found, rows, errors=errors, status=422)
    try:
        if found.pk is None:
            found = actions.draft(about=found.about, conditions=conditions, by=staff, now=now, name=name)
        else:
            actions.change(found, conditions=conditions, name=name)
        if is_frozen:
            actions.freeze(found, by=staff, now=now, joins_until=joins_until)
    except actions.AlreadyFrozen:
        messages.error(request, _("Somebody froze it meanwhile: these are its members."))
    except actions.NobodyIsAffected:
        words = _("Nobody meets these conditions. Change them, or say until when people may join.")
        return _builder(request, found, rows, errors=[{"id": "do-freeze", "words": words}], status=422)
    else:
        if is_frozen:
            told = ngettext("Frozen, with one member.", "Frozen, with %(num)s members.", found.count)
            messages.success(request, told % {"num": found.count})
        else:
            messages.success(request, _("Saved. Nobody is told before you freeze it and send a notice."))
    return redirect("notices:cohort", found.pk)


def _builder(
    request: HttpRequest,
    found: Cohort,
    rows: Sequence[form.Row],
    *,
    focus: int = -1,
    errors: Sequence[dict[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    name = typed(request.POST, "name") if request.method == "POST" else found.name
    values = builder_values(
        request,
        rows,
        now=timezone.now(),
        focus=focus,
        errors=errors,
        cohort={**_named(found), "name": name, "joins_until": typed(request.POST, "joins_until")},
        action=reverse("notices:change", args=[found.pk]) if found.pk else reverse("notices:new_cohort"),
    )
    return render(request, "notices/cohort.html", values, status=status)


# Looking through it


def _members(request: HttpRequest, found: Cohort) -> HttpResponse:
    staff = staff_of(request)
    chosen = {name: typed(request.GET, name).strip() for name in ("standing", "search", "after")}
    after = int(chosen["after"]) if chosen["after"].isdecimal() and len(chosen["after"]) < 19 else 0
    rows = list(members.members(found, standing=chosen["standing"], search=chosen["search"], after=after)[: PAGE + 1])
    kept = {name: chosen[name] for name in ("standing", "search") if chosen[name]}
    counts, page = members.counts(found), _page(found)
    older = f"{page}?{urlencode({**kept, 'after': rows[PAGE - 1].pk})}" if len(rows) > PAGE else None
    shown = rows[:PAGE]
    values = desk_values(
        request,
        cohort={
            **_named(found),
            "digest": found.digest,
            "by": found.made_by.name if found.made_by else "",
            "joins_until": found.joins_until,
            "joins_field": field_time(found.joins_until, staff.zone),
            "counts": counts,
            "csv": f"{reverse('notices:members_csv', args=[found.pk])}?{urlencode(kept)}",
        },
        filters=chosen,
        filtered=bool(kept),
        standings=[("", _("All")), *_standings().items()],
        members=[
            _member(row, one, staff=staff) for row, one in zip(shown, members.seen(shown, staff=staff), strict=True)
        ],
        notices=Notice.objects.filter(cohort=found).exists(),
        pages={"words": "", "newer": f"{page}?{urlencode(kept)}" if after else None, "older": older}
        if older or after
        else None,
    )
    return render(request, "notices/members.html", values)


def _standings() -> dict[str, str]:
    return {Standing.IN: _("frozen"), Standing.LATE: _("joined late"), Standing.EXCLUDED: _("left out")}


def _member(row: Member, one: members.Seen, *, staff: Staff) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": one.name or _("Somebody whom a closed team looks after"),
        "href": page_of(f"customer:{one.customer}") if one.customer else "",
        "address": row.address if not one.hidden else "",
        "why": why_shown(one.why),
        "more": one.more,
        "standing": row.standing,
        "words": _standings()[Standing(row.standing)],
        "tone": {"late": "calm", "excluded": "warn"}.get(row.standing),
        "reason": row.reason if not one.hidden else "",
        "by": row.excluded_by.name if row.excluded_by else "",
        "excluded_at": row.excluded_at,
        "may_change": staff.may(May.ANSWER) and not one.hidden,
    }


def why_shown(references: Sequence[str]) -> list[dict[str, str]]:
    return [{"words": why_words(one), "href": page_of(one)} for one in references]


@require_POST
@staff_door(May.ANSWER)
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    """They are not told, for a reason."""
    row = member_for(staff_of(request), pk)
    try:
        actions.exclude(row, reason=typed(request.POST, "reason"), by=staff_of(request), now=timezone.now())
    except actions.NoReason:
        messages.error(request, _("Say why they are left out: it stands beside their name."))
    except actions.AlreadyTold:
        messages.error(request, _("A notice is on its way to them already, or reached them."))
    except actions.NotFrozen:
        messages.error(request, _("Freeze the cohort first: until then change its conditions."))
    else:
        messages.success(request, _("Left out. You can take it back while nothing was sent."))
    return _back(request, row.cohort_id)


@require_POST
@staff_door(May.ANSWER)
def include(request: HttpRequest, pk: int) -> HttpResponse:
    """They are told after all."""
    row = member_for(staff_of(request), pk)
    actions.take_back_exclusion(row, by=staff_of(request), now=timezone.now())
    messages.success(request, _("They are told like everybody else."))
    return _back(request, row.cohort_id)


def member_for(staff: Staff, number: int) -> Member:
    """A member that *staff* may see; raises Http404."""
    row = get_object_or_404(Member.objects.select_related("cohort", "customer"), pk=number)
    if members.seen([row], staff=staff)[0].hidden or not sees(staff, row.cohort.about):
        raise Http404
    return row


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    kept = {name: value for name in ("standing", "search", "after") if (value := typed(request.POST, name))}
    return redirect(f"{reverse('notices:cohort', args=[pk])}?{urlencode(kept)}")


@require_POST
@staff_door(May.ANSWER)
def keep_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Until when whoever meets the conditions joins."""
    found, said = cohort_for(staff_of(request), pk), typed(request.POST, "joins_until").strip()
    until = local_time(said, staff_of(request).zone) if said else None
    if said and (until is None or until <= timezone.now()):
        messages.error(request, _("Write a day to come, or nothing."))
    else:
        actions.keep_open(found, until=until)
        messages.success(request, _("Saved.") if until else _("Nobody joins it any more."))
    return redirect("notices:cohort", pk)


@staff_door(May.LEAD, fresh=True)
def members_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its members as a file, as far as they may be seen; of any size, a piece at a time."""
    found = cohort_for(staff_of(request), pk)
    rows = members.members(found, standing=typed(request.GET, "standing"), search=typed(request.GET, "search"))
    answer = StreamingHttpResponse(_csv(found, rows, staff=staff_of(request)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cohort-{found.pk}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _csv(found: Cohort, rows: Any, *, staff: Staff) -> Iterator[str]:
    heading = [_("Number"), _("Customer"), _("Name"), _("Address"), _("Why"), _("Standing"), _("Reason"), _("Added")]
    yield "\ufeff" + _line(heading)
    for row, one in members.in_pieces(rows, staff=staff):
        yield _line(
            [
                row.pk,
                one.customer or "",
                one.name,
                "" if one.hidden else row.address,
                " ".join(one.why),
                row.standing,
                "" if one.hidden else row.reason,
                _moment(row.added_at),
            ]
        )


def _moment(at: datetime) -> str:
    return at.isoformat()


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()

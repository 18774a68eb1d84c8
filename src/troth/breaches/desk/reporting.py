"""The report to the authority: written bit by bit, and sent once nothing is missing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.breaches import actions, papers, queries, sayings
from troth.breaches.actions.reporting import COUNT_MOST, draft_of
from troth.breaches.desk.page import breach_for, clock_of
from troth.breaches.models import Authority, Breach, Report
from troth.breaches.rules import contents
from troth.breaches.rules.contents import CAN_FOLLOW, NUMBERS, Field
from troth.people import paper
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, staff_of, typed


@staff_door(May.LEAD)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. It is kept with every press, whole or not; it is sent only whole."""
    staff, now = staff_of(request), timezone.now()
    breach = breach_for(staff, pk)
    if request.method != "POST":
        return _page(request, breach, queries.draft_report(breach) or _begun(breach, staff))
    values, wrong = _values(request, staff)
    if wrong:
        draft = queries.draft_report(breach) or _begun(breach, staff)
        for name, value in values.items():
            setattr(draft, name, value)
        return _page(request, breach, draft, wrong=wrong, status=422)
    draft = actions.write_report(breach, values=values, by=staff, now=now)
    if "send" not in request.POST:
        messages.success(request, _("Kept. Nothing has been sent."))
        return redirect("breaches:report", pk)
    sent_at = local_time(typed(request.POST, "sent_at"), staff.zone)
    if sent_at is not None and field_time(now, staff.zone) == field_time(sent_at, staff.zone):
        sent_at = None  # a field shows minutes: this one is now
    try:
        actions.send_report(breach, by=staff, now=now, sent_at=sent_at)
    except actions.Incomplete as error:
        wrong = {f"id_{lack}": sayings.lack_words(lack) for lack in error.missing}
        return _page(request, breach, draft, wrong=wrong, status=422)
    except ValueError as error:
        return _page(request, breach, draft, wrong={"id_sent_at": str(error)}, status=422)
    messages.success(
        request, _("It is on record as sent, and stays as it is. Note the authority’s number once it comes.")
    )
    return redirect("breaches:breach", pk)


def _begun(breach: Breach, staff: Staff) -> Report:
    """What the form begins with, before anything is kept: the phase before, or nothing."""
    last = breach.reports.order_by("-phase").first()
    found = Report(breach=breach, phase=last.phase + 1 if last else 1, written_by=staff, written_at=timezone.now())
    if last:
        for name in (*Field, "to_follow", "authority", "how"):
            setattr(found, name, getattr(last, name))
    return found


def _values(request: HttpRequest, staff: Staff) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in Field:
        text = typed(request.POST, field)
        if field not in NUMBERS:
            values[field.value] = text
            continue
        digits = text.replace(",", "").replace(".", "").replace(" ", "").replace("\u202f", "")
        values[field.value] = min(int(digits[:12]), COUNT_MOST) if digits.isdecimal() else None
        if digits and not digits.isdecimal():
            wrong[f"id_{field}"] = _("Write a number, in digits; “about” is understood.")
    values["to_follow"] = [field.value for field in CAN_FOLLOW if request.POST.get(f"follows_{field}")]
    values["follows_by"] = local_time(typed(request.POST, "follows_by"), staff.zone)
    values["reason_for_delay"] = typed(request.POST, "reason_for_delay")
    values["how"] = typed(request.POST, "how")
    chosen = typed(request.POST, "authority")
    values["authority"] = Authority.objects.filter(pk=int(chosen[:18])).first() if chosen.isdecimal() else None
    return values, wrong


def _page(
    request: HttpRequest, breach: Breach, draft: Report, *, wrong: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    lacks = contents.missing(draft_of(draft), aware_at=breach.aware_at, now=now)
    known = [*Authority.objects.filter(is_retired=False).order_by("name")]
    values = desk_values(
        request,
        now=now,
        here="breaches",
        b={"id": breach.pk, "title": breach.incident.title},
        clock=clock_of(breach, now=now),
        phase=draft.phase,
        fields=[
            {
                "name": field.value,
                "words": sayings.field_words(field),
                "article": sayings.FIELD_ARTICLES[field],
                "value": getattr(draft, field),
                "is_number": field in NUMBERS,
                "can_follow": field in CAN_FOLLOW,
                "follows": field in draft.to_follow,
                "is_missing": field in lacks,
            }
            for field in Field
        ],
        done=len(Field) - sum(lack in set(Field) for lack in lacks),
        of=len(Field),
        missing=[{"id": f"id_{lack}", "words": sayings.lack_words(lack)} for lack in lacks],
        is_delayed=contents.is_delayed(draft.phase, aware_at=breach.aware_at, now=now),
        reason_for_delay=draft.reason_for_delay,
        follows_by=field_time(draft.follows_by, staff.zone),
        sent_at=field_time(now, staff.zone),
        how=draft.how,
        authority=str(draft.authority_id or ""),
        authorities=[("", _("Choose")), *((str(one.pk), one.name) for one in known)],
        reach={one.name: one.reach for one in known},
        wrong=wrong or {},
        errors=[{"id": name, "words": words} for name, words in (wrong or {}).items()],
        draft_href=f"{draft.pk}.pdf" if draft.pk else None,
    )
    return render(request, "breaches/report.html", values, status=status)


@staff_door(May.BREACHES)
@require_GET
def report_paper(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One report, sent or not, as a file for the authority."""
    staff = staff_of(request)
    found = _report(breach_for(staff, pk), number)
    content = papers.report_pdf(found, zone=staff.zone, now=timezone.now())
    return paper.response(content, name=f"breach-{pk}-report-{found.phase}.pdf")


def _report(breach: Breach, number: int) -> Report:
    found = breach.reports.select_related("breach__incident", "authority").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_POST
@staff_door(May.LEAD)
def receipt(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The authority's number for a report."""
    staff = staff_of(request)
    found = _report(breach_for(staff, pk), number)
    try:
        if actions.acknowledge(found, receipt=typed(request.POST, "receipt"), by=staff, now=timezone.now()):
            messages.success(request, _("Noted."))
        else:
            messages.info(request, _("A number is noted already, and stays."))
    except actions.NothingToReport as error:
        messages.error(request, str(error))
    return redirect("breaches:breach", pk)

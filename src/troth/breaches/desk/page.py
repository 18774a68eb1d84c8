"""One breach: what is still asked of us by when, what was decided, sent and told, and the whole of it to take along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from troth.breaches import papers, queries, sayings
from troth.breaches.models import Breach, PeopleLetter, Report
from troth.breaches.rules import standing
from troth.breaches.rules.standing import Duty, Stands
from troth.breaches.rules.words import Exempt, Level, Party
from troth.notices.queries import progress
from troth.people import paper
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, page_of, staff_of

#: How a duty stands is shown in these tones.
TONES = {Stands.OPEN: "warn", Stands.LATE: "alarm", Stands.DONE: "good", Stands.NOT_ASKED: None}
#: Where on the page, or on which page, a duty is done.
PLACES = {Duty.DECIDE: "#risk", Duty.DOCUMENT: "#words", Duty.CONTROLLER: "#controller"}


def breach_for(staff: Staff, pk: int) -> Breach:
    """The breach, if *staff* may see it; raises Http404."""
    found = queries.seen_by(staff).select_related("begun_by").filter(pk=pk).first()
    if found is None or not staff.may(May.BREACHES):
        raise Http404
    return found


@staff_door(May.BREACHES)
@require_GET
def breach_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page."""
    return shown(request, breach_for(staff_of(request), pk))


def shown(request: HttpRequest, breach: Breach, *, status: int = 200, **written: Any) -> HttpResponse:
    """The page, with what was typed and what is wrong with it where something is."""
    staff, now = staff_of(request), timezone.now()
    facts = queries.facts_of(breach)
    words = queries.newest_words(breach)
    level: str | None = breach.level  # type: ignore[attr-defined]
    risk = queries.newest_risk(breach)
    values: dict[str, Any] = desk_values(
        request,
        now=now,
        b=_about(breach, level, staff, now=now),
        clock=clock_of(breach, now=now),
        steps=[_step(breach, step, now=now) for step in standing.steps(facts, now=now)],
        may_close=standing.is_settled(facts, now=now),
        risk={"words": sayings.level_words(level), "reason": risk.reason, "at": risk.at} if risk else None,
        levels=[(one.value, sayings.level_words(one)) for one in Level],
        exemptions=[
            {
                "id": one.pk,
                "words": sayings.exempt_words(one.sort),
                "reason": one.reason,
                "instead": one.instead,
                "at": one.at,
                "by": one.by.name if one.by else "",
                "back_at": one.taken_back_at,
                "back_why": one.taken_back_why,
            }
            for one in breach.exemptions.select_related("by").order_by("-pk")
        ],
        exempts=[(one.value, sayings.exempt_words(one)) for one in _exempts(level)],
        reports=[_report(one) for one in queries.sent_reports(breach)],
        has_draft=queries.draft_report(breach) is not None,
        letters=[_letter(one) for one in breach.letters.select_related("notice").filter(notice__isnull=False)],
        said={name: getattr(words, name) for name in ("facts", "effects", "action")} if words else {},
        said_at=words.at if words else None,
        timeline=[
            {"at": at, "words": what, "who": who, "sign": None} for at, what, who in reversed(papers.timeline(breach))
        ],
        **{"errors": [], "typed": {}, **written},
    )
    return render(request, "breaches/breach.html", values, status=status)


def _about(breach: Breach, level: str | None, staff: Staff, *, now: datetime) -> dict[str, Any]:
    waits = breach.high_since is not None and breach.told_at is None
    return {
        "id": breach.pk,
        "title": breach.incident.title,
        "incident_href": page_of(breach.incident.ref),
        "happened_at": breach.incident.happened_at,
        "aware_at": breach.aware_at,
        "aware_field": field_time(breach.aware_at, staff.zone),
        "now_field": field_time(now, staff.zone),
        "owner": breach.owner.name if breach.owner else None,
        "party": sayings.party_words(breach.party),
        "is_processor": breach.party == Party.PROCESSOR,
        "controller": breach.controller,
        "controller_told_at": breach.controller_told_at,
        "countries": breach.countries,
        "kinds": sayings.kinds_words(breach),
        "reported_at": breach.reported_at,
        "closed_at": breach.closed_at,
        "is_high": level == Level.HIGH,
        "waiting": sayings.span(now - breach.high_since) if waits and breach.high_since else None,
        "may_act": staff.may(May.LEAD),
    }


def clock_of(breach: Breach, *, now: datetime) -> dict[str, Any]:
    """How the 72 hours stand."""
    is_answered = standing.is_answered(queries.facts_of(breach)) or breach.closed_at is not None
    if breach.reported_at:
        late = breach.reported_at > breach.report_by
        took = {"span": sayings.span(breach.reported_at - breach.aware_at)}
        words = (_("reported late, after %(span)s") if late else _("reported after %(span)s")) % took
        tone = "alarm" if late else "good"
    elif is_answered:
        words, tone = _("no report is asked for"), "good"
    else:
        words = sayings.remaining(breach.report_by, now=now)
        tone = "alarm" if now >= breach.report_by - queries.NEAR else "warn"
    return {"words": words, "tone": tone, "by": breach.report_by, "is_running": not is_answered}


def _step(breach: Breach, step: standing.Step, *, now: datetime) -> dict[str, Any]:
    places = {
        **PLACES,
        Duty.REPORT: reverse("breaches:report", args=[breach.pk]),
        Duty.FOLLOW: reverse("breaches:report", args=[breach.pk]),
        Duty.TELL: reverse("breaches:letter", args=[breach.pk]),
    }
    is_asked = step.stands in {Stands.OPEN, Stands.LATE}
    return {
        "words": sayings.duty_words(step.duty, step.stands, was_late=step.was_late),
        "tone": "alarm" if step.was_late else TONES[step.stands],
        "is_asked": is_asked,
        "is_late": step.stands is Stands.LATE,
        "is_done": step.stands is Stands.DONE,
        "by": step.by,
        "left": sayings.remaining(step.by, now=now) if step.by else None,
        "href": places[step.duty] if is_asked and breach.closed_at is None else None,
    }


def _exempts(level: str | None) -> list[Exempt]:
    """Those that go with the risk as it is thought of."""
    if level == Level.NONE:
        return [Exempt.NO_RISK]
    return [Exempt.PROTECTED, Exempt.AVERTED, Exempt.EFFORT] if level == Level.HIGH else []


def _report(report: Report) -> dict[str, Any]:
    return {
        "id": report.pk,
        "phase": report.phase,
        "sent_at": report.sent_at,
        "to": report.sent_to,
        "how": report.how,
        "receipt": report.receipt,
        "to_follow": len(report.to_follow),
        "follows_by": report.follows_by,
        "by": report.sent_by.name if report.sent_by else "",
    }


def _letter(letter: PeopleLetter) -> dict[str, Any]:
    assert letter.notice is not None
    counted = progress(letter.notice)
    return {
        "href": page_of(f"notice:{letter.notice.pk}"),
        "number": letter.notice.pk,
        "state": letter.notice.state,
        "sent_at": letter.notice.sent_at,
        "told": counted.told,
        "of": counted.of,
    }


@staff_door(May.BREACHES)
@require_GET
def file_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one breach, as a file for the authority."""
    staff = staff_of(request)
    found = breach_for(staff, pk)
    return paper.response(papers.file_pdf(found, zone=staff.zone, now=timezone.now()), name=f"breach-{found.pk}.pdf")


@staff_door(May.BREACHES)
@require_GET
def file_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for another tool."""
    return download(papers.plain(breach_for(staff_of(request), pk)), name=f"breach-{pk}.json")


def download(plain: dict[str, Any], *, name: str) -> JsonResponse:
    answer = JsonResponse(plain, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

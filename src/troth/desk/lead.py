"""The lead's page: how long answers take, what waits, what went wrong and why, and whether all are served alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from troth.desk import lead_charts as charts
from troth.desk import lead_sheets as sheets
from troth.desk import leading, making_good
from troth.desk.leading import Asked
from troth.desk.rules.sheet import SHEETS, Sheet, written
from troth.desk.rules.windows import LENGTHS, days_asked
from troth.people.doors import staff_door
from troth.people.models import Staff, Team
from troth.people.queries import hours_of, sight_of, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of, typed

Found = TypeVar("Found")

#: What is dear to count and moves slowly is counted again after so long; what waits and runs out is always as it is.
KEPT_SECONDS = 60


@require_safe
@staff_door(May.LEAD)
def lead(request: HttpRequest) -> HttpResponse:
    team_choices = teams_in_sight(staff_of(request))
    asked = _asked(request, team_choices)
    now, before = answers(asked)
    backlog, cared = leading.backlog(asked), care(asked)
    found = {sheet.name: sheet for sheet in _all(asked, now, before, backlog, cared)}
    values = desk_values(
        request,
        now=asked.now,
        lengths=[
            {
                "words": _length_words(count),
                "href": _href(asked, days=str(count)),
                "here": count == asked.days.count and not asked.days.own,
            }
            for count in LENGTHS
        ],
        days={"first": asked.days.first, "last": asked.days.last, "own": asked.days.own, "before": asked.days.before},
        team=asked.team,
        teams=[("", _("All teams")), *((team.pk, team.name) for team in team_choices)],
        team_shown=bool(team_choices),
        sheets=found,
        charts=charts.every(found, now, backlog),
        csv={name: _csv(asked, name) for name in SHEETS},
        cases_most=leading.CASES_MOST,
        is_cut=cared.cases >= leading.CASES_MOST,
        is_empty=not any(sheet.rows for name, sheet in found.items() if name not in {"backlog", "trend", "parity"})
        and not any(backlog.open),
        worked=charts.worked_words,
        more=charts.more_words,
        percent=charts.percent_words,
    )  # fmt: skip
    return render(request, "desk/lead.html", values)


@require_safe
@staff_door(May.LEAD)
def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """One of the tables, for a spreadsheet."""
    asked = _asked(request, teams_in_sight(staff_of(request)))
    found = one_sheet(asked, name)
    answer = HttpResponse(written(found), content_type="text/csv; charset=utf-8")
    file = f"{name}-{sheets.of_days(asked.days.first, asked.days.last)}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def one_sheet(asked: Asked, name: str) -> Sheet:
    """The table of this name; only what it needs is counted."""
    makes: dict[str, Callable[[], Sheet]] = {
        "answers": lambda: sheets.by_kind(*answers(asked)),
        "hours": lambda: sheets.by_hour(answers(asked)[0]),
        "weekdays": lambda: sheets.by_weekday(answers(asked)[0]),
        "backlog": lambda: sheets.ages(leading.backlog(asked)),
        "trend": lambda: sheets.trend(leading.backlog(asked)),
        "oldest": lambda: sheets.oldest(leading.backlog(asked)),
        "risk": lambda: sheets.risk(leading.at_risk(asked), cases=reverse("cases:list")),
        "misses": lambda: sheets.reasons(leading.misses(asked)),
        "unexplained": lambda: sheets.unexplained(leading.misses(asked)),
        "emotions": lambda: sheets.emotions(care(asked)),
        "parity": lambda: sheets.parity(care(asked)),
        "acknowledged": lambda: sheets.acknowledged(leading.acknowledged(asked)),
        "remedies": lambda: making_good.remedy_sheet(making_good.remedies(asked)),
        "products": lambda: making_good.product_sheet(_products(asked)),
    }
    return makes[name]()


def _all(
    asked: Asked, now: leading.Answers, before: leading.Answers, backlog: leading.Backlog, cared: leading.Cared
) -> list[Sheet]:
    misses = leading.misses(asked)
    return [
        sheets.by_kind(now, before),
        sheets.by_hour(now),
        sheets.by_weekday(now),
        sheets.ages(backlog),
        sheets.trend(backlog),
        sheets.oldest(backlog),
        sheets.risk(leading.at_risk(asked), cases=reverse("cases:list")),
        sheets.reasons(misses),
        sheets.unexplained(misses),
        sheets.emotions(cared),
        sheets.parity(cared),
        sheets.acknowledged(leading.acknowledged(asked)),
        making_good.remedy_sheet(making_good.remedies(asked)),
        making_good.product_sheet(_products(asked)),
    ]


def answers(asked: Asked) -> tuple[leading.Answers, leading.Answers]:
    return _kept("answers", asked, leading.answers)


def care(asked: Asked) -> leading.Cared:
    return _kept("cared", asked, leading.cared)


def _products(asked: Asked) -> list[making_good.Product]:
    return _kept("products", asked, making_good.products)


def _kept(name: str, asked: Asked, count: Callable[[Asked], Found]) -> Found:
    """A minute old at most, for those who see the same."""
    sight = sight_of(asked.staff)
    own = 0 if sight.is_full else sight.team_id or 0
    days = asked.days
    key = f"lead.{name}.{sight.is_full}.{own}.{asked.team or 0}.{days.first}.{days.last}.{days.zone}"
    found: Found | None = caches["process"].get(key)
    if found is None:
        found = count(asked)
        caches["process"].set(key, found, KEPT_SECONDS)
    return found


def teams_in_sight(staff: Staff) -> list[Team]:
    return list(Team.objects.filter(within_sight(staff, team="pk")).order_by("name"))


def _asked(request: HttpRequest, choices: list[Team]) -> Asked:
    """What the address asks for; a team that is not there, or is closed to the reader, is not found."""
    now = timezone.now()
    team = typed(request.GET, "team")
    if team and not (team.isdecimal() and any(str(one.pk) == team for one in choices)):
        raise Http404
    days = days_asked(
        length=typed(request.GET, "days"),
        first=typed(request.GET, "from"),
        last=typed(request.GET, "to"),
        now=now,
        zone=hours_of().zone,
    )
    return Asked(staff=staff_of(request), days=days, team=int(team) if team else None, now=now)


def _csv(asked: Asked, name: str) -> str:
    days = asked.days
    chosen = {"from": days.first, "to": days.last} if days.own else {"days": days.count}
    return f"{reverse(f'desk:lead_{name}')}?{urlencode(chosen | _team(asked))}"


def _href(asked: Asked, **values: str) -> str:
    return f"{reverse('desk:lead')}?{urlencode(values | _team(asked))}"


def _team(asked: Asked) -> dict[str, Any]:
    return {"team": asked.team} if asked.team else {}


def _length_words(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}

"""The lead's figures for other programs: what `/lead/` shows, with its window and how much each was drawn from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import isfinite
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from troth.desk.lead import one_sheet, teams_in_sight
from troth.desk.leading import Asked as Wanted
from troth.desk.rules.sheet import SHEETS, Cell, Holds, Sheet
from troth.desk.rules.windows import days_asked
from troth.ledger.rules.canonical import moment
from troth.people.operations import Asked, Id, Instant, Operations, Told, staff_of
from troth.people.problems import Problem
from troth.people.queries import hours_of
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.people.rules.roles import May

router = Operations(tags=["figures"])
Figure = Literal[
    "answers", "hours", "weekdays", "backlog", "trend", "oldest", "risk", "misses", "unexplained", "emotions", "parity",
    "acknowledged", "remedies", "products",
]  # fmt: skip
Plain = str | int | float | None


class FiguresAsked(Asked):
    figure: Annotated[Figure | None, Field(description="Only this table; only what it needs is counted.")] = None
    first: Annotated[
        date | None, Field(description="Of the company's zone; thirty days up to `last` where left out.")
    ] = None
    last: Annotated[date | None, Field(description="Today where left out. At most 366 days are looked at.")] = None
    team: Annotated[Id | None, Field(description="The number of a team; every one you see where left out.")] = None


class ColumnTold(Told):
    name: str
    words: str
    holds: Annotated[
        Holds, Field(description="A span, and how much more, are seconds; a share is from 0 to 1; a day is of `zone`.")
    ]


class FigureTold(Told):
    name: Figure
    title: str
    columns: list[ColumnTold]
    rows: Annotated[
        list[dict[str, Plain]],
        Field(description="By the names of the columns, which tell from how many each is; `href` leads to its page."),
    ]


class FiguresTold(Told):
    first: date
    last: date
    zone: str
    before_first: Annotated[date, Field(description="The window before, which columns of it are of.")]
    before_last: date
    team: int | None
    counted_at: Annotated[Instant, Field(description="What moves slowly may have been counted a minute before.")]
    items: list[FigureTold]


@router.reads(
    "/figures", scope=Scope.CASES_READ, gives=FiguresTold, name="read_figures", summary="Read the lead's figures"
)
def read_figures(request: HttpRequest, asked: Query[FiguresAsked]) -> FiguresTold:
    """For leads: how long answers take, what waits and runs out, what went wrong and why, and whether all are served
    alike, as far as you see; the tables of the lead's page."""
    staff, now = staff_of(request), timezone.now()
    if not staff.may(May.LEAD):
        raise Problem(Kind.NOT_ALLOWED, "This takes a lead behind the key.")
    if asked.team and asked.team not in {one.pk for one in teams_in_sight(staff)}:
        raise Http404
    days = days_asked(
        length="", first=str(asked.first or ""), last=str(asked.last or ""), now=now, zone=hours_of().zone
    )
    wanted = Wanted(staff=staff, days=days, team=asked.team, now=now)
    names = [asked.figure] if asked.figure else SHEETS
    return FiguresTold(
        first=days.first,
        last=days.last,
        zone=days.zone,
        before_first=days.before.first,
        before_last=days.before.last,
        team=asked.team,
        counted_at=now,
        items=[_told(one_sheet(wanted, name)) for name in names],
    )


def _told(sheet: Sheet) -> FigureTold:
    shown = [*(column.name for column in sheet.columns), "href"]
    return FigureTold(
        name=sheet.name,  # type: ignore[arg-type] # one of SHEETS
        title=sheet.title,
        columns=[ColumnTold(name=one.name, words=one.words, holds=one.holds) for one in sheet.columns],
        rows=[{name: plain(row[name]) for name in shown if name in row} for row in sheet.rows],
    )


def plain(value: Cell) -> Plain:
    match value:
        case timedelta():
            return value.total_seconds()
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case float() if not isfinite(value):
            return None
    return value

"""Many payments proven at once: a sheet of what is owed goes out to whoever pays, and comes back with references."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed
from troth.remedies import actions, queries
from troth.remedies.desk.page import not_given_words
from troth.remedies.models import Remedy
from troth.remedies.rules.due import was_given_since
from troth.remedies.rules.money import NotMoney, money, plain
from troth.remedies.rules.proofs import SHEET_MOST, NotASheet, Row, rows_of, sheet
from troth.words.refs import ref
from troth.words.remedies import OWED

SHOWN_MOST = 200


@dataclass(frozen=True)
class Line:
    """A row of the sheet, beside the remedy it means and what hinders it."""

    line: int
    row: Row | None
    remedy: Remedy | None
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.ANSWER)
def proofs(request: HttpRequest) -> HttpResponse:
    """GET: the form, or with `sheet` what is owed as CSV. POST: what the file says is shown; with `do` it is done."""
    staff, now = staff_of(request), timezone.now()
    if request.method != "POST":
        return _owed(staff) if "sheet" in request.GET else _page(request, [], raw="")
    raw = _typed(request)
    try:
        lines = _lines(rows_of(raw, zone=staff.zone), staff=staff, now=now)
    except NotASheet as why:
        return _page(request, [], raw="", errors=[{"id": "file", "words": str(why)}], status=422)
    if typed(request.POST, "do") != "give":
        return _page(request, lines, raw=raw)
    given = sum(_give(line, by=staff, now=now) for line in lines if line.remedy and line.row and not line.words)
    words = ngettext("%(n)s remedy is given, and proven.", "%(n)s remedies are given, and proven.", given) % {
        "n": given
    }
    messages.success(request, words)
    return redirect("remedies:board")


def _typed(request: HttpRequest) -> str:
    """The file that was chosen, else what the page before carried on."""
    file = request.FILES.get("file")
    if file is None:
        return typed(request.POST, "raw")
    content: bytes = file.read(SHEET_MOST + 1)
    return content.decode("utf-8", "replace").replace("\x00", "")


def _owed(staff: Staff) -> HttpResponse:
    rows = queries.seen_by(staff).filter(state__in=sorted(OWED)).order_by("due", "pk")[:2000]
    lines = [
        (str(row.pk), row.what, plain(row.amount), row.currency, row.due.date().isoformat() if row.due else "")
        for row in rows
    ]
    headers = {"Content-Disposition": 'attachment; filename="owed.csv"'}
    return HttpResponse(sheet(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _lines(rows: list[Any], *, staff: Staff, now: datetime) -> list[Line]:
    numbers = [row.remedy for row in rows if isinstance(row, Row)]
    known = queries.seen_by(staff).select_related("customer", "promise").in_bulk(numbers)
    return [
        Line(row.line, row, found := known.get(row.remedy), _hinders(row, found, now=now))
        if isinstance(row, Row)
        else Line(row.line, None, None, row.words)
        for row in rows
    ]


def _hinders(row: Row, remedy: Remedy | None, *, now: datetime) -> str:
    """Why this row cannot be done; empty where it can."""
    if remedy is None:
        return _("There is no such remedy.")
    if not remedy.is_owed:
        return _("It is not owed, or was given already.")
    if row.amount:
        try:
            said = money(row.amount, row.currency or remedy.currency)
        except NotMoney as why:
            return str(why)
        if (said.amount, said.currency) != (remedy.amount, remedy.currency):
            return _("Another amount is owed: %(amount)s %(currency)s.") % {
                "amount": plain(remedy.amount),
                "currency": remedy.currency,
            }
    if not was_given_since(row.given_at, made_at=remedy.made_at, now=now, hours=hours_of(remedy.team_id)):
        return not_given_words("future" if row.given_at > now else "too_early")
    return ""


def _give(line: Line, *, by: Staff, now: datetime) -> bool:
    assert line.remedy is not None
    assert line.row is not None
    try:
        return actions.give(line.remedy, given_at=line.row.given_at, reference=line.row.reference, by=by, now=now)
    except (actions.NotGiven, actions.NotNow):  # it changed since it was looked at
        return False


def _page(
    request: HttpRequest, lines: list[Line], *, raw: str, errors: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    fine = [line for line in lines if not line.words]
    values = desk_values(
        request,
        lines=[_shown(line) for line in sorted(lines, key=lambda line: not line.words)[:SHOWN_MOST]],
        fine=len(fine),
        wrong=len(lines) - len(fine),
        raw=raw,
        errors=errors or [],
    )
    return render(request, "remedies/proofs.html", values, status=status)


def _shown(line: Line) -> dict[str, Any]:
    return {
        "line": line.line,
        "what": line.remedy.what if line.remedy else "",
        "href": page_of(ref("remedy", line.remedy.pk)) if line.remedy else "",
        "customer": str(line.remedy.customer) if line.remedy else "",
        "given_at": line.row.given_at if line.row else None,
        "reference": line.row.reference if line.row else "",
        "words": line.words,
    }

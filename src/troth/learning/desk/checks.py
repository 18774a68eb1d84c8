"""Does the reply check help here? How answers with and without each part of it went on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth.cases.check_sayings import name_words
from troth.cases.rules.checks import FAULTS, Check
from troth.learning.outcomes import went
from troth.learning.rules.measure import Share
from troth.learning.rules.outcomes import NOTHING, Went, goes_with
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of


@require_safe
@staff_door(May.LEAD)
def checks(request: HttpRequest) -> HttpResponse:
    found = went(staff_of(request))
    rows = [_row(check, found) for check in Check if (check, True) in found or (check, False) in found]
    return render(request, "learning/checks.html", desk_values(request, rows=rows))


def _row(check: Check, found: dict[tuple[Check, bool], Went]) -> dict[str, Any]:
    is_fault = check in FAULTS
    there, away = found.get((check, not is_fault), NOTHING), found.get((check, is_fault), NOTHING)
    return {
        "name": check.value,
        "words": name_words(check),
        "sides": [
            {"words": words, "sent": side.sent, "shares": [_share(one) for one in _shares(side)]}
            for words, side in ((_("with it"), there), (_("without it"), away))
        ],
        "dismissed": there.dismissed + away.dismissed,
        "goes_with": _goes_with_words(there, away),
    }


def _shares(side: Went) -> tuple[Share, ...]:
    return side.kept, side.back, side.better, side.worse


def _goes_with_words(there: Went, away: Went) -> list[str]:
    """What goes together more surely than chance would have it."""
    more = [
        _("associated with more promises called kept"),
        _("associated with more cases opened again"),
        _("associated with more customers who sound better"),
        _("associated with more customers who sound worse"),
    ]
    fewer = [
        _("associated with fewer promises called kept"),
        _("associated with fewer cases opened again"),
        _("associated with fewer customers who sound better"),
        _("associated with fewer customers who sound worse"),
    ]
    said = []
    for at, (one, other) in enumerate(zip(_shares(there), _shares(away), strict=True)):
        if way := goes_with(one, other):
            said.append(more[at] if way > 0 else fewer[at])
    return said


def _share(share: Share) -> dict[str, int] | None:
    if share.share is None or share.interval is None:
        return None
    low, high = share.interval
    return {"percent": round(share.share * 100), "low": round(low * 100), "high": round(high * 100), "n": share.n}

"""What the customer of a case was told to expect, and of how many answers that was drawn: shown to staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.cases.models import Case
from troth.clocks.rules.expect import WEEKS, Basis, Pace


def told_shown(case: Case) -> dict[str, Any] | None:
    """The time and its basis in words, while somebody waits for that answer; None where nothing was told."""
    if not case.told or case.unanswered_since is None:
        return None
    words = basis_words(case.told["basis"], case.told["n"], case.told.get("pace", ""))
    return {"by": datetime.fromisoformat(case.told["by"]), "words": words}


def basis_words(basis: str, n: int, pace: str = "") -> str:
    """From what a time was drawn, and which cases were counted."""
    if basis == Basis.TARGET:
        return _("Too few answers were measured lately, so it is our own target.")
    if basis == Basis.OWED:
        words = _("It is our own target: of %(n)s cases like it lately, fewer than nine in ten were answered by then.")
        return words % {"n": n}
    which = {
        Basis.KIND_AND_HOUR: ngettext(
            "Of %(n)s case of this kind at this time of day", "Of %(n)s cases of this kind at this time of day", n
        ),
        Basis.KIND: ngettext("Of %(n)s case of this kind", "Of %(n)s cases of this kind", n),
        Basis.ALL: ngettext("Of %(n)s case", "Of %(n)s cases", n),
    }[Basis(basis)]
    words = _("%(which)s in the last %(weeks)s weeks, nine in ten were answered within that.")
    return " ".join(filter(None, (words % {"which": which % {"n": n}, "weeks": WEEKS}, _pace_words(pace))))


def _pace_words(pace: str) -> str:
    return {
        Pace.PLAIN.value: _("Urgent and public ones were not counted."),
        Pace.URGENT.value: _("Only urgent ones were counted."),
        Pace.PUBLIC.value: _("Only public ones were counted."),
        Pace.URGENT_PUBLIC.value: _("Only urgent public ones were counted."),
    }.get(pace, "")

"""The reply check beside the composer, and waving it off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth import reading
from troth.cases import actions, queries
from troth.cases.check_sayings import help_words, missing_words, well_words
from troth.cases.checking import Matter
from troth.cases.rules.checks import Check, advice, is_all_checked, look
from troth.cases.rules.suggested import suggested
from troth.people.doors import staff_door
from troth.people.queries import NobodyLeft
from troth.people.rules.roles import May
from troth.people.shell import staff_of
from troth.words.hours import Hours


def checked(
    text: str, *, matter: Matter, read: reading.Reading, dismissed: Collection[str], hours: Hours, now: datetime
) -> dict[str, Any]:
    """The values of `cases/_checks.html` for the words being written."""
    looked = look(text, matter.about, read=read, now=now, hours=hours)
    said = [one for one in advice(looked, text) if one.check not in dismissed]
    emotion = matter.about.emotion
    return {
        "checks": [
            {
                "name": one.check.value,
                "words": missing_words(one, emotion),
                "help": help_words(one.check),
                "suggestion": suggested(one, matter.known),
            }
            for one in said
        ],
        "well": [words for one in looked if one.is_well and (words := well_words(one, emotion))],
        "waved_off": len(dismissed),
        "english_only": not is_all_checked(read),
    }


def unchecked() -> dict[str, Any]:
    """The same of an empty text: nothing is said."""
    return {"checks": [], "well": [], "waved_off": 0, "english_only": False}


@require_POST
@staff_door(May.ANSWER)
def dismiss(request: HttpRequest, number: int) -> JsonResponse:
    """Never show this check again to this person in this case; or, with `again`, show it once more."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    name = request.POST.get("check", "")
    if name and name not in set(Check):
        raise Http404
    if request.POST.get("again"):
        shown = actions.show_again(case, staff=staff, check=Check(name) if name else None)
        return JsonResponse({"shown": shown})
    if not name:
        raise Http404
    try:
        actions.dismiss(case, staff=staff, check=Check(name), now=timezone.now())
    except NobodyLeft:
        return JsonResponse({"kept": False}, status=409)
    return JsonResponse({"kept": True, "words": _("Not shown again in this case.")})

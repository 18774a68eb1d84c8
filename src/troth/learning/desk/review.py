"""The review: messages drawn at random, each looked at and said right or wrong with a key or two."""

from __future__ import annotations

from random import SystemRandom
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from troth.cases import actions
from troth.cases.desk.reading import meanwhile_words, read_message, reading_values, said_in_form
from troth.cases.rules.corrections import NotAValue
from troth.learning import queries
from troth.people.doors import staff_door
from troth.people.pressed import page_name, pressed_once
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed
from troth.words.refs import ref

#: Where the session keeps the numbers that were drawn and not looked at yet, and how many were.
DRAWN, DONE = "review_drawn", "review_done"
#: A key for each choice that is made often; the digits for the emotions, in the order of their list.
KEYS = {
    "emotions": {"anger": "1", "disgust": "2", "fear": "3", "joy": "4", "sadness": "5", "surprise": "6"},
    "kind": {"enquiry": "q", "complaint": "c", "suggestion": "i", "compliment": "t"},
    "causes": {"field": "a"},
    "urgency": {"low": "l", "normal": "n", "high": "h", "critical": "!"},
    "remedies": {"field": "w"},
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.ANSWER)
def review(request: HttpRequest) -> HttpResponse:
    """The next of the messages that were drawn; a POST draws some."""
    staff = staff_of(request)
    if request.method == "POST":
        request.session[DRAWN] = queries.draw(staff, dice=SystemRandom())
        request.session[DONE] = 0
        return redirect("learning:review")
    return _show(request)


@require_POST
@staff_door(May.ANSWER)
@pressed_once
def looked_at(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it is as the form says; or it is passed over. What nobody drew is not counted as drawn."""
    staff = staff_of(request)
    message = read_message(staff, pk)
    drawn = request.session.get(DRAWN, [])
    if "skip" not in request.POST:
        try:
            actions.correct(
                pk,
                said=said_in_form(request, message, whole=True),
                seen=typed(request.POST, "seen"),
                drawn=pk in drawn,
                by=staff,
                now=timezone.now(),
            )
        except actions.CorrectedMeanwhile:
            return _show(request, wrong=meanwhile_words())
        except NotAValue:
            return _show(request, wrong=_("Choose one of the values in the list."))
        request.session[DONE] = request.session.get(DONE, 0) + (pk in drawn)
    request.session[DRAWN] = [number for number in drawn if number != pk]
    return redirect("learning:review")


def _show(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    staff = staff_of(request)
    drawn = request.session.get(DRAWN, [])
    # Meanwhile a colleague may have looked at some of them, or a team may have closed itself.
    left = set(queries.unreviewed(staff).filter(pk__in=drawn).values_list("pk", flat=True)) if drawn else set()
    waiting = [pk for pk in drawn if pk in left]
    shown: dict[str, Any] = {"m": None}
    if waiting:
        message = read_message(staff, waiting[0])
        shown = {
            "m": {
                "id": message.pk,
                "at": message.at,
                "subject": str(message.case),
                "number": message.case_id,
                "href": page_of(ref("message", message.pk)),
            },
            "r": reading_values(message),
            "keys": KEYS,
        }
    values = desk_values(
        request,
        left=len(waiting),
        done=request.session.get(DONE, 0),
        many=queries.DRAWN,
        wrong=wrong,
        once=page_name(),
        **shown,
    )
    return render(request, "learning/review.html", values, status=422 if wrong else 200)

"""Letters for staff: what leaves, what arrived, what was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.desk.sight import letter_for, letters_for
from troth.people.doors import staff_door
from troth.people.models import Customer
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of
from troth.post import actions
from troth.post.models import Letter, LetterState
from troth.post.sayings import receipts_words

PAGE = 50
SHOWN = {
    LetterState.QUEUED: "waiting",
    LetterState.SENDING: "sending",
    LetterState.DATA: "sending",
    LetterState.SENT: "delivered",
    LetterState.REFUSED: "refused",
    LetterState.UNCLEAR: "unclear",
    LetterState.TAKEN_BACK: "stopped",
}
VIEWS: dict[str, list[str]] = {
    "all": [],
    "waiting": [LetterState.QUEUED, LetterState.SENDING, LetterState.DATA],
    "failed": [LetterState.REFUSED, LetterState.UNCLEAR],
}


@staff_door(May.READ)
def letters(request: HttpRequest) -> HttpResponse:
    """The letters, the newest first."""
    view = request.GET.get("view", "all")
    older = request.GET.get("older", "")
    rows = letters_for(staff_of(request)).order_by("-pk")
    if VIEWS.get(view):
        rows = rows.filter(state__in=VIEWS[view])
    if older.isdecimal():
        rows = rows.filter(pk__lt=int(older[:18]))
    found = list(rows[: PAGE + 1])
    names = dict(Customer.objects.filter(pk__in={letter.customer_id for letter in found}).values_list("pk", "name"))
    page = reverse("desk:letters")
    next_page = f"{page}?view={view}&older={found[PAGE - 1].pk}" if len(found) > PAGE else None
    newer = f"{page}?view={view}" if older else None
    values = desk_values(
        request,
        views=[
            {"words": words, "href": f"{page}?view={key}", "here": key == view}
            for key, words in (("all", _("All")), ("waiting", _("On their way")), ("failed", _("Did not arrive")))
        ],
        letters=[_shown(letter, names) for letter in found[:PAGE]],
        pages={"words": "", "newer": newer, "older": next_page} if newer or next_page else None,
    )
    return render(request, "desk/letters.html", values)


def _shown(letter: Letter, names: dict[int, str]) -> dict[str, Any]:
    words = {
        "waiting": _("Waits to leave"),
        "sending": _("On its way"),
        "delivered": _("Delivered"),
        "refused": _("Refused"),
        "unclear": _("Not known whether it arrived"),
        "stopped": _("Taken back"),
    }
    state = SHOWN[LetterState(letter.state)]
    failed = state in {"refused", "unclear"}
    bounced = letter.bounce_reason if letter.bounced_at else None
    receipts = receipts_words(letter.encloses, letter.enclosed) if state != "stopped" else ""
    return {
        "id": letter.pk,
        "to": letter.to_address,
        "customer": names.get(letter.customer_id or 0) or letter.to_address,
        "href": page_of(letter.because) or reverse("desk:letters"),
        "subject": letter.subject,
        "state": "refused" if bounced else state,
        "state_words": _("Came back") if bounced else words[state],
        "at": letter.delivered_at or letter.created_at,
        "attempts": letter.attempts,
        "because": " · ".join(part for part in (_("by itself") if letter.automatic else "", receipts) if part),
        "refused": bounced or (letter.last_reply if failed or (letter.last_reply and state == "waiting") else None),
        "next_at": letter.next_try_at if state == "waiting" and letter.attempts else None,
        "again": failed,
    }


@require_POST
@staff_door(May.ANSWER)
def again(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """A person decides that a letter that failed leaves once more."""
    letter = letter_for(staff_of(request), pk)
    if actions.send_again(letter_id=letter.pk, now=timezone.now()):
        messages.success(request, _("It leaves once more."))
    else:
        messages.info(request, _("It is on its way already."))
    return redirect("desk:letters")

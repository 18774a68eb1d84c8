"""What was sought, offered, owed and given to make good, on the customer's own page; and their yes or no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.people import limits
from troth.people.shell import typed
from troth.portal.doors import Reader, customer_door
from troth.remedies import actions, queries
from troth.remedies.models import Remedy
from troth.remedies.sayings import customer_words
from troth.words.remedies import State

SHOWN_MOST = 30
#: So often one customer may say yes or no, more than a person does; and so long may their reason be.
ANSWERS = limits.Pace(30, timedelta(minutes=10))
REASON_MOST = 2_000
TONES = {State.GIVEN: "good", State.MISSED: "alarm", State.OFFERED: "warn"}


def remedies_of(reader: Reader) -> list[dict[str, Any]]:
    """Everything of theirs but what only we talked about; what asks something of them first, then what is owed."""
    rows = list(queries.of_customer(reader.ids).select_related("promise").order_by("-made_at", "-pk")[:SHOWN_MOST])
    rows.sort(key=lambda row: (row.state != State.OFFERED, not row.is_owed))
    return [_shown(row) for row in rows]


def _shown(row: Remedy) -> dict[str, Any]:
    due = row.promise.due if row.promise and row.is_owed else row.due
    return {
        "id": str(row.public_id),
        "what": row.what,
        "state": row.state,
        "state_words": customer_words(row.state),
        "tone": TONES.get(State(row.state), "calm"),
        "asks": row.state == State.OFFERED,
        "days": row.days,
        "due": due if row.is_owed else None,
        "due_words": _("This is late. You were to have it by") if row.state == State.MISSED else _("You have it by"),
        "given_at": row.given_at,
        "proof": row.proof_reference,
    }


@require_POST
@customer_door
def answer(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Yes or no to what we offered; with a no they may say why."""
    now = timezone.now()
    if left := limits.take("remedies", str(reader.customer.root_pk), ANSWERS, now=now):
        return limits.refuse(request, left)
    remedy = queries.remedy_of(reader.ids, request.POST.get("remedy", ""))
    said = request.POST.get("answer")
    if said == "yes" and actions.accept(remedy, by=None, now=now):
        messages.success(request, _("It is yours. By when you have it stands below."))
    elif said == "no" and actions.decline(remedy, reason=typed(request.POST, "reason")[:REASON_MOST], by=None, now=now):
        messages.success(request, _("You said no. If you want something else, write to us."))
    else:
        messages.info(request, _("This is not on offer any more. How it stands you see below."))
    return redirect("portal:mine")

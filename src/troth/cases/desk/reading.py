"""What was read in one message, with the words that show it; confirmed or corrected there, within the case or by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases import actions, queries
from troth.cases.models import Correction, Message
from troth.cases.read_sayings import choices, field_words, none_words, sure_words, value_words
from troth.cases.readings import as_corrected, standing
from troth.cases.rules import kept
from troth.cases.rules.corrections import ALWAYS_ONE, Field, NotAValue, findings, shown
from troth.cases.rules.marks import marked
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.pressed import page_name, pressed_once
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed
from troth.reading import Reading
from troth.reading.language import ENGLISH
from troth.words.refs import ref


@staff_door(May.READ)
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of its case's page, or a page by itself; `?close` gives back the message as it stood."""
    return _show(request, read_message(staff_of(request), pk))


@require_POST
@staff_door(May.ANSWER)
@pressed_once
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was changed; with `all`, everything as it stands in the form was looked at."""
    staff = staff_of(request)
    message = read_message(staff, pk)
    try:
        actions.correct(
            message.pk,
            said=said_in_form(request, message, whole=bool(request.POST.get("all"))),
            seen=typed(request.POST, "seen"),
            by=staff,
            now=timezone.now(),
        )
    except actions.CorrectedMeanwhile:
        return _show(request, read_message(staff, pk), wrong=meanwhile_words())
    except NotAValue:
        return _show(request, message, wrong=_("Choose one of the values in the list."))
    return redirect("cases:reading", pk)


@require_POST
@staff_door(May.ANSWER)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was said, as the page showed it: pressed twice, what it had replaced holds again, and stays."""
    staff = staff_of(request)
    message = read_message(staff, pk)
    said = next((row for row in message.holding if str(row.pk) == request.POST.get("correction")), None)
    if said is not None and not actions.undo_correction(said, by=staff, now=timezone.now()):
        messages.info(request, meanwhile_words())
    return redirect("cases:reading", pk)


def read_message(staff: Staff, pk: int) -> Any:
    """A customer's message *staff* may see, with the corrections that hold; raises Http404."""
    message = queries.message_for(staff, pk)
    if message.direction != Message.Direction.INBOUND:
        raise Http404
    message.holding = list(  # type: ignore[attr-defined] # for the page alone
        Correction.objects.filter(message=message, until=None).select_related("staff").order_by("pk")
    )
    return message


def meanwhile_words() -> str:
    return _(
        "A colleague looked at this meanwhile, or it was read anew. See how it stands now, then say what is right."
    )


def said_in_form(request: HttpRequest, message: Any, *, whole: bool) -> dict[Field, list[str]]:
    """What the form says of each field: of those that were changed, or of all of them where the *whole* was looked at.

    Nothing chosen says nothing of a field that always has a value, and nothing of a message that could not be read.
    """
    counts = as_corrected(message, message.holding)
    said = {}
    for field in Field:
        chosen = [value for value in request.POST.getlist(field.value) if value]
        now = shown(counts, field)
        if field is Field.CAUSES and chosen == list(now[:1]):
            chosen = list(now)  # the form asks for the main one; the other stays with it
        if not chosen and (field in ALWAYS_ONE or (counts.language != ENGLISH and not now)):
            continue
        if whole or set(chosen) != set(now):
            said[field] = chosen
    return said


def _show(request: HttpRequest, message: Any, *, wrong: str = "") -> HttpResponse:
    values: dict[str, Any] = {
        "m": {"id": message.pk, "body": message.text or message.quoted},
        "r": reading_values(message),
        "once": page_name(),
        "wrong": wrong,
        "may_answer": staff_of(request).may(May.ANSWER),
        "closed": "close" in request.GET,
    }
    status = 422 if wrong else 200
    if request.headers.get("HX-Request"):
        return render(request, "cases/_reading.html", values, status=status)
    case = {"number": message.case_id, "href": page_of(ref("message", message.pk)), "subject": str(message.case)}
    return render(request, "cases/reading.html", desk_values(request, case=case, **values), status=status)


def reading_values(message: Any) -> dict[str, Any]:
    """What was read and said of a message, as `cases/_reading.html` shows it."""
    read = kept.from_plain(message.reading, text=message.text)
    said = {Field(row.field): row for row in message.holding}
    counts = as_corrected(message, message.holding)
    return {
        "pieces": [
            {"words": piece.words, "shows": ", ".join(piece.shows)} for piece in marked(message.text, _signs(read))
        ]
        if message.text
        else [{"words": message.quoted, "shows": ""}],
        "is_unread": read.is_unread,
        "seen": standing(message, message.holding),
        "fields": [_field(field, read, counts, said) for field in Field],
    }


def _signs(read: Reading) -> list[tuple[int, int, str]]:
    return [
        (span.start, span.end, value_words(field, found.value))
        for field in Field
        for found in findings(read, field)
        for span in found.spans
    ]


def _field(field: Field, read: Reading, counts: Reading, said: Mapping[Field, Correction]) -> dict[str, Any]:
    found = findings(read, field)
    now = shown(counts, field)
    row = said.get(field)
    return {
        "name": field.value,
        "words": field_words(field),
        "shape": "boxes" if field is Field.EMOTIONS else "one" if field in ALWAYS_ONE else "list",
        "read": [
            {
                "words": value_words(field, one.value),
                "sure": sure_words(one.confidence),
                "percent": round(one.confidence * 100),
            }
            for one in found
        ],
        "none": none_words(field),
        "options": [{"value": value, "words": words, "chosen": value in now} for value, words in choices(field)],
        "main": now[0] if now else "",
        "said": {
            "id": row.pk,
            "words": ", ".join(value_words(field, value) for value in row.said) or none_words(field),
            "who": row.staff.name,
            "at": row.at,
            "right": set(row.values_read) == set(row.said),
        }
        if row
        else None,
    }

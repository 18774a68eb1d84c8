"""The receipts of a promise, for staff: what its customer can download, to hand it on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of
from troth.promises.queries import promise_for
from troth.record import receipts
from troth.record.receipts import Receipt
from troth.words.refs import number_of, ref


@staff_door(May.READ)
def promise(request: HttpRequest, number: int) -> HttpResponse:
    """What there are receipts of, and whether each is ready."""
    found = promise_for(staff_of(request), number)
    about = ref("promise", found.pk)
    values = desk_values(
        request,
        here="promises",
        quote=found.source_quote or None,
        words=found.what,
        back=page_of(about),
        verify_href=reverse("record:verify"),
        receipts=[_row(one) for one in receipts.of(about)],
    )
    return render(request, "record/promise.html", values)


def _row(one: Receipt) -> dict[str, Any]:
    return {
        "words": receipts.staff_title(one.kind),
        "at": one.happened_at,
        "position": one.position,
        "href": reverse("record:receipt", args=[one.entry]) if one.text is not None else None,
    }


@staff_door(May.READ)
def receipt(request: HttpRequest, entry: int) -> HttpResponse:
    """One receipt as a file; one that is not sealed yet is not there."""
    found = receipts.of_entry(entry)
    if found is None or found.text is None:
        raise Http404
    promise_for(staff_of(request), number_of(found.about, "promise"))
    response = HttpResponse(found.text, content_type=receipts.TEXT)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response

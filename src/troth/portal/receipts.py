"""The customer's receipts: each as a text file, all of them as one archive. Where one is not ready yet, a page says so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from troth.people import limits
from troth.portal.doors import Reader, customer_door, values_for
from troth.promises.models import Promise
from troth.promises.queries import shown_to_customer
from troth.record import receipts
from troth.record.receipts import Receipt
from troth.words.refs import NotAReference, number_of, ref

#: After so many seconds it is worth asking again.
SOON_SECONDS = 3
#: Each is written anew from all that was ever promised.
ARCHIVES = limits.Pace(20, timedelta(minutes=10))


def of_promises(made: Iterable[Promise]) -> dict[str, list[dict[str, Any]]]:
    """For each promise what there are receipts of, the oldest first, as its customer reads it."""
    listed = receipts.listed([ref("promise", promise.pk) for promise in made])
    return {
        about: [
            {
                "words": receipts.title(one.kind),
                "at": one.happened_at,
                "href": reverse("portal:receipt", args=[one.entry]),
            }
            for one in found
        ]
        for about, found in listed.items()
    }


@customer_door
def receipt(request: HttpRequest, reader: Reader, entry: int) -> HttpResponse:
    """One receipt as a file to keep."""
    found = receipts.of_entry(entry)
    if found is None or not _is_theirs(found.about, reader):
        raise Http404
    if found.text is None:
        return _soon(request, reader, again=request.path)
    return _file(found.text.encode(), kind=receipts.TEXT, name=found.name)


@customer_door
def every(request: HttpRequest, reader: Reader) -> HttpResponse:
    """All of them in one archive: those that are ready."""
    if left := limits.take("receipts", str(reader.customer.root_pk), ARCHIVES, now=timezone.now()):
        return limits.refuse(request, left)
    shown = shown_to_customer(reader.ids).values_list("pk", flat=True)
    found = receipts.of_each([ref("promise", pk) for pk in shown])
    ready = [one for one in found if one.text is not None]
    if not ready:
        return _soon(request, reader, again=request.path, any=bool(found))
    return _file(_zip(ready), kind="application/zip", name="receipts.zip")


def _is_theirs(about: str, reader: Reader) -> bool:
    try:
        number = number_of(about, "promise")
    except NotAReference:
        return False
    return shown_to_customer(reader.ids).filter(pk=number).exists()


def _zip(found: Sequence[Receipt]) -> bytes:
    """Each under its own name, with the moment it was written down."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in found:
            at = one.recorded_at.timetuple()[:6]
            archive.writestr(zipfile.ZipInfo(one.name, date_time=at), one.text or "", zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _soon(request: HttpRequest, reader: Reader, *, again: str, any: bool = True) -> HttpResponse:
    """Nothing is wrong: it is being sealed. 202 (RFC 9110, 15.3.3) says so to programs."""
    response = render(request, "portal/receipt_soon.html", values_for(reader, again=again, any=any), status=202)
    response["Retry-After"] = str(SOON_SECONDS)
    return response


def _file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""The customer's receipts: each as a text file, all of them as one archive. Where one is not ready yet, a page says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from troth.people import limits
from troth.portal.doors import Reader, customer_door, values_for
from troth.privacy.rules.bundle import bundled
from troth.promises.models import Promise
from troth.promises.queries import shown_to_customer
from troth.record import receipts
from troth.record.receipts import Receipt
from troth.words.refs import NotAReference, number_of, ref

#: After so many seconds it is worth asking again.
SOON_SECONDS = 3
#: Each is written anew from all that was ever promised.
ARCHIVES = limits.Pace(20, timedelta(minutes=10))
#: So many promises' receipts are held at once while the archive is written.
AT_A_TIME = 50


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
def receipt(request: HttpRequest, reader: Reader, entry: int) -> HttpResponseBase:
    """One receipt as a file to keep."""
    found = receipts.of_entry(entry)
    if found is None or not _is_theirs(found.about, reader):
        raise Http404
    if found.text is None:
        return _soon(request, reader, again=request.path)
    return _file(found.text.encode(), kind=receipts.TEXT, name=found.name)


@customer_door
def every(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """All of them in one archive: those that are ready."""
    if left := limits.take("receipts", str(reader.customer.root_pk), ARCHIVES, now=timezone.now()):
        return limits.refuse(request, left)
    shown = [ref("promise", pk) for pk in shown_to_customer(reader.ids).order_by("pk").values_list("pk", flat=True)]
    ready = _ready(shown)
    first = next(ready, None)
    if first is None:
        return _soon(request, reader, again=request.path, any=any(receipts.listed(shown).values()))
    return _file(_zip(chain([first], ready)), kind="application/zip", name="receipts.zip")


def _is_theirs(about: str, reader: Reader) -> bool:
    try:
        number = number_of(about, "promise")
    except NotAReference:
        return False
    return shown_to_customer(reader.ids).filter(pk=number).exists()


def _ready(references: Sequence[str]) -> Iterator[Receipt]:
    """Those that are sealed; written a few promises at a time, however many there are."""
    for start in range(0, len(references), AT_A_TIME):
        yield from (one for one in receipts.of_each(references[start : start + AT_A_TIME]) if one.text is not None)


def _zip(found: Iterable[Receipt]) -> Iterator[bytes]:
    """Each under its own name, with the moment it was written down."""
    times: dict[str, datetime] = {}

    def files() -> Iterator[tuple[str, Iterable[bytes]]]:
        for one in found:
            times.clear()
            times[one.name] = one.recorded_at
            yield one.name, [(one.text or "").encode()]

    return bundled(files(), times=times)


def _soon(request: HttpRequest, reader: Reader, *, again: str, any: bool = True) -> HttpResponse:
    """Nothing is wrong: it is being sealed. 202 (RFC 9110, 15.3.3) says so to programs."""
    response = render(request, "portal/receipt_soon.html", values_for(reader, again=again, any=any), status=202)
    response["Retry-After"] = str(SOON_SECONDS)
    return response


def _file(content: bytes | Iterator[bytes], *, kind: str, name: str) -> HttpResponseBase:
    whole = isinstance(content, bytes)
    response = HttpResponse(content, content_type=kind) if whole else StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

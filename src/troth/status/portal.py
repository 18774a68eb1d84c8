"""The public pages, straight from the tables: the same bytes as in the copy, for whoever asks where there is none.

Nobody is signed in here and no cookie is set; every answer may be kept by any cache on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from troth.status import pages, queries
from troth.status.door import CACHED
from troth.status.pages import Page
from troth.status.rules.snapshot import Snapshot


def public(view: Callable[..., Page]) -> Callable[..., HttpResponseBase]:
    """A page for everybody, the same for everybody."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        page = view(queries.snapshot(now=timezone.now()), *args, **values)
        response = HttpResponse(page.make(False), content_type=page.kind)
        response["Cache-Control"] = CACHED.decode()
        response["Access-Control-Allow-Origin"] = "*"
        response["ETag"] = f'"{page.digest[:32]}-live"'
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        assert answer is not None  # a response was handed in
        return answer

    answered.door = "public"  # type: ignore[attr-defined]
    answered.alike = True  # type: ignore[attr-defined]
    return answered


@public
def front(snapshot: Snapshot) -> Page:
    return pages.front(snapshot)


@public
def history(snapshot: Snapshot) -> Page:
    return pages.history(snapshot, None)


@public
def month(snapshot: Snapshot, month: str) -> Page:
    said = re.fullmatch(r"(\d{4})-(\d{2})", month, re.ASCII)
    asked = (int(said[1]), int(said[2])) if said else None
    if asked not in pages.months(snapshot):
        raise Http404
    return pages.history(snapshot, asked)


@public
def incident(snapshot: Snapshot, public_id: UUID) -> Page:
    for one in snapshot.incidents:
        if one.public_id == public_id:
            return pages.incident_page(snapshot, one)
    raise Http404


@public
def feed(snapshot: Snapshot) -> Page:
    return next(page for page in pages.pages(snapshot) if page.path == "feed.atom")


@public
def calendar(snapshot: Snapshot) -> Page:
    return next(page for page in pages.pages(snapshot) if page.path == "planned.ics")


@public
def plain(snapshot: Snapshot) -> Page:
    return pages.status_json(snapshot)

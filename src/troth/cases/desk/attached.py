"""What came with a message."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from troth.cases import queries
from troth.cases.files import download
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import staff_of


@staff_door(May.READ)
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail's own HTML, cleaned when it came in; under a policy that runs nothing and loads nothing."""
    message = queries.message_for(staff_of(request), pk)
    if not message.html:
        raise Http404
    page = f'<!DOCTYPE html><meta charset="utf-8"><title>-</title><style>{BODY_STYLE}</style>{message.html}'
    response = HttpResponse(page)
    response["Content-Security-Policy"] = BODY_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_exempt = True  # type: ignore[attr-defined] # this page brings its own, stricter policy
    return response


BODY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; base-uri 'none'"
)
BODY_STYLE = "body{font:15px/1.5 system-ui,sans-serif;margin:1rem;background:#fff;color:#111;overflow-wrap:anywhere}"


@staff_door(May.READ)
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    return download(queries.attachment_for(staff_of(request), pk))

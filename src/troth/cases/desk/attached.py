"""What came with a message."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse

from troth.cases import files, queries
from troth.cases.models import Attachment, Message
from troth.cases.rules.sniffed import IMAGES
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import staff_of

#: As the cleaner writes it. What a letter calls its own pictures by (RFC 2392).
_OWN_PICTURE = re.compile(r'src="cid:([^"]{1,1200})"')
#: So much of pictures stands in the page of a letter; larger ones stand beneath it, as files.
PICTURES_MOST = 8 * 1024 * 1024


@staff_door(May.READ)
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail's own HTML, cleaned when it came in; under a policy that runs nothing and loads nothing."""
    message = queries.message_for(staff_of(request), pk)
    if not message.html:
        raise Http404
    said = with_pictures(message)
    response = HttpResponse(f'<!DOCTYPE html><meta charset="utf-8"><title>-</title><style>{BODY_STYLE}</style>{said}')
    response["Content-Security-Policy"] = BODY_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_exempt = True  # type: ignore[attr-defined] # this page brings its own, stricter policy
    return response


BODY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; base-uri 'none'"
)
BODY_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:1rem;background:#fff;color:#111;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}"
)


def with_pictures(message: Message) -> str:
    """The HTML with the pictures that came along in their places, as bytes in the page: a frame that may load nothing shows them."""
    named = {found: unquote(html.unescape(found)) for found in _OWN_PICTURE.findall(message.html)}
    if not named:
        return message.html
    rows = (
        Attachment.objects.select_related("blob")
        .filter(message=message, content_id__in=named.values(), seen_as__in=IMAGES, size__lte=PICTURES_MOST)
        .order_by("pk")
    )
    pictures = {row.content_id: (row.seen_as, bytes(row.blob.content)) for row in rows}
    left = PICTURES_MOST

    def put(found: re.Match[str]) -> str:
        nonlocal left
        kind, content = pictures.get(named[found[1]], ("", b""))
        left -= len(content)  # each time, for one picture may be named a thousand times
        return f'src="data:{kind};base64,{b64encode(content).decode()}"' if content and left >= 0 else 'src=""'

    return _OWN_PICTURE.sub(put, message.html)


@staff_door(May.READ)
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.attachment_for(staff_of(request), pk)
    return files.download(found.name, bytes(found.blob.content))


@staff_door(May.READ)
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """To look at, where it is a picture or plain words; anything else is only handed out."""
    found = queries.attachment_for(staff_of(request), pk)
    answer = files.shown(found.name, bytes(found.blob.content))
    if answer is None:
        raise Http404
    return answer

"""Attachments as they leave us: always a download, never a page."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from django.http import HttpResponse

from troth.cases.models import Attachment

#: What leads elsewhere on some disk, or breaks a header.
HARMFUL = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u2028\u2029]+")
#: What means something at the beginning or the end of a name: hidden, home, an option, nothing.
MEANING = " ._-~\u3000"


def harmless(name: str) -> str:
    """The name an attachment is offered under: no path, nothing unseen, nothing that makes it read backwards, never empty."""
    name = HARMFUL.sub("_", unicodedata.normalize("NFC", name))
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip(MEANING)
    if len(name) > 200:
        name = (name[:150] + name[-50:]).strip(MEANING)
    return name or "attachment"


def download(found: Attachment) -> HttpResponse:
    """An attachment, always as a download and never as a page."""
    response = HttpResponse(bytes(found.blob.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(harmless(found.name), safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response._csp_exempt = True  # type: ignore[attr-defined] # this answer brings its own, stricter policy
    return response

"""Attachments as they leave us: always a download, never a page."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import HttpResponse

from troth.cases.models import Attachment

#: What leads elsewhere on some disk, breaks a header, or makes a name read backwards.
HARMFUL = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def harmless(name: str) -> str:
    """The name an attachment is kept under."""
    return HARMFUL.sub("_", name).strip(" ._")[:200] or "attachment"


def download(found: Attachment) -> HttpResponse:
    """An attachment, always as a download and never as a page."""
    response = HttpResponse(bytes(found.blob.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(harmless(found.name), safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response._csp_exempt = True  # type: ignore[attr-defined] # this answer brings its own, stricter policy
    return response

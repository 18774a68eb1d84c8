"""Attachments as they leave us: a download, a picture or plain words; never a page."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from django.http import HttpResponse

from troth.cases.rules.sniffed import IMAGES, TEXT, sniffed

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


def download(name: str, content: bytes) -> HttpResponse:
    """A file to keep, never a page."""
    return _bare(content, kind="application/octet-stream", said=f"attachment; filename*=UTF-8''{_quoted(name)}")


def shown(name: str, content: bytes) -> HttpResponse | None:
    """A picture or plain words to look at; None for what is not shown. The bytes decide, whatever anybody called them.

    Whoever's words they are, they are shown as letters: HTML and SVG too, under a policy that would run nothing of them.
    """
    kind = sniffed(content)
    if kind not in {*IMAGES, TEXT}:
        return None
    kind = "text/plain; charset=utf-8" if kind == TEXT else kind
    response = _bare(content, kind=kind, said=f"inline; filename*=UTF-8''{_quoted(name)}")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _quoted(name: str) -> str:
    return quote(harmless(name), safe="")


def _bare(content: bytes, *, kind: str, said: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = said
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response._csp_exempt = True  # type: ignore[attr-defined] # this answer brings its own, stricter policy
    return response

"""The log as files that anybody may fetch and keep (c2sp.org/tlog-tiles): the same for everybody, without session or cookie.

What is immutable says so, and may stay in every cache between here and an auditor; only the head is asked for anew. How much is
given out is the host's choice (TROTH_RECORD, docs/decisions/0005).
"""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from troth.ledger import queries as ledger
from troth.ledger.outside import read_keys
from troth.ledger.rules import paths, tree
from troth.ledger.rules.tree import Tile
from troth.record import queries
from troth.record.pacing import for_resources, paced

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
#: A head is news for so long.
A_MOMENT = "public, max-age=2"
#: What is not there may be there soon.
NOT_KEPT = "no-store"
KEPT_SECONDS = 3600


def resource(*modes: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """A view of the log, open where the record is given out in one of *modes*; what is not there is told in plain words."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @require_safe
        @paced(for_resources)
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            try:
                if settings.TROTH_RECORD not in modes:
                    raise Http404
                response = view(request, *args, **values)
            except Http404:
                response = HttpResponse("There is nothing here.\n", content_type=TEXT, status=404)
                response["Cache-Control"] = NOT_KEPT
            response["Access-Control-Allow-Origin"] = (
                "*"  # a verifier in a page from elsewhere may read what everybody may
            )
            return response

        answered.door = "public"  # type: ignore[attr-defined]
        answered.alike = True  # type: ignore[attr-defined]
        return answered

    return decorate


def alike_for_all(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A resource of the log is the same in every language: a cache on the way need not keep one for each."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.resolver_match and getattr(request.resolver_match.func, "alike", False):
            del response["Content-Language"]
            del response["Vary"]
            if getattr(response, "could_be_packed", False):
                response["Vary"] = "Accept-Encoding"
        return response

    return answered


def _answer(request: HttpRequest, content: bytes, *, kind: str, cache: str, is_packed: bool = False) -> HttpResponse:
    """*content* with its name by its own hash, so that who has it already need not be sent it again.

    What *is_packed* (gzip) is unpacked here for whoever cannot do it.
    """
    goes_packed = is_packed and "gzip" in request.headers.get("Accept-Encoding", "")
    if is_packed and not goes_packed:
        content = gzip.decompress(content)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=kind)
    if goes_packed:
        response["Content-Encoding"] = "gzip"
    response["ETag"], response["Cache-Control"] = etag, cache
    answer = get_conditional_response(request, etag=etag, response=response)
    assert answer is not None  # a response was handed in
    answer.could_be_packed = is_packed  # type: ignore[attr-defined]
    return answer


@resource("open", "hashes")
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest head, as its key and its witnesses signed it."""
    return _head(request, ledger.checkpoint())


@resource("open", "hashes")
def checkpoint_of(request: HttpRequest, size: str) -> HttpResponse:
    """An older head. Witnesses may still sign it, so it is no more immutable than the newest."""
    return _head(request, ledger.checkpoint(_number(size)))


def _head(request: HttpRequest, note: str | None) -> HttpResponse:
    if note is None:
        raise Http404
    return _answer(request, note.encode(), kind=TEXT, cache=A_MOMENT)


@resource("open", "hashes")
def tile(request: HttpRequest, level: str, place: str) -> HttpResponse:
    """256 hashes side by side, or the first of them, as some published head had them."""
    try:
        wanted = Tile(paths.level_of(level), paths.place_of(place).number)
    except paths.NotAPlace as error:
        raise Http404 from error
    size = _size_with(wanted, paths.place_of(place).width)
    return _answer(request, ledger.tiles([wanted], size=size)[wanted], kind=BYTES, cache=FOR_EVER)


@resource("open")
def entries(request: HttpRequest, place: str) -> HttpResponse:
    """The envelopes that the leaves of a tile are the hashes of."""
    try:
        number, width = paths.place_of(place)
    except paths.NotAPlace as error:
        raise Http404 from error
    size = _size_with(Tile(0, number), width)
    # Immutable, and dearer to make than all else: what one auditor asked for is kept for the next.
    packed: bytes = caches["process"].get_or_set(  # type: ignore[assignment] # what is made is never None
        f"bundle:{number}.{width}", lambda: gzip.compress(ledger.bundle(number, size=size), 6, mtime=0), KEPT_SECONDS
    )
    return _answer(request, packed, kind=BYTES, cache=FOR_EVER, is_packed=True)


def _size_with(tile: Tile, width: int) -> int:
    """The size of a tree in which this tile has *width* hashes; raises Http404 where the published one has fewer."""
    if width > tree.width(tile, queries.size()):
        raise Http404
    return (tile.number * tree.WIDTH + width) << tree.HEIGHT * tile.level


@resource("open", "hashes")
def consistency(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """That the tree of *new* begins with the tree of *old*: a hash on each line, none where it goes without saying."""
    sizes = _number(old), _number(new)
    if not sizes[0] <= sizes[1] <= queries.size():
        raise Http404
    written = "".join(f"{b64encode(one).decode()}\n" for one in ledger.consistency(*sizes))
    return _answer(request, written.encode(), kind=TEXT, cache=FOR_EVER)


@resource("open", "hashes", "closed")
def keys(request: HttpRequest) -> HttpResponse:
    """Every key the log was signed with, the newest first, each with its period: what receipts are checked against."""
    written = "".join(f"{key.to_line(public=True)}\n" for key in read_keys())
    if not written:
        raise Http404
    return _answer(request, written.encode(), kind=TEXT, cache=A_MOMENT)


def _number(text: str) -> int:
    """A size as the log writes it; anything else names nothing."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19 or str(int(text)) != text:
        raise Http404
    return int(text)

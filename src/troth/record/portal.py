"""The public pages about the log: its head and who signed it, what stands in it, one entry, and how anybody checks it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from troth.ledger import queries as ledger
from troth.people.queries import company_name, hours_of
from troth.record import queries
from troth.record.pacing import for_pages, paced
from troth.record.queries import Head, Line

LINES, DAYS = 50, 30


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page for everybody, the same for everybody."""
    found = require_safe(paced(for_pages)(wraps(view)(view)))
    found.door = "public"  # type: ignore[attr-defined]
    return found


def shown(template: str, values: dict[str, Any]) -> HttpResponse:
    """The page without the request: it has no form that changes anything, so no cookie need be set for one."""
    return HttpResponse(render_to_string(template, values))


@public
def overview(request: HttpRequest) -> HttpResponse:
    """The head, who signed it, how to check it, and how many entries of each kind and day there are."""
    head = queries.head() if settings.TROTH_RECORD != "closed" else None
    values = _values(
        how=settings.TROTH_RECORD,
        head=_head(head) if head else None,
        kinds=[],
        days=[],
        counted_to=0,
        older=None,
        newer=None,
    )
    if head and settings.TROTH_RECORD == "open":
        page, older = reverse("record:overview"), _day(request.GET.get("older", ""))
        days = queries.days(older=older, most=DAYS + 1)
        values |= {
            "kinds": [
                {"words": kind_words(kind), "entries": sum, "href": _list(kind=kind)} for kind, sum in queries.kinds()
            ],
            "days": [{"day": day, "entries": sum, "href": _list(day=day)} for day, sum in days[:DAYS]],
            "counted_to": queries.counted_to(),
            "older": f"{page}?{urlencode({'older': days[DAYS - 1][0]})}#days" if len(days) > DAYS else None,
            "newer": f"{page}#days" if older else None,
        }
    return shown("record/overview.html", values)


def _head(head: Head) -> dict[str, Any]:
    return {
        "size": head.size,
        "root": b64encode(head.root).decode(),
        "origin": head.origin,
        "signed_at": head.signed_at,
        "keys": [f"{one.name}+{one.key_id.hex()}" for one in head.signatures],
        "witnesses": [{"name": name, "at": at} for name, at in head.witnesses],
    }


@public
def entries(request: HttpRequest) -> HttpResponse:
    """The entries, the newest first; of one kind or one day where asked."""
    size = _open_size()
    kinds = [kind for kind, _sum in queries.kinds()]
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    day, older = _day(request.GET.get("day", "")), _position(request.GET.get("older", ""))
    found = queries.lines(size=size, kind=kind, day=day, older=older, most=LINES + 1)
    last = found[LINES - 1].position if len(found) > LINES else None
    values = _values(
        kinds=[{"value": one, "words": kind_words(one), "here": one == kind} for one in sorted(kinds)],
        day=day.isoformat() if day else "",
        filtered=bool(kind or day),
        lines=[_line(one) for one in found[:LINES]],
        page=reverse("record:entries"),
        pages={
            "words": "",
            "newer": _list(kind=kind, day=day) if older else None,
            "older": _list(kind=kind, day=day, older=last) if last else None,
        }
        if older or last
        else None,
    )
    return shown("record/entries.html", values)


@public
def entry(request: HttpRequest, position: int) -> HttpResponse:
    """One entry, as much of it as anybody may see."""
    size, line = _found(position)
    values = _values(
        line=_line(line),
        envelope=line.envelope.decode(),
        commit=line.commit.hex(),
        leaf=b64encode(line.leaf_hash).decode(),
        index=line.position - 1,
        size=size,
        proof_href=reverse("record:proof", args=[position]),
        envelope_href=reverse("record:envelope", args=[position]),
        newer=reverse("record:entry", args=[position + 1]) if position < size else None,
        older=reverse("record:entry", args=[position - 1]) if position > 1 else None,
    )
    return shown("record/entry.html", values)


@public
def proof(request: HttpRequest, position: int) -> HttpResponse:
    """That the entry stands in the newest head, as a file (c2sp.org/tlog-proof)."""
    _found(position)
    proof = ledger.proof(position - 1)
    if proof is None:
        raise Http404
    return _file(proof.to_text().encode(), name=f"entry-{position}.tlog-proof", kind="text/plain; charset=utf-8")


@public
def envelope(request: HttpRequest, position: int) -> HttpResponse:
    """The bytes that the entry's leaf is the hash of."""
    _size, line = _found(position)
    return _file(line.envelope, name=f"entry-{position}.json", kind="application/json")


def _file(content: bytes, *, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(position: int) -> tuple[int, Line]:
    size = _open_size()
    line = queries.line(position, size=size)
    if line is None:
        raise Http404
    return size, line


def _open_size() -> int:
    """The size of a log whose entries are public; raises Http404 where they are not."""
    if settings.TROTH_RECORD != "open":
        raise Http404
    return queries.size()


def _line(line: Line) -> dict[str, Any]:
    return {
        "position": line.position,
        "kind": line.kind,
        "words": kind_words(line.kind),
        "happened_at": line.happened_at,
        "recorded_at": line.recorded_at,
        "href": reverse("record:entry", args=[line.position]),
    }


def kind_words(kind: str) -> str:
    """`Promise made` of `PromiseMade`: kinds are named as one would say it, in the past."""
    return re.sub("(?<=.)(?=[A-Z])", " ", kind).capitalize()


def _list(*, kind: str = "", day: date | None = None, older: int | None = None) -> str:
    asked = {"kind": kind, "day": day.isoformat() if day else "", "older": str(older or "")}
    given = urlencode({name: value for name, value in asked.items() if value})
    return reverse("record:entries") + (f"?{given}" if given else "")


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _values(**values: Any) -> dict[str, Any]:
    """What each of these pages is told."""
    return {
        "company": company_name(),
        "zone": hours_of().zone,
        "now": timezone.now(),
        "verify_href": reverse("record:verify"),
        **values,
    }

"""How often anybody may knock at a public door. One table, so that every process counts the same (reliability T20).

Taken is one statement outside of any transaction of the caller's work: the row is locked for that statement only, and what
was refused costs nothing. Whoever knocks is known here by a keyed digest only.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from troth.people.models import Allowance
from troth.people.planned import planned_once
from troth.people.queries import company_name
from troth.people.rules import pace as rules
from troth.people.rules.pace import Pace

__all__ = ["Pace", "at_pace", "refuse", "take", "visitor", "visitor_of", "wait"]

_FORGOTTEN_AT_ONCE = 20


def take(name: str, who: str, pace: Pace, *, now: datetime) -> timedelta | None:
    """Take one of what *who* may have of *name*; None when that was granted, else how long to wait."""
    values: dict[str, Any] = {"key": _key(name, who), "now": now, "step": pace.step, "most_at": now + pace.within}
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        granted = cursor.fetchone()
    if granted is None:
        return wait(name, who, pace, now=now)
    if granted[0]:
        _forget(now=now)
    return None


_TAKE = """
    INSERT INTO people_allowance AS kept (key, whole_at) VALUES (%(key)s, %(now)s + %(step)s)
    ON CONFLICT (key) DO UPDATE SET whole_at = greatest(kept.whole_at, %(now)s) + %(step)s
    WHERE greatest(kept.whole_at, %(now)s) + %(step)s <= %(most_at)s
    RETURNING xmax = 0
"""


def wait(name: str, who: str, pace: Pace, *, now: datetime) -> timedelta:
    """How long until one more would be granted; takes nothing."""
    whole_at = Allowance.objects.filter(key=_key(name, who)).values_list("whole_at", flat=True).first()
    return rules.wait(whole_at, pace, now=now)


def visitor(request: HttpRequest) -> str:
    """Who knocks, by address; a household's IPv6 addresses count as one, for it has more than it could ever use up."""
    address = str(get_adapter().get_client_ip(request))
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def visitor_of(headers: Mapping[str, str], *, remote: str) -> str:
    """The same where no request of Django's is at hand: *remote* is who is connected, which behind a proxy is the proxy."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = remote
    if forwarded := headers.get("x-forwarded-for"):
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return visitor(request)


def at_pace(
    name: str, pace: Pace, *, by: Callable[[HttpRequest], str] = visitor, methods: tuple[str, ...] = ("POST",)
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let a view be asked by each visitor at this pace; beyond it the answer is 429 and says when to come back."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def paced(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            if request.method in methods and (left := take(name, by(request), pace, now=timezone.now())):
                return refuse(request, left)
            return view(request, *args, **values)

        return paced

    return decorate


def refuse(request: HttpRequest, left: timedelta) -> HttpResponse:
    """The page that says: not so fast."""
    values = {"company": company_name(), "minutes": max(1, math.ceil(left / timedelta(minutes=1)))}
    response = render(request, "429.html", values, status=429)
    response["Cache-Control"] = "no-store"
    return retry_after(response, left)


def retry_after(response: HttpResponse, left: timedelta) -> HttpResponse:
    """Say in the header for machines when it is worth asking again (RFC 9110)."""
    response["Retry-After"] = str(max(1, math.ceil(left.total_seconds())))
    return response


def _forget(*, now: datetime) -> None:
    """Let go of some who may have everything again, at every new face: so the table never outgrows its use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM people_allowance WHERE key IN (SELECT key FROM people_allowance WHERE whole_at < %s"
            " ORDER BY whole_at LIMIT %s FOR UPDATE SKIP LOCKED)",
            [now, _FORGOTTEN_AT_ONCE],
        )


def _key(name: str, who: str) -> str:
    """What the row is called: nobody learns from it who knocked."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{name}\n{who}".encode("utf-8", "replace"), hashlib.sha256)
    return f"{name}:{digest.hexdigest()[:32]}"

"""The page for what somebody may not; that they tried is put on record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.defaults import permission_denied

from troth.people.actions import note_security
from troth.people.models import Staff
from troth.people.rules.security import SecurityKind
from troth.people.shell import origin_of


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 403 page. Only of staff who are signed in: anybody else could fill the record as they like."""
    if isinstance(request.user, Staff):
        # The address as a pattern: what is asked for stands in it as "<int:pk>", never as what was typed.
        pattern = request.resolver_match.route if request.resolver_match else ""
        note_security(
            kind=SecurityKind.ACCESS_DENIED,
            staff=request.user,
            how=f"{request.method} /{pattern}"[:120],
            origin=origin_of(request),
            now=timezone.now(),
        )
    return permission_denied(request, exception)

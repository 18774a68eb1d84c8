"""The doors of the staff side: one decorator that asks who is there and what they may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from troth.people.rules.roles import May

View = Callable[..., HttpResponseBase]


def staff_door(may: May) -> Callable[[View], View]:
    """Let in signed-in staff who may; others sign in, or are told they may not."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            if not request.user.may(may):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **values)

        inside: View = login_required(guarded)
        inside.door = may  # type: ignore[attr-defined]
        return inside

    return decorate

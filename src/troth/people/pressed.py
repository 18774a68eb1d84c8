"""A form's button pressed twice does its work once: the second press lands where the first one did."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from troth.people.once import Answer, digest, once
from troth.people.shell import staff_of

#: The field in which a page gives its forms a name; each time it is shown another.
FIELD = "once"
_NAME = re.compile(r"[A-Za-z0-9_-]{22}\Z")


def page_name() -> str:
    return secrets.token_urlsafe(16)


def pressed_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around a view of staff that ends in a redirect when it has done something; a refused form may be sent again.

    The page's name and what is in the form make one press: who goes back and writes something else presses anew.
    """

    @wraps(view)
    def pressed(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        name = request.POST.get(FIELD, "")
        if not _NAME.match(name):
            return view(request, *args, **values)
        fields = sorted((field, *given) for field, given in request.POST.lists() if field != "csrfmiddlewaretoken")
        form = digest(request.path, *(part for field in fields for part in ("", *field)))
        shown: list[HttpResponse] = []

        def work() -> Answer:
            shown.append(view(request, *args, **values))
            return Answer(shown[0].status_code, shown[0].get("Location", "").encode())

        answer = once(
            actor=staff_of(request).reference,
            name=f"{name} {form}",
            digest=form,
            work=work,
            keep=lambda answer: answer.status == 302,
            wait=True,
            now=timezone.now(),
        )
        return HttpResponseRedirect(answer.body.decode()) if answer.again else shown[0]

    return pressed

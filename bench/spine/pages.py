"""Pages as a browser asks for them, through the product's own WSGI application: processor time, statements, wall time."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bench.spine.gauge import Gauge, interleaved


class Browser:
    """Somebody signed in, at the WSGI door: no client of tests in between."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client
        from django.utils.crypto import get_random_string

        from troth.people.models import Staff
        from troth.site.wsgi import application

        self.application = application
        signed_in = Client()
        signed_in.force_login(Staff.objects.get(email="staff20@parcel.example"))
        self.token = f"{settings.CSRF_COOKIE_NAME}={get_random_string(32)}"
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={signed_in.cookies[settings.SESSION_COOKIE_NAME].value}"

    def get(self, path: str, expected: int = 200) -> bytes:
        return self._asked(path, expected=expected)

    def post(self, path: str, values: dict[str, str], expected: int = 200) -> bytes:
        return self._asked(path, body=urlencode(values).encode(), expected=expected)

    def _asked(self, path: str, *, body: bytes | None = None, expected: int) -> bytes:
        route, _mark, query = path.partition("?")
        said: dict[str, Any] = {}
        environ = {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "PATH_INFO": route,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": f"{self.cookie}; {self.token}",
            "HTTP_X_CSRFTOKEN": self.token.partition("=")[2],
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body or b"")),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body or b""),
            "wsgi.errors": io.StringIO(),
        }
        answer = self.application(environ, lambda status, headers, _info=None: said.update(status=int(status[:3])))
        page = b"".join(answer)
        answer.close()
        assert said["status"] == expected, f"{path}: {said['status']}"
        return page


def pages() -> dict[str, str]:
    """The pages that are measured, with the goals of their rows."""
    from troth.cases.models import Case
    from troth.promises.models import Promise

    case = Case.objects.order_by("-last_message_at")[3]
    promise = Promise.objects.filter(state="open").order_by("pk")[2]
    return {
        "Today": "/today/",
        "Today, mine": "/today/?whose=mine",
        "cases": "/cases/",
        "cases, unanswered": "/cases/?view=unanswered",
        "case": f"/cases/{case.pk}/",
        "promises": "/promises/",
        "promises, late": "/promises/?state=late",
        "promise": f"/promises/{promise.pk}/",
        "customers": "/customers/",
        "customer": f"/customers/{case.customer_id}/",
        "letters": "/letters/",
    }


DRAFT = """Dear Ms Archer,

thank you for writing, and for the two photographs. I am sorry: you asked three times where the wheel is, and three times we sent
you a number and no answer. That is not how we want to treat anybody, and it was our mistake, not the carrier's. What happened is
this. The wheel left our workshop on the ninth, the label was torn off in the depot, and since then the parcel has stood there
without a name. Nobody there could know whose it was, and nobody here went to look.

We have asked the depot to bring it back, and I will ring you tomorrow before noon with what they say. If it has not been found by
Friday, we will build you a new wheel and send it by express; you will have it within five working days. The postage will be
refunded to your card today. Please allow 3-5 working days until your bank shows it. I would be happy to lend you a wheel for the
weekend, should you need one: tell us which hub you ride, and our shop in Mill Lane will have it ready.

You should not have to ask again. You will hear from me by the end of tomorrow in any case, even if there is nothing new.

With kind regards
Sam Okafor
"""
"""Two hundred words with half a dozen promises in them."""


def drafts(browser: Browser) -> dict[str, Callable[[], object]]:
    """What the composer asks while somebody writes."""
    from troth.cases.models import Case

    case = Case.objects.order_by("-last_message_at")[3]
    return {
        "a draft of 200 words read": partial(browser.post, f"/cases/{case.pk}/read/", {"body": DRAFT, "way": "out"})
    }


def searches() -> dict[str, str]:
    from troth.people.models import Customer

    who = Customer.objects.order_by("pk")[17]
    return {
        "search cases: a word": "/cases/?search=hinge",
        "search cases: a rare word": f"/cases/?search={who.name.replace(' ', '+')}",
        "search cases: nothing": "/cases/?search=zeppelin",
        "search cases: an address": f"/cases/?search=customer{who.pk}%40example",
        "search promises: a rare word": f"/promises/?search=order+{who.pk}",
        "search promises: nothing": "/promises/?search=zeppelin",
        "search customers: a name": f"/customers/?search={who.name.split()[1]}",
        "search customers: nothing": "/customers/?search=zeppelin",
    }


def measured(paths: dict[str, str], *, rounds: int) -> dict[str, Gauge]:
    browser = Browser()
    things: dict[str, Callable[[], object]] = {name: partial(browser.get, path) for name, path in paths.items()}
    if paths == pages():
        things |= drafts(browser)
    return interleaved(things, rounds=rounds)

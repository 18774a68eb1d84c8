"""Pages as a browser asks for them, through the product's own WSGI application: processor time, statements, wall time."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.spine.gauge import Gauge, interleaved


class Browser:
    """Somebody signed in, at the WSGI door: no client of tests in between."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client

        from troth.people.models import Staff
        from troth.site.wsgi import application

        self.application = application
        signed_in = Client()
        signed_in.force_login(Staff.objects.get(email="staff20@parcel.example"))
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={signed_in.cookies[settings.SESSION_COOKIE_NAME].value}"

    def get(self, path: str, expected: int = 200) -> bytes:
        route, _mark, query = path.partition("?")
        said: dict[str, Any] = {}
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": route,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
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
    return interleaved(things, rounds=rounds)

"""Pages as a browser asks for them, through the product's own WSGI application: processor time, statements, wall time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bench.door import Wsgi
from bench.spine.gauge import Gauge, interleaved


def browser() -> Wsgi:
    """The lead, signed in."""
    from django.conf import settings
    from django.test import Client
    from django.utils.crypto import get_random_string

    from troth.people.models import Staff
    from troth.site.wsgi import application

    signed_in = Client()
    signed_in.force_login(Staff.objects.get(email="staff20@parcel.example"))
    token = get_random_string(32)
    session = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    return Wsgi(
        application,
        {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token},
        headers={"HTTP_X_CSRFTOKEN": token},
    )


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


def drafts(asked: Wsgi) -> dict[str, Callable[[], object]]:
    """What the composer asks while somebody writes."""
    from troth.cases.models import Case

    case = Case.objects.order_by("-last_message_at")[3]
    return {
        "a draft of 200 words read": partial(
            asked.post, f"/cases/{case.pk}/read/", {"body": DRAFT, "way": "out"}, expected=200
        )
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
    asked = browser()
    things: dict[str, Callable[[], object]] = {name: partial(asked.get, path) for name, path in paths.items()}
    if paths == pages():
        things |= drafts(asked)
    return interleaved(things, rounds=rounds)

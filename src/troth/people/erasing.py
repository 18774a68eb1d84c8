"""A customer's part of this room: what is held of them here, and how it goes.

Each is called within the transaction of the erasure, may be repeated, and finds nothing the second time.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from troth.people import actions
from troth.people.models import Customer, Handle, Link, Once, Staff
from troth.people.rules.problems import Kind, plain
from troth.words.refs import ref

#: What a browser's session keeps of a customer: the link it was opened by, and the form they sent.
LINK_IN_SESSION, FORM_IN_SESSION = "portal_link", "webform_sent"
#: An answer of the API that told of somebody who is forgotten: a program that asks again gets this.
GONE = Kind.NOT_HERE


def holds(customers: Sequence[int]) -> dict[str, int]:
    """How many of what."""
    return {
        "addresses": Handle.objects.filter(customer_id__in=customers).count(),
        "links": Link.objects.filter(customer_id__in=customers).count(),
    }


def addresses(customers: Sequence[int]) -> list[str]:
    """Every way these were reached."""
    return list(
        Handle.objects.filter(customer_id__in=customers).order_by("pk").values_list("address", flat=True).distinct()
    )


def left() -> set[int]:
    """Who was forgotten and has a name or an address here (again)."""
    forgotten = Customer.objects.filter(erased_at__isnull=False)
    named = forgotten.exclude(name="", zone="", group="").values_list("pk", flat=True)
    reached = Handle.objects.filter(customer__erased_at__isnull=False).values_list("customer_id", flat=True)
    return {*named, *reached}


def erase(
    customers: Sequence[int], *, cases: Collection[int], arrivals: Collection[int], by: Staff | None, now: datetime
) -> None:
    """Names, addresses, links, sessions and kept answers go; the numbers stay. Messages name no handle any more."""
    links = set(Link.objects.filter(customer_id__in=customers).values_list("pk", flat=True))
    reached = set(addresses(customers))
    actions.revoke_links(customer_ids=list(customers), by=by, now=now)
    for link in links:
        Link.objects.filter(pk=link).update(
            nonce=secrets.token_urlsafe(16), revoked_at=Coalesce(F("revoked_at"), Value(now))
        )
    Handle.objects.filter(customer_id__in=customers).delete()
    for customer in customers:
        Customer.objects.filter(pk=customer).update(
            name="", zone="", group="", pseudonym=uuid.uuid4(), erased_at=Coalesce(F("erased_at"), Value(now))
        )
    _forget_sessions(links=links, addresses=reached, arrivals=set(arrivals))
    _forget_answers(customers=set(customers), cases=set(cases), addresses=reached)


def _forget_sessions(*, links: set[int], addresses: set[str], arrivals: set[int]) -> None:
    """A session is a text that only its own code reads, so each is opened; there are as many as browsers in use."""
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        form: dict[str, Any] = kept.get(FORM_IN_SESSION) or {}
        theirs = [
            name
            for name, is_theirs in (
                (LINK_IN_SESSION, kept.get(LINK_IN_SESSION) in links),
                (FORM_IN_SESSION, form.get("email") in addresses or form.get("arrival") in arrivals),
            )
            if is_theirs
        ]
        if not theirs:
            continue
        if SESSION_KEY not in kept:
            session.delete()
            continue
        for name in theirs:
            del kept[name]
        Session.objects.filter(pk=session.pk).update(session_data=SessionStore().encode(kept))


def _forget_answers(*, customers: set[int], cases: set[int], addresses: set[str]) -> None:
    body = json.dumps(plain(GONE, "What was answered told of somebody who was forgotten since."))
    for once in Once.objects.filter(status__lt=400).exclude(body=None).iterator():
        try:
            told = json.loads(bytes(once.body or b""))
        except ValueError:
            continue  # where a form leads
        if tells_of(told, customers=customers, cases=cases, addresses=addresses):
            Once.objects.filter(pk=once.pk).update(status=GONE.status, body=body.encode())


def tells_of(told: Any, *, customers: set[int], cases: set[int], addresses: set[str]) -> bool:
    """Whether an answer of the API names one of these, at any depth."""
    if isinstance(told, list):
        return any(tells_of(one, customers=customers, cases=cases, addresses=addresses) for one in told)
    if not isinstance(told, dict):
        return isinstance(told, str) and told in addresses
    if told.get("customer") in customers or told.get("case") in cases:
        return True
    if told.get("customer") in {ref("customer", pk) for pk in customers}:
        return True
    return any(
        tells_of(one, customers=customers, cases=cases, addresses=addresses)
        for one in told.values()
        if isinstance(one, dict | list | str)
    )


def erased() -> set[int]:
    """The numbers of everybody who was forgotten."""
    return set(Customer.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))


def standing(numbers: Collection[int]) -> set[int]:
    """Which of these numbers are customers who were not forgotten."""
    return set(Customer.objects.filter(erased_at=None, pk__in=list(numbers)).values_list("pk", flat=True))

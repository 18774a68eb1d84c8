"""A small company in the middle of a Wednesday, and everybody who may look at its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import people_and_things as things
from tests.people_and_things import NOW
from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.people.actions import issue_link
from troth.people.models import Handle, Link, Staff, Team
from troth.people.queries import link_token
from troth.promises.models import Promise
from troth.words.refs import ref


class Shop:
    """Ann and Bob are customers; Sam answers, Lea leads, Aud reads."""

    def __init__(self) -> None:
        things.company()
        self.team = Team.objects.create(name="Care")
        self.sam = things.staff("sam@parcel.example", team=self.team)
        self.lea = things.staff("lea@parcel.example", role="lead", team=self.team)
        self.aud = things.staff("aud@parcel.example", role="auditor")
        self.ann = things.handle("ann@example.net", name="Ann Archer")
        self.bob = things.handle("bob@example.net", name="Bob Baker")

    def case(self, who: Handle | None = None, text: str = "Where is my parcel?", **values: Any) -> Case:
        return self.message(who, text, **values).case

    def message(self, who: Handle | None = None, text: str = "Where is my parcel?", **values: Any) -> Message:
        said = {"subject": "Parcel", "at": NOW, "now": NOW, **values}
        return cases.open_or_join(handle=who or self.ann, text=text, **said)

    def promise(self, who: Handle | None = None, case: Case | None = None, **values: Any) -> Promise:
        about = ref("case", case.pk) if case else ""
        return things.promise(**{"customer": (who or self.ann).customer, "owner": self.sam, "about": about, **values})

    def link(self, who: Handle | None = None, now: datetime = NOW) -> Link:
        return issue_link(customer_id=(who or self.ann).customer_id, now=now)


def signed_in(staff: Staff, *, shown_at: datetime | None = None, **values: Any) -> Client:
    """A browser in which *staff* signed in, just now unless said otherwise."""
    browser = Client(**values)
    browser.force_login(staff)
    at = (shown_at or timezone.now()).timestamp()
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": at, "email": staff.email}]
    session["account_authentication_methods_user"] = str(staff.pk)
    session.save()
    return browser


def with_link(link: Link, **values: Any) -> Client:
    """A browser in which the customer followed the link and pressed the button."""
    browser = Client(**values)
    assert browser.post(f"/p/{link_token(link)}/").status_code == 302
    return browser


def page(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer.content.decode()


def said(answer: Any) -> str:
    """What the page after a form says of it."""
    return "".join(str(message) for message in answer.wsgi_request._messages)


def statements(browser: Client, path: str) -> int:
    """How many statements the page takes, once everything that is kept for a while is kept."""
    assert browser.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def actions_in(text: str) -> set[str]:
    """Where the forms of a page lead that change something."""
    return set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', text))


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    """At ten on a Wednesday morning; the clock stands still."""
    with time_machine.travel(NOW, tick=False):
        yield Shop()

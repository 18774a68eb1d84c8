"""What the walks stand on: a small company, one clock for everything, and the worker's lanes run by hand until all is quiet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from tests.lab.mail import MailLab
from troth.cases import tasks as cases
from troth.channels.email.actions import add_mailbox
from troth.channels.email.models import Mailbox
from troth.channels.email.receive import fetch_once
from troth.inbox import tasks as inbox
from troth.ledger import tasks as ledger
from troth.ledger.models import Entry
from troth.people.models import Calendar, Company, Staff, Team
from troth.post import tasks as post
from troth.promises import tasks as promises
from troth.words.hours import round_the_clock

PASSWORD = "a long way to Tipperary"


class Story:
    """One company, its mailbox, its staff, and a clock that moves only when told."""

    def __init__(self, lab: MailLab) -> None:
        self.lab = lab
        plain = round_the_clock("Europe/London").to_plain()
        calendar = Calendar.objects.create(name="Always", plain=plain)
        Company.objects.create(pk=1, name="Fernhill", calendar=calendar)
        self.team = Team.objects.create(name="Care")
        self.sam = self._staff("sam@troth.test", "Sam Okoro", "agent")
        self.lea = self._staff("lea@troth.test", "Lea Lind", "lead")
        self.mailbox = self._mailbox(lab, "Support", "support@troth.test")
        self._mailbox(lab, "Archive", "archive@troth.test", is_archive=True)

    def _mailbox(self, lab: MailLab, name: str, address: str, **values: Any) -> Mailbox:
        place = {"host": lab.host, "port": lab.imap_port, "tls": "none", "user": address, "password": lab.password}
        return add_mailbox(name=name, address=address, now=timezone.now(), **place, **values)

    def _staff(self, email: str, name: str, role: str) -> Staff:
        return Staff.objects.create_user(email, PASSWORD, name=name, role=role, team=self.team, zone="Europe/London")

    def signed_in(self, staff: Staff) -> Client:
        browser = Client()
        answer = browser.post("/account/login/", {"login": staff.email, "password": PASSWORD})
        assert answer.status_code == 302
        return browser

    def customer_writes(self, subject: str, text: str, *, answering: EmailMessage | None = None) -> None:
        """Ann writes a real mail to us by SMTP; to the signed reply address where it answers a letter of ours."""
        mail = EmailMessage()
        mail["From"] = "Ann Archer <ann@example.test>"
        mail["To"] = answering["Reply-To"] if answering else "support@troth.test"
        mail["Subject"] = subject
        mail["Message-ID"] = make_msgid(domain="example.test")
        if answering:
            mail["In-Reply-To"] = answering["Message-ID"]
            mail["References"] = answering["Message-ID"]
        mail.set_content(text)
        to = mail["To"].addresses[0].addr_spec
        self.lab.send(mail, sender="ann@example.test", to=to)

    def until_quiet(self) -> None:
        """Fetch what came by IMAP, and run every lane until nothing is left to do now."""
        fetch_once(self.mailbox.pk, clock=timezone.now)
        for _round in range(10):
            sweeps = (inbox.read_waiting, cases.leave, promises.look_ahead, post.deliver, ledger.seal)
            if not sum([sweep() for sweep in sweeps]):
                return
        raise AssertionError("The lanes do not come to rest.")


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything happens at *moment*; the clock ticks on from there."""
    with time_machine.travel(moment, tick=True):
        yield


def kinds_since(entry_id: int, about: str) -> list[str]:
    """The kinds of facts about something, written after an entry, in order."""
    rows = Entry.objects.filter(about=about, pk__gt=entry_id).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def found_key(page: str, quote: str) -> str:
    """The form name of a promise found in a reply."""
    for key, said in re.findall(r'name="quote-([0-9a-f]+-\d+)" value="([^"]*)"', page):
        if said == quote:
            return str(key)
    raise AssertionError(f"“{quote}” was not found in the page")


def soon_after(moment: datetime, **span: float) -> datetime:
    return moment + timedelta(**span)

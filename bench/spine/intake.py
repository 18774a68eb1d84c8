"""What comes in: mail by IMAP, from the server to the acknowledgement, and messages that another program hands in."""

from __future__ import annotations

import imaplib
import time
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from bench.door import Wsgi
from bench.spine.gauge import backend, cpu_ms, python_cpu_ms
from django.utils import timezone
from tests.lab.dovecot import Dovecot


@dataclass
class Intake:
    """For each message: processor milliseconds until it is kept, and until it is read, in its case and acknowledged."""

    kept: float
    read: float
    #: Messages a second, both together, on one worker's lane.
    a_second: float


def by_mail(count: int = 300) -> Intake:
    """Letters in a real mailbox: fetched and kept, then read in a child process, put into cases and acknowledged."""
    from troth.channels.email import receive
    from troth.channels.email.actions import add_mailbox
    from troth.inbox import tasks
    from troth.inbox.models import Arrival

    server = Dovecot(["support@troth.test"])
    server.start()
    try:
        mailbox = add_mailbox(
            name="support",
            address="support@troth.test",
            host="127.0.0.1",
            port=server.imap_port,
            tls="none",
            user="support@troth.test",
            password=server.password,
            now=timezone.now(),
        )
        put(server, 10)  # the reader's child starts with these
        assert receive.fetch_once(mailbox.pk, clock=timezone.now) == 10
        assert tasks.read_waiting() == 10
        put(server, count)
        kept, kept_seconds = _cost(lambda: receive.fetch_once(mailbox.pk, clock=timezone.now))
        read, read_seconds = _cost(tasks.read_waiting)
    finally:
        server.stop()
    assert Arrival.objects.filter(channel="email", state="message").count() == count + 10
    return Intake(kept=kept / count, read=read / count, a_second=count / (kept_seconds + read_seconds))


def by_program(count: int = 300) -> Intake:
    """The same words handed in through the API, one request each."""
    from troth.people import keys
    from troth.people.models import Handle, Staff
    from troth.people.rules.keys import Scope
    from troth.site.wsgi import application

    staff = Staff.objects.get(email="staff20@parcel.example")
    scopes = [Scope.MESSAGES_WRITE, Scope.MESSAGES_VOUCH]
    _key, secret = keys.make(name="Bench", staff=staff, scopes=scopes, by=staff, now=timezone.now())
    addresses = list(Handle.objects.order_by("pk").values_list("address", flat=True)[:count])

    program = Wsgi(application, {}, headers={"HTTP_AUTHORIZATION": f"Bearer {secret}"})

    def hand_in(number: int) -> None:
        asked = {
            "address": addresses[number % len(addresses)],
            "name": "Ann Archer",
            "subject": f"Where is parcel {number}?",
            "text": "Hello,\n\nI ordered a table two weeks ago. Can you tell me where it is, and when it will come?",
            "vouched": True,
        }
        program.post_json("/api/messages", asked, headers={"HTTP_IDEMPOTENCY_KEY": f"bench-{number}-{time.time_ns()}"})

    def all_of_them() -> int:
        for number in range(count):
            hand_in(number)
        return count

    hand_in(count)
    spent, seconds = _cost(all_of_them)
    return Intake(kept=0.0, read=spent / count, a_second=count / seconds)


def put(server: Dovecot, count: int) -> None:
    """Letters as people write them, each from a customer of ours."""
    from troth.people.models import Handle

    addresses = list(Handle.objects.order_by("pk").values_list("address", flat=True)[:count])
    with imaplib.IMAP4("127.0.0.1", server.imap_port) as box:
        box.login("support@troth.test", server.password)
        for number in range(count):
            letter = EmailMessage()
            letter["From"] = f"Ann Archer <{addresses[number % len(addresses)]}>"
            letter["To"] = "support@troth.test"
            letter["Subject"] = f"Where is parcel {number}?"
            letter["Message-ID"] = f"<bench{number}.{time.time_ns()}@example.net>"
            letter.set_content(
                "Hello,\n\nI ordered a table two weeks ago and was told it would be here by Tuesday. It is not. Can you\n"
                "tell me where it is, and when it will come? I am rather annoyed, to be honest.\n\nKind regards\nAnn\n"
            )
            letter.add_alternative("<p>Hello, I ordered a <b>table</b> two weeks ago.</p>", subtype="html")
            box.append("INBOX", "", None, letter.as_bytes())


def _cost(work: Any) -> tuple[float, float]:
    """Processor milliseconds of this process, its children and its backend, and seconds on the wall."""
    pid = backend()
    own, database, wall = python_cpu_ms(), cpu_ms(pid), time.perf_counter()
    done = work()
    assert done, "nothing was done"
    spent = python_cpu_ms() - own + cpu_ms(pid) - database
    return spent, time.perf_counter() - wall

"""A company at work on real mail servers, with a clock of ours that every process of it reads."""

from __future__ import annotations

import mmap
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from django.db import DatabaseError, connection
from django.test import override_settings
from django.utils import timezone
from tests.lab.mail import CROWD, MailLab
from tests.receipts import FOR_LETTER

from faults.processes import run
from troth.cases import tasks as cases
from troth.channels.chat import tasks as chat
from troth.channels.email.actions import add_mailbox
from troth.channels.email.receive import fetch_once
from troth.clocks import tasks as clocks
from troth.inbox import tasks as inbox
from troth.inbox.models import Arrival
from troth.incidents import tasks as incidents
from troth.ledger import outside as log
from troth.ledger import tasks as ledger
from troth.people.actions import find_or_make_customer
from troth.people.kept import drop_all
from troth.people.models import Calendar, Company, Customer, Staff
from troth.post import tasks as post
from troth.post.models import Letter, LetterState
from troth.privacy import tasks as forgetting
from troth.promises import actions as promises
from troth.promises import tasks as watcher
from troth.promises.models import Promise
from troth.remedies import tasks as remedies
from troth.site import verify
from troth.words.hours import round_the_clock
from troth.words.promises import State

#: How long a new worker waits between its rounds; in all, longer than every lease and every doubt about a letter.
ROUNDS = tuple(timedelta(seconds=seconds) for seconds in (0, 15, 30, 60, 120, 240, 480))

LANES = (
    inbox.read_waiting,
    cases.do_many,
    cases.leave,
    chat.look,
    watcher.look_ahead,
    clocks.look_ahead,
    incidents.watch,
    remedies.look_ahead,
    forgetting.forget,
    post.deliver,
    post.deliver_in_bulk,
    watcher.look_ahead,
    clocks.look_ahead,
    ledger.seal,
)


class Clock:
    """The time of day, moved forward by hand; processes made by fork share it."""

    def __init__(self) -> None:
        self._ahead = mmap.mmap(-1, 8)

    def __call__(self) -> datetime:
        (ahead,) = struct.unpack("d", self._ahead[:8])
        return datetime.now(UTC) + timedelta(seconds=ahead)

    def forward(self, span: timedelta) -> None:
        (ahead,) = struct.unpack("d", self._ahead[:8])
        self._ahead[:8] = struct.pack("d", ahead + span.total_seconds())

    def to(self, moment: datetime) -> None:
        """Never backward."""
        self.forward(max(moment - self(), timedelta(0)))


class Scene:
    """Ann and many others write and are promised things; Sam answers; Lea leads."""

    def __init__(self, lab: MailLab, clock: Clock) -> None:
        self.lab, self.clock = lab, clock
        lab.empty()
        calendar = Calendar.objects.create(name="Always", plain=round_the_clock("Europe/London").to_plain())
        Company.objects.create(pk=1, name="Parcel & Co", calendar=calendar)
        self.sam = Staff.objects.create_user("sam@troth.test", name="Sam", role="agent", zone="Europe/London")
        self.lea = Staff.objects.create_user("bob@example.test", name="Lea", role="lead", zone="Europe/London")
        server = {"host": lab.host, "port": lab.imap_port, "tls": "none", "password": lab.password, "now": clock()}
        self.support = add_mailbox(
            name="Support", address="support@troth.test", user="support@troth.test",
            trusted_authserv_id="mx.troth.test", **server,
        )  # fmt: skip
        add_mailbox(name="Archive", address="archive@troth.test", user="archive@troth.test", is_archive=True, **server)

    def address(self, number: int) -> str:
        return f"c{number}@{CROWD[0]}"

    def customer(self, number: int) -> Customer:
        return find_or_make_customer(address=self.address(number), name=f"C{number}", now=self.clock()).customer

    def letter_in(self, number: int) -> bytes:
        """What customer *number* writes, as our own mail server hands it on."""
        letter = EmailMessage()
        letter["Authentication-Results"] = f"mx.troth.test; dmarc=pass header.from={CROWD[0]}"
        letter["From"], letter["To"] = self.address(number), "support@troth.test"
        letter["Subject"], letter["Message-ID"] = f"Parcel {number}", self.message_id(number)
        letter.set_content(f"Where is parcel {number}?")
        return letter.as_bytes()

    def message_id(self, number: int) -> str:
        return f"<in{number}@{CROWD[0]}>"

    # Working

    def receive(self) -> None:
        fetch_once(self.support.pk, clock=timezone.now)

    def every_lane(self) -> None:
        """One round of a worker."""
        for lane in (self.receive, *LANES):
            lane()

    def every_lane_in_spite(self) -> None:
        """The same where another may hold what a lane needs: it goes on with the next, as a worker's lanes do."""
        for lane in (self.receive, *LANES):
            try:
                lane()
            except DatabaseError:
                connection.close()

    def let_it_finish(self) -> bool:
        """A new worker, round after round, until nothing is left to do; False when it does not come to that."""
        for pause in ROUNDS:
            if pause:
                self.lab.wait_until_quiet()
            self.clock.forward(pause)
            if not run(self.every_lane).whole:
                return False
            if self.is_at_rest():
                return True
        return False

    def is_at_rest(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT NOT EXISTS (SELECT FROM inbox_arrival WHERE state = 'waiting')
                AND NOT EXISTS (SELECT FROM cases_reply WHERE state = 'held')
                AND NOT EXISTS (SELECT FROM cases_bulkreply WHERE state = 'waiting')
                AND NOT EXISTS (SELECT FROM post_letter WHERE state IN ('queued', 'sending', 'data'))
                AND NOT EXISTS (SELECT FROM promises_promise WHERE look_again_at <= %(now)s)
                AND NOT EXISTS (SELECT FROM promises_telling WHERE settled_at IS NULL)
                AND NOT EXISTS (SELECT FROM ledger_unsealed)
                """,
                {"now": self.clock()},
            )
            return bool(cursor.fetchone()[0])

    def has_received(self, count: int) -> bool:
        return Arrival.objects.count() >= count

    def put_away(self) -> None:
        """Keep every promise that is still owed, so that the next strike meets nothing but its own."""
        for promise in Promise.objects.filter(state__in=[State.OPEN, State.MOVED, State.LATE], done_at=None):
            promises.keep(promise, by=None, now=self.clock())
        ledger.seal()

    # Looking

    def findings(self) -> list[str]:
        return [f"{one.invariant} {one.wrong} {one.refs}" for one in verify.findings(now=self.clock())]

    def copies(self) -> list[int]:
        """In how many copies each letter of ours lies in the mailbox of who was meant to get it."""
        self.lab.wait_until_quiet()
        mailboxes = (CROWD[1], "sam@troth.test", "bob@example.test")
        there = Counter(name for mailbox in mailboxes for name in self.lab.message_ids(mailbox))
        ours = Letter.objects.exclude(state=LetterState.TAKEN_BACK).values_list("message_id", flat=True)
        return [there[name] for name in ours]


@contextmanager
def scene(lab: MailLab) -> Iterator[Scene]:
    """A fresh company in a database that is emptied for it, everything of it on the laboratory's servers and clock."""
    _empty()
    clock, real = Clock(), timezone.now
    known = {
        "TROTH_CARRIER": "troth.channels.email.carrier.SmtpCarrier",
        "TROTH_MAIL_FROM": "support@troth.test",
        "TROTH_MAIL_ARCHIVE": "archive@troth.test",
        "TROTH_SMTP_HOST": lab.host,
        "TROTH_SMTP_PORT": lab.smtp_port,
        "TROTH_ENCLOSURES": FOR_LETTER,
    }
    timezone.now = clock
    try:
        with override_settings(**known):
            yield Scene(lab, clock)
    finally:
        timezone.now = real


def _empty() -> None:
    """No rows and no log, as before the first start; past the triggers that keep what may never be emptied from just that."""
    log.forget()
    drop_all()
    keep = {"django_migrations", "django_content_type", "auth_permission"}
    tables = ", ".join(sorted(set(connection.introspection.table_names()) - keep))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 <> 0"
        )
        guarded = [table for (table,) in cursor.fetchall()]  # 32: on TRUNCATE
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {tables}")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

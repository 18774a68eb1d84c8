"""Machines that answer machines (reliability T5, R15): two houses of ours and a zoo of others write to each other for ten days.

Each house has tables of its own (a schema), and everything in it is the product: its mailbox, reader, rules, watcher and post. Only
the mail servers between them are played here, and the clock is set by hand.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import people_and_things as things
from tests.people_and_things import HOUR, NOW
from troth.cases import actions as cases
from troth.cases import tasks as case_tasks
from troth.cases.actions import Talked
from troth.channels.email.child import Reader
from troth.channels.email.models import Mailbox
from troth.inbox import actions as inbox
from troth.inbox import tasks as inbox_tasks
from troth.people.models import Staff
from troth.post import sending
from troth.post.models import Letter
from troth.post.rules.carrier import Outcome, accepted
from troth.promises import tasks as promise_tasks

DAYS, TICK = 10, 4 * HOUR
ZOO = ("holiday", "late", "answering", "polite", "gone", "rude", "list", "cheap")


@dataclass
class House:
    """One installation: its address and its tables."""

    name: str
    settings: Settings
    received: int = 0

    @property
    def address(self) -> str:
        return f"support@{self.name}.example"

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Everything is this house's: its tables and its address."""
        self.settings.TROTH_MAIL_FROM = self.address
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path TO {self.name}, public")  # the functions of triggers are shared
            try:
                yield
            finally:
                cursor.execute("SET search_path TO public")

    def build(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"CREATE SCHEMA {self.name}")
            for table in tables:
                cursor.execute(f'CREATE TABLE {self.name}."{table}" (LIKE public."{table}" INCLUDING ALL)')
            cursor.execute(
                "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
                # What is searched takes the rows of one schema only, and nobody searches here.
                " AND t.tgname NOT LIKE 'search%'"
            )
            for (told,) in cursor.fetchall():
                cursor.execute(told.replace(" ON public.", f" ON {self.name}."))
        with self.inside():
            things.company()
            things.staff(f"sam@{self.name}.example")
            Mailbox.objects.create(
                name="Support", address=self.address, host="127.0.0.1", user="x", trusted_authserv_id=f"mx.{self.name}.example"
            )  # fmt: skip

    def takes(self, raw: bytes, *, envelope_from: str) -> None:
        """A letter falls into the mailbox, as this house's mail server hands it on."""
        self.received += 1
        domain = str(message_from_bytes(raw)["From"]).rpartition("@")[2].strip("> ")
        vouched = f"Authentication-Results: mx.{self.name}.example; dmarc=pass header.from={domain}\r\n"
        with self.inside():
            box = Mailbox.objects.get()
            source = f"Return-Path: <{envelope_from}>\r\n{vouched}".encode() + raw
            inbox.capture(channel="email", outside_id=f"{box.pk}:1:{self.received}", source=source, now=timezone.now())

    def writes_first(self, address: str) -> None:
        """Staff write to somebody, by hand."""
        with self.inside():
            sam = Staff.objects.get()
            talked = Talked(name="Somebody", kind="email", address=address)
            said = {"channel": "phone", "subject": "Our talk", "text": "We talked.", "kind": "enquiry"}
            message = cases.open_by_talk(talked, staff=sam, at=timezone.now(), now=timezone.now(), **said)
            cases.send_reply(message.case, staff=sam, text="Thank you for the talk.", now=timezone.now())

    def works(self, world: World) -> None:
        with self.inside():
            for _round in range(3):
                inbox_tasks.read_waiting()
                case_tasks.leave()
                promise_tasks.look_ahead()
                sending.sweep(carrier=Postman(self, world), clock=timezone.now)

    def automatic(self) -> Counter[tuple[str, str]]:
        """How many automatic letters this house wrote to each."""
        with self.inside():
            return Counter(
                (self.name, to) for to in Letter.objects.filter(automatic=True).values_list("to_address", flat=True)
            )


@dataclass
class Postman:
    """A carrier that hands letters to the world."""

    house: House
    world: World

    def open(self) -> None: ...

    def submit(
        self, letter: bytes, envelope_from: str, recipients: Sequence[str], on_data: Callable[[], None]
    ) -> Outcome:
        on_data()
        self.world.carry(letter, envelope_from=envelope_from, to=recipients[0], after=timedelta(minutes=1))
        return accepted()

    def was_kept(self, message_id: str) -> bool | None:
        return None

    def close(self) -> None: ...


class World:
    """The mail servers, responders and lists outside of our houses."""

    def __init__(self, houses: Sequence[House]) -> None:
        self.houses = {house.address: house for house in houses}
        self.under_way: list[tuple[datetime, int, bytes, str, str]] = []
        self.carried = 0
        self.count = itertools.count()

    def carry(self, raw: bytes, *, envelope_from: str, to: str, after: timedelta) -> None:
        heapq.heappush(self.under_way, (timezone.now() + after, next(self.count), raw, envelope_from, to))

    def arrive(self) -> None:
        """Everything that is due by now reaches whom it was sent to."""
        while self.under_way and self.under_way[0][0] <= timezone.now():
            _at, _number, raw, envelope_from, to = heapq.heappop(self.under_way)
            self.carried += 1
            assert self.carried < 2_000, "they answer each other for ever"
            local, _, domain = to.partition("@")
            house = self.houses.get(f"{local.partition('+')[0]}@{domain}")
            if house is not None:
                house.takes(raw, envelope_from=envelope_from)
            elif local in ZOO:
                getattr(self, local)(message_from_bytes(raw), raw, envelope_from)

    def says(
        self, who: str, to: str, *, after: timedelta, subject: str = "Hello", envelope: str | None = None, **heads: str
    ) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = f"{who}@zoo.example", to, subject
        letter["Message-ID"] = f"<{next(self.count)}@zoo.example>"
        letter.set_content(f"I am {who}, this is letter {next(self.count)}.")
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in heads.items())
        raw = more.encode() + letter.as_bytes().replace(b"\n", b"\r\n")
        self.carry(raw, envelope_from=f"{who}@zoo.example" if envelope is None else envelope, to=to, after=after)

    def holiday(self, got: Message, raw: bytes, envelope_from: str) -> None:
        """Answers everything at once, automatic or not, and says nothing of being a machine; to the reply address."""
        self.says("holiday", got["Reply-To"] or got["From"], after=HOUR / 60, subject="I am at the sea")

    def late(self, got: Message, raw: bytes, envelope_from: str) -> None:
        """The same a day later, when no daily count stands against it any more; to the plain address, as if by itself."""
        self.says("late", got["From"], after=25 * HOUR)

    def answering(self, got: Message, raw: bytes, envelope_from: str) -> None:
        self.says("answering", got["From"], after=25 * HOUR, In_Reply_To=got["Message-ID"])

    def polite(self, got: Message, raw: bytes, envelope_from: str) -> None:
        self.says("polite", got["From"], after=HOUR / 60, envelope="", Auto_Submitted="auto-replied")

    def gone(self, got: Message, raw: bytes, envelope_from: str) -> None:
        """A mailbox that is no more, on a server that knows how to say so."""
        if not envelope_from:
            return
        head = f"From: MAILER-DAEMON@zoo.example\r\nTo: {envelope_from}\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
        kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nNo such user.\r\n'
        status = "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        returned = f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {got['Message-ID']}\r\n\r\n--b--\r\n"
        self.carry((head + kind + status + returned).encode(), envelope_from="", to=envelope_from, after=HOUR)

    def rude(self, got: Message, raw: bytes, envelope_from: str) -> None:
        """A server that answers like a person, to whoever stands in From, whatever the envelope says."""
        self.says("rude", got["From"], after=HOUR / 60, subject="Your mail was not delivered")

    def list(self, got: Message, raw: bytes, envelope_from: str) -> None:
        """Sends everything on to everybody, as lists do."""
        for to in (*self.houses, "holiday@zoo.example", "polite@zoo.example"):
            listed = b"List-Id: <list.zoo.example>\r\nPrecedence: list\r\n" + raw
            self.carry(listed, envelope_from="list-bounces@zoo.example", to=to, after=HOUR / 60)

    def cheap(self, got: Message, raw: bytes, envelope_from: str) -> None:
        """Sends everything on to everybody as if it had written it itself."""
        for to in self.houses:
            self.says("cheap", to, after=HOUR / 60, subject=f"Fwd: {got['Subject']}")


@pytest.mark.slow
def test_after_ten_days_nobody_was_written_to_by_a_machine_more_than_twice(
    db: None, settings: Settings, reader: Reader
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        houses = [House("a", settings), House("b", settings)]
        world = World(houses)
        for house in houses:
            house.build()
        first, second = houses
        first.writes_first(second.address)
        for who in ZOO:
            first.writes_first(f"{who}@zoo.example")
            for house in houses:
                world.says(who, house.address, after=HOUR)
        last_letter = NOW
        while timezone.now() < NOW + timedelta(days=DAYS):
            before = world.carried
            world.arrive()
            for house in houses:
                house.works(world)
            if world.carried != before:
                last_letter = timezone.now()
            soonest = world.under_way[0][0] if world.under_way else NOW + timedelta(days=DAYS)
            clock.move_to(max(timezone.now() + timedelta(minutes=1), min(timezone.now() + TICK, soonest)))
        wrote = first.automatic() + second.automatic()

    assert wrote, "some of them were told that we have their letter"
    assert max(wrote.values()) <= 2, wrote
    assert not [pair for pair in wrote if pair[1].startswith("list-bounces@")]
    assert last_letter < NOW + timedelta(days=6), "and then it is quiet"

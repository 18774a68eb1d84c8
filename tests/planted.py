"""A customer whose every word is a mark: through every door there is, so that one can look whether anything of it is left."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from tests import people_and_things as things
from tests.faces import Shop, with_link
from tests.people_and_things import DAY, HOUR, NOW
from tests.programs import Program
from troth.cases import actions as cases
from troth.cases import reader
from troth.cases.models import Case, Message
from troth.channels.files.carrier import FolderCarrier
from troth.hooks.models import Delivery, Endpoint
from troth.inbox import actions as inbox
from troth.inbox import tasks as reading
from troth.ledger.actions import seal
from troth.ledger.models import Seal
from troth.people import actions as people
from troth.people.models import Customer, Handle
from troth.post import sending
from troth.post.models import Attempt, Letter
from troth.privacy import actions as privacy
from troth.promises import actions as promises
from troth.promises import watcher
from troth.words.messages import Direction
from troth.words.promises import State

#: Each stands in one place of the life, and nowhere else in the house.
MARKS = {
    "name": "Zibelline",
    "address": "zenzizenzic@marks.example",
    "mail subject": "Quixotry",
    "mail body": "Brabblement",
    "mail quote": "Quodlibetic",
    "mail header": "Hypocorism",
    "message id": "msgid-jentacular",
    "file name": "Kickshaw.txt",
    "file bytes": "Lollygag-bytes",
    "html": "Mumpsimus",
    "form body": "Nudiustertian",
    "form address": "ozymandian@marks.example",
    "program's words": "Pauciloquent",
    "program's name for it": "Ratoon-17",
    "unread": "Sialoquent",
    "note": "Tintamarre",
    "draft": "Ultracrepidate",
    "held": "Vellichor",
    "sent": "Widdershins",
    "promised": "Xertz",
    "quoted promise": "Yarborough",
    "condition": "Absquatulate",
    "proposed": "Bibliopole",
    "moved with the words": "Cacoethes",
    "let off because": "Defenestrate",
    "mail server said": "Erinaceous",
    "came back because": "Floccinaucical",
    "webhook said": "Gobemouche",
    "merged name": "Halcyonic",
    "merged address": "+44 7700 900137",
    "past subject": "Inaniloquent",
    "past name": "outside-jargogle",
    "held back because": "Kakistocracy",
    "refused because": "Limerence",
    "zone": "Pacific/Pitcairn",
}

MAIL = """From: {name} <{address}>\r
To: support@troth.example\r
Date: Wed, 11 Nov 2026 09:00:00 +0000\r
Message-ID: <{message id}@marks.example>\r
X-Mark: {mail header}\r
Subject: {mail subject}\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
{mail body}\r
\r
On Tuesday somebody wrote:\r
> {mail quote}\r
--b\r
Content-Type: text/html\r
\r
<p>{html}</p>\r
--b\r
Content-Type: text/plain\r
Content-Disposition: attachment; filename="{file name}"\r
\r
{file bytes}\r
--b--\r
"""


class Life:
    """The marked customer, with a record merged into theirs, beside Ann and Bob of the shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.by_mail()
        self.by_form()
        self.by_program()
        self.merged()
        self.before_troth()
        self.answered()
        self.promised()
        self.told_others()
        self.unread()
        self.asked()
        while seal(now=NOW):
            pass

    @property
    def customer(self) -> Customer:
        return Customer.objects.get(pk=self.handle.customer_id)

    def by_mail(self) -> None:
        inbox.capture(channel="email", outside_id="9:1:1", source=MAIL.format(**MARKS).encode(), now=NOW)
        inbox.capture(channel="email", outside_id="9:1:2", source=MAIL.format(**MARKS).encode(), now=NOW)
        reading.read_waiting()
        self.handle = Handle.objects.get(address=MARKS["address"])
        self.mail = Message.objects.get(handle=self.handle)
        self.case = self.mail.case
        people.confirm_handle(self.handle, how="answered", now=NOW)
        Case.objects.filter(pk=self.case.pk).update(unverified=False)
        Customer.objects.filter(pk=self.handle.customer_id).update(zone=MARKS["zone"])

    def by_form(self) -> None:
        """What a visitor sends, whose browser remembers it, and who is merged with the first."""
        self.browser = Client()
        page = self.browser.get("/write/").content.decode()
        token = page.partition('name="token" value="')[2].partition('"')[0]
        form = {"name": MARKS["name"], "email": MARKS["form address"], "subject": "Form", "body": MARKS["form body"]}
        assert self.browser.post("/write/", {**form, "token": token}).status_code == 302
        other = Handle.objects.get(address=MARKS["form address"])
        self.merge_record = people.merge(front=self.customer, merged=other.customer, by=self.shop.lea, now=NOW)

    def by_program(self) -> None:
        program = Program(self.shop.lea)
        status, told = program.post(
            "/messages",
            {
                "address": MARKS["address"],
                "subject": "Program",
                "text": MARKS["program's words"],
                "outside_id": MARKS["program's name for it"],
            },
            idempotency_key="handed-in",
        )
        assert status == 201, told
        status, told = program.post("/customers", {"address": MARKS["address"]}, idempotency_key="met")
        assert (status, told["name"]) == (200, MARKS["name"])

    def merged(self) -> None:
        other = people.find_or_make_customer(
            address=MARKS["merged address"], name=MARKS["merged name"], kind="phone", now=NOW
        )
        people.merge(front=self.customer, merged=other.customer, by=self.shop.lea, now=NOW)

    def before_troth(self) -> None:
        read = reader.read("Old.", at=NOW)
        said = cases.PastMessage(direction=Direction.INBOUND, at=NOW - DAY, text="Old.", read=read, handle=self.handle)
        past = cases.PastConversation(
            outside_id=MARKS["past name"],
            customer_id=self.customer.pk,
            subject=MARKS["past subject"],
            channel="email",
            messages=[said],
        )
        cases.take_in_past([past], now=NOW)

    def answered(self) -> None:
        sam = self.shop.sam
        cases.write_note(self.case, staff=sam, text=MARKS["note"], now=NOW)
        cases.send_reply(self.case, staff=sam, text=f"{MARKS['sent']}: it is done.", now=NOW)
        cases.leave(now=NOW + timedelta(minutes=1))
        cases.send_reply(self.case, staff=self.shop.lea, text=f"{MARKS['held']}, more.", now=NOW)
        cases.save_draft(self.case, staff=sam, text=MARKS["draft"], now=NOW)

    def promised(self) -> None:
        who, case, sam = self.customer, self.case, self.shop.sam
        said = {"customer": who, "owner": sam, "about": f"case:{case.pk}"}
        self.owed = things.promise(**said, what=MARKS["promised"], quote=MARKS["quoted promise"])
        self.moved = things.promise(**said, what="moved", due=NOW + 30 * DAY)
        promises.move(
            self.moved,
            to=NOW + 40 * DAY,
            words=MARKS["moved with the words"],
            reason="supplier",
            by=sam,
            now=NOW + HOUR,
        )
        self.armed = things.promise(**said, what="armed", due=None, state=State.ARMED, condition=MARKS["condition"])
        self.proposed = things.promise(**said, what=MARKS["proposed"], state=State.PROPOSED)
        self.kept, self.late = things.promise(**said, what="kept"), things.promise(**said, what="late", due=NOW + HOUR)
        promises.keep(self.kept, by=sam, now=NOW)
        self.let_off = things.promise(**said, what="let off")
        promises.release(self.let_off, reason=MARKS["let off because"], by=sam, now=NOW)
        watcher.look_ahead(now=NOW + 2 * HOUR)
        self.late.refresh_from_db()
        assert self.late.state == "late"

    def told_others(self) -> None:
        """What the carrier, the mail server, a webhook and a browser keep of it."""
        sending.sweep(carrier=FolderCarrier(), clock=lambda: NOW + 3 * HOUR)
        letter = Letter.objects.filter(customer_id=self.customer.pk, state="sent").order_by("pk").first()
        assert letter is not None
        Letter.objects.filter(pk=letter.pk).update(
            last_reply=MARKS["mail server said"], bounce_reason=MARKS["came back because"], bounced_at=NOW
        )
        Attempt.objects.filter(letter=letter).update(reply=MARKS["mail server said"])
        endpoint = Endpoint.objects.create(
            name="CRM", url="https://127.0.0.1/", secret_made_at=NOW, once="crm", made_at=NOW, position=0
        )
        while seal(now=NOW):
            pass
        position = Seal.objects.get(entry__about=f"case:{self.case.pk}", entry__kind="CaseOpened").position
        Delivery.objects.create(
            endpoint=endpoint, position=position, message_id="evt_1", kind="CaseOpened", made_at=NOW, next_try_at=NOW,
            state="taken", last_said=MARKS["webhook said"],
        )  # fmt: skip
        self.page = with_link(people.issue_link(customer_id=self.customer.pk, now=NOW))

    def unread(self) -> None:
        """A mail that nobody could read: it stands under nobody's record, and names the address."""
        source = f"From: <{MARKS['address']}>\r\n\r\n{MARKS['unread']}".encode()
        arrival = inbox.capture(channel="email", outside_id="9:1:3", source=source, now=NOW)
        assert inbox.quarantine(arrival, reason="reader_died", problem=MARKS["unread"], now=NOW)

    def asked(self) -> None:
        """A first wish was refused; a hold stood and was lifted."""
        first = privacy.ask(self.customer, by=None, now=NOW)
        privacy.refuse(first, words=MARKS["refused because"], by=self.shop.lea, now=NOW)
        held = privacy.hold(
            self.customer,
            reason="dispute",
            words=MARKS["held back because"],
            until=NOW + DAY,
            by=self.shop.lea,
            now=NOW,
        )
        privacy.lift(held, by=self.shop.lea, now=NOW)
        self.wish = privacy.ask(self.customer, by=None, now=NOW)


def everything(folder: Path) -> bytes:
    """Every byte of every table, what sessions hold inside their wrapping, and every file of the data folder."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:  # type: ignore[attr-defined]
                parts += [bytes(row) for row in rows]
    parts += [json.dumps(session.get_decoded(), default=str).encode() for session in Session.objects.all()]
    parts += [path.name.encode() + path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join(parts)


def found_in(whole: bytes) -> set[str]:
    """Which marks stand in it, as text or as the hexadecimal of a dump's bytes."""
    lower = whole.lower()
    return {
        name for name, mark in MARKS.items() if mark.lower().encode() in lower or mark.encode().hex().encode() in lower
    }

"""The doors that strangers use, as they are: a letter is kept raw, read in the child, believed or not, and taken in."""

from __future__ import annotations

from django.utils import timezone

from tests.faces import Shop
from troth.cases.models import Message
from troth.channels.email.models import Mailbox
from troth.inbox import actions as inbox
from troth.inbox import tasks
from troth.inbox.models import Arrival
from troth.words.refs import number_of

#: The server whose word about senders is believed.
OURS = "mx.parcel.example"


class Door:
    """A mailbox, and letters that fall into it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.mailbox = Mailbox.objects.create(
            name="Support",
            address="support@parcel.example",
            host="127.0.0.1",
            user="support",
            trusted_authserv_id=OURS,
        )
        self.fallen = 0

    def falls(self, raw: bytes) -> Arrival:
        """Kept, and not yet read."""
        self.fallen += 1
        return inbox.capture(
            channel="email", outside_id=f"{self.mailbox.pk}:1:{self.fallen}", source=raw, now=timezone.now()
        )

    def takes(self, raw: bytes) -> Arrival:
        """Kept, read and taken in."""
        arrival = self.falls(raw)
        tasks.read_waiting()
        tasks.read_slow()
        arrival.refresh_from_db()
        return arrival

    def message(self, raw: bytes) -> Message:
        """What became of a letter that became a message."""
        arrival = self.takes(raw)
        assert arrival.state == Arrival.State.MESSAGE, arrival.problem
        return Message.objects.select_related("case", "handle", "case__customer").get(
            pk=number_of(arrival.message_ref, "message")
        )


def letter(
    *,
    sender: str = "Ann Archer <ann@example.net>",
    to: str = "support@parcel.example",
    dmarc: str = "pass",
    subject: str = "Parcel",
    body: str = "Where is it?",
    message_id: str = "<1@example.net>",
    more: str = "",
) -> bytes:
    """A letter as our own mail server hands it on; *dmarc* is what that server says of its sender, where it says anything."""
    domain = sender.rpartition("@")[2].strip("> ")
    said = f"Authentication-Results: {OURS}; dmarc={dmarc} header.from={domain}\r\n" if dmarc else ""
    head = f"{said}From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
    return f"{head}Date: Wed, 11 Nov 2026 09:59:00 +0000\r\n{more}\r\n{body}\r\n".encode("utf-8", "surrogateescape")
